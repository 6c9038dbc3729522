import Faces
import Foundation
import HTTPTypes
import Synthesis
import VoiceStore

/// What is said to a client over a WebSocket beside the sound: an object with a `type`, and the utterance's `id` if it
/// has one.
enum LiveEvent: Sendable {
    /// Speech begins; sound comes as binary messages from here on.
    case begun(voice: String, format: SpeechRequest.Format)
    /// A sentence whose sound follows.
    case sentence(SpokenSentence, words: Bool, visemes: Bool)
    /// The face while the sound that follows is heard.
    case blendShapes([FaceFrame])
    /// The utterance is over: all of its sound is sent, or it was cancelled.
    case done(seconds: Double, characters: Int, heard: LiveProgress.Heard?)
    /// Something is wrong; an utterance that it is about is over.
    case error(any Error)

    func json(id: String?) -> JSON {
        var fields = fields
        if let id { fields["id"] = .string(id) }
        return .object(fields)
    }

    private var fields: [String: JSON] {
        switch self {
        case .begun(let voice, let format):
            [
                "type": "begun", "voice": .string(voice), "response_format": .string(format.rawValue),
                "sample_rate": JSON(Synthesizer.sampleRate),
            ]
        case .sentence(let sentence, let words, let visemes): Self.fields(of: sentence, words: words, visemes: visemes)
        case .blendShapes(let frames): FaceMessage.fields(frames, type: "blendshapes")
        case .done(let seconds, let characters, let heard):
            [
                "type": "done", "seconds": JSON(seconds: seconds), "characters": JSON(characters),
                "cancelled": .bool(heard != nil),
                "heard": heard.map { heard in
                    [
                        "seconds": JSON(seconds: heard.seconds), "range": JSON(heard.range),
                        "utf16_range": JSON(heard.utf16Range), "code_point_range": JSON(heard.scalarRange),
                    ]
                } ?? .null,
            ]
        case .error(let error):
            Self.fields(of: ErrorResponse(error))
        }
    }

    private static func fields(of error: ErrorResponse) -> [String: JSON] {
        guard case .object(var fields) = error.json else { return [:] }
        fields["type"] = "error"
        if let wait = error.headers[.retryAfter].flatMap({ Int($0) }) { fields["retry_after"] = JSON(wait) }
        return fields
    }

    /// As docs/timings.md has it, without what nobody asked for.
    private static func fields(of sentence: SpokenSentence, words: Bool, visemes: Bool) -> [String: JSON] {
        guard let data = try? JSONEncoder().encode(sentence), case .object(var fields)? = try? JSON(parsing: data)
        else {
            return ["type": "sentence"]
        }
        if !words {
            fields["words"] = nil
            fields["phonemes"] = nil
        }
        if !visemes { fields["visemes"] = nil }
        fields["type"] = "sentence"
        return fields
    }
}

extension JSON {
    /// `[start, end]`
    init(_ range: Range<Int>) { self = .array([JSON(range.lowerBound), JSON(range.upperBound)]) }
}
