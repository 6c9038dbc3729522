/// Why a recording cannot be spoken in another voice; each description is one line with the remedy.
public enum ConversionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is too little speech to tell the speaker from the words.
    case tooLittleSpeech(name: String, seconds: Double, needed: Double)

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .tooLittleSpeech(let name, let seconds, let needed):
            // Never rounded up to what would be enough.
            "there is only \(Double(Int(seconds * 10)) / 10) s of speech in \(name); give \(needed) s or more"
        }
    }
}
