import SpeechSignal
package import Tensor
package import TextFrontend

extension SentenceRendition {
    /// When everything in the sentence is said, in seconds from its first sample.
    ///
    /// - Parameter mel: that of all frames, to add what is kept of it, and F0; nil to leave them out
    package func timings(of sentence: Sentence, mel: Matrix? = nil) -> SpokenSentence {
        let clock = TokenClock(durations: durations, kept: kept)
        let phonemes = zip(sentence.phonemes.indices, sentence.phonemes).map { place, phoneme in
            let span = clock.span(ofPhoneme: place)
            return (phoneme: phoneme, start: span.start, end: span.end)
        }
        return SpokenSentence(
            text: sentence.text, range: sentence.range, endsParagraph: sentence.endsParagraph,
            language: sentence.language, start: 0, end: clock.end, words: Self.words(of: sentence, clock),
            phonemes: phonemes.map { .init(symbol: "\($0.phoneme)", start: $0.start, end: $0.end) },
            visemes: SpokenSentence.visemes(of: phonemes, end: clock.end),
            marks: sentence.marks.map { mark in
                let isInside = sentence.phonemes.indices.contains(mark.phonemeOffset)
                return .init(
                    name: mark.name, time: isInside ? clock.span(ofPhoneme: mark.phonemeOffset).start : clock.end,
                    offset: mark.offset)
            },
            features: mel.map { .init(mel: $0.rows(kept), f0: Array(f0[kept]), start: 0) })
    }

    /// Every word that is said.
    private static func words(of sentence: Sentence, _ clock: TokenClock) -> [SpokenSentence.TimedWord] {
        var reached = 0.0
        return sentence.words.flatMap { word in
            word.spoken.map { spoken in
                let places = spoken.phonemeRange.clamped(to: sentence.phonemes.indices)
                let start = places.first.map { clock.span(ofPhoneme: $0).start } ?? reached
                reached = places.last.map { clock.span(ofPhoneme: $0).end } ?? start
                return .init(
                    text: word.text, spoken: spoken.text, range: word.range,
                    phonemes: sentence.phonemes[places].symbols, start: start, end: reached)
            }
        }
    }
}

/// When the tokens of a rendition sound.
private struct TokenClock {
    /// The frame at which each token ends, [N].
    private let ends: [Int]
    private let kept: Range<Int>

    init(durations: [Int], kept: Range<Int>) {
        var frame = 0
        ends = durations.map { duration in
            frame += duration
            return frame
        }
        self.kept = kept
    }

    /// Seconds of all kept frames.
    var end: Double { seconds(kept.upperBound) }

    /// When the phoneme at a place in the sentence begins and ends, in seconds from the first kept frame.
    func span(ofPhoneme place: Int) -> (start: Double, end: Double) {
        let token = SentencePlan.token(of: place)
        return (seconds(ends[token - 1]), seconds(ends[token]))
    }

    private func seconds(_ frame: Int) -> Double {
        Signal.seconds(frames: min(max(frame, kept.lowerBound), kept.upperBound) - kept.lowerBound)
    }
}
