import Foundation
public import Synthesis

/// A picture of speech: waveform, mel spectrogram, F0, phonemes and words on one time axis.
///
/// ```swift
/// var picture = SpeechPicture()
/// for try await chunk in synthesizer.speak(text, voice: voice, options: options) { picture.append(chunk) }
/// let bytes = try picture.png(title: "Hello")
/// ```
/// The options ask for features (`SpeechOptions.keepsFeatures`); without them spectrogram and F0 are left out.
public struct SpeechPicture: Sendable {
    /// The longest stretch that is drawn, in seconds; what comes after it is left out and the title says so.
    public static let longest = 120.0

    private(set) var samples: [Float] = []
    private(set) var sentences: [SpokenSentence] = []
    /// Whether the speech went on after what is drawn.
    private(set) var isCut = false

    public init() {}

    /// Takes in the next chunk.
    public mutating func append(_ chunk: SpeechChunk) {
        let limit = Int(Self.longest * Double(Synthesizer.sampleRate))
        samples += chunk.samples.prefix(max(0, limit - samples.count))
        if chunk.start + chunk.samples.count > limit { isCut = true }
        if let sentence = chunk.sentence, sentence.start <= Self.longest { sentences.append(sentence) }
    }

    /// The picture as a PNG file.
    ///
    /// - Throws: `PictureError`
    public func png(title: String) throws -> [UInt8] { try SpeechDrawing(self, title: title).png() }
}
