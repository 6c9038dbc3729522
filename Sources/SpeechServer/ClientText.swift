import Synchronization
import Synthesis

/// The text of a client, piece by piece, as it comes over a connection.
final class ClientText: AsyncSequence, Sendable {
    private struct Backlog {
        var pieces = 0
        var characters = 0
        /// All is spoken, and the client has to go on.
        var isEmpty: Bool { pieces == 0 && !isClosed && isAsked }
        /// Whether a piece is waited for.
        var isAsked = false
        /// No more pieces are taken.
        var isClosed = false
    }

    /// What is not spoken yet.
    private let backlog = Mutex(Backlog())
    private let pieces: AsyncThrowingStream<TextPiece, any Error>
    private let continuation: AsyncThrowingStream<TextPiece, any Error>.Continuation
    /// Says that a piece was taken.
    private let taken: AsyncStream<Void>
    private let tell: AsyncStream<Void>.Continuation
    private let whenWaiting: @Sendable () -> Void

    /// - Parameter whenWaiting: called when all that came is spoken and the client has to go on
    init(whenWaiting: @escaping @Sendable () -> Void) {
        (pieces, continuation) = AsyncThrowingStream.makeStream()
        (taken, tell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.whenWaiting = whenWaiting
    }

    func add(_ piece: TextPiece) {
        backlog.withLock { backlog in
            backlog.pieces += 1
            backlog.characters += piece.characters
        }
        continuation.yield(piece)
    }

    /// The text is over, or nobody speaks it any more.
    func finish(throwing error: (any Error)? = nil) {
        backlog.withLock { $0.isClosed = true }
        continuation.finish(throwing: error)
        tell.finish()
    }

    /// Waits until less than this many characters are still to be spoken, or the text is finished.
    func untilRoom(below limit: Int) async {
        for await _ in taken where hasRoom(below: limit) { return }
    }

    /// Whether all that came is spoken and the client has to go on, or to go.
    var isWaiting: Bool { backlog.withLock { $0.isEmpty || $0.isClosed } }

    func hasRoom(below limit: Int) -> Bool { backlog.withLock { $0.characters < limit || $0.isClosed } }

    func makeAsyncIterator() -> Iterator { Iterator(text: self, base: pieces.makeAsyncIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        let text: ClientText
        var base: AsyncThrowingStream<TextPiece, any Error>.Iterator

        mutating func next() async throws -> TextPiece? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> TextPiece? {
            let isWaiting = text.backlog.withLock { backlog in
                backlog.isAsked = true
                return backlog.isEmpty
            }
            if isWaiting { text.whenWaiting() }
            guard let piece = try await base.next(isolation: actor) else { return nil }
            text.backlog.withLock { backlog in
                backlog.isAsked = false
                backlog.pieces -= 1
                backlog.characters -= piece.characters
            }
            text.tell.yield()
            return piece
        }
    }
}

extension TextPiece {
    /// Unicode scalars.
    var characters: Int { if case .text(let text) = self { text.unicodeScalars.count } else { 0 } }
}
