private import Files
public import Foundation
import SpeechSignal
private import Weights

/// A speaker: a learned embedding, a few statistics, and the residuals of the voice in each
/// sound class. An enrolled voice takes about 350 kB on disk, more if the acoustic model was adapted to it.
///
///     let profile = try SpeakerProfile(contentsOf: voices.appending(path: "amy/profile.safetensors"))
///     let between = try SpeakerProfile.blend([(profile, 0.5), (other, 0.5)])
public struct SpeakerProfile: Sendable, Equatable {
    /// Numbers in `embedding`.
    public static let embeddingSize = 256
    /// Numbers in `statistics`.
    public static let statisticsSize = 4
    /// Numbers in `vector`.
    public static let vectorSize = embeddingSize + statisticsSize + Signal.melBands
    /// Classes of speech sound in `classResiduals`.
    public static let soundClasses = 32
    /// LUFS assumed for a voice whose loudness was never measured: that of most.
    public static let typicalLoudness: Float = -22

    /// Direction of the voice in the speaker encoder's space, [256], unit length.
    public var embedding: [Float]
    /// Mean of ln F0 over voiced frames, F0 in Hz.
    public var pitchMean: Float
    /// Standard deviation of ln F0 over voiced frames.
    public var pitchDeviation: Float
    /// Natural logarithm of the mean number of frames per spoken phoneme.
    public var logFramesPerPhoneme: Float
    /// Standard deviation of the energy over voiced frames, in the acoustic model's unit.
    public var energyDeviation: Float
    /// Long-term average log mel over voiced frames, less its own mean over the bands below 7.6 kHz, [100].
    public var spectrum: [Float]
    /// How the voice's mean log mel in each class of sound, less its average over voiced frames, differs from
    /// everyone's, [32 * 100]; 0 where there was too little speech.
    public var classResiduals: [Float]
    /// Factor on the deviation of F0 from its mean; 1 leaves the model's F0 unchanged. Models speak more
    /// evenly than people; enrollment measures by how much.
    public var pitchGain: Float
    /// The same factor for energy.
    public var energyGain: Float
    /// Factor on the durations of all phonemes.
    public var durationGain: Float
    /// Offset of ln F0, since the acoustic model misses the requested mean in some voices.
    public var pitchOffset: Float
    /// Loudness of the networks with this profile, in LUFS (ITU-R BS.1770); louder voices are attenuated and softer
    /// ones amplified, so that all are equally loud.
    public var loudness: Float
    /// The correction of the acoustic model's mels toward the voice; nil if it was never estimated.
    public var melCorrection: MelCorrection?
    /// Frames of the owner's speech that the decoder attends to; nil if none were kept.
    public var references: ReferenceFrames?
    /// The adaptation of the acoustic model to the voice; nil if there is none.
    public var adaptation: VoiceAdaptation?
    /// Leading bands of `spectrum` and of each of the `classResiduals` that were measured: `Signal.wideBands` for
    /// sources of 16 kHz, all for those of 24 kHz.
    public var bands: Int

    /// - Parameter classResiduals: [32 * 100]; those of an average voice if nil
    public init(
        embedding: [Float], pitchMean: Float, pitchDeviation: Float, logFramesPerPhoneme: Float, energyDeviation: Float,
        spectrum: [Float], classResiduals: [Float]? = nil, pitchGain: Float = 1, energyGain: Float = 1,
        durationGain: Float = 1, pitchOffset: Float = 0, loudness: Float = typicalLoudness,
        melCorrection: MelCorrection? = nil, references: ReferenceFrames? = nil, adaptation: VoiceAdaptation? = nil,
        bands: Int
    ) {
        (self.embedding, self.pitchMean, self.pitchDeviation) = (embedding, pitchMean, pitchDeviation)
        (self.logFramesPerPhoneme, self.energyDeviation, self.spectrum, self.bands) = (
            logFramesPerPhoneme, energyDeviation, spectrum, bands
        )
        (self.pitchGain, self.energyGain, self.durationGain) = (pitchGain, energyGain, durationGain)
        (self.pitchOffset, self.loudness) = (pitchOffset, loudness)
        (self.melCorrection, self.references, self.adaptation) = (melCorrection, references, adaptation)
        self.classResiduals = classResiduals ?? [Float](repeating: 0, count: Self.soundClasses * Signal.melBands)
    }

    /// The measured numbers other than the spectrum, [4], in the order the networks take them.
    public var statistics: [Float] { [pitchMean, pitchDeviation, logFramesPerPhoneme, energyDeviation] }

