/// A block of speech from the synthesizer. The concatenated samples of all chunks are the whole speech.
public struct SpeechChunk: Sendable {
    /// 24 kHz samples.
    public var samples: [Float]
    /// Index of the first sample within the whole speech.
    public var start: Int
    /// Set on the first chunk of each sentence.
    public var sentence: SpokenSentence?

    /// A chunk that begins at sample `start` of the whole speech.
    public init(samples: [Float], start: Int, sentence: SpokenSentence? = nil) {
        self.samples = samples
        self.start = start
        self.sentence = sentence
    }
}
