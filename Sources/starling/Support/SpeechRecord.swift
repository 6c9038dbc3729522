import Foundation
import Synthesis
import Tensor

/// What a run of `say` keeps for its reports.
struct SpeechRecord {
    /// The longest stretch that is drawn, in seconds.
    static let longestPicture = 120.0

    private let keepsSamples: Bool
    private let keepsSentences: Bool
    private(set) var samples: [Float] = []
    private(set) var sentences: [SpokenSentence] = []
    /// Whether the speech went on after what was kept for the picture.
    private(set) var isCut = false

    init(keepsSamples: Bool, keepsSentences: Bool) {
        self.keepsSamples = keepsSamples
        self.keepsSentences = keepsSentences
    }

    mutating func append(_ chunk: SpeechChunk) {
        let limit = Int(Self.longestPicture * Double(Synthesizer.sampleRate))
        if keepsSamples {
            samples += chunk.samples.prefix(max(0, limit - samples.count))
            if chunk.start + chunk.samples.count > limit { isCut = true }
        }
        if keepsSentences, var sentence = chunk.sentence {
            // Features beyond the picture would only fill memory.
            if sentence.start > Self.longestPicture { sentence.features = nil }
            sentences.append(sentence)
        }
    }
}
