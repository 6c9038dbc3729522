import HTTPTypes
import SpeechSignal
import Synthesis
import VoiceStore

/// The API's description, made from the routes themselves and the limits in force.
enum OpenAPI {
    static func document(for api: SpeechAPI) -> JSON {
        var paths: [String: JSON] = [:]
        for route in SpeechAPI.routes {
            var operations: [String: JSON] = [:]
            if case .object(let known) = paths[route.path] { operations = known }
            operations[route.method.rawValue.lowercased()] = operation(route, hasToken: api.configuration.token != nil)
            paths[route.path] = .object(operations)
        }
        var components: [String: JSON] = ["schemas": .object(schemas(api))]
        if api.configuration.token != nil {
            components["securitySchemes"] = ["token": ["type": "http", "scheme": "bearer"]]
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Starling",
                "version": .string(api.configuration.version.isEmpty ? "0" : api.configuration.version),
                "description":
                    .string(
                        "Text to speech. POST /v1/audio/speech and GET /v1/models are compatible with OpenAI's API. "
                            + "\(LiveConversation.path) is a WebSocket: text streams in, speech streams out."),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": .string(api.configuration.basePath + "/")]],
            "paths": .object(paths), "components": .object(components),
        ]
    }

    private static func operation(_ route: Route, hasToken: Bool) -> JSON {
        var responses: [String: JSON] = [
            String(route.success): ["description": "Success.", "content": content(route.answer)]
        ]
        if route.streams {
            let events: Route.Content = .init(mediaTypes: ["text/event-stream"], schema: nil)
            responses["200"] = ["description": "Server-sent events, on request.", "content": content(events)]
        }
        var errors = route.errors
        if hasToken, !route.isOpen { errors.append(401) }
        for status in errors {
            responses[String(status)] = [
                "description": .string(description(of: status)),
                "content": ["application/json": ["schema": reference("Error")]],
            ]
        }
        var fields: [String: JSON] = [
            "operationId": .string(route.id), "summary": .string(route.summary), "responses": .object(responses),
        ]
        if let body = route.body { fields["requestBody"] = ["required": true, "content": content(body)] }
        let names = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
        if !names.isEmpty {
            fields["parameters"] = .array(
                names.map {
                    ["name": .string(String($0)), "in": "path", "required": true, "schema": ["type": "string"]]
                })
        }
        if hasToken, !route.isOpen { fields["security"] = [["token": []]] }
        return .object(fields)
    }

    private static func content(_ content: Route.Content) -> JSON {
        var media: [String: JSON] = [:]
        for type in content.mediaTypes {
            switch (type, content.schema) {
            case ("text/event-stream", _), ("text/plain", _): media[type] = ["schema": ["type": "string"]]
            case (_, let schema?): media[type] = ["schema": reference(schema)]
            case (_, nil): media[type] = [:]
            }
        }
        return .object(media)
    }

    static func reference(_ schema: String) -> JSON { ["$ref": .string("#/components/schemas/\(schema)")] }

    private static func description(of status: Int) -> String {
        switch status {
        case 400: "The request is invalid."
        case 401: "The token is missing or wrong."
        case 403: "Bundled voices cannot be changed."
        case 404: "The voice does not exist."
        case 408: "The request was not complete in time."
        case 409: "The voice is in a state that does not allow it."
        case 413: "The body is too large."
        case 415: "The media type of the body is not supported."
        case 422: "The recordings cannot be used, or the consent is missing; the message says why."
        case 501: "The server was started without a content encoder."
        case 503: "The server is busy or stopping; Retry-After says when to try again."
        default: "An error."
        }
    }
}

// MARK: Schemas

extension OpenAPI {
    static func text(_ description: String) -> JSON { ["type": "string", "description": .string(description)] }
    static func number(_ description: String) -> JSON {
        ["type": "number", "description": .string(description)]
    }
    static func list(of item: JSON, _ description: String) -> JSON {
        ["type": "array", "items": item, "description": .string(description)]
    }
    static func object(_ properties: [String: JSON], required: [String]) -> JSON {
        [
            "type": "object", "properties": .object(properties),
            "required": .array(required.map(JSON.string)),
        ]
    }
    /// An object of which all is required.
    private static func timed(_ properties: [String: JSON]...) -> JSON {
        let all = properties.reduce(into: [:]) { $0.merge($1) { $1 } }
        return object(all, required: all.keys.sorted())
    }
    static func choice(_ values: [String], _ description: String, default standard: String? = nil) -> JSON {
        var fields: [String: JSON] = [
            "type": "string", "enum": .array(values.map(JSON.string)), "description": .string(description),
        ]
        if let standard { fields["default"] = .string(standard) }
        return .object(fields)
    }
    private static func range(_ range: ClosedRange<Float>, _ standard: Int, _ description: String) -> JSON {
        [
            "type": "number", "minimum": .number(Double(range.lowerBound)),
            "maximum": .number(Double(range.upperBound)),
            "default": JSON(standard), "description": .string(description),
        ]
    }

