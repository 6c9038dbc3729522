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
                "consent": text("Who agreed to this voice, and to what use of it. Kept with the voice."),
                "recording": [
                    "type": "array", "minItems": 1, "maxItems": JSON(limits.recordings),
                    "items": ["type": "string", "contentMediaType": "application/octet-stream"],
                    "description": .string(
                        "Recordings of the speaker as wav, flac, mp3, opus, m4a, webm, amr or similar; together at most "
                            + "\(limits.upload) bytes and \(Int(limits.sound)) seconds. 10 to 30 seconds are best."),
                ],
                "transcript": [
                    "type": "array", "maxItems": JSON(limits.recordings),
                    "items": ["type": "string", "maxLength": JSON(VoiceUpload.longestTranscript)],
                    "description":
                        "Transcripts of the recordings, for adaptation: text files with the same names, or one per recording in the same order, empty where unknown.",
                ],
                "language": [
                    "type": "string", "description": "The language of the transcripts. Default: English in the accent.",
                    "examples": .array(api.synthesizer.languages.map { .string($0.rawValue) }),
                ],
                "adapt": [
                    "type": "boolean", "default": false,
                    "description": "Whether the networks adapt to recordings without a transcript, too.",
                ],
                "strength": [
                    "type": "number", "minimum": 0, "maximum": 1,
                    "default": .number(Double(AdaptationRequest.standardStrength)),
                    "description": "How far the networks adapt to the speaker.",
                ],
                "stream_format": choice(
                    ["json", "sse"],
                    "sse sends voice.progress events, then voice.created with the voice, or error.", default: "json"),
                "accent": choice(
                    Accent.allCases.map(\.rawValue), "How the voice pronounces English.", default: "american"),
                "description": text("A few words about the voice."),
                "gender": text("The gender to list, such as female or male."),
                "one_person": [
                    "type": "boolean", "default": false,
                    "description": "Confirms that all recordings are of one person, even if they sound different.",
                ],
            ], required: ["name", "consent", "recording"])
    }

    /// `QualityReport`.
    static var report: JSON {
        let measures: [String: JSON] = [
            "speech_seconds": number("Seconds of speech that went into the voice."),
            "signal_to_noise": number("dB between speech and background noise; 60 means 60 or more."),
            "clipping": number("Share of clipped samples, 0 to 1."),
            "bandwidth": ["type": "integer", "description": "Hz up to which there is speech, at most 12000."],
        ]
        let sample = object(
            measures.merging([
                "name": text("The recording's name."), "seconds": number("Duration in seconds."),
                "sample_rate": ["type": "integer"], "is_used": ["type": "boolean"],
                "similarity": number("Similarity to the other recordings, if any."),
            ]) { $1 }, required: measures.keys.sorted() + ["name", "seconds", "sample_rate", "is_used"])
        let warning = object(
            [
                "kind": text("A machine-readable identifier."), "text": text("One line."),
                "name": text("The recording."),
                "value": [:],
            ],
            required: ["kind", "text"])
        return object(
            measures.merging([
                "consistency": number("Low for recordings of two people, 1 at most."),
                "grade": choice(["good", "fair", "poor"], "Overall grade."),
                "samples": list(of: sample, "One for each recording."),
                "warnings": list(of: warning, "What could be better, most severe first."),
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
                "sentences": list(of: sentence, "Sentences of the transcript, and whether the speech matches them."),
            ], required: ["name", "sha256", "sentences"])
        return object(
            [
                "kept_because": text("Why the voice was not adapted; absent if it was."),
                "pieces": ["type": "integer", "description": "Pieces of speech that match their text."],
                "seconds": number("Seconds used for adaptation."),
                "held_back_seconds": number("Seconds held out for validation."),
                "left_out": list(of: leftOut, "Speech that was not used."),
                "readings": list(of: reading, "The transcripts, sentence by sentence."),
                "misfits": list(of: ["type": "number"], "Distance of each piece from its text."),
                "error": list(of: ["type": "number"], "Validation error before and after adaptation."),
                "likeness": list(
                    of: ["type": "number"], "Similarity of the clone and the speaker before and after adaptation."),
                "strength": number("The strength of the adaptation that was kept, 0 to 1.5."),
            ],
            required: [
                "pieces", "seconds", "held_back_seconds", "left_out", "readings", "misfits", "error", "likeness",
                "strength",
            ])
    }

    static var passages: JSON {
        let passage = object(
            [
                "object": text("passage"), "language": text("A BCP 47 tag."),
                "consent": text("The speaker's consent, as one sentence."),
                "lines": list(of: ["type": "string"], "The lines to read, the consent first."),
            ], required: ["object", "language", "consent", "lines"])
        return object(
            ["object": text("list"), "data": list(of: passage, "One per language.")], required: ["object", "data"])
    }
}
