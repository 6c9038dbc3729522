import NIOCore
import Synchronization
import Synthesis
import VoiceStore

/// An utterance: its text comes in while its sound and times go out.
final class LiveUtterance: Sendable {
    /// What the work and those who feed and end it share.
    private final class Shared: Sendable {
        let id: String?
        let text: ClientText
        private let state = Mutex((progress: LiveProgress(), isEnding: false))

        init(id: String?, text: ClientText) {
            self.id = id
            self.text = text
        }

        func change<R>(_ body: (inout LiveProgress) -> R) -> R { state.withLock { body(&$0.progress) } }

        var isEnding: Bool { state.withLock { $0.isEnding } }

        /// - Returns: whether it was not ending before; whoever made it so has the last word to the client
        func claimLastWord() -> Bool {
            state.withLock { state in
                defer { state.isEnding = true }
                return !state.isEnding
            }
        }
    }

    private let shared: Shared
    private let api: SpeechAPI
    private let outlet: LiveOutlet
    private let work: Task<Void, Never>

    /// Begins an utterance.
    ///
    /// - Throws: when the voice is not there or too much is in work already
    init(_ wish: LiveWish, api: SpeechAPI, outlet: LiveOutlet) throws {
        let text = ClientText(over: outlet.connection, idle: api.limits.idle)
        let shared = Shared(id: wish.id, text: text)
        let (stream, voice) = try api.open(text, wish.request)
        (self.shared, self.api, self.outlet) = (shared, api, outlet)
        work = Task(executorPreference: api.configuration.executor) {
            let ending: LiveEvent
            do {
                try await outlet.send(.begun(voice: voice.name, format: wish.request.format), id: wish.id)
                try await Self.speak(stream, wish, shared, outlet, api.metrics)
                ending = shared.change { .done(seconds: $0.seconds, characters: $0.characters, heard: nil) }
            } catch {
                if Task.isCancelled { return }
                ending = .error(error)
            }
            text.finish()
            // Whoever cancels now says so.
            if shared.claimLastWord() { await Self.end(shared, outlet, ending) }
        }
    }

    private static func speak(
        _ stream: SpeechStream, _ wish: LiveWish, _ shared: Shared, _ outlet: LiveOutlet, _ metrics: ServerMetrics
    ) async throws {
        let start = ContinuousClock.now
        var isFirst = true
        while let piece = try await stream.next() {
            if let sentence = piece.sentence {
                shared.change { $0.add(sentence) }
                if wish.wantsWords || wish.wantsVisemes {
                    let event = LiveEvent.sentence(sentence, words: wish.wantsWords, visemes: wish.wantsVisemes)
                    try await outlet.send(event, id: wish.id)
                }
            }
            if !piece.face.isEmpty { try await outlet.send(.blendShapes(piece.face), id: wish.id) }
            if !piece.bytes.isEmpty { try await outlet.send(sound: piece.bytes) }
            shared.change { $0.samples += piece.samples }
            if isFirst { metrics.firstSound(protocol: "websocket", seconds: (.now - start) / .seconds(1)) }
            isFirst = false
        }
    }

    /// Has the last word.
    private static func end(_ shared: Shared, _ outlet: LiveOutlet, _ event: LiveEvent) async {
        // Who is gone has closed the connection, which ends the conversation.
        try? await outlet.send(event, id: shared.id)
        outlet.endWork()
    }

    /// Whether all has been said but the last word, or something went wrong.
    var isEnding: Bool { shared.isEnding }

    /// Returns when the last word of an utterance that is ending is said.
    func untilOver() async { await work.value }

    /// Takes more of the text, and waits when it is too far ahead of the speech.
    func add(_ text: String) async {
        let characters = shared.change { progress in
            progress.characters += text.unicodeScalars.count
            return progress.characters
        }
        guard characters <= api.limits.text else {
            return shared.text.finish(throwing: ServerError.textTooLong(count: characters, limit: api.limits.text))
        }
        shared.text.add(.text(text))
        if !shared.text.hasRoom(below: api.limits.lead) { await shared.text.untilRoom(below: api.limits.lead) }
    }

    /// Speaks what has come without waiting for the sentence to go on.
    func flush() { shared.text.add(.flush) }

    /// The text is over.
    func finish() { shared.text.finish() }

    /// Stops at once and says how far it came.
    ///
    /// - Parameter played: seconds that were heard; nil: all that was sent
    func cancel(played: Double?) async {
        // A task that is cancelled sends nothing. So only one that has not begun its last word may be.
        guard shared.claimLastWord() else { return await untilOver() }
        await stop()
        let ending = shared.change { progress in
            LiveEvent.done(
                seconds: progress.seconds, characters: progress.characters, heard: progress.heard(after: played))
        }
        await Self.end(shared, outlet, ending)
    }

    /// Stops, for a client that is gone.
    func abandon() async {
        if !shared.isEnding { api.metrics.abandoned() }
        await stop()
    }

    private func stop() async {
        work.cancel()
        shared.text.finish(throwing: CancellationError())
        await work.value
    }

    deinit { work.cancel() }
}
