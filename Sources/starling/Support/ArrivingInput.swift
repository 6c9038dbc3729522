import Dispatch
import Foundation

/// Text from standard input, piece by piece while it is being written, such as the answer of a language model.
///
/// A read waits on a queue of its own, so that it keeps no thread from speaking.
struct ArrivingInput: AsyncSequence, Sendable {
    /// What was read to see what kind of text it is.
    private let beginning: [UInt8]
    /// Bytes taken at once, at most.
    private static let most = 1 << 16

    /// Waits for the beginning of the text.
    ///
    /// - Throws: `CommandError.noText` if it has no more than blanks
    init() throws {
        TextInput.prompt()
        var beginning: [UInt8] = []
        while beginning.count(where: { !Self.isBlank($0) }) < Self.markup.count {
            let bytes = try Self.read()
            if bytes.isEmpty { break }
            beginning += bytes
        }
        if beginning.starts(with: Self.mark) { beginning.removeFirst(Self.mark.count) }
        guard beginning.contains(where: { !Self.isBlank($0) }) else { throw CommandError.noText }
        self.beginning = beginning
    }

    private static let markup = Array("<speak".utf8)
    /// A byte-order mark is not text.
    private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte >= 9 && byte <= 13 }

    /// Whether the text is SSML, which is read as a whole.
    var isSSML: Bool { beginning.drop(while: Self.isBlank).starts(with: Self.markup) }

    /// All of the text.
    func whole() async throws -> String {
        var text = ""
        for try await piece in self { text += piece }
        return text
    }

    func makeAsyncIterator() -> Iterator { Iterator(begun: beginning) }

    struct Iterator: AsyncIteratorProtocol {
        private let queue = DispatchQueue(label: "standard input")
        /// Bytes that are read but not given on.
        private var begun: [UInt8]

        fileprivate init(begun: [UInt8]) { self.begun = begun }

        /// - Returns: nil at the end
        /// - Throws: `CommandError` for what cannot be read or is not UTF-8
        mutating func next() async throws -> String? {
            while true {
                if let text = try complete() { return text }
                let bytes = try await read()
                guard bytes.isEmpty else {
                    begun += bytes
                    continue
                }
                guard begun.isEmpty else { throw CommandError.notText(path: "standard input") }
                return nil
            }
        }

        /// The complete characters among what is read.
        private mutating func complete() throws -> String? {
            let count = begun.count - Self.unfinished(begun)
            guard count > 0 else { return nil }
            guard let text = String(validating: begun[..<count], as: UTF8.self) else {
                throw CommandError.notText(path: "standard input")
            }
            begun.removeFirst(count)
            return text
        }

        private func read() async throws -> [UInt8] {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try ArrivingInput.read() }) }
            }
        }

        /// Bytes at the end that begin a character without completing it.
        private static func unfinished(_ bytes: [UInt8]) -> Int {
            for (back, byte) in bytes.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
                let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
                return length > back + 1 ? back + 1 : 0
            }
            return 0
        }
    }

    /// What there is, up to `most` bytes; nothing at the end.
    private static func read() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: most)
        while true {
            let count = Glibc.read(STDIN_FILENO, &bytes, most)
            if count >= 0 { return Array(bytes.prefix(count)) }
            guard errno == EINTR else {
                throw CommandError.unreadableText(
                    path: "standard input", reason: String(cString: strerror(errno)))
            }
        }
    }
}
