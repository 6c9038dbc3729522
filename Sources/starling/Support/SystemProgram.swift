import Foundation

/// A program of the system that may be installed, such as a player, and how it is called.
struct SystemProgram {
    let name: String
    let arguments: [String]

    init(_ name: String, _ arguments: [String]) { (self.name, self.arguments) = (name, arguments) }

    /// Where it lies; nil if it is not on PATH.
    var path: String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
