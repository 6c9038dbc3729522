private import Foundation
package import SpeechSignal
package import Tensor
internal import VoiceProfile

/// A recording of the owner and, if it is known, what is said in it.
package struct RecordedSpeech: Sendable {
    /// Mean log mel below which a frame is silent, and nepers above the background, whichever is more.
    private static let (silence, aboveBackground): (Float, Float) = (-8, 0.7)

    /// How reports call it.
    package var name: String
    /// Natural log mel at the level of all utterances, [T, M].
    package let mel: Matrix
    /// Hz, 0 where unvoiced, [T].
    package var f0: [Float]
    /// [T].
    package var isSpeech: [Bool]
    /// Log mel of the background at that level, [M]; nil if there is too little of it.
    package var background: [Float]?
    /// The phonemes of every sentence, without pads; none where the text is unknown.
    package var sentences: [Phonemes]

    /// The mean log mel of its voiced frames, [M]; zeros if there are none.
    package let average: [Float]
    /// Frames that are no louder than the background, [T].
    let isQuiet: [Bool]
    /// Log mel up to which a band may be noise while somebody speaks, [M]; nil if nothing is known of it.
    package let noise: [Float]?

    package init(
        name: String, mel: Matrix, f0: [Float], isSpeech: [Bool], background: [Float]?, sentences: [Phonemes] = []
    ) {
        (self.name, self.mel, self.f0, self.isSpeech) = (name, mel, f0, isSpeech)
        (self.background, self.sentences) = (background, sentences)
        let floor = background.map { $0.prefix(Signal.wideBands).reduce(0, +) / Float(Signal.wideBands) } ?? -.infinity
        let silence = max(Self.silence, floor + Self.aboveBackground)
        let most = silence * Float(Signal.wideBands)
        isQuiet = (0..<mel.rows).map { mel.row($0).prefix(Signal.wideBands).reduce(0, +) < most }
        noise = Self.noise(mel, background: background)
        average = mel.mean(of: f0.indices.filter { isSpeech[$0] && f0[$0] > 0 })
    }
}

extension RecordedSpeech {
    /// Deviation of a band's log mel, pauses and all, below which the band has no voice in it but hum or rumble. While
    /// they speak, the steadiest bands above 500 Hz of seven readers of LibriSpeech and of two bundled voices deviate
    /// by 0.89 or more (docs/notes/adaptation.md).
    private static let steadiest: Float = 0.75
    /// Nepers above the threshold of speech from which a frame is loud, and frames without which it cannot be
    /// estimated: 1 s.
    private static let (loud, fewest): (Float, Int) = (1, 80)
    /// Nepers by which the background rises at most while somebody speaks.
    private static let highestRise: Float = 1

    /// The pauses underestimate the background: gain control and the codecs of recorders make it softer there, and
    /// where nobody pauses it is not known at all. A band that stays as it is, whatever is said, is noise throughout;
    /// and by how much such bands are louder than in the pauses, so is the noise behind the voice in all others.
    private static func noise(_ mel: Matrix, background: [Float]?) -> [Float]? {
        let level = MelCorrection.speechLevel(mel)
        let frames = level.indices.filter { level[$0] > loud }
        guard frames.count >= fewest else { return background }
        func mean(_ value: (Int) -> Float) -> Float { frames.reduce(0) { $0 + value($1) } / Float(frames.count) }
        let means = (0..<Signal.wideBands).map { band in mean { mel[$0, band] } }
        let steady = means.indices.filter { deviation(of: mel, band: $0) < steadiest }
        guard background != nil || !steady.isEmpty else { return nil }
        var noise = background ?? [Float](repeating: -.infinity, count: mel.columns)
        let rise = background.map { background in steady.map { means[$0] - background[$0] }.min() ?? 0 } ?? 0
        for band in noise.indices { noise[band] += min(max(rise, 0), highestRise) }
        for band in steady { noise[band] = .infinity }
        return noise
    }

    private static func deviation(of mel: Matrix, band: Int) -> Float {
        let count = Float(mel.rows)
        let mean = (0..<mel.rows).reduce(0) { $0 + mel[$1, band] } / count
        return ((0..<mel.rows).reduce(0) { $0 + (mel[$1, band] - mean) * (mel[$1, band] - mean) } / count).squareRoot()
    }
}

extension RecordedSpeech {
    /// Quiet frames among some.
    func quiet(in frames: Range<Int>) -> Int { frames.count { isQuiet[$0] } }
}