    /// The condition vector of the networks, [360]: embedding, statistics, spectrum.
    public var vector: [Float] { embedding + statistics + spectrum }

    /// 1 where `vector` was measured, 0 in the bands beyond, [360].
    public var known: [Float] {
        let measured = Self.embeddingSize + Self.statisticsSize + bands
        return (0..<Self.vectorSize).map { $0 < measured ? 1 : 0 }
    }

    /// Checks that every value is in range.
    ///
    /// - Throws: `ProfileError` naming the first that is not
    public func validate() throws {
        guard embedding.count == Self.embeddingSize else {
            throw ProfileError.size("embedding", expected: Self.embeddingSize, actual: embedding.count)
        }
        guard spectrum.count == Signal.melBands else {
            throw ProfileError.size("spectrum", expected: Signal.melBands, actual: spectrum.count)
        }
        guard classResiduals.count == Self.soundClasses * Signal.melBands else {
            throw ProfileError.size(
                "sound classes", expected: Self.soundClasses * Signal.melBands, actual: classResiduals.count)
        }
        let length = embedding.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let ranges: [(String, Float, ClosedRange<Float>)] = [
            ("embedding length", length, 0.99...1.01),
            ("mean of ln F0", pitchMean, 3.4...7),  // 30 to 1100 Hz
            ("deviation of ln F0", pitchDeviation, 0...2),
            ("log of frames per phoneme", logFramesPerPhoneme, -1...6),
            ("energy deviation", energyDeviation, 0...20),
            ("pitch gain", pitchGain, 0.25...4),
            ("energy gain", energyGain, 0.25...4),
            ("duration gain", durationGain, 0.25...4),
            ("pitch offset", pitchOffset, -1...1),
            ("loudness", loudness, -60...0),
            ("bands", Float(bands), 1...Float(Signal.melBands)),
        ]
        for (name, value, range) in ranges {
            guard range.contains(value) else { throw ProfileError.range(name, value, range) }
        }
        for (band, value) in spectrum.enumerated() where !(abs(value) <= 30) {
            throw ProfileError.range("band \(band) of the spectrum", value, -30...30)
        }
        if let (index, value) = classResiduals.enumerated().first(where: { !(abs($1) <= 30) }) {
            let (soundClass, band) = index.quotientAndRemainder(dividingBy: Signal.melBands)
            throw ProfileError.range("band \(band) of sound class \(soundClass)", value, -30...30)
        }
        try melCorrection?.validate()
        try references?.validate()
        try adaptation?.validate()
    }
}

extension SpeakerProfile {
    /// Reads `embedding` [256], `statistics` [4], `spectrum` [100] and `colours` [32, 100] of a safetensors file with
    /// metadata `bands`; and where there are any, `gains` [3] of F0, energy and durations, `pitch_offset` [1] in ln F0,
    /// `loudness` [1] in LUFS, `references` [R, 100], the mel correction, and the adaptation.
    ///
    /// - Throws: `FileError`, `WeightError`, `ProfileError`
    public init(contentsOf url: URL) throws { try self.init(WeightFile(contentsOf: url)) }

    /// Reads the bytes of such a file.
    ///
    /// - Parameter url: where they were read; errors name it.
    /// - Throws: `WeightError`, `ProfileError`
    public init(bytes: [UInt8], readFrom url: URL) throws {
        try self.init(WeightFile(bytes: bytes, readFrom: url))
    }

    private init(_ file: WeightFile) throws {
        var loader = WeightLoader(file)
        let embedding = loader.vector("embedding", count: Self.embeddingSize)
        let statistics = loader.vector("statistics", count: Self.statisticsSize)
        let spectrum = loader.vector("spectrum", count: Signal.melBands)
        let classResiduals = loader.values("colours", shape: [Self.soundClasses, Signal.melBands])
        let gains = file.tensors["gains"] == nil ? [1, 1, 1] : loader.vector("gains", count: 3)
        let offset = file.tensors["pitch_offset"] == nil ? 0 : loader.vector("pitch_offset", count: 1)[0]
        let loudness =
            file.tensors["loudness"] == nil ? Self.typicalLoudness : loader.vector("loudness", count: 1)[0]
        let correction = MelCorrection(file, &loader)
        let references = ReferenceFrames(file, &loader)
        let adaptation = VoiceAdaptation(file, &loader)
        try loader.finish()
        self.init(
            embedding: embedding, pitchMean: statistics[0], pitchDeviation: statistics[1],
            logFramesPerPhoneme: statistics[2],
            energyDeviation: statistics[3], spectrum: spectrum, classResiduals: classResiduals, pitchGain: gains[0],
            energyGain: gains[1], durationGain: gains[2], pitchOffset: offset, loudness: loudness,
            melCorrection: correction, references: references, adaptation: adaptation,
            bands: try loader.configuration(Int.self, key: "bands"))
        do {
            try validate()
        } catch let error as ProfileError {
            throw ProfileError.file(file.url, error.description)
        }
    }

