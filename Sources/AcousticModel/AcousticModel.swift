public import Foundation
public import SpeechSignal
public import Tensor
public import VoiceProfile
package import Weights

/// The acoustic model: phonemes and a speaker profile in; durations, F0 and a mel spectrogram out.
///
///     let model = try AcousticModel(weights: data.appending(path: "acoustic.safetensors"))
///     let utterance = try model.predict(phonemes: [.pad] + Phonemes(symbols: "həlˈO") + [.pad], profile: profile)
///
///     tokens [N] ─ encoder ─▶ [N, C] ─▶ durations [N]
///                     └─ length regulator ─▶ [U, C] ─ prosody ─▶ F0, voicing, energy [T]
///                                                └──────┴─ decoder ─▶ mel [T, M]
///       class residuals [S, M], references [R, M] ──────┘
///
/// F0 is a z-score under the profile's own mean and deviation, and the profile's condition enters every block; the
/// decoder attends to its class residuals and to frames of its owner's speech too. From the length regulator on a step
/// stands for `stride` frames: durations are whole steps, and all frames of a step come out side by side. The profile's
/// gains widen F0 and energy about their means before the decoder hears of them. Its mel correction is not part of the
/// network; `SpeechNetworks` applies it.
/// Letters: N tokens, T frames, U = T / stride steps, C channels, K condition channels, M mel bands, S classes of
/// sound, R reference frames.
public struct AcousticModel: Sendable {
    /// Fingerprint of the profiles the model was trained on, see `ProfileSpace`; nil in files without one.
    public let profileSpace: String?
    /// Codes of the languages that the model speaks, such as "en", in the order of its embedding.
    public let languages: [String]
    /// Whether the decoder attends to a profile's reference frames.
    public var attendsToReferences: Bool { config.references }
    package let config: AcousticConfig
    /// The weights as they were exported, mapped; what is tuned for a voice is tuned on them.
    package let file: WeightFile
    let precision: Precision
    private var adaptedModels = AdaptedModels()
    private var recentVoices = RecentVoices()
    /// The average of the profiles that the model was trained on, in the order of `SpeakerProfile.vector`, [360].
    public let profileMean: [Float]
    private let profileDeviation: [Float]  // [360]
    private let profileUp: Linear
    private let profileDown: Linear
    private let embedding: Matrix  // [symbols, C]
    private let languageEmbedding: Matrix?  // [languages, C]
    private let encoder: Transformer
    private var duration: Predictor
    private let regulator: LengthRegulator
    private var prosody: Predictor
    private let controls: Convolution
    private let voiceMemory: VoiceMemory
    private var decoder: Transformer
    private var output: Linear
    private var gate: Linear
    private let soundClass: Linear
    private let residualGain: [Float]  // [M]

    /// - Parameters:
    ///   - url: the trainer's export, acoustic.safetensors
    ///   - precision: `.float32` agrees with the trainer to rounding errors; `.automatic` is faster
    /// - Throws: `WeightError`, `AcousticError.unsupported`
    public init(weights url: URL, precision: Precision = .automatic) throws {
        let file = try WeightFile(contentsOf: url)
        profileSpace = file.metadata[ProfileSpace.key]
        languages = Self.languages(of: file)
        var loader = WeightLoader(file, precision: precision)
        let config = try loader.configuration(AcousticConfig.self)
        try config.validate()
        (self.config, self.file, self.precision) = (config, file, precision)
        guard languages.count <= max(1, config.languages) else {
            throw AcousticError.unsupported("languages \(languages.joined(separator: ", "))")
        }
        let profile = SpeakerProfile.vectorSize
        profileMean = loader.vector("profile_mean", count: profile)
        profileDeviation = loader.vector("profile_deviation", count: profile)
        profileUp = loader.linear("profile_up", inputs: profile, outputs: 2 * config.condition)
        profileDown = loader.linear("profile_down", inputs: 2 * config.condition, outputs: config.condition)
        embedding = loader.matrix("embedding.weight", rows: config.symbols, columns: config.width)
        languageEmbedding =
            config.languages > 0
            ? loader.matrix("language.weight", rows: config.languages, columns: config.width) : nil
        encoder = Transformer("encoder", blocks: config.encoderBlocks, &loader, config: config)
        duration = Predictor(duration: &loader, config: config)
        regulator = LengthRegulator(
            position: loader.linear("position", inputs: 4, outputs: config.width), stride: config.stride)
        prosody = Predictor(prosody: &loader, config: config)
        controls = loader.convolution("controls", inputs: 4 * config.stride, outputs: config.width, taps: 3)
        voiceMemory = VoiceMemory(&loader, config: config)
        (decoder, output, gate) = Self.decoder(&loader, config: config)
        soundClass = loader.linear("kind", inputs: config.width, outputs: config.soundClasses + 1)
        residualGain = loader.vector("colouring", count: Signal.melBands)
        try loader.finish()
    }

