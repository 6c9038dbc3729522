import Foundation
import Synchronization
import Synthesis
import Testing
import VoiceStore

/// Text that is spoken while it is being written.
@Suite struct ArrivingTexts {
    private struct Broken: Error {}

    private func speak(_ pieces: [String]) async throws -> Speaking.Whole {
        let synthesizer = try Speaking.synthesizer()
        let text = AsyncStream<String> { continuation in
            for piece in pieces { continuation.yield(piece) }
            continuation.finish()
        }
        var whole = Speaking.Whole()
        for try await chunk in synthesizer.speak(text, voice: try synthesizer.store.voice("heart")) {
            #expect(chunk.start == whole.samples.count)
            if let sentence = chunk.sentence { whole.sentences.append(sentence) }
            whole.samples += chunk.samples
        }
        return whole
    }

    private func cut(_ text: String, _ size: Int) -> [String] {
        stride(from: 0, to: text.count, by: size).map { String(text.dropFirst($0).prefix(size)) }
    }

    @Test func soundsLikeTheWholeTextWhateverThePieces() async throws {
        let whole = try await Speaking.speak(Speaking.synthesizer(), Speaking.story)
        for size in [1, 9, 1_000] {
            let arrived = try await speak(cut(Speaking.story, size))
            #expect(arrived.samples == whole.samples, "pieces of \(size)")
            #expect(arrived.sentences.map(\.range) == whole.sentences.map(\.range))
            #expect(arrived.sentences.map(\.scalarRange) == whole.sentences.map(\.scalarRange))
            #expect(arrived.sentences.map(\.start) == whole.sentences.map(\.start))
        }
    }

    @Test func beginsWhileTheRestIsStillBeingWritten() async throws {
        let synthesizer = try Speaking.synthesizer()
        let (text, writer) = AsyncStream<String>.makeStream()
        let clause = "It was late, and the rain that had begun in the morning still fell on the roofs of the town,"
        writer.yield(clause + " when somebody")
        var speech = synthesizer.speak(text, voice: try synthesizer.store.voice("heart")).makeAsyncIterator()
        let heard = try await speech.next()
        let first = try #require(heard)
        #expect(first.sentence?.text == clause)
        #expect(!first.samples.isEmpty)
        writer.yield(" knocked. He")
        writer.yield(" went to the door.")
        writer.finish()
        var texts: [String] = []
        while let chunk = try await speech.next() {
            if let sentence = chunk.sentence { texts.append(sentence.text) }
        }
        #expect(texts == ["when somebody knocked.", "He went to the door."])
    }

    @Test(arguments: [[], [""], ["  ", "\n"]]) func nothingIsAnError(pieces: [String]) async throws {
        await #expect(throws: SynthesisError.emptyText) { try await speak(pieces) }
    }

    @Test func whatSoundsNotIsNamed() async throws {
        await #expect(throws: SynthesisError.nothingToSpeak(excerpt: "...")) { try await speak(["...", " "]) }
    }

    @Test func errorsOfTheTextArePassedOn() async throws {
        let synthesizer = try Speaking.synthesizer()
        let text = AsyncThrowingStream<String, any Error> { continuation in
            continuation.yield("A first sentence. And a second ")
            continuation.finish(throwing: Broken())
        }
        var spoken: [String] = []
        await #expect(throws: Broken.self) {
            for try await chunk in synthesizer.speak(text, voice: try synthesizer.store.voice("heart")) {
                if let sentence = chunk.sentence { spoken.append(sentence.text) }
            }
        }
        #expect(spoken == ["A first sentence."])
    }

    @Test func stoppingStopsTheReading() async throws {
        let synthesizer = try Speaking.synthesizer()
        let (waiting, ended) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        let isFirst = Mutex(true)
        let text = AsyncStream<String> {
            let isFirst = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            if isFirst { return "One sentence is here. And more" }
            waiting.continuation.finish()
            try? await Task.sleep(for: .seconds(3_600))
            ended.continuation.finish()
            return nil
        }
        let listener = Task {
            for try await _ in synthesizer.speak(text, voice: try synthesizer.store.voice("heart")) {}
        }
        for await _ in waiting.stream {}
        listener.cancel()
        for await _ in ended.stream {}
        await #expect(throws: CancellationError.self) { try await listener.value }
    }
}
