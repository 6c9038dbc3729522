/// Errors of the voice store; each description is one line with the remedy.
public enum VoiceStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Not a valid name.
    case badName(String)
    /// No voice has that name; `close` are the most similar names there are.
    case unknownVoice(String, close: [String])
    /// The name is taken.
    case exists(String)
    /// Bundled voices cannot be changed.
    case bundled(String)
    /// The voice's files are incomplete, damaged, or not regular files.
    case damaged(String, reason: String)
    /// voice.json is of a newer version of Starling.
    case newerSchema(String, found: Int, known: Int)
    /// The profile was made for other networks.
    case otherModel(String, found: String, expected: String)
    /// Not a weighted mix of names.
    case badExpression(String, reason: String)
    /// There is no folder for the user's voices.
    case noUserStore
    /// A system call on the store failed.
    case unwritable(path: String, reason: String)
    /// A voice's lexicon is larger than one may be.
    case lexiconTooLong(String, bytes: Int)
    /// The file is not an exported voice.
    case badParcel(String, reason: String)

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .badName(let name):
            "\"\(name.prefix(80))\" is not a valid voice name; use 1 to 64 letters, digits, '-' and '_', beginning with a letter or digit"
        case .unknownVoice(let name, let close):
            close.isEmpty
                ? "there is no voice \"\(name)\"; `starling voices` lists all voices"
                : "there is no voice \"\(name)\"; did you mean \(Self.choice(close))? (`starling voices` lists all voices)"
        case .exists(let name):
            "a voice \"\(name)\" already exists; choose another name, or remove it first"
        case .bundled(let name):
            "\"\(name)\" is a bundled voice and cannot be changed; export it, and import it under another name"
        case .damaged(let name, let reason):
            "the voice \"\(name)\" is damaged (\(reason)); remove it, then enroll or import it again"
        case .newerSchema(let name, let found, let known):
            "the voice \"\(name)\" has format version \(found), but this Starling reads up to \(known); update Starling"
        case .otherModel(let name, let found, let expected):
            "the voice \"\(name)\" was made for other networks (profiles \(found), here \(expected)); enroll it again from its recordings"
        case .badExpression(let text, let reason):
            "\"\(text.prefix(80))\" is not a mix of voices (\(reason)); write it like ann:0.7+bob:0.3"
        case .noUserStore:
            "there is no folder for your voices; set HOME or XDG_DATA_HOME, or use --voices DIR"
        case .unwritable(let path, let reason):
            "cannot change \(path): \(reason); choose a writable folder with --voices DIR"
        case .lexiconTooLong(let name, let bytes):
            "the lexicon of the voice \"\(name)\" has \(bytes) bytes; keep it below \(VoiceStore.maximumLexicon >> 20) MB"
        case .badParcel(let path, let reason):
            "\(path) is not an exported voice (\(reason)); make one with `starling voices export`"
        }
    }

    private static func choice(_ names: [String]) -> String {
        let quoted = names.map { "\"\($0)\"" }
        guard quoted.count > 1 else { return quoted[0] }
        return quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1]
    }
}
