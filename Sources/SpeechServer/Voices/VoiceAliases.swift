import Foundation
import VoiceStore

/// What other programs call their voices, and which of ours speaks for each: a table in TOML, such as those in
/// deploy/aliases.
///
/// ```toml
/// # Kokoro's
/// af_bella = "sarah"
/// "en-US-AvaNeural" = "heart:0.7+nova:0.3"
/// ```
/// Lines of a name, `=` and a string are all of TOML that a table takes. Names count without regard to case.
public struct VoiceAliases: Sendable, Equatable {
    /// Voices or mixes by what clients ask for, in lower case.
    private var targets: [String: String] = [:]
    /// The names as they are written, in the order of the tables.
    public private(set) var names: [String] = []

    /// No aliases.
    public init() {}

    /// Reads a table.
    ///
    /// - Parameter path: where it lies, for errors
    /// - Throws: `ServerError.badAlias` with the line that is wrong
    public init(toml: String, path: String) throws(ServerError) {
        for (index, line) in toml.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            func wrong(_ reason: String) -> ServerError { .badAlias(path: path, line: index + 1, reason: reason) }
            guard let entry = line.firstMatch(of: Self.entry) else { throw wrong("it is not name = \"voice\"") }
            guard let (name, target) = Self.pair(entry.output) else { continue }
            do throws(VoiceStoreError) {
                _ = try VoiceExpression(target)
            } catch {
                throw wrong(error.description)
            }
            guard targets[name.lowercased()] == nil else { throw wrong("\"\(name.prefix(80))\" occurs twice") }
            targets[name.lowercased()] = target
            names.append(name)
        }
    }

    /// A table's line: nothing, or a name and a string; then perhaps a comment.
    nonisolated(unsafe) private static let entry =
        /^\s*(?:(?:([A-Za-z0-9_-]+)|"([^"\\]+)")\s*=\s*"([^"\\]+)"\s*)?(?:#.*)?$/

    private static func pair(_ line: (Substring, Substring?, Substring?, Substring?)) -> (String, String)? {
        guard let name = line.1 ?? line.2, let target = line.3 else { return nil }
        return (String(name), String(target))
    }

    /// Takes in another table, whose entries win.
    public mutating func add(_ other: VoiceAliases) {
        names += other.names.filter { targets[$0.lowercased()] == nil }
        targets.merge(other.targets) { $1 }
    }

    /// The voice or mix that speaks for a name; nil if the tables do not have it.
    public subscript(name: String) -> String? { targets[name.lowercased()] }
}
