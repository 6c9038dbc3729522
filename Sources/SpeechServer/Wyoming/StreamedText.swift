import Synchronization
import Synthesis

/// Text that streams in and is spoken meanwhile.
final class StreamedText: Sendable {
    private let client: ClientText
    private let limit: Int
    private let characters = Mutex(0)
    private let work: Task<Void, any Error>

    /// - Parameter wish: the data of `synthesize-start`.
    /// - Throws: when the voice is not there or too much is in work already.
    init(session: WyomingSession, wish: [String: JSON]) throws {
        let api = session.api
        limit = api.limits.text
        // Who goes silent in the middle of a text would hold its place among the requests for ever.
        let client = ClientText { session.connection.expect(within: api.limits.idle) }
        self.client = client
        let speech = try api.open(client, session.request("", wish))
        work = Task(executorPreference: api.configuration.executor) {
            var sound = WyomingSound(session: session)
            do {
                try await sound.play(speech)
            } catch {
                try Task.checkCancellation()
                try await session.send([WyomingSession.event(error)])
            }
            try await sound.stop()
        }
    }

    func add(_ text: String) {
        let count = characters.withLock { characters in
            characters += text.unicodeScalars.count
            return characters
        }
        if count <= limit {
            client.add(text)
        } else {
            client.finish(throwing: ServerError.textTooLong(count: count, limit: limit))
        }
    }

    /// Speaks what is left and returns when all has been sent.
    func finish() async throws {
        client.finish()
        try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }

    func cancel() { work.cancel() }

    deinit { work.cancel() }
}

/// The text of a client, piece by piece.
private final class ClientText: AsyncSequence, Sendable {
    /// Pieces that are not taken yet, and whether more may come.
    private let backlog = Mutex((pieces: 0, isComplete: false))
    private let pieces: AsyncThrowingStream<String, any Error>
    private let continuation: AsyncThrowingStream<String, any Error>.Continuation
    private let whenWaiting: @Sendable () -> Void

    /// - Parameter whenWaiting: called when all that came is spoken and the client has to go on
    init(whenWaiting: @escaping @Sendable () -> Void) {
        (pieces, continuation) = AsyncThrowingStream.makeStream()
        self.whenWaiting = whenWaiting
    }

    func add(_ text: String) {
        backlog.withLock { $0.pieces += 1 }
        continuation.yield(text)
    }

    func finish(throwing error: (any Error)? = nil) {
        backlog.withLock { $0.isComplete = true }
        continuation.finish(throwing: error)
    }

    func makeAsyncIterator() -> Iterator { Iterator(text: self, base: pieces.makeAsyncIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        let text: ClientText
        var base: AsyncThrowingStream<String, any Error>.Iterator

        mutating func next() async throws -> String? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> String? {
            if text.backlog.withLock({ $0.pieces == 0 && !$0.isComplete }) { text.whenWaiting() }
            guard let piece = try await base.next(isolation: actor) else { return nil }
            text.backlog.withLock { $0.pieces -= 1 }
            return piece
        }
    }
}
