import SpeechSignal
import Synthesis

/// A phoneme, or rest, as the mouth sees it: times in seconds from the beginning of the speech.
struct Articulation {
    /// `.space` is rest.
    var phoneme: Phoneme
    var start: Double
    var end: Double

    /// Seconds.
    var length: Double { end - start }
}

extension SpokenSentence {
    /// The longest pause between two sounds, in seconds, in which the mouth does not rest.
    private static let shortPause = 0.12
    /// Seconds of silence that every sentence ends with, whatever phoneme they are counted to.
    private static let tail = 0.1

    /// What the mouth does from a moment before the sentence to its end, without gaps, stress and length joined to what
    /// they change.
    func articulations(from first: Double) -> [Articulation] {
        let timed = phonemes.compactMap { timed in
            timed.symbol.unicodeScalars.first.flatMap(Phoneme.init(symbol:)).map {
                (phoneme: $0, start: timed.start, end: timed.end)
            }
        }
        let runs = Self.mouthRuns(of: timed, from: min(first, start), to: end, rest: Phoneme.space) { phoneme in
            phoneme.isMark ? .space : MouthTarget.shapeless.contains(phoneme) ? nil : phoneme
        }
        var result: [Articulation] = []
        for (index, run) in runs.enumerated() {
            let isBetween = index > 0 && index + 1 < runs.count
            if isBetween, run.shape == .space, run.end - run.start < Self.shortPause {
                result[result.count - 1].end = run.end
            } else {
                result.append(Articulation(phoneme: run.shape, start: run.start, end: run.end))
            }
        }
        // Only what sounds holds the mouth.
        if let last = result.last, last.phoneme != .space {
            let soundEnd = max((last.start + last.end) / 2, last.end - Self.tail)
            result[result.count - 1].end = soundEnd
            result.append(Articulation(phoneme: .space, start: soundEnd, end: last.end))
        }
        return result
    }

    /// When its stressed vowels begin, in seconds.
    var stresses: [Double] {
        phonemes.filter { $0.symbol == "ˈ" }.map(\.end)
    }
}
