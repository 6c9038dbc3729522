public import SpeechSignal

/// What can go wrong while the frontend loads its data, a user's lexicon or SSML. Reading plain text never fails.
public enum FrontendError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A data file is not there or cannot be read.
    case missing(file: String)
    /// A data file is there but is not what it should be; `reason` says where.
    case corrupt(file: String, reason: String)
    /// A data file was made for another version of the frontend.
    case version(file: String, found: String, expected: String)
    /// A user's file cannot be read.
    case unreadable(file: String, reason: String)
    /// A document in SSML has a mistake; line and column count from 1.
    case ssml(line: Int, column: Int, problem: String, remedy: String)
    /// A user's lexicon has a mistake; line and column count from 1.
    case lexicon(name: String, line: Int, column: Int, problem: String, remedy: String)

    /// A language that this build does not read.
    case language(Language, there: [Language])

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .missing(let file):
            "text frontend: cannot read \(file); restore the data folder (git checkout data) or pass the right one"
        case .corrupt(let file, let reason):
            "text frontend: \(file) is damaged: \(reason); restore it (git checkout data) or rebuild it as docs/frontend.md says"
        case .version(let file, let found, let expected):
            "text frontend: \(file) has format \(found), this build reads \(expected); rebuild it as docs/frontend.md says"
        case .language(let language, let there):
            "text in \(language) cannot be read; take one of \(there.map(\.rawValue).joined(separator: ", "))"
        case .unreadable(let file, let reason): "cannot read \(file): \(reason); check the name"
        case .ssml(let line, let column, let problem, let remedy):
            "SSML, line \(line), column \(column): \(problem); \(remedy)"
        case .lexicon(let name, let line, let column, let problem, let remedy):
            "\(name):\(line):\(column): \(problem); \(remedy)"
        }
    }
}
