import Foundation
import Synchronization
import Synthesis
import VoiceStore

/// Text that streams in and is spoken meanwhile, one sentence after another.
///
/// Each sentence is spoken by itself, with a seed of its own, so that the sound depends on the text alone and not on the pieces
/// it came in.
final class StreamedText: Sendable {
    private struct State {
        var feed: SentenceFeed
        var characters = 0
    }

    /// Sentences that are not spoken yet, and whether more may come.
    private final class Backlog: Sendable {
        private let state = Mutex((sentences: 0, isComplete: false))

        func add(_ sentences: Int) { state.withLock { $0.sentences += sentences } }

        func complete() { state.withLock { $0.isComplete = true } }

        /// A sentence is spoken.
        ///
        /// - Returns: whether the client has to go on now.
        func remove() -> Bool {
            state.withLock { state in
                state.sentences -= 1
                return state.sentences <= 0 && !state.isComplete
            }
        }
    }

    private let state: Mutex<State>
    private let backlog = Backlog()
    private let limit: Int
    private let sentences: AsyncStream<Result<String, ServerError>>.Continuation
    private let work: Task<Void, any Error>

    /// - Parameter wish: the data of `synthesize-start`.
    /// - Throws: when the voice is not there or too much is in work already.
    init(session: WyomingSession, wish: [String: JSON]) throws {
        let api = session.api
        let request = try session.request("", wish)
        let voice = try SpeechRequest.voice(
            request.voice, in: api.synthesizer.store, default: api.configuration.defaultVoice)
        let ticket = try api.enter()
        let (stream, sentences) = AsyncStream<Result<String, ServerError>>.makeStream()
        self.sentences = sentences
        limit = api.limits.text
        state = Mutex(State(feed: SentenceFeed(frontend: api.synthesizer.frontend, accent: voice.accent)))
        let backlog = backlog
        work = Task(executorPreference: session.api.configuration.executor) {
            defer { ticket.giveBack() }
            var sound = WyomingSound(session: session)
            var count: UInt64 = 0
            do {
                for await sentence in stream {
                    var part = request
                    part.text = try sentence.get()
                    part.options.seed = count
                    do {
                        let speech = try api.speak(part, voice: voice, started: .now, ticket: nil)
                        try await sound.play(speech, after: WyomingSession.pause)
                        count += 1
                    } catch SynthesisError.nothingToSpeak {
                        // A lone mark; the text around it may well have words.
                    }
                    // Who goes silent in the middle of a text would hold its place among the requests for ever.
                    if backlog.remove() { session.connection.expect(within: api.limits.idle) }
                }
                if count == 0 { throw SynthesisError.emptyText }
            } catch {
                try Task.checkCancellation()
                try await session.send([WyomingSession.event(error)])
            }
            try await sound.stop()
        }
    }

    func add(_ text: String) {
        let ready = state.withLock { state -> Result<[String], ServerError> in
            state.characters += text.unicodeScalars.count
            guard state.characters <= limit else {
                return .failure(.textTooLong(count: state.characters, limit: limit))
            }
            return .success(state.feed.add(text))
        }
        switch ready {
        case .success(let texts):
            backlog.add(texts.count)
            for text in texts { sentences.yield(.success(text)) }
        case .failure(let error): sentences.yield(.failure(error))
        }
    }

    /// Speaks what is left and returns when all has been sent.
    func finish() async throws {
        backlog.complete()
        if let rest = state.withLock({ $0.feed.finish() }) { sentences.yield(.success(rest)) }
        sentences.finish()
        try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }

    func cancel() { work.cancel() }

    deinit { work.cancel() }
}
