public import Tensor

/// A stretch of speech as it comes out of the synthesizer. The chunks' samples one after the other are the whole speech.
public struct SpeechChunk: Sendable {
    /// 24 kHz samples.
    public var samples: [Float]
    /// Where the first sample lies in the whole speech.
    public var start: Int
    /// Set on the first chunk of each sentence.
    public var sentence: SpokenSentence?
}

/// What is spoken from a moment on, with times. All times are seconds from the beginning of the whole speech.
public struct SpokenSentence: Sendable {
    /// The text as it was written.
    public var text: String
    /// Its place in the whole text, in UTF-8 bytes.
    public var range: Range<Int>
    public var endsParagraph: Bool
    public var start: Double
    public var end: Double
    public var words: [TimedWord]
    public var phonemes: [TimedPhoneme]
    /// Natural log mel, [T, M], and where its first frame lies in time; only if asked for.
    public var features: Features?

    /// A word and when it sounds.
    public struct TimedWord: Sendable, Codable, Equatable {
        public var text: String
        /// In UTF-8 bytes of the whole text.
        public var range: Range<Int>
        public var phonemes: String
        public var start: Double
        public var end: Double
    }

    /// A phoneme (or a punctuation mark that is heard as a pause) and when it sounds.
    public struct TimedPhoneme: Sendable, Codable, Equatable {
        public var symbol: String
        public var start: Double
        public var end: Double
    }

    /// What the vocoder was given, at 80 frames per second.
    public struct Features: Sendable {
        /// Natural log mel, [T, M].
        public var mel: Matrix
        /// Hz, [T]; 0 where unvoiced.
        public var f0: [Float]
        /// Seconds from the beginning of the speech to frame 0.
        public var start: Double
    }
}
