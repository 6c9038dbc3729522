private import AcousticModel
private import AudioIO
internal import Foundation
private import Spectral
import SpeechSignal
private import Tensor
private import Vocoder
internal import VoiceModel
internal import VoiceProfile

/// Speaks a few sentences with a new profile, measures the result like a recording, and corrects the profile by what
/// is missing.
///
/// The networks render what is particular about a voice they have never heard more weakly than it was measured, as
/// every regression leans toward the mean. The class residuals that a profile asks for are raised by what is missing of
/// the owner's, and so are the gains of F0 and energy, where the network speaks more evenly than the owner, and of
/// durations, where it is faster or slower; F0 is moved where the network misses its mean. The average spectrum stays
/// as it was measured: raising it too brings no likeness and costs naturalness. What is still missing is left to a mel
/// correction, from all that the network says to all that the owner says; a second round before it brings nothing more.
/// Last it is measured how loud that is.
struct Calibration {
    /// Sentences that hold the sounds of English between them, as phonemes.
    private static let sentences = [
        "ðə kwˈɪk jˈʌŋ fˈɪʃəɹ mˈɛʒəɹd ˈɛvəɹi ʤˈYnt ʌv ði ˈOld wˈʊdᵊn bɹˈɪʤ ðɪs mˈɔɹnɪŋ.",
        "ʃˌi sˈɛlz fɹˈɛʃ bɹˈɛd, θˈɪk jˈOɡəɹt ænd ʧˈip ˈɔɹᵊnʤᵻz nˌɪɹ ðə lˈɑɹʤ ʧˈɜɹʧ.",
        "hˌu wʊd hæv θˈɔt ðæt fˈɑðəɹz nˈu bˈOt kʊd kˈɛɹi fˈIv hjˈuʤ bˈɑksᵻz?",
        "wˌi jˈuʒəwəli pˈɔz, lˈʊk əɹˈWnd, ænd ɪnʤˈY ði ˈivnɪŋ vjˈu fɹʌm ðə tˈWəɹ.",
    ]
    /// More of them, for what needs no listening.
    private static let furtherSentences = [
        "lˈæst sˈʌməɹ wi ɹˈɛntᵻd ɐ lˈɪTᵊl hˈWs bI ðə lˈAk, ænd ɪt ɹˈAnd fɔɹ nˈIn dˈAz.",
        "mˌI bɹˈʌðəɹ fˈɪkst ði ˈɛnʤən wɪð ɐ spˈun, tˈu kˈYnz ænd ɐ pˈis ʌv stɹˈɪŋ.",
        "kˌʊd ju pˈæs mˌi ði ˈʌðəɹ pˈɛɹ ʌv ɡlˈʌvz, plˈiz, bəfˈɔɹ ðA ɡɛt wˈɛt?",
        "ˈAt hˈʌndɹəd pˈipᵊl hæd ɡˈæðəɹd ɪn ðə skwˈɛɹ, bˌʌt ðə mjˈuzɪk nˈɛvəɹ stˈɑɹTᵻd.",
        "ðə stˈAʃən wʌz nˈɪɹli ˈɛmpti wˌɛn ðə lˈæst tɹˈAn pˈʊld ˈɪn, hˈæf ɐn ˈWəɹ lˈAt ænd kˈʌvəɹd wɪð snˈO.",
        "nˈObˌɑdi kʊd ɹəmˈɛmbəɹ hˌu hæd pˈAntᵻd ðə kˈɪʧᵊn jˈɛlO, ɔɹ wˌI ɪt wʌz dˈʌn ɪn sˈʌʧ ɐ hˈɜɹi.",
        "ʃˌi kˈips ɐ ʤˈɑɹ ʌv bˈʌtnz ˌɔn ðə ʃˈɛlf əbˈʌv ðə wˈɔʃɪŋ məʃˈin, nˈɛkst tə ɐn ˈOld fˈOTəɡɹˌæf.",
        "ˌɪf ðə wˈɛðəɹ hˈOldz ˌʌntˈɪl θˈɜɹzdˌA, wi ʃˌæl fˈɪnəʃ bˈOθ ðə ɹˈuf ænd ðə ɡˈɑɹdən pˈæθ.",
    ]
    /// All sentences as the networks take them.
    static var phonemes: [Phonemes] { (sentences + furtherSentences).map(phonemes) }
    /// The sentences that loudness is measured on; all of them give no better estimate (0.14 dB off twelve others).
    private static let told = 2
    /// Bands over which a correction is smoothed, Hann weights.
    private static let smoothing = hann(5)
    /// Where the network is livelier than the owner it stays so; more than this would exaggerate.
    private static let gains: ClosedRange<Float> = 1...1.4
    /// How far ln F0 is moved, at most: 2.6 semitones.
    private static let offsets: ClosedRange<Float> = -0.15...0.15
    /// How far a voice is slowed down or quickened.
    private static let durationGains: ClosedRange<Float> = 0.7...1.4
    /// ln frames per phoneme that the four sentences have beyond the owner's pace. A choice: clones of ten readers spoke
    /// 0.07 too slowly at -0.016, those of four bundled voices 0.03 too fast.
    private static let ofSentences: Float = -0.04
    private static let seed: UInt64 = 1

