public import SpeechSignal

/// Errors in the frontend's data, a user's lexicon or an SSML document. Reading plain text never fails.
public enum FrontendError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A data file is missing or cannot be read.
    case missing(file: String)
    /// A data file is damaged; `reason` says where.
    case corrupt(file: String, reason: String)
    /// A data file belongs to another version of the frontend.
    case version(file: String, found: String, expected: String)
    /// A user's file cannot be read.
    case unreadable(file: String, reason: String)
    /// An SSML document has a mistake. Line and column count from 1.
    case ssml(line: Int, column: Int, problem: String, remedy: String)
    /// A user's lexicon has a mistake. Line and column count from 1.
    case lexicon(name: String, line: Int, column: Int, problem: String, remedy: String)

    /// This build does not support the language; `there` lists the supported ones.
    case language(Language, there: [Language])

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .missing(let file):
            "cannot read \(file); restore the data folder from the release, or name another one with --data"
        case .corrupt(let file, let reason):
            "\(file) is damaged: \(reason); restore it from the release, "
                + "or rebuild it as described in docs/frontend.md"
        case .version(let file, let found, let expected):
            "\(file) has format \(found), but this build reads \(expected); "
                + "rebuild it as described in docs/frontend.md"
        case .language(let language, let there):
            "this build does not support \(language); use one of \(there.map(\.rawValue).joined(separator: ", "))"
        case .unreadable(let file, let reason): "cannot read \(file): \(reason); check the name"
        case .ssml(let line, let column, let problem, let remedy):
            "SSML, line \(line), column \(column): \(problem); \(remedy)"
        case .lexicon(let name, let line, let column, let problem, let remedy):
            "\(name):\(line):\(column): \(problem); \(remedy)"
        }
    }
}