    private static func request(
        _ api: SpeechAPI, format: SpeechRequest.Format, deliveries: [SpeechRequest.Delivery]
    ) -> JSON {
        var fields = fields(api, format: format, deliveries: deliveries)
        if deliveries.contains(.json) {
            fields["f0"] = [
                "type": "boolean", "default": false,
                "description": "Whether to send F0 in Hz, 80 values a second, 0 where unvoiced.",
            ]
            fields["blendshapes"] = [
                "type": "boolean", "default": false,
                "description":
                    "Whether to send speech.blendshapes events: ARKit's blend shapes, 60 rows a second. Needs sse.",
            ]
        }
        return object(fields, required: ["input"])
    }

    static func fields(
        _ api: SpeechAPI, format: SpeechRequest.Format, deliveries: [SpeechRequest.Delivery]
    ) -> [String: JSON] {
        [
            "model": [
                "type": "string", "default": .string(api.synthesizer.model),
                "examples": .array(api.modelNames.map(JSON.string)),
                "description": "Any name selects the same model; the header X-Starling-Model names it.",
            ],
            "input": [
                "type": "string", "maxLength": JSON(api.limits.text), "minLength": 1,
                "description": "The text. [pause 500ms] inserts a pause, [[həlˈO]] spells out phonemes.",
            ],
            "voice": [
                "description":
                    "A voice's name, or a mix such as heart:0.7+george:0.3. Names of OpenAI's voices map to bundled ones.",
                "default": .string(api.configuration.defaultVoice),
                "oneOf": [
                    ["type": "string"],
                    object(["id": ["type": "string"]], required: ["id"]),
                ],
            ],
            "response_format": choice(
                SpeechRequest.Format.allCases.map(\.rawValue), "pcm is 16-bit little-endian, 24 kHz, mono.",
                default: format.rawValue),
            "stream_format": choice(
                deliveries.map(\.rawValue), "sse sends server-sent events with the audio in base64.",
                default: deliveries[0].rawValue),
            "speed": range(SpeechOptions.speeds, 1, "Speed; 1 is the voice's own pace."),
            "pitch": range(SpeechOptions.pitches, 0, "Pitch shift in semitones."),
            "language": [
                "type": "string",
                "description":
                    "The language of the text as a BCP 47 tag, or auto to detect it sentence by sentence. Default: the server's language, or English in the accent of the voice.",
                "examples": .array(api.synthesizer.languages.map { .string($0.rawValue) } + ["auto"]),
            ],
            "lexicon": [
                "type": "object", "additionalProperties": ["type": "string"], "default": [:],
                "description":
                    "Custom pronunciations: {\"Nguyen\": \"win\", \"GIF\": \"/dʒɪf/\"}, as respellings, or as phonemes between slashes.",
            ],
            "seed": [
                "type": "integer", "minimum": 0, "maximum": .unsigned(.max), "default": 0,
                "description": "The seed of the vocoder's noise; equal requests give equal bytes.",
            ],
        ]
    }

    private static func captionedRequest(_ api: SpeechAPI) -> JSON {
        var fields = fields(api, format: .mp3, deliveries: [.audio])
        for (name, description) in [
            ("stream", "Whether to send a line of JSON per sentence, or one for the whole text."),
            ("return_timestamps", "Whether to send word timings."),
        ] {
            fields[name] = ["type": "boolean", "default": true, "description": .string(description)]
        }
        return object(fields, required: ["input"])
    }

