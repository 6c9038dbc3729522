package import AcousticModel
import SpeechSignal
package import Tensor

/// What the vocoder is to make samples of: the second of the three stages from a sentence to samples.
///
/// The networks' utterance with the silences that the text asks for, the frames of it that are kept, and their gains.
/// Letters: N tokens, T frames, M mel bands.
package struct SentenceRendition: Sendable {
    /// Natural log mel, [T, M].
    package private(set) var mel: Matrix
    /// Hz, [T]; 0 where unvoiced.
    package private(set) var f0: [Float]
    /// Frames of every token, [N].
    package private(set) var durations: [Int]
    /// The frames that are kept.
    package private(set) var kept: Range<Int>
    /// Linear gain, [T]; nil for 1 throughout.
    package private(set) var gains: [Float]?
    /// Linear gain of everything, which makes all voices equally loud.
    package let level: Float

    /// - Parameters:
    ///   - utterance: what the networks say of the plan's phonemes, one frame or more
    package init(_ plan: SentencePlan, _ utterance: Utterance) {
        level = plan.level
        (mel, f0, durations) = (utterance.mel, utterance.f0, utterance.durations)
        kept = SilenceTrim.kept(
            mel: mel, leading: durations.first ?? 0, trailing: durations.suffix(plan.trailingMarks).reduce(0, +))
        gains = plan.gains.map { TokenProsody.spread($0, durations: utterance.durations) }
        for pause in plan.pauses.reversed() { insert(pause) }
    }

    /// Log mel of silence.
    private static let silence: Float = -11.5
    /// Frames around a pause in which the utterance's own silence counts as a part of it.
    private static let reach = 24
    /// Frames over which what is left of the sound fades around a pause.
    private static let fade = 3

    /// Lengthens a token by silence, so that with what silence there is around it already the pause lasts as long as it
    /// is to.
    private mutating func insert(_ pause: SentencePlan.Pause) {
        let start = durations[..<pause.token].reduce(0, +)
        let end = start + durations[pause.token]
        let energy = SilenceTrim.energy(mel)
        let inside = (start..<max(end, start + 1)).clamped(to: energy.indices)
        guard let quietest = inside.min(by: { energy[$0] < energy[$1] }) else { return }
        let count = pause.frames - Self.silence(around: quietest, energy: energy).count
        guard count > 0 else { return }
        let bands = mel.columns
        var elements = mel.elements
        elements.insert(contentsOf: repeatElement(Self.silence, count: count * bands), at: quietest * bands)
        mel = Matrix(rows: mel.rows + count, columns: bands, elements: elements)
        f0.insert(contentsOf: repeatElement(0, count: count), at: quietest)
        if gains == nil { gains = [Float](repeating: 1, count: mel.rows - count) }
        for step in 1...Self.fade {
            let gain = Float(step) / Float(Self.fade + 1)
            if quietest - step >= start { gains?[quietest - step] *= gain }
            if quietest + step - 1 < end { gains?[quietest + step - 1] *= gain }
        }
        gains?.insert(contentsOf: repeatElement(0, count: count), at: quietest)
        durations[pause.token] += count
        if quietest < kept.lowerBound {
            kept = kept.lowerBound + count..<kept.upperBound + count
        } else if quietest < kept.upperBound {
            kept = kept.lowerBound..<kept.upperBound + count
        }
    }

    /// The silent frames around one.
    private static func silence(around frame: Int, energy: [Float]) -> Range<Int> {
        let loud = SilenceTrim.loud(energy)
        let isSilent = { (frame: Int) in energy[frame] < loud - SilenceTrim.depthInPauses }
        var own = frame..<frame
        while own.lowerBound > max(0, frame - reach), isSilent(own.lowerBound - 1) {
            own = own.lowerBound - 1..<own.upperBound
        }
        while own.upperBound < min(energy.count, frame + reach), isSilent(own.upperBound) {
            own = own.lowerBound..<own.upperBound + 1
        }
        return own
    }
}
