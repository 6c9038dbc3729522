public import Tensor

/// What the acoustic model says an utterance sounds like.
public struct Utterance: Sendable {
    /// Natural log mel, [T, M].
    public var mel: Matrix
    /// Hz, [T]; 0 where unvoiced.
    public var f0: [Float]
    /// Frames of every token, [N], the pads included; their sum is T.
    public var durations: [Int]

    public init(mel: Matrix, f0: [Float], durations: [Int]) {
        (self.mel, self.f0, self.durations) = (mel, f0, durations)
    }
}

/// An utterance before its mel: when everything is said, how high and how loud.
///
/// The decoder takes most of the acoustic model's time. Its beginning may be decoded, and heard, before the rest.
public struct UtteranceOutline: Sendable {
    /// Frames of every token, [N], the pads included; their sum is T.
    public let durations: [Int]
    /// Hz, [T]; 0 where unvoiced.
    public let f0: [Float]
    /// Mean natural log mel below 7.6 kHz that is asked of the decoder, [T].
    public let energy: [Float]
    package let encoded: Matrix  // [N, C]
    package let logDurations: [Float]  // [N]
    package let states: Matrix  // [U, C]
    package let prosody: Matrix  // [T, 3]: F0 z-score, voicing logit, energy
    let model: AcousticModel
    let controlled: Matrix  // [U, C]
    let voice: VoiceInputs

    /// Frames that are decoded together, side by side: parts begin and end between steps.
    public var stride: Int { model.config.stride }

    /// Natural log mel of the whole utterance, [T, M].
    ///
    /// - Throws: `AcousticError.notFinite`
    public func mel() throws(AcousticError) -> Matrix { try mel(of: 0..<f0.count) }

    /// Natural log mel of some frames, decoded as if there were no others.
    ///
    /// - Parameter frames: from a step to a step
    /// - Throws: `AcousticError.notFinite`
    public func mel(of frames: Range<Int>) throws(AcousticError) -> Matrix {
        precondition(frames.lowerBound % stride == 0 && frames.upperBound % stride == 0, "frames within a step")
        var workspace = AcousticWorkspace()
        let steps = controlled.rows(frames.lowerBound / stride..<frames.upperBound / stride)
        let mel = model.decode(steps, voice: voice, workspace: &workspace)
        guard mel.elements.allSatisfy(\.isFinite) else { throw .notFinite }
        return mel
    }
}
