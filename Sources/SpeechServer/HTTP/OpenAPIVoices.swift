import Enrollment
import SpeechSignal

// MARK: Schemas of new voices

extension OpenAPI {
    static func upload(_ api: SpeechAPI) -> JSON {
        let limits = api.limits
        return object(
            [
                "name": [
                    "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
                    "description": "The new voice's name.",
                ],
                "consent": text("Who agreed that this voice is made, and to what. Kept with the voice."),
                "recording": [
                    "type": "array", "minItems": 1, "maxItems": JSON(limits.recordings),
                    "items": ["type": "string", "contentMediaType": "application/octet-stream"],
                    "description": .string(
                        "Files of the person speaking, as wav, flac, mp3, opus, m4a, webm, amr and the like; together at most "
                            + "\(limits.upload) bytes and \(Int(limits.sound)) seconds. 10 to 30 seconds are best."),
                ],
                "transcript": [
                    "type": "array", "maxItems": JSON(limits.recordings),
                    "items": ["type": "string", "maxLength": JSON(VoiceUpload.longestTranscript)],
                    "description":
                        "What is said in the recordings, for the networks to adapt to: text files of the same names, or one for each in their order, empty where nobody knows.",
                ],
                "language": [
                    "type": "string", "description": "What the transcripts are in; without it, English in the accent.",
                    "examples": .array(api.synthesizer.languages.map { .string($0.rawValue) }),
                ],
                "strength": [
                    "type": "number", "minimum": 0, "maximum": 1,
                    "default": .number(Double(AdaptationRequest.standardStrength)),
                    "description": "How far the networks adapt.",
                ],
                "stream_format": choice(
                    ["json", "sse"],
                    "sse sends voice.progress events, then voice.created with the voice, or error.", default: "json"),
                "accent": choice(
                    Accent.allCases.map(\.rawValue), "How the voice reads words.", default: "american"),
                "description": text("A few words about the voice."),
                "gender": text("female, male or what the speaker says."),
                "one_person": [
                    "type": "boolean", "default": false,
                    "description": "You know that all recordings are of one person, however different they sound.",
                ],
            ], required: ["name", "consent", "recording"])
    }

    /// `QualityReport`.
    static var report: JSON {
        let measures: [String: JSON] = [
            "speech_seconds": number("Seconds of speech that went into the voice."),
            "signal_to_noise": number("dB between speech and background; 60 stands for more."),
            "clipping": number("Share of the samples that were cut off for being too loud, 0 to 1."),
            "bandwidth": ["type": "integer", "description": "Hz up to which there is speech, at most 12000."],
        ]
        let sample = object(
            measures.merging([
                "name": text("The recording's name."), "seconds": number("In all."),
                "sample_rate": ["type": "integer"], "is_used": ["type": "boolean"],
                "similarity": number("With the other recordings, if there are any."),
            ]) { $1 }, required: measures.keys.sorted() + ["name", "seconds", "sample_rate", "is_used"])
        let warning = object(
            [
                "kind": text("A word for programs."), "text": text("One line."), "name": text("The recording."),
                "value": [:],
            ],
            required: ["kind", "text"])
        return object(
            measures.merging([
                "consistency": number("Low for recordings of two people, 1 at most."),
                "grade": choice(["good", "fair", "poor"], "All in all."),
                "samples": list(of: sample, "One for each recording."),
                "warnings": list(of: warning, "What could be better, the worst first."),
            ]) { $1 }, required: measures.keys.sorted() + ["consistency", "grade", "samples", "warnings"])
    }

    /// `AdaptationReport`.
    static var adaptation: JSON {
        let leftOut = object(
            [
                "name": text("The recording."), "from": number("Seconds."), "to": number("Seconds."),
                "reason": text("Why."),
            ],
            required: ["name", "from", "to", "reason"])
        let sentence = object(
            ["text": text("As written."), "is_understood": ["type": "boolean"]], required: ["text", "is_understood"])
        let reading = object(
            [
                "name": text("The recording."), "sha256": text("Of its bytes."),
                "sentences": list(of: sentence, "Of its transcript, and whether they were said so."),
            ], required: ["name", "sha256", "sentences"])
        return object(
            [
                "kept_because": text("Why the voice stayed as it was; absent if it was adapted."),
                "pieces": ["type": "integer", "description": "Pieces of speech that fit their text."],
                "seconds": number("Learned from."), "held_back_seconds": number("Held back to judge by."),
                "left_out": list(of: leftOut, "What was not learned from."),
                "readings": list(of: reading, "What was understood."),
                "misfits": list(of: ["type": "number"], "How unlike each piece is to its text."),
                "error": list(of: ["type": "number"], "Of what was held back: before adapting, and after."),
                "strength": number("How much of what was learned is used."),
            ],
            required: [
                "pieces", "seconds", "held_back_seconds", "left_out", "readings", "misfits", "error", "strength",
            ])
    }

    static var passages: JSON {
        let passage = object(
            [
                "object": text("passage"), "language": text("A BCP 47 tag."),
                "consent": text("The sentence with which the speaker agrees."),
                "lines": list(of: ["type": "string"], "What to read, the consent first."),
            ], required: ["object", "language", "consent", "lines"])
        return object(
            ["object": text("list"), "data": list(of: passage, "One for each language.")], required: ["object", "data"])
    }
}
