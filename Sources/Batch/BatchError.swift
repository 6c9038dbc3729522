/// Errors of a manifest, a shard or a folder of results; each description is one line with the remedy.
public enum BatchError: Error, Sendable, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    /// The first bad line of a manifest, and how many more there are.
    case line(path: String, line: Int, reason: String, more: Int)
    case noItems(path: String)
    case badShard(String, reason: String)
    case folder(path: String, reason: String)
    case journal(path: String, reason: String)
    /// Another process is working on the shard.
    case locked(path: String)
    /// Single items could not be spoken; the rest is done.
    case failed(count: Int, of: Int, journal: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read the manifest \(path): \(reason); check the name"
        case .line(let path, let line, let reason, let more):
            "\(path) line \(line): \(reason)" + (more > 0 ? " (\(more) more bad line\(more == 1 ? "" : "s"))" : "")
        case .noItems(let path):
            "the manifest \(path) has no items; write one JSON object per line, such as {\"id\": \"a\", \"text\": \"Hello.\"}"
        case .badShard(let text, let reason): "the shard \"\(text)\" \(reason)"
        case .folder(let path, let reason): "cannot write to the folder \(path): \(reason); choose another folder"
        case .journal(let path, let reason): "cannot write the journal \(path): \(reason); check the disk"
        case .locked(let path):
            "another process is working on this shard (it holds \(path)); wait until it finishes, or choose another shard"
        case .failed(let count, let all, let journal):
            "\(count) of \(all) items failed (see \(journal)); run the same command again to retry them"
        }
    }
}
