private import AcousticModel
private import AudioIO
private import Dispatch
internal import Foundation
private import Spectral
private import Synchronization
private import Tensor
private import Vocoder
internal import VoiceProfile

/// Speaks a few sentences with a new profile, listens as enrollment listens to recordings, and corrects the profile by what
/// is missing.
///
/// The networks render what is particular about a voice they have never heard more weakly than it was measured, as every
/// regression leans towards the mean. The colours that a profile asks for are raised until the owner's come out, and so are
/// the gains of F0 and energy, where the network speaks more evenly than the owner. The average spectrum stays as it was
/// measured: raising it too brings no likeness and costs naturalness.
struct Rehearsal {
    /// Four sentences that hold the sounds of English between them, as phonemes.
    private static let sentences = [
        "ðə kwˈɪk jˈʌŋ fˈɪʃəɹ mˈɛʒəɹd ˈɛvəɹi ʤˈYnt ʌv ði ˈOld wˈʊdᵊn bɹˈɪʤ ðɪs mˈɔɹnɪŋ.",
        "ʃˌi sˈɛlz fɹˈɛʃ bɹˈɛd, θˈɪk jˈOɡəɹt ænd ʧˈip ˈɔɹᵊnʤᵻz nˌɪɹ ðə lˈɑɹʤ ʧˈɜɹʧ.",
        "hˌu wʊd hæv θˈɔt ðæt fˈɑðəɹz nˈu bˈOt kʊd kˈɛɹi fˈIv hjˈuʤ bˈɑksᵻz?",
        "wˌi jˈuʒəwəli pˈɔz, lˈʊk əɹˈWnd, ænd ɪnʤˈY ði ˈivnɪŋ vjˈu fɹʌm ðə tˈWəɹ.",
    ]
    /// More rounds change little.
    private static let rounds = 2
    /// Bands over which a correction is smoothed, Hann weights.
    private static let smoothing = hann(5)
    /// Where the network is livelier than the owner it stays so; more than this would exaggerate.
    private static let gains: ClosedRange<Float> = 1...1.4
    private static let seed: UInt64 = 1

    private let acoustic: AcousticModel
    private let vocoder: Vocoder
    private let alphabet: PhonemeAlphabet
    private let codebook: SoundCodebook

    /// - Parameter data: the folder with acoustic.safetensors, vocoder.safetensors and symbols.json
    /// - Throws: `WeightError`, `AcousticError`, `VocoderError`
    init(data: URL, codebook: SoundCodebook) throws {
        acoustic = try AcousticModel(weights: data.appending(path: "acoustic.safetensors"))
        vocoder = try Vocoder(weights: data.appending(path: "vocoder.safetensors"))
        alphabet = try PhonemeAlphabet(contentsOf: data.appending(path: "symbols.json"))
        self.codebook = codebook
    }

    /// The profile to ask for, so that `wanted` comes out.
    ///
    /// - Throws: `AcousticError`, `ProfileError`, `VocoderError`, `AudioError`
    func rehearse(_ wanted: SpeakerProfile) throws -> SpeakerProfile {
        var asked = wanted
        for _ in 0..<Self.rounds {
            guard let heard = try listen(to: asked) else { return wanted }
            Self.correct(&asked.colours, by: wanted.colours, less: heard.sounds.colours, bands: wanted.bands)
            asked.pitchGain = Self.gain(asked.pitchGain, wanted: wanted.pitchDeviation, heard: heard.pitchDeviation)
            asked.energyGain = Self.gain(asked.energyGain, wanted: wanted.energyDeviation, heard: heard.energyDeviation)
        }
        return asked
    }

    /// What the sentences measure when spoken with a profile, each on a core of its own; nil if they are hardly voiced.
    private func listen(to profile: SpeakerProfile) throws -> ProfileMeasurement? {
        let sentences = Self.sentences
        let heard = Mutex([Result<ProfileMeasurement?, any Error>](repeating: .success(nil), count: sentences.count))
        DispatchQueue.concurrentPerform(iterations: sentences.count) { number in
            let result = Result { try listen(to: sentences[number], spokenWith: profile) }
            heard.withLock { $0[number] = result }
        }
        return ProfileMeasurement.mean(of: try heard.withLock { $0 }.compactMap { try $0.get() })
    }

    private func listen(to sentence: String, spokenWith profile: SpeakerProfile) throws -> ProfileMeasurement? {
        let utterance = try acoustic.predict(phonemes: alphabet.encode(sentence), profile: profile)
        let samples = try vocoder.synthesize(mel: utterance.mel, f0: utterance.f0, seed: Self.seed)
        let f0 = try PitchTracker.track(AudioClip(samples: samples, sampleRate: Enroller.sampleRate))
        let mel = LogMel()(samples)
        let frames = min(f0.count, mel.rows)
        return ProfileMeasurement(mel: mel.rows(0..<frames), f0: Array(f0[..<frames]), codebook: codebook)
    }

    /// A gain that brings the wanted deviation where `gain` brought the heard one.
    private static func gain(_ gain: Float, wanted: Float, heard: Float) -> Float {
        let needed = gain * wanted / max(heard, .leastNormalMagnitude)
        return min(max(needed, gains.lowerBound), gains.upperBound)
    }

    /// Adds the smoothed difference of two tables of colours [S * M] in the bands that were measured.
    private static func correct(_ asked: inout [Float], by wanted: [Float], less heard: [Float], bands: Int) {
        let reach = smoothing.count / 2
        for start in stride(from: 0, to: asked.count, by: SpeakerProfile.spectrumSize) {
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
