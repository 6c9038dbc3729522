public import Foundation
public import SpeechSignal
public import Tensor
public import VoiceProfile
private import Weights

/// The acoustic model: phonemes and a speaker profile in; durations, F0 and a mel spectrogram out.
///
///     let model = try AcousticModel(weights: data.appending(path: "acoustic.safetensors"))
///     let utterance = try model.predict(phonemes: [.pad] + Phonemes(symbols: "həlˈO") + [.pad], profile: profile)
///
///     tokens [N] ─ encoder ─▶ [N, C] ─▶ durations [N]
///                     └─ length regulator ─▶ [T, C] ─ prosody ─▶ F0, voicing, energy [T]
///                                                └──────┴─ decoder ─▶ mel [T, M]
///                          class residuals [S, M] ───────┘
///
/// F0 is a z-score under the profile's own mean and deviation, and the profile's condition enters every block; the decoder
/// attends to its class residuals too. The profile's gains widen F0 and energy about their means before the decoder hears of
/// them. Its mel correction is no part of the network; `SpeechNetworks` applies it.
/// Letters: N tokens, T frames, C channels, K condition channels, M mel bands, S classes of sound.
public struct AcousticModel: Sendable {
    /// Fingerprint of the profiles the model was trained on, see `ProfileSpace`; nil in files that do not tell.
    public let profileSpace: String?
    private let config: AcousticConfig
    /// The average of the profiles that the model was trained on, in the order of `SpeakerProfile.vector`, [360].
    public let profileMean: [Float]
    private let profileDeviation: [Float]  // [360]
    private let profileUp: Linear
    private let profileDown: Linear
    private let embedding: Matrix  // [symbols, C]
    private let encoder: Transformer
    private let duration: Predictor
    private let regulator: LengthRegulator
    private let prosody: Predictor
    private let controls: Convolution
    private let residuals: Linear
    private let soundClasses: Matrix  // [S, C]
    private let decoder: Transformer
    private let output: Linear
    private let gate: Linear
    private let soundClass: Linear
    private let residualGain: [Float]  // [M]

    /// - Parameters:
    ///   - url: the trainer's export, acoustic.safetensors
    ///   - precision: `.float32` agrees with the trainer to rounding errors; `.automatic` is faster
    /// - Throws: `WeightError`, `AcousticError.unsupported`
    public init(weights url: URL, precision: Precision = .automatic) throws {
        let file = try WeightFile(contentsOf: url)
        profileSpace = file.metadata[ProfileSpace.key]
        var loader = WeightLoader(file, precision: precision)
        let config = try loader.configuration(AcousticConfig.self)
        try config.validate()
        self.config = config
        let profile = SpeakerProfile.vectorSize
        profileMean = loader.vector("profile_mean", count: profile)
        profileDeviation = loader.vector("profile_deviation", count: profile)
        profileUp = loader.linear("profile_up", inputs: profile, outputs: 2 * config.condition)
        profileDown = loader.linear("profile_down", inputs: 2 * config.condition, outputs: config.condition)
        embedding = loader.matrix("embedding.weight", rows: config.symbols, columns: config.width)
        encoder = Transformer("encoder", blocks: config.encoderBlocks, &loader, config: config)
        duration = Predictor("duration", blocks: 2, outputs: 1, taps: 5, &loader, config: config)
        regulator = LengthRegulator(position: loader.linear("position", inputs: 4, outputs: config.width))
        prosody = Predictor("prosody", blocks: config.prosodyBlocks, outputs: 3, taps: 9, &loader, config: config)
        controls = loader.convolution("controls", inputs: 4, outputs: config.width, taps: 3)
        residuals = loader.linear("colours", inputs: 2 * Signal.melBands, outputs: config.width)
        soundClasses = loader.matrix("kinds", rows: config.soundClasses, columns: config.width)
        decoder = Transformer(
            "decoder", blocks: config.decoderBlocks, attendsToVoice: true, &loader, config: config)
        output = loader.linear("output", inputs: config.width, outputs: Signal.melBands)
        gate = loader.linear("gate", inputs: config.width, outputs: Signal.melBands)
        soundClass = loader.linear("kind", inputs: config.width, outputs: config.soundClasses + 1)
        residualGain = loader.vector("colouring", count: Signal.melBands)
        try loader.finish()
    }

    /// What one utterance sounds like.
    ///
    /// - Parameters:
    ///   - phonemes: with the pad at both ends, [N]
    ///   - profile: the speaker
    ///   - speed: 1 is the speaker's own, 2 twice as fast; 0.25 to 4
    ///   - pitchShift: semitones, -24 to 24
    ///   - rise: where F0 rises at the end, if it does
    /// - Throws: `AcousticError`, `ProfileError`
    public func predict(
        phonemes: Phonemes, profile: SpeakerProfile, speed: Float = 1, pitchShift: Float = 0, rise: FinalRise? = nil
    ) throws -> Utterance {
        let prosody = TokenProsody(count: phonemes.count, speed: speed, pitchShift: pitchShift)
        return try predict(phonemes: phonemes, profile: profile, prosody: prosody, rise: rise)
    }

    /// What one utterance sounds like when its parts are spoken differently.
    ///
    /// - Parameter prosody: how each token is spoken; where the pitch changes, it glides
    /// - Throws: `AcousticError`, `ProfileError`
    public func predict(
        phonemes: Phonemes, profile: SpeakerProfile, prosody: TokenProsody, rise: FinalRise? = nil
    ) throws -> Utterance {
        let stages = try stages(phonemes: phonemes, profile: profile, prosody: prosody, rise: rise)
        return Utterance(mel: stages.mel, f0: stages.f0, durations: stages.durations)
    }

