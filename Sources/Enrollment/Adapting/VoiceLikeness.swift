private import AcousticModel
internal import AudioIO
internal import SpeechSignal
private import Tensor
private import Vocoder
internal import VoiceModel
internal import VoiceProfile

/// How much a clone sounds like its owner, by the speaker encoder.
struct VoiceLikeness {
    private static let seed: UInt64 = 1

    let networks: SpeechNetworks
    let analyzer: RecordingAnalyzer

    /// Cosine of the owner's embedding and that of the calibration's sentences in the clone's voice; nil if nothing is
    /// heard.
    ///
    /// - Parameter clone: calibrated
    /// - Throws: `AcousticError`, `VocoderError`, `AudioError`, `SpeakerError`
    func callAsFunction(_ clone: SpeakerProfile) async throws -> Float? {
        let spoken = try await concurrently(Calibration.phonemes) { phonemes in
            let utterance = try networks.utterance(phonemes, profile: clone)
            return try networks.vocoder.synthesize(mel: utterance.mel, f0: utterance.f0, seed: Self.seed)
        }
        let clip = AudioClip(samples: spoken.flatMap(\.self), sampleRate: Signal.sampleRate)
        let heard = RobustVoice(try analyzer.analyze(clip).windows.map(\.embedding))
        return heard.map { Enroller.similarity($0.embedding, clone.embedding) }
    }
}