    /// Codes of the languages that a model speaks, without loading it.
    ///
    /// - Throws: `FileError`, `WeightError`
    public static func languages(weights url: URL) throws -> [String] { languages(of: try WeightFile(contentsOf: url)) }

    private static func languages(of file: WeightFile) -> [String] {
        file.metadata["languages"].map { $0.split(separator: " ").map(String.init) } ?? ["en"]
    }

    /// What one utterance sounds like.
    ///
    /// - Parameters:
    ///   - phonemes: with the pad at both ends, [N]
    ///   - profile: the speaker
    ///   - speed: 1 is the speaker's own, 2 twice as fast; 0.25 to 4
    ///   - pitchShift: semitones, -24 to 24
    ///   - rise: where F0 rises at the end, if it does
    ///   - language: its code, one of `languages`
    /// - Throws: `AcousticError`, `ProfileError`
    public func predict(
        phonemes: Phonemes, profile: SpeakerProfile, speed: Float = 1, pitchShift: Float = 0, rise: FinalRise? = nil,
        language: String = "en"
    ) throws -> Utterance {
        let prosody = TokenProsody(count: phonemes.count, speed: speed, pitchShift: pitchShift)
        return try predict(phonemes: phonemes, profile: profile, prosody: prosody, rise: rise, language: language)
    }

    /// What one utterance sounds like when its parts are spoken differently.
    ///
    /// - Parameter prosody: how each token is spoken; where the pitch changes, it glides
    /// - Throws: `AcousticError`, `ProfileError`
    public func predict(
        phonemes: Phonemes, profile: SpeakerProfile, prosody: TokenProsody, rise: FinalRise? = nil,
        language: String = "en"
    ) throws -> Utterance {
        let outline = try outline(
            phonemes: phonemes, profile: profile, prosody: prosody, rise: rise, language: language)
        return Utterance(mel: try outline.mel(), f0: outline.f0, durations: outline.durations)
    }

    /// Whole steps of the durations, in frames, [N].
    ///
    /// A gain and a speed multiply and divide what a phoneme lasts without them, in whole steps, and what rounding leaves
    /// over goes to the next phoneme: a word a fifth longer is made of phonemes most of which a fifth would not change.
    private func durations(of logarithms: [Float], speeds: [Float], gain: Float) throws -> [Int] {
        let stride = Float(config.stride)
        let longest = Float(Convention.longestPhoneme) / stride
        var leftOver: Float = 0
        return try zip(logarithms, speeds).map { value, speed in
            let usual = max(1, (exp(value) / stride).rounded(.toNearestOrEven))
            let wanted = usual * gain / speed + leftOver
            let steps = min(max(1, wanted.rounded(.toNearestOrEven)), longest)
            guard !wanted.isNaN else { throw AcousticError.notFinite }
            leftOver = max(-0.5, min(0.5, wanted - steps))
            return config.stride * Int(steps)
        }
    }

    /// The same without its mel, which may follow part by part.
    ///
    /// - Throws: `AcousticError`, `ProfileError`
    public func outline(
        phonemes: Phonemes, profile: SpeakerProfile, prosody manner: TokenProsody, rise: FinalRise? = nil,
        language: String = "en"
    ) throws -> UtteranceOutline {
        try check(phonemes, profile: profile, prosody: manner)
        return try adapted(to: profile)
            .outlined(phonemes, profile: profile, prosody: manner, rise: rise, language: language)
    }

    /// The model with what was tuned for a profile's owner in its weights, or as it is.
    ///
    /// - Throws: `AcousticError.adaptation`
    package func adapted(to profile: SpeakerProfile) throws -> AcousticModel {
        guard let adaptation = profile.adaptation else { return self }
        return try adaptedModels.model(self, for: adaptation)
    }

