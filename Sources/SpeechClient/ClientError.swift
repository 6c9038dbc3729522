/// Errors of a client of a server; each description is one line with the remedy.
public enum ClientError: Error, Sendable, Equatable, CustomStringConvertible {
    case noServer(path: String, reason: String)
    /// The server's own words.
    case refused(status: Int, message: String)
    case badAnswer(reason: String)

    public var description: String {
        switch self {
        case .noServer(let path, let reason):
            "no server answers at \(path) (\(reason)); start one with `starling serve`, or name its socket with --socket"
        case .refused(_, let message): message
        case .badAnswer(let reason):
            "cannot understand the server's answer (\(reason)); check that it is a Starling server"
        }
    }
}
