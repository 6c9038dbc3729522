private import Foundation
package import SpeechSignal
package import Tensor
package import VoiceProfile

/// The prosody of a recorded utterance, which replaces the predictions of the model.
package struct HeardProsody: Sendable {
    /// Frames of every token, [N]; whole steps, one or more.
    package var durations: [Int]
    /// Hz, 0 where unvoiced, [T].
    package var f0: [Float]
    /// Energy of every frame, [T].
    package var energy: [Float]

    package init(durations: [Int], f0: [Float], energy: [Float]) {
        (self.durations, self.f0, self.energy) = (durations, f0, energy)
    }
}

/// Everything in front of the parts that are tuned: constant while they are.
package struct PreparedUtterance: Sendable {
    /// Encoder states, [N, C]: what the duration predictor takes.
    package var encoded: Matrix
    /// Regulated states, [U, C]: what the prosody predictor takes.
    package var states: Matrix
    /// What the decoder takes, [U, C].
    package var controlled: Matrix
    /// F0 as a z-score of the speaker, [T]; 0 where unvoiced.
    package var pitch: [Float]
}

extension AcousticModel {
    /// Units of energy in a natural log.
    package static let energyScale: Float = 2.8
    /// F0 beyond is a mistake of the tracker, as in training.
    package static let extremePitch: Float = 4

    /// How far above the level of all utterances every frame of a mel [T, M] is, [T].
    package static func energy(of mel: Matrix) -> [Float] {
        (0..<mel.rows).map { frame in
            energy(ofLevel: mel.row(frame).prefix(Signal.wideBands).reduce(0, +) / Float(Signal.wideBands))
        }
    }

    /// The same of a frame's mean log mel below 7.6 kHz.
    package static func energy(ofLevel level: Float) -> Float { (level - Convention.level) / energyScale }

    /// The mean log mel below 7.6 kHz of a frame's energy.
    static func level(ofEnergy energy: Float) -> Float { energy * energyScale + Convention.level }

    /// What the network makes of a profile before it speaks.
    package func inputs(of profile: SpeakerProfile) -> VoiceInputs {
        var workspace = AcousticWorkspace()
        return voice(profile, workspace: &workspace)
    }

    /// Everything in front of decoder and predictors for an utterance that somebody spoke.
    ///
    /// - Throws: `AcousticError`
    package func prepared(
        _ phonemes: Phonemes, _ heard: HeardProsody, profile: SpeakerProfile, voice: VoiceInputs, language: String
    ) throws -> PreparedUtterance {
        var workspace = AcousticWorkspace()
        let encoded = try encode(phonemes, condition: voice.condition, language: language, workspace: &workspace)
        let states = regulate(encoded, durations: heard.durations, workspace: &workspace)
        let (inputs, pitch) = Self.controls(f0: heard.f0, energy: heard.energy, profile: profile)
        let controlled = controlled(states, by: inputs, workspace: &workspace)
        return PreparedUtterance(encoded: encoded, states: states, controlled: controlled, pitch: pitch)
    }

    /// The same of what a `ContentEncoder` heard in it, [U, C]; without text there is nothing for the duration predictor.
    package func prepared(_ content: Matrix, _ heard: HeardProsody, profile: SpeakerProfile) -> PreparedUtterance {
        var workspace = AcousticWorkspace()
        let (inputs, pitch) = Self.controls(f0: heard.f0, energy: heard.energy, profile: profile)
        let controlled = controlled(content, by: inputs, workspace: &workspace)
        return PreparedUtterance(
            encoded: Matrix(rows: 0, columns: content.columns), states: content, controlled: controlled, pitch: pitch)
    }

    /// The mel of a prepared utterance, [T, M], by the weights as they were exported.
    package func mel(of utterance: PreparedUtterance, voice: VoiceInputs) -> Matrix {
        var workspace = AcousticWorkspace()
        return decode(utterance.controlled, voice: voice, workspace: &workspace)
    }

    /// The mel of content that somebody else said, in a voice, [T, M].
    ///
    /// - Parameters:
    ///   - content: what a `ContentEncoder` made of it, [U, C]
    ///   - f0: Hz, 0 where unvoiced, [T]; in the range of the profile's owner
    ///   - energy: of every frame, [T]
    ///   - voice: `inputs(of: profile)`
    /// - Throws: `AcousticError.notFinite`
    package func mel(
        content: Matrix, f0: [Float], energy: [Float], profile: SpeakerProfile, voice: VoiceInputs
    ) throws -> Matrix {
        var workspace = AcousticWorkspace()
        let (inputs, _) = Self.controls(f0: f0, energy: energy, profile: profile)
        let controlled = controlled(content, by: inputs, workspace: &workspace)
        let mel = decode(controlled, voice: voice, workspace: &workspace)
        guard mel.elements.allSatisfy(\.isFinite) else { throw AcousticError.notFinite }
        return mel
    }

    /// The conditioning of the decoder for every frame, [T, 4]: F0 z-score, ln F0, voicing, energy; and the z-scores,
    /// [T].
    private static func controls(
        f0: [Float], energy: [Float], profile: SpeakerProfile
    ) -> (inputs: Matrix, pitch: [Float]) {
        let deviation = max(profile.pitchDeviation, Convention.minimalPitchDeviation)
        var inputs = Matrix(rows: f0.count, columns: 4)
        var pitch = [Float](repeating: 0, count: f0.count)
        for (frame, f0) in f0.enumerated() {
            inputs[frame, 3] = energy[frame]
            guard f0 > 0 else { continue }
            let z = (logf(f0) - profile.pitchMean) / deviation
            pitch[frame] = min(max(z, -extremePitch), extremePitch)
            inputs[frame, 0] = pitch[frame]
            inputs[frame, 1] = pitch[frame] * deviation + profile.pitchMean - Convention.pitchCentre
            inputs[frame, 2] = 1
        }
        return (inputs, pitch)
    }
}
