import Dispatch
import Files
import Foundation

/// Text from standard input, piece by piece while it is being written, such as the answer of a language model.
///
/// A read waits on a queue of its own, so that it keeps no thread from speaking.
struct ArrivingInput: AsyncSequence, Sendable {
    /// Bytes taken at once, at most.
    private static let most = 1 << 16

    func makeAsyncIterator() -> Iterator { Iterator() }

    struct Iterator: AsyncIteratorProtocol {
        private let queue = DispatchQueue(label: "standard input")
        /// Bytes of a character that is not complete.
        private var begun: [UInt8] = []
        private var isFirst = true

        /// - Returns: nil at the end
        /// - Throws: `CommandError` for what cannot be read or is no UTF-8
        mutating func next() async throws -> String? {
            while true {
                let bytes = try await read()
                guard !bytes.isEmpty else {
                    guard begun.isEmpty else { throw CommandError.notText(path: "standard input") }
                    return nil
                }
                begun += bytes
                // A byte-order mark is no text.
                if isFirst, begun.starts(with: [0xef, 0xbb, 0xbf]) { begun.removeFirst(3) }
                isFirst = false
                let complete = begun.count - Self.unfinished(begun)
                guard complete > 0 else { continue }
                guard let text = String(validating: begun[..<complete], as: UTF8.self) else {
                    throw CommandError.notText(path: "standard input")
                }
                begun.removeFirst(complete)
                return text
            }
        }

        private func read() async throws -> [UInt8] {
            try await withCheckedThrowingContinuation { continuation in
                queue.async {
                    var bytes = [UInt8](repeating: 0, count: ArrivingInput.most)
                    var count = Glibc.read(STDIN_FILENO, &bytes, bytes.count)
                    while count < 0, errno == EINTR { count = Glibc.read(STDIN_FILENO, &bytes, bytes.count) }
                    if count < 0 {
                        let reason = String(cString: strerror(errno))
                        continuation.resume(
                            throwing: CommandError.unreadableText(path: "standard input", reason: reason))
                    } else {
                        continuation.resume(returning: Array(bytes.prefix(count)))
                    }
                }
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
}
