import Synchronization
import Synthesis

/// Text that streams in and is spoken meanwhile.
final class StreamedText: Sendable {
    private let client: ClientText
    private let limit: Int
    private let characters = Mutex(0)
    /// Whether it was spoken to its end.
    private let work: Task<Bool, any Error>

    /// - Parameter wish: the data of `synthesize-start`.
    /// - Throws: when the voice is not there or too much is in work already.
    init(session: WyomingSession, wish: [String: JSON]) throws {
        let api = session.api
        limit = api.limits.text
        let client = ClientText(over: session.connection, idle: api.limits.idle)
        self.client = client
        let (speech, _) = try api.open(client, session.request("", wish))
        work = Task(executorPreference: api.configuration.executor) {
            var sound = WyomingSound(session: session)
            do {
                try await sound.play(speech)
            } catch {
                // Nobody speaks what may still come.
                client.finish()
                try Task.checkCancellation()
                await session.refuse(error)
                return false
            }
            try await sound.stop()
            return true
        }
    }

    func add(_ text: String) {
        let count = characters.withLock { characters in
            characters += text.unicodeScalars.count
            return characters
        }
        if count <= limit {
            client.add(.text(text))
        } else {
            client.finish(throwing: ServerError.textTooLong(count: count, limit: limit))
        }
    }

    /// Speaks what is left and returns when all has been sent.
    ///
    /// - Returns: false after an error, which was sent to the client
    func finish() async throws -> Bool {
        client.finish()
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }

    /// Whether all that came is spoken and the client has to go on.
    var isWaiting: Bool { client.isWaiting }

    func cancel() { work.cancel() }

    deinit { work.cancel() }
}