    let networks: SpeechNetworks
    let codebook: SoundCodebook

    /// The profile to ask for, so that `wanted` comes out.
    ///
    /// - Parameter speech: the owner's, as far as it covers all bands of the profile
    /// - Throws: `AcousticError`, `ProfileError`, `VocoderError`, `AudioError`
    func calibrated(_ wanted: SpeakerProfile, like speech: SpokenFrames) async throws -> SpeakerProfile {
        let heard = try await concurrently(Self.sentences) { try listen(to: $0, spokenWith: wanted) }
            .compactMap(\.self)
        guard let measured = ProfileMeasurement.mean(of: heard.map(\.measurement)) else { return wanted }
        var asked = wanted
        Self.correct(
            &asked.classResiduals, by: wanted.classResiduals, less: measured.sounds.residuals, bands: wanted.bands)
        asked.pitchGain = Self.within(Self.gains, wanted.pitchDeviation / measured.pitchDeviation)
        // The gain widens the miss too.
        asked.pitchOffset = Self.within(Self.offsets, asked.pitchGain * (wanted.pitchMean - measured.pitchMean))
        asked.energyGain = Self.within(Self.gains, wanted.energyDeviation / measured.energyDeviation)
        var pace = SpeechPace()
        for sentence in heard { pace += sentence.pace }
        if let logFrames = pace.logFramesPerPhoneme {
            let slower = wanted.logFramesPerPhoneme + Self.ofSentences - logFrames
            asked.durationGain = Self.within(Self.durationGains, expf(slower))
        }

        let utterances = try await concurrently(Self.sentences + Self.furtherSentences) { [asked] in
            try networks.acoustic.predict(phonemes: Self.phonemes($0), profile: asked)
        }
        asked.melCorrection = try await MelCorrection(
            from: utterances.map { ($0.mel, $0.f0) }, to: speech, bands: wanted.bands, codebook: codebook)
        asked.loudness = try await loudness(of: Array(utterances.prefix(Self.told)), profile: asked)
        return asked
    }

    /// The phonemes of a sentence as the networks take them.
    private static func phonemes(_ sentence: String) -> Phonemes { [.pad] + Phonemes(symbols: sentence) + [.pad] }

    /// How loud utterances are once their mels are corrected, LUFS.
    private func loudness(of utterances: [Utterance], profile: SpeakerProfile) async throws -> Float {
        let samples = try await concurrently(utterances) { utterance in
            var mel = utterance.mel
            try networks.correct(&mel, profile: profile)
            return try networks.vocoder.synthesize(mel: mel, f0: utterance.f0, seed: Self.seed)
        }.flatMap(\.self)
        let measured = Loudness.integrated(AudioClip(samples: samples, sampleRate: Signal.sampleRate))
        return measured.map(Float.init) ?? SpeakerProfile.typicalLoudness
    }

    /// What a sentence spoken with a profile sounds like; nil if it is hardly voiced.
    private func listen(
        to sentence: String, spokenWith profile: SpeakerProfile
    ) throws -> (measurement: ProfileMeasurement, pace: SpeechPace)? {
        let phonemes = Self.phonemes(sentence)
        let utterance = try networks.acoustic.predict(phonemes: phonemes, profile: profile)
        let samples = try networks.vocoder.synthesize(mel: utterance.mel, f0: utterance.f0, seed: Self.seed)
        let f0 = try PitchTracker.track(AudioClip(samples: samples, sampleRate: Signal.sampleRate))
        let mel = LogMel()(samples)
        let frames = min(f0.count, mel.rows)
        let measurement = ProfileMeasurement(mel: mel.rows(0..<frames), f0: Array(f0[..<frames]), codebook: codebook)
        var pace = SpeechPace()
        for (phoneme, duration) in zip(phonemes, utterance.durations) where phoneme.isSound {
            pace.frames += Float(duration)
            pace.phonemes += 1
        }
        return measurement.map { ($0, pace) }
    }

    /// The nearest value in a range; its lower end for what is not a number.
    private static func within(_ range: ClosedRange<Float>, _ value: Float) -> Float {
        max(range.lowerBound, min(value, range.upperBound))
    }

    /// Adds the smoothed difference of two tables of residuals [S * M] in the bands that were measured.
    private static func correct(_ asked: inout [Float], by wanted: [Float], less heard: [Float], bands: Int) {
        let reach = smoothing.count / 2
        for start in stride(from: 0, to: asked.count, by: Signal.melBands) {
            for band in 0..<bands {
                asked[start + band] += smoothing.indices.reduce(0) { sum, tap in
                    let near = start + min(max(band + tap - reach, 0), bands - 1)
                    return sum + smoothing[tap] * (wanted[near] - heard[near])
                }
            }
        }
    }

    /// A Hann window without its zeros, summing to one.
    private static func hann(_ count: Int) -> [Float] {
        let window = (1...count).map { 0.5 - 0.5 * cosf(2 * .pi * Float($0) / Float(count + 1)) }
        return window.map { $0 / window.reduce(0, +) }
    }
}
