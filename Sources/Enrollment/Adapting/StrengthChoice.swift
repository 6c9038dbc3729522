internal import VoiceProfile

/// How much of a change a voice keeps: as much as makes the clone sound most like its owner, or nothing.
///
/// Errors of the mel alone do not decide, since a change that lowers them can take the clone away from its owner.
struct StrengthChoice {
    /// Strengths that are tried.
    private static let strengths: [Float] = [0.5, 1, 1.5]
    /// By which a tuned clone must be more alike than the untuned one; less is chance.
    private static let leastGain: Float = 0.001

    let calibration: Calibration
    let likeness: VoiceLikeness

    struct Outcome {
        /// The calibrated clone.
        var clone: SpeakerProfile
        /// What it keeps of the change; nil if nothing.
        var adaptation: VoiceAdaptation?
        /// 0 if nothing.
        var strength: Float
        /// Of the untuned clone and of this one.
        var likeness: (before: Float, after: Float)
    }

    /// - Parameters:
    ///   - measured: the profile with the whole change, before calibration
    ///   - untuned: the calibrated clone without the change
    ///   - speech: the owner's
    /// - Throws: as `Calibration.calibrated`, and `SpeakerError`
    func outcome(
        of measured: SpeakerProfile, untuned: SpeakerProfile, like speech: SpokenFrames
    ) async throws -> Outcome {
        let before = try await likeness(untuned) ?? -1
        var best = Outcome(clone: untuned, adaptation: nil, strength: 0, likeness: (before, before))
        for strength in Self.strengths {
            try Task.checkCancellation()
            var tuned = measured
            tuned.adaptation = measured.adaptation?.scaled(by: strength)
            // Networks of another strength miss other things.
            let clone = try await calibration.calibrated(tuned, like: speech)
            guard let after = try await likeness(clone), after >= before + Self.leastGain, after > best.likeness.after
            else { continue }
            best = Outcome(
                clone: clone, adaptation: tuned.adaptation, strength: strength, likeness: (before, after))
        }
        return best
    }
}
