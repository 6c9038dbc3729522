import Foundation
import SpeechServer
import SpeechSignal
import TextFrontend
import VoiceStore

@testable import Synthesis

/// Speech without networks: the text is read as it always is, and every word sounds for a millisecond. Real speech
/// takes tens of milliseconds an input, which no input has an influence on.
struct QuickSpeech: SpeechMaker {
    private var synthesizer: Synthesizer
    /// Samples of a word.
    private static let word = Synthesizer.sampleRate / 1_000

    init(_ synthesizer: Synthesizer) { self.synthesizer = synthesizer }

    var store: VoiceStore { synthesizer.store }
    var model: String { synthesizer.model }
    var languages: [Language] { synthesizer.languages }
    var frontend: TextFrontend { synthesizer.frontend }
    var executor: (any TaskExecutor)? {
        get { synthesizer.executor }
        set { synthesizer.executor = newValue }
    }

    func speak(_ text: String, voice: Voice, options: SpeechOptions) -> AsyncThrowingStream<SpeechChunk, any Error> {
        let synthesizer = synthesizer
        return speak(excerpt: SynthesisError.excerpt(text)) { emit in
            guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
                throw SynthesisError.emptyText
            }
            var script = try SpeechScript(text, voice: voice, options: options, synthesizer: synthesizer)
            while !Task.isCancelled, let sentence = script.sentences.next() { emit(sentence) }
        }
    }

    func speak<Text: AsyncSequence & Sendable>(_ text: Text, voice: Voice, options: SpeechOptions)
        -> AsyncThrowingStream<SpeechChunk, any Error> where Text.Element == TextPiece
    {
        let synthesizer = synthesizer
        return speak(excerpt: "") { emit in
            var feed = try synthesizer.frontend.feed(
                ReadingStyle(of: voice, options: options, synthesizer: synthesizer))
            for try await piece in text {
                switch piece {
                case .text(let more): feed.append(more)
                case .flush: feed.flush()
                }
                while let sentence = feed.next() { emit(sentence) }
            }
            feed.finish()
            while let sentence = feed.next() { emit(sentence) }
        }
    }

    private func speak(
        excerpt: String, _ read: @escaping @Sendable (_ emit: (Sentence) -> Void) async throws -> Void
    ) -> AsyncThrowingStream<SpeechChunk, any Error> {
        let (stream, continuation) = AsyncThrowingStream<SpeechChunk, any Error>.makeStream()
        let work = Task.detached(executorPreference: executor) {
            do {
                var position = 0
                try await read { sentence in
                    let chunk = Self.chunk(sentence, start: position)
                    continuation.yield(chunk)
                    position += chunk.samples.count
                }
                if position == 0 { throw SynthesisError.nothingToSpeak(excerpt: excerpt) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in work.cancel() }
        return stream
    }

    private static func chunk(_ sentence: Sentence, start: Int) -> SpeechChunk {
        let count = max(1, sentence.words.count) * word
        func seconds(_ samples: Int) -> Double { Double(samples) / Double(Synthesizer.sampleRate) }
        let (from, to) = (seconds(start), seconds(start + count))
        return SpeechChunk(
            samples: (0..<count).map { sin(Float($0) * 0.05) / 4 }, start: start,
            sentence: SpokenSentence(
                text: sentence.text, range: sentence.range, endsParagraph: sentence.endsParagraph, start: from, end: to,
                words: [],
                phonemes: sentence.phonemes.map { .init(symbol: [$0].symbols, start: from, end: to) }))
    }
}
