/// Why the networks cannot be loaded; each description is one line with the remedy.
public enum VoiceModelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A file of the data folder is not there.
    case missingFile(path: String)
    /// The list of phonemes is not this version's.
    case alphabet(path: String)

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .missingFile(let path):
            "\(path) is missing; restore it from the release, or name another folder with --data"
        case .alphabet(let path):
            "\(path) does not list the phonemes of this version; use the data folder of the same release"
        }
    }
}
