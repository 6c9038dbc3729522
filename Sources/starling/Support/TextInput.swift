import ArgumentParser
import Files
import Foundation

/// Where the text comes from: arguments, a file, or standard input.
struct TextInput: ParsableArguments {
    @Argument(help: ArgumentHelp("The text. Without it, or with -, standard input is read.", valueName: "text"))
    var text: [String] = []

    @Option(name: .shortAndLong, help: "Read the text from a file (UTF-8).", completion: .file())
    var file: String?

    @Flag(help: "Read the text as SSML. Text that begins with <speak is SSML anyway.")
    var ssml = false

    /// The longest text that is read, in bytes.
    private static let limit = 1 << 30

    /// Whether the text comes from standard input.
    var isStandardInput: Bool { file.map { $0 == "-" && text.isEmpty } ?? (text.isEmpty || text == ["-"]) }

    func read() throws -> String {
        if let file {
            guard text.isEmpty else { throw CommandError.textTwice }
            return try file == "-" ? Self.standardInput() : Self.contents(of: file)
        }
        guard text.isEmpty || text == ["-"] else { return text.joined(separator: " ") }
        return try Self.standardInput()
    }

    /// Tells who sits at a terminal what to do.
    static func prompt() {
        guard isatty(STDIN_FILENO) == 1, Terminal.isInteractive else { return }
        Terminal.complain("Type the text, then press Ctrl-D.")
    }

    private static func standardInput() throws -> String {
        prompt()
        return try decode(path: "standard input") { path throws(FileError) in
            try OpenFile.contents(of: STDIN_FILENO, path: path, limit: limit)
        }
    }

    /// The text of a file in UTF-8.
    static func contents(of path: String) throws -> String {
        try decode(path: path) { path throws(FileError) in try OpenFile(reading: path).contents(limit: limit) }
    }

    private static func decode(path: String, _ read: (String) throws(FileError) -> [UInt8]) throws -> String {
        let bytes: [UInt8]
        do throws(FileError) { bytes = try read(path) } catch {
            throw CommandError.unreadableText(path: path, reason: error.reason)
        }
        // A byte-order mark is not text.
        let body = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else { throw CommandError.notText(path: path) }
        return text
    }
}
