package import SpeechSignal
package import Tensor

/// A recording and what is said in it.
package struct TranscribedSpeech: Sendable {
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
    /// The phonemes of every sentence, without pads.
    package var sentences: [Phonemes]

    /// Frames that are no louder than the background, [T].
    let isQuiet: [Bool]

    package init(
        name: String, mel: Matrix, f0: [Float], isSpeech: [Bool], background: [Float]?, sentences: [Phonemes]
    ) {
        (self.name, self.mel, self.f0, self.isSpeech) = (name, mel, f0, isSpeech)
        (self.background, self.sentences) = (background, sentences)
        let floor = background.map { $0.prefix(Signal.wideBands).reduce(0, +) / Float(Signal.wideBands) } ?? -.infinity
        let silence = max(Self.silence, floor + Self.aboveBackground)
        let most = silence * Float(Signal.wideBands)
        isQuiet = (0..<mel.rows).map { mel.row($0).prefix(Signal.wideBands).reduce(0, +) < most }
    }
}

extension TranscribedSpeech {
    /// Quiet frames among some.
    func quiet(in frames: Range<Int>) -> Int { frames.count { isQuiet[$0] } }
}

/// A phoneme and the steps of a recording in which it is said.
struct AlignedToken: Sendable {
    var phoneme: Phoneme
    /// Steps of the recording, one or more.
    var steps: Range<Int>
}

/// When every sentence of a recording is said.
struct Alignment: Sendable {
    /// With the pad at both ends; together they are all steps of the recording.
    var sentences: [[AlignedToken]]
    /// How unlike recording and clone are at each step, as a share of what chance would give, [V].
    var misfit: [Float]
}