    /// Writes the file `init(contentsOf:)` reads; it appears whole or not at all.
    ///
    /// - Throws: `ProfileError` if the profile is not valid, `FileError`
    public func write(to url: URL) throws { try AtomicFile.save(bytes(), to: url) }

    /// The bytes of the file `init(contentsOf:)` reads; equal profiles give equal bytes.
    ///
    /// - Throws: `ProfileError` if the profile is not valid
    public func bytes() throws -> Data {
        try validate()
        var tensors: [WeightFile.Values] = [
            .init("embedding", shape: [Self.embeddingSize], values: embedding),
            .init("statistics", shape: [Self.statisticsSize], values: statistics),
            .init("spectrum", shape: [Signal.melBands], values: spectrum),
            .init("colours", shape: [Self.soundClasses, Signal.melBands], values: classResiduals),
            .init("gains", shape: [3], values: [pitchGain, energyGain, durationGain]),
            .init("pitch_offset", shape: [1], values: [pitchOffset]),
            .init("loudness", shape: [1], values: [loudness]),
        ]
        tensors += melCorrection?.tensors ?? []
        if let references { tensors.append(references.tensor) }
        tensors += adaptation?.tensors ?? []
        var metadata = ["bands": String(bands)]
        if let adaptation { metadata[VoiceAdaptation.key] = adaptation.model }
        return try WeightFile.bytes(of: tensors, metadata: metadata)
    }

    /// The weighted mean of several voices; weights need not sum to one.
    ///
    /// A band of the spectrum or of a sound class is the mean over those voices in which it was measured.
    ///
    /// - Throws: `ProfileError.blend`
    public static func blend(_ parts: [(SpeakerProfile, Float)]) throws -> SpeakerProfile {
        for (profile, weight) in parts {
            guard weight >= 0, weight.isFinite else {
                throw ProfileError.blend("the weight \(weight) is not positive; give each voice a positive weight")
            }
            try profile.validate()
        }
        let parts = parts.filter { $0.1 > 0 }
        let total = parts.reduce(0) { $0 + $1.1 }
        guard total > 0 else { throw ProfileError.blend("no voice has a positive weight; give each voice one") }
        func mean(_ value: (SpeakerProfile) -> Float) -> Float {
            parts.reduce(0) { $0 + value($1.0) * $1.1 } / total
        }
        var embedding = (0..<embeddingSize).map { index in mean { $0.embedding[index] } }
        let length = embedding.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0.1 else { throw ProfileError.blend("they cancel each other out; change their weights") }
        embedding = embedding.map { $0 / length }
        func mean(inBand band: Int, _ value: (SpeakerProfile) -> Float) -> Float {
            let measured = parts.filter { $0.0.bands > band }
            guard !measured.isEmpty else { return 0 }
            return measured.reduce(0) { $0 + value($1.0) * $1.1 } / measured.reduce(0) { $0 + $1.1 }
        }
        let spectrum = (0..<Signal.melBands).map { band in mean(inBand: band) { $0.spectrum[band] } }
        let classResiduals = (0..<soundClasses * Signal.melBands).map { index in
            mean(inBand: index % Signal.melBands) { $0.classResiduals[index] }
        }
        return SpeakerProfile(
            embedding: embedding, pitchMean: mean(\.pitchMean), pitchDeviation: mean(\.pitchDeviation),
            logFramesPerPhoneme: mean(\.logFramesPerPhoneme), energyDeviation: mean(\.energyDeviation),
            spectrum: spectrum, classResiduals: classResiduals,
            pitchGain: mean(\.pitchGain), energyGain: mean(\.energyGain), durationGain: mean(\.durationGain),
            pitchOffset: mean(\.pitchOffset), loudness: mean(\.loudness),
            melCorrection: parts.allSatisfy { $0.0.melCorrection == nil }
                ? nil : .mean(parts.map { ($0.0.melCorrection ?? .identity, $0.1 / total) }),
            references: .blend(parts.map { ($0.0.references, $0.1 / total) }),
            adaptation: try .blend(parts.map { ($0.0.adaptation, $0.1 / total) }),
            bands: parts.map(\.0.bands).max() ?? 0)
    }
}
