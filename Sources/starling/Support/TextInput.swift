import ArgumentParser
import Foundation

/// Where the text comes from: arguments, a file, or standard input.
struct TextInput: ParsableArguments {
    @Argument(help: ArgumentHelp("The text. Without it, or with -, standard input is read.", valueName: "text"))
    var text: [String] = []

    @Option(name: .shortAndLong, help: "Read the text from a file (UTF-8).", completion: .file())
    var file: String?

    @Flag(help: "The text is SSML. Text that begins with <speak is taken so without it.")
    var ssml = false

    /// The longest text that is read, in bytes.
    private static let limit = 1 << 30

    func read() throws -> String {
        if let file {
            guard text.isEmpty else { throw CommandError.textTwice }
            return try file == "-" ? Self.standardInput() : Self.contents(of: file)
        }
        guard text.isEmpty || text == ["-"] else { return text.joined(separator: " ") }
        return try Self.standardInput()
    }

    private static func standardInput() throws -> String {
        if isatty(STDIN_FILENO) == 1, Terminal.isInteractive {
            Terminal.complain("Type the text, then press Ctrl-D.")
        }
        return try decode(drain(STDIN_FILENO, path: "standard input"), path: "standard input")
    }

    private static func contents(of path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandError.unreadableText(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        return try decode(drain(descriptor, path: path), path: path)
    }

    private static func drain(_ descriptor: Int32, path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandError.unreadableText(path: path, reason: String(cString: strerror(errno)))
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            if bytes.count > limit {
                throw CommandError.unreadableText(path: path, reason: "it is longer than \(limit >> 20) MB")
            }
        }
    }

    private static func decode(_ bytes: [UInt8], path: String) throws -> String {
        // A byte-order mark is no text.
        let body = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else { throw CommandError.notText(path: path) }
        return text
    }
}
