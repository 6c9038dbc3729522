import Foundation
import SpeechServer
import SpeechSignal
import Synchronization
import Synthesis
import TextFrontend
import VoiceStore

/// Speaks only after a while, as a synthesizer does whose turn does not come.
struct SlowSpeech: SpeechMaker {
    var base: Synthesizer
    let pace: Pace

    final class Pace: Sendable {
        /// From the end of a text to its first sound.
        let delay: Duration
        /// What is said instead of the text; nil: the text.
        let sound: [Float]?
        private let taken = Mutex<[TextPiece]>([])

        init(delay: Duration = .zero, sound: [Float]? = nil) { (self.delay, self.sound) = (delay, sound) }

        /// The pieces of text that were taken.
        var pieces: [TextPiece] { taken.withLock { $0 } }
        func take(_ piece: TextPiece) { taken.withLock { $0.append(piece) } }
    }

    var store: VoiceStore { base.store }
    var model: String { base.model }
    var languages: [Language] { base.languages }
    var frontend: TextFrontend { base.frontend }
    var executor: (any TaskExecutor)? {
        get { base.executor }
        set { base.executor = newValue }
    }

    func speak(_ text: String, voice: Voice, options: SpeechOptions) -> AsyncThrowingStream<SpeechChunk, any Error> {
        base.speak(text, voice: voice, options: options)
    }

    func speak<Text: AsyncSequence & Sendable>(
        _ text: Text, voice: Voice, options: SpeechOptions
    ) -> AsyncThrowingStream<SpeechChunk, any Error> where Text.Element == TextPiece {
        let (stream, continuation) = AsyncThrowingStream<SpeechChunk, any Error>.makeStream()
        let work = Task(executorPreference: TestServer.threads) {
            do {
                var whole = ""
                for try await piece in text {
                    pace.take(piece)
                    if case .text(let more) = piece { whole += more }
                }
                if pace.delay > .zero { try await Task.sleep(for: pace.delay) }
                if let sound = pace.sound {
                    continuation.yield(SpeechChunk(samples: sound, start: 0, sentence: nil))
                    return continuation.finish()
                }
                for try await chunk in base.speak(whole, voice: voice, options: options) { continuation.yield(chunk) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in work.cancel() }
        return stream
    }
}
