package import AcousticModel
internal import SpeechSignal
internal import Tensor
package import VoiceProfile

/// A profile as the acoustic model speaks it in one language.
package struct SpeakingVoice: Sendable {
    package let model: AcousticModel
    package let profile: SpeakerProfile
    /// Its code, such as "en".
    package let language: String
    /// What the model makes of the profile.
    package let inputs: VoiceInputs

    package init(_ model: AcousticModel, profile: SpeakerProfile, language: String) {
        (self.model, self.profile, self.language) = (model, profile, language)
        inputs = model.inputs(of: profile)
    }

    /// The same voice with other frames for the decoder to attend to.
    func attending(to references: ReferenceFrames) -> SpeakingVoice {
        var speaker = profile
        speaker.references = references
        return SpeakingVoice(model, profile: speaker, language: language)
    }

    /// What it says, with pads at both ends.
    ///
    /// - Throws: `AcousticError`
    func says(_ phonemes: Phonemes) throws -> Utterance {
        try model.predict(phonemes: phonemes, profile: profile, language: language)
    }

    /// Everything in front of decoder and predictors for an utterance that somebody spoke.
    ///
    /// - Throws: `AcousticError`
    func prepared(_ phonemes: Phonemes, _ heard: HeardProsody) throws -> PreparedUtterance {
        try model.prepared(phonemes, heard, profile: profile, voice: inputs, language: language)
    }

    /// The same of what was heard in it.
    func prepared(_ content: Matrix, _ heard: HeardProsody) -> PreparedUtterance {
        model.prepared(content, heard, profile: profile)
    }
}
