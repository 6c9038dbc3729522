import SpeechSignal
public import Synthesis

/// Facial animation of speech, 60 frames a second, generated as the speech streams.
///
/// ```swift
/// var track = FaceTrack(seed: 1)
/// for try await chunk in synthesizer.speak("Hello there.", voice: "heart") {
///     for frame in track.append(chunk) { head.morphs[.jawOpen] = frame[.jawOpen] }
///     play(chunk.samples)
/// }
/// let rest = track.finish()
/// ```
/// The frames depend on the speech and the seed, and not on the chunks in which it comes.
public struct FaceTrack: Sendable {
    /// Frames per second.
    public static let rate = 60
    /// Samples of a frame.
    static let frameLength = Synthesizer.sampleRate / rate

    private var mouth = Coarticulation()
    private var effort = VoiceEffort()
    private var blinks: Blinks
    private var motion: HeadMotion
    /// Samples from one frame before the next one on.
    private var samples: [Float] = []
    /// How many of them are before the next frame.
    private var before = 0
    private var count = 0
    /// Seconds up to which the sentences are known.
    private var known = 0.0

    /// - Parameter seed: chooses when the eyes blink and where the head drifts
    public init(seed: UInt64) {
        // Of their own, whatever the voice makes of the same seed.
        blinks = Blinks(seed: SplitMix64.value(at: 0, seed: ~seed))
        motion = HeadMotion(seed: SplitMix64.value(at: 1, seed: ~seed))
    }

    /// Appends the next chunk.
    ///
    /// - Returns: the frames whose sound is there, up to the chunk's end or a frame short of it
    public mutating func append(_ chunk: SpeechChunk) -> [FaceFrame] {
        if let sentence = chunk.sentence { add(sentence) }
        samples += chunk.samples
        return frames(of: Self.frameLength)
    }

    /// The last frame, if the sound ends within it: there are as many frames as it takes to cover the sound.
    public mutating func finish() -> [FaceFrame] { frames(of: 1) }

    private mutating func add(_ sentence: SpokenSentence) {
        // The first is known before anything is seen.
        let moment = count == 0 && known == 0 ? -1 : known
        mouth.append(sentence.articulations(from: known), known: moment)
        motion.append(sentence.stresses, known: moment)
        known = sentence.end
    }

    /// - Parameter least: samples that a frame must have
    private mutating func frames(of least: Int) -> [FaceFrame] {
        var frames: [FaceFrame] = []
        var start = before
        while samples.count - start >= least {
            let end = min(start + Self.frameLength, samples.count)
            effort.hear(samples[start - before..<end])
            frames.append(frame())
            before = end - start
            start = end
        }
        samples.removeFirst(start - before)
        if let last = frames.last { mouth.forget(before: last.time) }
        return frames
    }

    private mutating func frame() -> FaceFrame {
        var frame = FaceFrame(index: count)
        count += 1
        frame.show(mouth.mouth(at: frame.time), effort: effort.value)
        frame.set(.eyeBlinkLeft, .eyeBlinkRight, blinks.closure(at: frame.time))
        frame.turn(motion.head(at: frame.time))
        let raise = motion.beat(at: frame.time)
        frame.set(.browInnerUp, 0.15 * raise)
        frame.set(.browOuterUpLeft, .browOuterUpRight, 0.1 * raise)
        return frame
    }
}

extension FaceFrame {
    /// Puts a mouth into blend shapes.
    ///
    /// `mouthClose` takes back what `jawOpen` opens between the lips: both equal, the lips touch. So what is seen of an
    /// open mouth is jawOpen − mouthClose.
    ///
    /// - Parameter effort: from 0 to 1
    fileprivate mutating func show(_ mouth: (pose: MouthPose, lips: Float, teeth: Float), effort: Float) {
        let (pose, lips, teeth) = mouth
        let free = 1 - max(lips, teeth)
        // The jaw comes up with the lip, though not all the way.
        let jaw = pose.jaw * (0.4 + 0.75 * effort) * (1 - max(0.55 * lips, 0.75 * teeth))
        set(.jawOpen, jaw)
        // Of the rounded value, so that the two agree.
        set(.mouthClose, self[.jawOpen] * lips)
        set(.mouthFunnel, pose.funnel * (1 - 0.6 * lips))
        set(.mouthPucker, pose.pucker)
        set(.mouthSmileLeft, .mouthSmileRight, 0.4 * pose.spread)
        set(.mouthStretchLeft, .mouthStretchRight, 0.5 * pose.spread)
        set(.mouthPressLeft, .mouthPressRight, 0.3 * lips)
        set(.mouthRollLower, 0.1 * lips + 0.55 * teeth)
        set(.mouthRollUpper, 0.1 * lips)
        set(.mouthLowerDownLeft, .mouthLowerDownRight, 0.7 * pose.teeth * free)
        set(.mouthUpperUpLeft, .mouthUpperUpRight, 0.5 * pose.teeth * free + 0.2 * teeth)
        set(.tongueOut, pose.tongue * free)
    }
}
