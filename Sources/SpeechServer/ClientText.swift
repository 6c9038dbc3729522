import Synchronization
import Synthesis

/// The text of a client, piece by piece, as it comes over a connection.
final class ClientText: AsyncSequence, Sendable {
    private struct Backlog {
        var pieces = 0
        var characters = 0
        /// All is spoken, and the client has to go on.
        var isWaiting: Bool { pieces == 0 && !isClosed && isAsked }
        /// Whether a piece is waited for.
        var isAsked = false
        /// No more pieces are taken.
        var isClosed = false
        /// Whether the last piece was a flush.
        var isFlushed = false
    }

    /// What is not spoken yet.
    private let backlog = Mutex(Backlog())
    private let pieces: AsyncThrowingStream<TextPiece, any Error>
    private let continuation: AsyncThrowingStream<TextPiece, any Error>.Continuation
    /// Says that a piece was taken.
    private let taken: AsyncStream<Void>
    private let tell: AsyncStream<Void>.Continuation
    private let connection: Connection
    private let idle: Duration

    /// - Parameter idle: time for the client to go on once all that came is spoken; who goes silent in the middle of a
    ///   text would hold its place among the requests for ever
    init(over connection: Connection, idle: Duration) {
        (pieces, continuation) = AsyncThrowingStream.makeStream()
        (taken, tell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (self.connection, self.idle) = (connection, idle)
    }

    /// Takes a piece. One that changes nothing, an empty text or a flush behind a flush, is passed over: no limit of
    /// characters would hold their number.
    func add(_ piece: TextPiece) {
        var isNew = true
        change { backlog in
            isNew = piece != .text("") && !(piece == .flush && backlog.isFlushed)
            guard isNew else { return }
            backlog.isFlushed = piece == .flush
            backlog.pieces += 1
            backlog.characters += piece.characters
        }
        if isNew { continuation.yield(piece) }
    }

    /// Text comes and is taken on different threads. Whoever changes what is left says under the lock what it means for
    /// the connection, or a deadline could stay that is long met.
    private func change(_ body: (inout Backlog) -> Void) {
        backlog.withLock { backlog in
            let wasWaiting = backlog.isWaiting
            body(&backlog)
            guard backlog.isWaiting != wasWaiting else { return }
            if wasWaiting { connection.calm() } else { connection.expect(within: idle) }
        }
    }

    /// The text is over, or nobody speaks it any more.
    func finish(throwing error: (any Error)? = nil) {
        change { $0.isClosed = true }
        continuation.finish(throwing: error)
        tell.finish()
    }

    /// Waits until less than this many characters are still to be spoken, or the text is finished.
    func untilRoom(below limit: Int) async {
        for await _ in taken where hasRoom(below: limit) { return }
    }

    /// Whether all that came is spoken and the client has to go on, or to go.
    var isWaiting: Bool { backlog.withLock { $0.isWaiting || $0.isClosed } }

    func hasRoom(below limit: Int) -> Bool { backlog.withLock { $0.characters < limit || $0.isClosed } }

    func makeAsyncIterator() -> Iterator { Iterator(text: self, base: pieces.makeAsyncIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        let text: ClientText
        var base: AsyncThrowingStream<TextPiece, any Error>.Iterator

        mutating func next() async throws -> TextPiece? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> TextPiece? {
            text.change { $0.isAsked = true }
            guard let piece = try await base.next(isolation: actor) else { return nil }
            text.change { backlog in
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