    private func outlined(
        _ phonemes: Phonemes, profile: SpeakerProfile, prosody manner: TokenProsody, rise: FinalRise?, language: String
    ) throws -> UtteranceOutline {
        var workspace = AcousticWorkspace()
        let voice = voice(profile, workspace: &workspace)
        let condition = voice.condition
        let encoded = try encode(phonemes, condition: condition, language: language, workspace: &workspace)
        let logDurations = StageClock.measure("durations") {
            duration(encoded, condition: condition, workspace: &workspace).elements
        }
        let durations = try durations(of: logDurations, speeds: manner.speed, gain: profile.durationGain)

        let states = regulator(encoded, durations: durations, scratch: &workspace.scratch)
        var prosody = StageClock.measure("prosody") {
            self.prosody(states, condition: condition, workspace: &workspace)
        }
        prosody.reshape(rows: states.rows * config.stride)
        rise?.apply(to: &prosody, durations: durations)
        let shift = TokenProsody.spread(manner.pitchShift, durations: durations)
        let range = TokenProsody.spread(manner.pitchRange, durations: durations)
        let mean = profile.pitchMean + profile.pitchOffset
        let deviation = max(profile.pitchDeviation, Convention.minimalPitchDeviation)
        var inputs = Matrix(rows: prosody.rows, columns: 4)
        var f0 = [Float](repeating: 0, count: prosody.rows)
        for frame in 0..<prosody.rows {
            let pitch = prosody[frame, 0] * range[frame] * profile.pitchGain
            inputs[frame, 3] = prosody[frame, 2] * profile.energyGain
            guard prosody[frame, 1] > 0 else { continue }
            let logarithm = pitch * deviation + (mean + shift[frame] * Convention.semitone)
            inputs[frame, 0] = pitch
            inputs[frame, 1] = logarithm - Convention.pitchCentre
            inputs[frame, 2] = 1
            f0[frame] = exp(logarithm)
        }

        guard f0.allSatisfy(\.isFinite) else { throw AcousticError.notFinite }
        let energy = (0..<prosody.rows).map { Self.level(ofEnergy: inputs[$0, 3]) }
        return UtteranceOutline(
            durations: durations, f0: f0, energy: energy, encoded: encoded, logDurations: logDurations, states: states,
            prosody: prosody, model: self, controlled: controlled(states, by: inputs, workspace: &workspace),
            voice: voice)
    }

    /// Encoder states, [N, C].
    ///
    /// - Throws: `AcousticError.language`
    func encode(
        _ phonemes: Phonemes, condition: Matrix, language code: String, workspace: inout AcousticWorkspace
    ) throws -> Matrix {
        guard let language = languages.firstIndex(of: code) else {
            throw AcousticError.language(code, known: languages)
        }
        var embedded = Matrix(rows: phonemes.count, columns: config.width)
        for (row, phoneme) in phonemes.enumerated() {
            let token = Int(phoneme.rawValue)
            embedded.copy(rows: token..<token + 1, of: embedding, to: row)
        }
        if let languageEmbedding { embedded.add(Array(languageEmbedding.row(language))) }
        return StageClock.measure("encoder") { encoder(embedded, condition: condition, workspace: &workspace) }
    }

    /// Encoder states [N, C] by durations in frames [N], [U, C].
    func regulate(_ encoded: Matrix, durations: [Int], workspace: inout AcousticWorkspace) -> Matrix {
        regulator(encoded, durations: durations, scratch: &workspace.scratch)
    }

    /// What the decoder takes: regulated states [U, C], conditioned on F0 z-score, ln F0, voicing and energy, [T, 4].
    func controlled(_ states: Matrix, by inputs: Matrix, workspace: inout AcousticWorkspace) -> Matrix {
        var steps = inputs
        steps.reshape(rows: states.rows)
        var sum = Matrix(rows: 0, columns: 0)
        controls.applyPadded(steps, into: &sum, scratch: &workspace.scratch)
        sum.add(states)
        return sum
    }

    /// Log mel [T, M] of what the decoder takes [U, C].
    func decode(_ controlled: Matrix, voice: VoiceInputs, workspace: inout AcousticWorkspace) -> Matrix {
        let decoded = StageClock.measure("decoder") {
            decoder(
                controlled, condition: voice.condition, speaker: voice.keysAndValues, spacing: config.stride,
                workspace: &workspace)
        }
        let frames = decoded.rows * config.stride
        var mel = output(decoded, scratch: &workspace.scratch)
        mel.reshape(rows: frames)
        mel.scale(by: Convention.melScale, plus: -Convention.melShift)
        var gates = gate(decoded, scratch: &workspace.scratch)
        gates.reshape(rows: frames)
        gates.sigmoid()
        mel.add(gates, scaledBy: voice.spectrum)
        var shares = soundClass(decoded, scratch: &workspace.scratch)
        shares.softmax()
        let residual = Linear(weight: voice.residuals, precision: .float32)(shares, scratch: &workspace.scratch)
        mel.add(residual.repeatingRows(config.stride))
        return mel
    }