    static func schemas(_ api: SpeechAPI) -> [String: JSON] {
        let span: JSON = [
            "type": "array", "items": ["type": "integer"], "minItems": 2, "maxItems": 2,
            "description": "Start, and end (exclusive).",
        ]
        let times = ["start": number("Seconds."), "end": number("Seconds.")]
        let places = ["range": span, "utf16_range": span, "code_point_range": span]
        let word = timed(
            ["text": text("As written."), "spoken": text("As spoken."), "phonemes": text("As pronounced.")], places,
            times
        )
        let sentence = timed(
            [
                "text": text("As written."), "ends_paragraph": ["type": "boolean"],
                "language": text("The BCP 47 tag of the language in which it begins."),
                "words": list(of: word, "The words that are spoken."),
                "phonemes": list(of: timed(["symbol": text("One symbol.")], times), "In order, including pauses."),
                "visemes": list(
                    of: timed(["id": ["type": "integer"]], times), "Visemes of the Microsoft Speech API, without gaps."),
                "marks": list(of: ["type": "object"], "SSML marks."),
            ], places, times)
        let voice: [String: JSON] = [
            "id": text("The name."), "object": text("voice"), "name": text("The name."),
            "origin": choice(["user", "bundled"], "Whether it is a voice of the user or a bundled one."),
            "accent": text("american or british"),
            "languages": list(of: ["type": "string"], "BCP 47 tags of the languages it speaks, its own English first."),
            "gender": text("As stated at enrollment."), "description": text("A short description."),
            "problem": text("Why it cannot be used; absent if it can."), "created": ["type": "integer"],
            "sources": list(of: ["type": "object"], "The recordings it was cloned from."),
            "model": text("Fingerprint of the profile space."),
            "consent": text("The speaker's consent."),
            "spoken_consent": text("SHA-256 of the recording in which the consent is spoken, if there is one."),
            "licence": text("The license."),
        ]
        return [
            "SpeechRequest": request(api, format: .mp3, deliveries: [.audio, .sse]),
            "TimedSpeechRequest": request(api, format: .wav, deliveries: [.json, .sse]),
            "TimedSpeech": object(
                [
                    "object": text("speech.timings"), "audio": text("The audio in base64."),
                    "voice": text("The voice."), "format": text("The audio format."),
                    "version": ["type": "integer"], "sample_rate": ["type": "integer"], "duration": number("Seconds."),
                    "sentences": list(of: sentence, "In order."),
                    "f0": list(
                        of: ["type": "number"],
                        "On request: F0 in Hz, 80 values a second from the start of the audio, 0 where unvoiced."),
                ],
                required: ["object", "audio", "version", "voice", "format", "sample_rate", "duration", "sentences"]),
            "Models": object(
                ["object": text("list"), "data": list(of: ["type": "object"], "id, object, created, owned_by")],
                required: ["object", "data"]),
            "Model": object(
                [
                    "id": text("The requested name."), "object": text("model"), "created": ["type": "integer"],
                    "owned_by": text("starling"), "root": text("The model's own name."),
                ], required: ["id", "object", "created", "owned_by", "root"]),
            "VoiceNames": object(
                ["voices": ["type": "array", "description": "id and name; with legacy=true the names alone."]],
                required: ["voices"]),
            "CaptionedSpeechRequest": captionedRequest(api),
            "CaptionedSpeech": object(
                [
                    "audio": text("The audio in base64."), "audio_format": text("Its media type."),
                    "timestamps": list(of: ["type": "object"], "word, start_time and end_time in seconds"),
                ], required: ["audio", "audio_format", "timestamps"]),
            "PhonemeRequest": object(
                [
                    "text": text("The text."),
                    "language": [
                        "type": "string", "default": "a",
                        "description":
                            "A BCP 47 tag, auto, or Kokoro's letter: a American, b British, e Spanish, f French, i Italian.",
                    ],
                ], required: ["text"]),
            "PhonemesOfText": object(
                [
                    "phonemes": text("Symbols of data/symbols.json."),
                    "tokens": list(of: ["type": "integer"], "The same phonemes as tokens of the networks."),
                ], required: ["phonemes", "tokens"]),
            "Voice": object(voice, required: ["id", "object", "name", "origin"]),
            "Voices": object(
                ["object": text("list"), "data": list(of: reference("Voice"), "The user's voices first.")],
                required: ["object", "data"]),
            "NewVoice": object(
                voice.merging(["report": report, "adaptation": adaptation]) { $1 },
                required: ["id", "object", "name", "origin", "report"]),
            "VoiceUpload": upload(api), "ConversionUpload": conversion(api), "Passages": passages,
            "DeletedVoice": object(
                ["id": text("The name."), "object": text("voice.deleted"), "deleted": ["type": "boolean"]],
                required: ["id", "object", "deleted"]),
            "Health": object(
                [
                    "status": choice(
                        ["ok", "busy", "stopping"],
                        "busy while no further request is accepted, stopping while requests in progress finish."),
                    "version": text("The version."),
                    "requests": ["type": "integer"],
                ], required: ["status", "version", "requests"]),
            "OpenAPI": ["type": "object"],
            "Error": object(
                [
                    "error": object(
                        [
                            "message": text("One line with the remedy."), "type": text("The kind of error."),
                            "param": ["type": ["string", "null"]], "code": ["type": ["string", "null"]],
                        ], required: ["message", "type", "param", "code"])
                ], required: ["error"]),
        ]
    }
}
