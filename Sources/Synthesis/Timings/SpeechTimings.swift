public import Foundation

/// The timings of a speech: what `say --timings` writes and the server sends. docs/timings.md has the schema.
public struct SpeechTimings: Sendable, Codable {
    /// The layout written by this version.
    public static let currentVersion = 1

    /// The layout, `currentVersion`.
    public var version = Self.currentVersion
    /// The requested voice, such as `heart` or `ann:0.7+bob:0.3`.
    public var voice: String
    /// Samples per second.
    public var sampleRate: Int
    /// Seconds.
    public var duration: Double
    /// In the order of the text.
    public var sentences: [SpokenSentence]

    enum CodingKeys: String, CodingKey {
        case version, voice, duration, sentences
        case sampleRate = "sample_rate"
    }

    /// - Parameter sampleCount: samples of the whole speech.
    public init(voice: String, sampleCount: Int, sentences: [SpokenSentence]) {
        self.voice = voice
        sampleRate = Synthesizer.sampleRate
        duration = Double(sampleCount) / Double(Synthesizer.sampleRate)
        self.sentences = sentences
    }

    /// Equal timings give equal bytes.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}
