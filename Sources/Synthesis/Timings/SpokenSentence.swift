public import SpeechSignal
public import Tensor

/// A spoken sentence with its times. All times are seconds from the beginning of the whole speech.
///
/// Its JSON is documented in docs/timings.md. Places in the text are given in three units: bytes of
/// UTF-8 (C, Go, Rust, Swift's `utf8`), units of UTF-16 (JavaScript, Java, C#), and code points (Python).
public struct SpokenSentence: Sendable, Codable {
    /// The text as it was written.
    public var text: String
    /// Its place in the whole text, in UTF-8 bytes.
    public var range: Range<Int>
    /// The same place in UTF-16 units.
    public var utf16Range: Range<Int> = 0..<0
    /// The same place in code points.
    public var scalarRange: Range<Int> = 0..<0
    /// Whether the longer pause of a paragraph follows.
    public var endsParagraph: Bool
    /// The language that it begins in; nil where an older server did not say.
    public var language: Language? = nil
    /// Start of its audio in seconds.
    public var start: Double
    /// End of its audio in seconds.
    public var end: Double
    /// The spoken words, in order. Several share a place where the text is shorter than what it says: "$3.50" is
    /// four words.
    public var words: [TimedWord]
    /// Phonemes, punctuation and blanks from `start` to `end` without gaps.
    public var phonemes: [TimedPhoneme]
    /// Shapes of the mouth from `start` to `end` without gaps.
    public var visemes: [TimedViseme] = []
    /// The SSML marks.
    public var marks: [TimedMark] = []
    /// Natural log mel, [T, M], and where its first frame lies in time; only if asked for, and no part of the JSON.
    public var features: Features? = nil

    enum CodingKeys: String, CodingKey {
        case text, range, language, start, end, words, phonemes, visemes, marks
        case utf16Range = "utf16_range"
        case scalarRange = "code_point_range"
        case endsParagraph = "ends_paragraph"
    }

    /// A spoken word with its times.
    public struct TimedWord: Sendable, Codable, Equatable {
        /// As written: "$3.50".
        public var text: String
        /// As spoken: "fifty".
        public var spoken: String
        /// In UTF-8 bytes of the whole text.
        public var range: Range<Int>
        /// The same place in UTF-16 units.
        public var utf16Range: Range<Int> = 0..<0
        /// The same place in code points.
        public var scalarRange: Range<Int> = 0..<0
        /// Its symbols of `data/symbols.json`.
        public var phonemes: String
        /// Seconds at which its first phoneme begins.
        public var start: Double
        /// Seconds at which its last phoneme ends.
        public var end: Double

        enum CodingKeys: String, CodingKey {
            case text, spoken, range, phonemes, start, end
            case utf16Range = "utf16_range"
            case scalarRange = "code_point_range"
        }
    }

    /// A phoneme (or a punctuation mark that is heard as a pause) with its times.
    public struct TimedPhoneme: Sendable, Codable, Equatable {
        /// A symbol of `data/symbols.json`.
        public var symbol: String
        /// Seconds.
        public var start: Double
        /// Seconds.
        public var end: Double
    }

    /// A viseme with its times.
    public struct TimedViseme: Sendable, Codable, Equatable {
        /// The viseme.
        public var id: Viseme
        /// Seconds.
        public var start: Double
        /// Seconds.
        public var end: Double
    }

    /// An SSML mark with its time.
    public struct TimedMark: Sendable, Codable, Equatable {
        /// Its name in SSML's `<mark name="…"/>`.
        public var name: String
        /// Seconds at which the next word begins.
        public var time: Double
        /// Its offset in the text, in UTF-8 bytes.
        public var offset: Int
        /// The same place in UTF-16 units.
        public var utf16Offset: Int = 0
        /// The same place in code points.
        public var scalarOffset: Int = 0

        enum CodingKeys: String, CodingKey {
            case name, time, offset
            case utf16Offset = "utf16_offset"
            case scalarOffset = "code_point_offset"
        }
    }

    /// The input of the vocoder, at 80 frames per second.
    public struct Features: Sendable {
        /// Natural log mel, [T, M].
        public var mel: Matrix
        /// Hz, [T]; 0 where unvoiced.
        public var f0: [Float]
        /// Seconds from the beginning of the speech to frame 0.
        public var start: Double
    }
}

extension SpokenSentence {
    /// The same, later; times are rounded to the microsecond, so that they are short to write.
    func shifted(by seconds: Double) -> SpokenSentence {
        func move(_ time: inout Double) { time = ((time + seconds) * 1e6).rounded() / 1e6 }
        var result = self
        move(&result.start)
        move(&result.end)
        for index in result.words.indices {
            move(&result.words[index].start)
            move(&result.words[index].end)
        }
        for index in result.phonemes.indices {
            move(&result.phonemes[index].start)
            move(&result.phonemes[index].end)
        }
        for index in result.visemes.indices {
            move(&result.visemes[index].start)
            move(&result.visemes[index].end)
        }
        for index in result.marks.indices { move(&result.marks[index].time) }
        result.features?.start += seconds
        return result
    }

    /// Fills in the places in UTF-16 units and code points.
    mutating func place(_ offsets: inout TextOffsets) {
        (utf16Range, scalarRange) = offsets.places(of: range)
        for index in words.indices {
            (words[index].utf16Range, words[index].scalarRange) = offsets.places(of: words[index].range)
        }
        for index in marks.indices {
            let place = offsets.place(of: marks[index].offset)
            (marks[index].utf16Offset, marks[index].scalarOffset) = (place.utf16, place.scalars)
        }
    }
}
