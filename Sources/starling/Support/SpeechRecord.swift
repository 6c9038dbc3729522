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

/// The contents of `--timings`: seconds from the beginning, offsets in UTF-8 bytes of the text.
struct TimingReport: Encodable {
    struct Sentence: Encodable {
        var text: String
        var range: [Int]
        var start: Double
        var end: Double
        var words: [Word]
        var phonemes: [SpokenSentence.TimedPhoneme]
    }

    struct Word: Encodable {
        var text: String
        var range: [Int]
        var phonemes: String
        var start: Double
        var end: Double
    }

    var voice: String
    var sampleRate = Synthesizer.sampleRate
    var duration: Double
    var sentences: [Sentence]

    init(record: SpeechRecord, voice: String, sampleCount: Int) {
        self.voice = voice
        duration = Double(sampleCount) / Double(Synthesizer.sampleRate)
        sentences = record.sentences.map { sentence in
            Sentence(
                text: sentence.text, range: [sentence.range.lowerBound, sentence.range.upperBound],
                start: sentence.start, end: sentence.end,
                words: sentence.words.map {
                    Word(
                        text: $0.text, range: [$0.range.lowerBound, $0.range.upperBound], phonemes: $0.phonemes,
                        start: $0.start, end: $0.end)
                }, phonemes: sentence.phonemes)
        }
    }

    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}
