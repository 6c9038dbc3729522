import AudioIO
import Foundation
import SpeechServer
import SpeechSignal
import Synthesis
import Testing
import VoiceProfile
import VoiceStore

@Suite struct API {
    /// No client has the command's options.
    @Test func theRemedyForNoTextIsTheClients() async throws {
        try await withServer { server in
            let answer = try await server.unix.post("/v1/audio/speech", ["input": " "])
            #expect(answer.status == 400)
            #expect(answer.text.contains("there is no text to speak; give words or numbers"))
            #expect(!answer.text.contains("--file"))
        }
    }

    /// What each wrong request is told: status, field, code.
    static let wrong: [(body: String, status: Int, param: String?, code: String)] = [
        (#"{"voice": "heart"}"#, 400, "input", "missing_required_parameter"),
        (#"{"input": 5}"#, 400, "input", "invalid_value"),
        (#"{"input": ""}"#, 400, "input", "nothing_to_speak"),
        (#"{"input": "<speak>Hi.</p></speak>"}"#, 400, "input", "invalid_ssml"),
        (#"{"input": "☃"}"#, 400, "input", "nothing_to_speak"),
        (#"{"input": "Hi.", "voice": "nobody"}"#, 404, "voice", "voice_not_found"),
        (#"{"input": "Hi.", "voice": "../../etc/passwd"}"#, 400, "voice", "invalid_value"),
        (#"{"input": "Hi.", "voice": "heart:x+george"}"#, 400, "voice", "invalid_value"),
        (#"{"input": "Hi.", "voice": 3}"#, 400, "voice", "invalid_value"),
        (#"{"input": "Hi.", "response_format": "wma"}"#, 400, "response_format", "invalid_value"),
        (#"{"input": "Hi.", "language": "tlh"}"#, 400, "language", "invalid_value"),
        (#"{"input": "Hi.", "stream_format": "json"}"#, 400, "stream_format", "invalid_value"),
        (#"{"input": "Hi.", "speed": 9}"#, 400, "speed", "invalid_value"),
        (#"{"input": "Hi.", "speed": "fast"}"#, 400, "speed", "invalid_value"),
        (#"{"input": "Hi.", "pitch": -13}"#, 400, "pitch", "invalid_value"),
        (#"{"input": "Hi.", "seed": -1}"#, 400, "seed", "invalid_value"),
        (#"{"input": "Hi.", "seed": 1.5}"#, 400, "seed", "invalid_value"),
        (#"{"input": "Hi.", "lexicon": ["win"]}"#, 400, "lexicon", "invalid_value"),
        (#"{"input": "Hi.", "lexicon": {"Nguyen": 5}}"#, 400, "lexicon", "invalid_value"),
        (#"{"input": "Hi.", "lexicon": {"Nguyen": ""}}"#, 400, "lexicon", "invalid_value"),
        (#"{"input": "Hi.", "lexicon": {"GIF": "/☃/"}}"#, 400, "lexicon", "invalid_value"),
        (#"{"input": "Hi.", "model": 1}"#, 400, "model", "invalid_value"),
        (#"{"input": "Hi."#, 400, nil, "invalid_body"),
        (#"["input"]"#, 400, nil, "invalid_body"),
        (#""#, 400, nil, "invalid_body"),
        (String(repeating: "[", count: 100_000), 400, nil, "invalid_body"),
    ]

    @Test func whatIsWrongIsSaidInOpenAIsShape() async throws {
        try await withServer { server in
            for (body, status, param, code) in Self.wrong {
                let reply = try await server.unix.send(
                    "POST", "/v1/audio/speech", headers: [("Content-Type", "application/json")], body: Array(body.utf8))
                let error = try #require(try reply.error(), "\(body.prefix(60)): \(reply.text)")
                #expect(
                    reply.status == status && error.param == param && error.code == code,
                    "\(body.prefix(60)): \(reply.text)")
                #expect(!error.message.isEmpty && !error.message.contains("\n"))
            }
            let form = try await server.unix.send(
                "POST", "/v1/audio/speech", headers: [("Content-Type", "text/plain")], body: Array("{}".utf8))
            #expect(form.status == 415)
            #expect(try await server.metric("starling_speech_active") == 0)
        }
    }

    @Test func seedsKeepAllTheirDigits() async throws {
        try await withServer { server in
            var bodies: Set<Data> = []
            for seed in ["9007199254740992", "9007199254740993", "18446744073709551615"] {
                let reply = try await server.unix.send(
                    "POST", "/v1/audio/speech", headers: [("Content-Type", "application/json")],
                    body: Array(#"{"input": "Hush.", "response_format": "pcm", "seed": \#(seed)}"#.utf8))
                #expect(reply.status == 200)
                bodies.insert(reply.body)
            }
            #expect(bodies.count == 3)
        }
    }

    /// Every operation that is described exists, and answers as described; nothing is there that is not described.
    @Test func theDescriptionIsTrue() async throws {
        try await withServer { server in
            try Self.addVoice("mine", to: server)
            let document = try await server.unix.get("/openapi.json").json()
            #expect(document["openapi"] as? String == "3.1.0")
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            let schemas = try #require((document["components"] as? [String: Any])?["schemas"] as? [String: Any])
            var walked: Set<String> = []
            for (path, operations) in paths {
                for (method, operation) in operations {
                    let url = path.replacing("{id}", with: "mine").replacing("{model}", with: "kokoro")
                    let (type, body) = try await Self.body(for: operation, schemas: schemas)
                    let reply = try await server.unix.send(
                        method.uppercased(), url, headers: type.map { [("Content-Type", $0)] } ?? [], body: body)
                    let responses = try #require(operation["responses"] as? [String: [String: Any]])
                    let good = String(reply.status)
                    #expect(
                        good.hasPrefix("2") && responses[good] != nil,
                        "\(method) \(path): \(reply.status) \(reply.text.prefix(200))")
                    let content = try #require(responses[good]?["content"] as? [String: [String: Any]])
                    let answered =
                        (reply.headers["content-type"] ?? "").split(separator: ";").first.map(String.init) ?? ""
                    let media = try #require(content[answered], "\(path) answers \(answered)")
                    if let schema = media["schema"] as? [String: Any], schema["$ref"] != nil {
                        // A document, or a line for each.
                        for line in reply.text.split(separator: "\n") {
                            let document = try JSONSerialization.jsonObject(with: Data(line.utf8))
                            Self.check(document, against: schema, schemas, at: path)
                        }
                    }
                    walked.insert("\(method) \(path)")
                    // A voice that was deleted on the way is there again for the next.
                    if method == "delete" { try Self.addVoice("mine", to: server) }
                    if method == "post", path == "/v1/voices" {
                        #expect(try await server.unix.send("DELETE", "/v1/voices/described").status == 200)
                    }
                }
            }
            #expect(
                walked.isSuperset(of: [
                    "post /v1/audio/speech", "post /v1/speech/timings", "get /v1/models", "get /v1/voices",
                    "post /v1/voices", "get /v1/voices/{id}", "delete /v1/voices/{id}", "get /healthz", "get /metrics",
                    "get /openapi.json", "get /readyz", "get /v1/models/{model}", "get /v1/audio/voices",
                    "post /dev/captioned_speech", "post /dev/phonemize", "post /v1/audio/conversions",
                ]))
            for path in ["/studio", "/v1", "/v1/audio/transcriptions", "/v1/voices/mine/x"] {
                let reply = try await server.unix.get(path)
                #expect(try reply.status == 404 && reply.error()?.code == "unknown_url")
            }
            let put = try await server.unix.send("PUT", "/v1/voices/mine", body: [])
            #expect(put.status == 405)
            #expect(Set((put.headers["allow"] ?? "").components(separatedBy: ", ")) == ["GET", "DELETE"])
            #expect(try await server.unix.send("HEAD", "/healthz").status == 200)
        }
    }

    /// A body that an operation takes, made from what the description says of it.
    private static func body(
        for operation: [String: Any], schemas: [String: Any]
    ) async throws -> (type: String?, bytes: [UInt8]?) {
        guard let wanted = operation["requestBody"] as? [String: Any],
            let content = wanted["content"] as? [String: [String: Any]]
        else { return (nil, nil) }
        let name = ((content.values.first?["schema"] as? [String: Any])?["$ref"] as? String)?.split(separator: "/").last
        let schema = try #require(name.flatMap { schemas[String($0)] } as? [String: Any])
        let required = try #require(schema["required"] as? [String])
        guard content.keys.contains("multipart/form-data") else {
            let field = try #require(required.first)
            #expect(["input", "text"].contains(field) && required.count == 1)
            return ("application/json", Array(#"{"\#(field)": "Hi."}"#.utf8))
        }
        var form = Form()
        for field in required {
            switch field {
            case "name": form.add(field, "described")
            case "consent": form.add(field, "I am the speaker.")
            case "recording": form.add(field, file: "one.flac", try await Speech.file("heart", seconds: 6, .flac))
            default: Issue.record("unknown field \(field)")
            }
        }
        return (form.type, form.body)
    }

    /// Every required property is there, and none that is not described, down to the last.
    private static func check(_ value: Any, against schema: [String: Any], _ schemas: [String: Any], at place: String) {
        if let reference = schema["$ref"] as? String, let name = reference.split(separator: "/").last {
            guard let schema = schemas[String(name)] as? [String: Any] else {
                Issue.record("no schema \(name)")
                return
            }
            return check(value, against: schema, schemas, at: place)
        }
        if let list = value as? [Any], let item = schema["items"] as? [String: Any] {
            for (index, element) in list.enumerated() {
                check(element, against: item, schemas, at: "\(place)[\(index)]")
            }
        }
        guard let object = value as? [String: Any], let known = schema["properties"] as? [String: [String: Any]] else {
            return
        }
        let found = Set(object.keys)
        let missing = Set(schema["required"] as? [String] ?? []).subtracting(found)
        #expect(missing.isEmpty, "\(place) lacks \(missing)")
        #expect(found.isSubset(of: known.keys), "\(place): \(found.subtracting(known.keys))")
        for (key, inner) in object {
            if let schema = known[key] { check(inner, against: schema, schemas, at: "\(place).\(key)") }
        }
    }

    @Test func voicesAreListedAndDeleted() async throws {
        try await withServer { server in
            try Self.addVoice("mine", to: server)
            let list = try #require(try await server.unix.get("/v1/voices").json()["data"] as? [[String: Any]])
            #expect(list.first?["id"] as? String == "mine" && list.first?["origin"] as? String == "user")
            #expect(list.contains { $0["id"] as? String == "heart" && $0["origin"] as? String == "bundled" })
            let mine = try await server.unix.get("/v1/voices/mine").json()
            #expect(mine["consent"] as? String == "I am the speaker.")
            let spoken = try await server.unix.post(
                "/v1/audio/speech", ["input": "Hi.", "voice": "mine:0.5+heart:0.5", "response_format": "pcm"])
            #expect(spoken.status == 200)

            let gone = try await server.unix.send("DELETE", "/v1/voices/mine")
            #expect(try gone.json()["deleted"] as? Bool == true)
            #expect(try await server.unix.get("/v1/voices/mine").status == 404)
            #expect(try await server.unix.send("DELETE", "/v1/voices/mine").status == 404)
            #expect(try await server.unix.send("DELETE", "/v1/voices/heart").status == 403)
            #expect(try await server.unix.get("/v1/voices/heart").status == 200)
            for name in ["..", "%2e%2e%2f%2e%2e%2fetc", "a%00b", ".index"] {
                let reply = try await server.unix.send("DELETE", "/v1/voices/\(name)")
                #expect([400, 404].contains(reply.status), "\(name): \(reply.status)")
            }
        }
    }

    @Test func metricsAreInPrometheusForm() async throws {
        try await withServer { server in
            _ = try await server.unix.post("/v1/audio/speech", ["input": "Hi."])
            // An answer is counted after its last byte, which may have been read by then.
            try await server.wait(
                until: #"starling_http_requests_total{method="POST",route="/v1/audio/speech",status="200"}"#, is: 1)
            let reply = try await server.unix.get("/metrics")
            #expect(reply.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            let line = /[a-z_]+(\{([a-z]+="[^"\n]*",?)+\})? -?[0-9.e+-]+(\.[0-9]+)?/
            for text in reply.text.split(separator: "\n") where !text.hasPrefix("#") {
                #expect(text.wholeMatch(of: line) != nil, "\(text)")
            }
            #expect(reply.text.contains(#"starling_first_sound_seconds_count{protocol="http"} 1"#))
            #expect(try await server.metric("starling_speech_seconds_total") > 0.2)
            #expect(try await server.metric("process_resident_memory_bytes") > 1_000_000)
        }
    }

    static func addVoice(_ name: String, to server: TestServer) throws {
        let voice = try server.synthesizer.store.voice("heart")
        try server.synthesizer.store.save(
            VoiceCard(name: VoiceName(name), accent: .american, consent: "I am the speaker."), voice.profile)
    }
}
