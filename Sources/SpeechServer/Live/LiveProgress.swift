import Synthesis

/// How far an utterance has come, and which of its words were heard by when.
struct LiveProgress: Sendable {
    /// What the listener has heard.
    struct Heard: Sendable, Equatable {
        var seconds: Double
        /// The text up to the end of the last word that was heard whole, in UTF-8 bytes, UTF-16 units and code points.
        var range: Range<Int>
        var utf16Range: Range<Int>
        var scalarRange: Range<Int>
    }

    private struct Word {
        var end: Double
        var textEnd: Int
        var utf16End: Int
        var scalarEnd: Int
    }

    /// Samples that were sent.
    var samples = 0
    /// Characters that came.
    var characters = 0
    private var words: [Word] = []

    var seconds: Double { Double(samples) / Double(Synthesizer.sampleRate) }

    mutating func add(_ sentence: SpokenSentence) {
        words += sentence.words.map {
            Word(
                end: $0.end, textEnd: $0.range.upperBound, utf16End: $0.utf16Range.upperBound,
                scalarEnd: $0.scalarRange.upperBound)
        }
    }

    /// What was heard, of what was sent, after this many seconds; nil: all that was sent.
    func heard(after played: Double?) -> Heard {
        let seconds = min(played ?? self.seconds, self.seconds)
        let last = words.last { $0.end <= seconds }
        return Heard(
            seconds: seconds, range: 0..<(last?.textEnd ?? 0), utf16Range: 0..<(last?.utf16End ?? 0),
            scalarRange: 0..<(last?.scalarEnd ?? 0))
    }
}
