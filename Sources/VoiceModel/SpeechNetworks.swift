public import AcousticModel
public import Foundation
public import SpeechSignal
public import Tensor
public import Vocoder
public import VoiceProfile

/// The networks that speak, loaded once and shared by everything in a process that speaks or makes voices.
///
///     let networks = try SpeechNetworks(data: URL(filePath: "data"))
///     let synthesizer = try Synthesizer(networks: networks, data: data, store: store)
///     let enroller = try Enroller(networks: networks, data: data)
///
///     phonemes [N] ─ acoustic model ─▶ mel [T, M], F0 [T] ─ the profile's mel correction ─▶ mel [T, M] ─ vocoder ─▶ samples [S]
///
/// Loading packs 30 MB of weights, which takes tens of milliseconds. Nothing changes afterwards: any number of tasks
/// may use the networks at once, and no file is opened again.
public final class SpeechNetworks: Sendable {
    /// Phonemes and a profile to durations, F0 and the mel before its correction.
    public let acoustic: AcousticModel
    /// Mel and F0 to samples.
    public let vocoder: Vocoder
    /// Which of the release's networks these are.
    public let size: ModelSize

    /// - Parameters:
    ///   - data: the folder with symbols.json, acoustic.safetensors and vocoder.safetensors, and those of other sizes
    ///     in theirs
    ///   - size: which networks to load
    ///   - precision: `.float32` agrees with the trainer to rounding errors; `.automatic` is faster
    /// - Throws: `VoiceModelError`, `WeightError`, `AcousticError` and `VocoderError` for weights of another version
    public init(data: URL, size: ModelSize = .base, precision: Precision = .automatic) throws {
        func file(_ name: String, in folder: URL) throws(VoiceModelError) -> URL {
            let url = folder.appending(path: name)
            let path = url.path(percentEncoded: false)
            guard FileManager.default.fileExists(atPath: path) else { throw .missingFile(path: path) }
            return url
        }
        try AlphabetFile.check(file("symbols.json", in: data))
        let folder = size.folder(in: data)
        acoustic = try AcousticModel(weights: file("acoustic.safetensors", in: folder), precision: precision)
        vocoder = try Vocoder(weights: file("vocoder.safetensors", in: folder), precision: precision)
        self.size = size
    }

    /// Fingerprint of the profiles that the networks understand (`ProfileSpace`); nil if the weights do not say.
    public var profileSpace: String? { acoustic.profileSpace }

    /// Codes of the languages that the networks of a data folder speak, such as "en", without loading them.
    ///
    /// - Throws: `FileError`, `WeightError`
    public static func languages(data: URL, size: ModelSize = .base) throws -> [String] {
        try AcousticModel.languages(weights: size.folder(in: data).appending(path: "acoustic.safetensors"))
    }

    /// What an utterance sounds like in a voice, its mel corrected: what the vocoder takes.
    ///
    /// - Parameters:
    ///   - phonemes: with the pad at both ends, [N]
    ///   - profile: the speaker
    ///   - prosody: how each phoneme is spoken, [N]; as the speaker does if nil
    ///   - rise: where F0 rises at the end, if it does
    ///   - language: its code, one of `acoustic.languages`
    /// - Throws: `AcousticError`, `ProfileError`
    public func utterance(
        _ phonemes: Phonemes, profile: SpeakerProfile, prosody: TokenProsody? = nil, rise: FinalRise? = nil,
        language: String = "en"
    ) throws -> Utterance {
        let outline = try outline(phonemes, profile: profile, prosody: prosody, rise: rise, language: language)
        var mel = try outline.mel()
        try correct(&mel, profile: profile)
        return Utterance(mel: mel, f0: outline.f0, durations: outline.durations)
    }

    /// The same without its mel, which may follow part by part.
    ///
    /// - Throws: `AcousticError`, `ProfileError`
    public func outline(
        _ phonemes: Phonemes, profile: SpeakerProfile, prosody: TokenProsody? = nil, rise: FinalRise? = nil,
        language: String = "en"
    ) throws -> UtteranceOutline {
        try acoustic.outline(
            phonemes: phonemes, profile: profile, prosody: prosody ?? TokenProsody(count: phonemes.count), rise: rise,
            language: language)
    }

    /// The corrected mel of an outlined utterance.
    ///
    /// - Parameter beginningFirst: whether the beginning of a long one is decoded before the rest
    public func mel(of outline: UtteranceOutline, profile: SpeakerProfile, beginningFirst: Bool) -> MelStream {
        MelStream(frames: outline.f0.count, beginningFirst: beginningFirst) { frames throws(AcousticError) in
            var mel = try outline.mel(of: frames)
            try self.correct(&mel, profile: profile)
            return mel
        }
    }

    /// Applies the profile's mel correction, if it has one, to what the acoustic model says, [T, M].
    ///
    /// - Throws: `AcousticError.notFinite`
    package func correct(_ mel: inout Matrix, profile: SpeakerProfile) throws(AcousticError) {
        guard let correction = profile.melCorrection else { return }
        var scratch = Scratch()
        correction.apply(to: &mel, scratch: &scratch)
        guard mel.elements.allSatisfy({ $0.isFinite }) else { throw .notFinite }
    }
}