    /// What the network makes of a profile before it speaks; of the last few, made once.
    func voice(_ profile: SpeakerProfile, workspace: inout AcousticWorkspace) -> VoiceInputs {
        recentVoices.inputs(of: profile) {
            let spectrum = spectrum(profile)
            let memory = voiceMemory(profile, spectrum: spectrum, scratch: &workspace.scratch)
            return VoiceInputs(
                condition: condition(profile, scratch: &workspace.scratch), spectrum: spectrum,
                residuals: residuals(profile), memory: memory,
                keysAndValues: decoder.keysAndValues(of: memory, scratch: &workspace.scratch))
        }
    }

    /// The speaker as the blocks see it, [1, K].
    private func condition(_ profile: SpeakerProfile, scratch: inout Scratch) -> Matrix {
        let (vector, known) = (profile.vector, profile.known)
        let z = vector.indices.map { (vector[$0] - profileMean[$0]) / profileDeviation[$0] * known[$0] }
        var hidden = profileUp(Matrix(rows: 1, columns: z.count, elements: z), scratch: &scratch)
        hidden.silu()
        var condition = profileDown(hidden, scratch: &scratch)
        condition.silu()
        return condition
    }

    /// How the speaker's average spectrum differs from everyone's, [M]; 0 where it was not measured.
    ///
    /// It reaches the mel as it is, through a gate per frame and band, so that voices never heard keep their timbre.
    private func spectrum(_ profile: SpeakerProfile) -> [Float] {
        zip(zip(profile.spectrum, profileMean.suffix(Signal.melBands)), profile.known.suffix(Signal.melBands))
            .map { ($0.0 - $0.1) * $1 }
    }

    /// The voice's residual in each class of sound, the last of which is not speech, [M, S + 1].
    private func residuals(_ profile: SpeakerProfile) -> Matrix {
        var weight = Matrix(rows: Signal.melBands, columns: config.soundClasses + 1)
        for soundClass in 0..<config.soundClasses {
            for band in 0..<Signal.melBands {
                weight[band, soundClass] =
                    profile.classResiduals[soundClass * Signal.melBands + band] * residualGain[band]
            }
        }
        return weight
    }

    private func check(_ phonemes: Phonemes, profile: SpeakerProfile, prosody: TokenProsody) throws {
        guard (1...Convention.longestUtterance).contains(phonemes.count) else {
            throw AcousticError.length(tokens: phonemes.count, longest: Convention.longestUtterance)
        }
        if let phoneme = phonemes.first(where: { Int($0.rawValue) >= config.symbols }) {
            throw AcousticError.unknownToken(phoneme.rawValue, symbols: config.symbols)
        }
        try prosody.check(tokens: phonemes.count)
        try profile.validate()
    }

    /// The model with other weights where layers were tuned.
    func amended(_ amend: @escaping (String, inout [Float]) -> Void) -> AcousticModel {
        var loader = WeightLoader(file, precision: precision)
        loader.amend = amend
        var amended = self
        // Not what keeps it alive.
        amended.adaptedModels = AdaptedModels()
        // Its decoder makes other keys and values of a profile.
        amended.recentVoices = RecentVoices()
        amended.duration = Predictor(duration: &loader, config: config)
        amended.prosody = Predictor(prosody: &loader, config: config)
        (amended.decoder, amended.output, amended.gate) = Self.decoder(&loader, config: config)
        return amended
    }

    /// The part that predicts the mel, which may be quantized; the part that predicts durations and pitch may not, so
    /// that no phoneme lasts longer or shorter for it.
    private static func decoder(
        _ loader: inout WeightLoader, config: AcousticConfig
    ) -> (decoder: Transformer, output: Linear, gate: Linear) {
        loader.quantizes = true
        defer { loader.quantizes = false }
        let decoder = Transformer(
            "decoder", blocks: config.decoderBlocks, attendsToVoice: true, &loader, config: config)
        let bands = config.stride * Signal.melBands
        return (
            decoder, loader.linear("output", inputs: config.width, outputs: bands),
            loader.linear("gate", inputs: config.width, outputs: bands)
        )
    }
}

/// What the blocks take of a voice.
package struct VoiceInputs: Sendable {
    /// The speaker as every block sees it, [1, K].
    package var condition: Matrix
    /// How the average spectrum differs from everyone's, [M]; 0 where it was not measured.
    package var spectrum: [Float]
    /// The residual in each class of sound, [M, S + 1].
    package var residuals: Matrix
    /// What the decoder attends to, [S + R, C].
    package var memory: Matrix
    /// The keys and values that each of the decoder's blocks makes of that, [S + R, 2 C].
    var keysAndValues: [Matrix]
}