    /// Every stage's output, for comparison with the trainer.
    package struct Stages: Sendable {
        package var encoded: Matrix  // [N, C]
        package var logDurations: [Float]  // [N]
        package var durations: [Int]  // [N]
        package var states: Matrix  // [T, C]
        package var prosody: Matrix  // [T, 3]: F0 z-score, voicing logit, energy
        package var mel: Matrix  // [T, M]
        package var f0: [Float]  // [T]
    }

    package func stages(
        phonemes: Phonemes, profile: SpeakerProfile, prosody manner: TokenProsody, rise: FinalRise? = nil
    ) throws -> Stages {
        try check(phonemes, profile: profile, prosody: manner)
        var workspace = AcousticWorkspace()
        let condition = condition(profile, scratch: &workspace.scratch)

        var embedded = Matrix(rows: phonemes.count, columns: config.width)
        for (row, phoneme) in phonemes.enumerated() {
            let token = Int(phoneme.rawValue)
            embedded.copy(rows: token..<token + 1, of: embedding, to: row)
        }
        let encoded = encoder(embedded, condition: condition, workspace: &workspace)
        let logDurations = duration(encoded, condition: condition, workspace: &workspace).elements
        let durations = try zip(logDurations, manner.speed).map { value, speed in
            let frames = (exp(value) * profile.durationGain / speed).rounded(.toNearestOrEven)
            guard !frames.isNaN else { throw AcousticError.notFinite }
            return Int(min(max(1, frames), Float(Convention.longestPhoneme)))
        }

        let states = regulator(encoded, durations: durations, scratch: &workspace.scratch)
        var prosody = prosody(states, condition: condition, workspace: &workspace)
        rise?.apply(to: &prosody, durations: durations)
        let shift = TokenProsody.spread(manner.pitchShift, durations: durations)
        let range = TokenProsody.spread(manner.pitchRange, durations: durations)
        let mean = profile.pitchMean + profile.pitchOffset
        let deviation = max(profile.pitchDeviation, Convention.minimalPitchDeviation)
        var inputs = Matrix(rows: states.rows, columns: 4)
        var f0 = [Float](repeating: 0, count: states.rows)
        for frame in 0..<states.rows {
            let pitch = prosody[frame, 0] * range[frame] * profile.pitchGain
            inputs[frame, 3] = prosody[frame, 2] * profile.energyGain
            guard prosody[frame, 1] > 0 else { continue }
            let logarithm = pitch * deviation + (mean + shift[frame] * Convention.semitone)
            inputs[frame, 0] = pitch
            inputs[frame, 1] = logarithm - Convention.pitchCentre
            inputs[frame, 2] = 1
            f0[frame] = exp(logarithm)
        }

        var decoded = Matrix(rows: 0, columns: 0)
        controls.applyPadded(inputs, into: &decoded, scratch: &workspace.scratch)
        decoded.add(states)
        let spectrum = spectrum(profile)
        let speaker = speaker(profile, spectrum: spectrum, scratch: &workspace.scratch)
        decoded = decoder(decoded, condition: condition, speaker: speaker, workspace: &workspace)
        var mel = output(decoded, scratch: &workspace.scratch)
        mel.scale(by: Convention.melScale, plus: -Convention.melShift)
        var gates = gate(decoded, scratch: &workspace.scratch)
        gates.sigmoid()
        mel.add(gates, scaledBy: spectrum)
        var shares = soundClass(decoded, scratch: &workspace.scratch)
        shares.softmax()
        mel.add(residual(profile)(shares, scratch: &workspace.scratch))
        guard mel.elements.allSatisfy({ $0.isFinite }), f0.allSatisfy({ $0.isFinite }) else {
            throw AcousticError.notFinite
        }
        return Stages(
            encoded: encoded, logDurations: logDurations, durations: durations, states: states, prosody: prosody,
            mel: mel, f0: f0)
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

    /// What the decoder attends to of a speaker: residual and average spectrum in each class of sound, [S, C].
    private func speaker(_ profile: SpeakerProfile, spectrum: [Float], scratch: inout Scratch) -> Matrix {
        let bands = Signal.melBands
        var heard = Matrix(rows: config.soundClasses, columns: 2 * bands)
        for soundClass in 0..<config.soundClasses {
            for band in 0..<bands {
                heard[soundClass, band] = profile.classResiduals[soundClass * bands + band]
                heard[soundClass, bands + band] = spectrum[band]
            }
        }
        var speaker = residuals(heard, scratch: &scratch)
        speaker.add(soundClasses)
        return speaker
    }

    /// From the shares of the classes of sound in a frame, the last of which is no speech, to the voice's residual in them,
    /// [S + 1] -> [M].
    private func residual(_ profile: SpeakerProfile) -> Linear {
        var weight = Matrix(rows: Signal.melBands, columns: config.soundClasses + 1)
        for soundClass in 0..<config.soundClasses {
            for band in 0..<Signal.melBands {
                weight[band, soundClass] =
                    profile.classResiduals[soundClass * Signal.melBands + band] * residualGain[band]
            }
        }
        return Linear(weight: weight, precision: .float32)
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
}

/// What the acoustic model says an utterance sounds like.
public struct Utterance: Sendable {
    /// Natural log mel, [T, M].
    public var mel: Matrix
    /// Hz, [T]; 0 where unvoiced.
    public var f0: [Float]
    /// Frames of every token, [N], the pads included; their sum is T.
    public var durations: [Int]

    public init(mel: Matrix, f0: [Float], durations: [Int]) {
        (self.mel, self.f0, self.durations) = (mel, f0, durations)
    }
}
