/// What can go wrong while the frontend loads its data. Reading text never fails.
public enum FrontendError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A data file is not there or cannot be read.
    case missing(file: String)
    /// A data file is there but is not what it should be; `reason` says where.
    case corrupt(file: String, reason: String)
    /// A data file was made for another version of the frontend.
    case version(file: String, found: String, expected: String)

    public var description: String {
        switch self {
        case .missing(let file):
            "text frontend: cannot read \(file); restore the data folder (git checkout data) or pass the right one"
        case .corrupt(let file, let reason):
            "text frontend: \(file) is damaged: \(reason); restore it (git checkout data) or rebuild it as docs/frontend.md says"
        case .version(let file, let found, let expected):
            "text frontend: \(file) has format \(found), this build reads \(expected); rebuild it as docs/frontend.md says"
        }
    }
}
