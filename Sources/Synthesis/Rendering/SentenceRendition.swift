package import AcousticModel
import SpeechSignal

/// What the vocoder is to make samples of: the second of the three stages from a sentence to samples.
///
/// The networks' utterance with the silences that the text asks for, the frames of it that are kept, and their gains.
/// All of that is known before the mel is (`RenditionMel`). Letters: N tokens, T frames.
package struct SentenceRendition: Sendable {
    /// Hz, [T]; 0 where unvoiced.
    package private(set) var f0: [Float]
    /// Frames of every token, [N].
    package private(set) var durations: [Int]
    /// The frames that are kept.
    package private(set) var kept: Range<Int>
    /// Frames of silence that the utterance has not, in order.
    package private(set) var silences: [Range<Int>] = []
    /// Linear gain, [T]; nil for 1 throughout.
    package private(set) var gains: [Float]?
    /// Linear gain of everything, which makes all voices equally loud.
    package let level: Float

    /// - Parameter outline: what the networks say of the plan's phonemes, one frame or more
    package init(_ plan: SentencePlan, _ outline: UtteranceOutline) {
        self.init(plan, durations: outline.durations, f0: outline.f0, energy: outline.energy)
    }

    /// - Parameters:
    ///   - durations: frames of every token, [N]
    ///   - f0: Hz, [T]
    ///   - energy: mean natural log mel, [T]
    package init(_ plan: SentencePlan, durations: [Int], f0: [Float], energy: [Float]) {
        level = plan.level
        (self.durations, self.f0) = (durations, f0)
        kept = SilenceTrim.kept(
            energy: energy, leading: durations.first ?? 0, trailing: durations.suffix(plan.trailingMarks).reduce(0, +))
        gains = plan.gains.map { TokenProsody.spread($0, durations: durations) }
        var energy = energy
        for pause in plan.pauses.reversed() { insert(pause, energy: &energy) }
    }

    /// Frames around a pause in which the utterance's own silence counts as a part of it.
    private static let reach = 24
    /// Frames over which what is left of the sound fades around a pause.
    private static let fade = 3

    /// Lengthens a token by silence, so that with what silence there is around it already the pause lasts as long as it
    /// is to.
    private mutating func insert(_ pause: SentencePlan.Pause, energy: inout [Float]) {
        let start = durations[..<pause.token].reduce(0, +)
        let end = start + durations[pause.token]
        let inside = (start..<max(end, start + 1)).clamped(to: energy.indices)
        guard let quietest = inside.min(by: { energy[$0] < energy[$1] }) else { return }
        let count = pause.frames - Self.silence(around: quietest, energy: energy).count
        guard count > 0 else { return }
        if gains == nil { gains = [Float](repeating: 1, count: f0.count) }
        energy.insert(contentsOf: repeatElement(RenditionMel.silence, count: count), at: quietest)
        f0.insert(contentsOf: repeatElement(0, count: count), at: quietest)
        let shifted = silences.map { $0.lowerBound + count..<$0.upperBound + count }
        silences = [quietest..<quietest + count] + shifted
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
