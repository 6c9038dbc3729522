import Foundation
public import SpeechSignal

/// Why a text cannot be spoken; each description is one line with the remedy.
public enum SynthesisError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no text.
    case emptyText
    /// There is text, but nothing in it has a sound.
    case nothingToSpeak(excerpt: String)
    /// The folder with weights and lexicon was not found at any of these places.
    case noData(tried: [String])
    /// The speed is outside `SpeechOptions.speeds`.
    case badSpeed(Float)
    /// The pitch is outside `SpeechOptions.pitches`.
    case badPitch(Float)
    /// The acoustic model was not trained on this language.
    case unspokenLanguage(Language, spoken: [String])
    /// The acoustic model gave no frames for this text.
    case noFrames(excerpt: String)

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .emptyText: "there is no text to speak; give words or numbers"
        case .nothingToSpeak(let excerpt):
            "nothing in \"\(excerpt)\" can be spoken; write words or numbers"
        case .noData(let tried):
            "the data folder was not found (tried \(tried.joined(separator: ", "))); name it with --data or STARLING_DATA"
        case .badSpeed(let speed):
            "the speed \(speed) is outside the range \(SpeechOptions.speeds.lowerBound) to \(SpeechOptions.speeds.upperBound); 1 is normal"
        case .badPitch(let pitch):
            "the pitch \(pitch) is outside the range \(SpeechOptions.pitches.lowerBound) to \(SpeechOptions.pitches.upperBound) semitones; 0 is normal"
        case .unspokenLanguage(let language, let spoken):
            "the acoustic model does not speak \(language), which phonemize alone reads; it speaks \(spoken.joined(separator: ", "))"
        case .noFrames(let excerpt):
            "the acoustic model predicted no duration for \"\(excerpt)\"; the weights may be damaged, run `starling doctor`"
        }
    }

    /// The beginning of a text on one line.
    static func excerpt(_ text: String) -> String {
        let start = text.unicodeScalars.prefix(40).map {
            $0.properties.generalCategory == .control ? " " : Character($0)
        }
        return String(start).trimmingCharacters(in: .whitespaces) + (text.unicodeScalars.count > 40 ? "…" : "")
    }
}
