package import AcousticModel
internal import SpeechSignal
package import Tensor
package import VoiceProfile
internal import Weights

/// The parts of the acoustic model that are tuned for a voice, with all that can change in them.
package struct TunedNetwork: Sendable {
    private let model: AcousticModel
    private let decoder: TunedDecoder
    private let prosody: TunedPredictor
    private let duration: TunedPredictor
    /// What is tuned.
    package var parameters: TunedParameters

    /// - Parameters:
    ///   - voice: what the model makes of the profile
    ///   - seed: of the directions that tuning begins with
    ///   - precision: of products with weights that stay
    package init(_ model: AcousticModel, voice: VoiceInputs, seed: UInt64, precision: Precision) {
        self.model = model
        let config = model.config
        var loader = WeightLoader(model.file, precision: precision)
        var parameters = TunedParameters(seed: seed)
        decoder = TunedDecoder(voice: voice, &loader, config: config, &parameters)
        prosody = TunedPredictor(
            "prosody", blocks: config.prosodyBlocks, outputs: 3 * config.stride, taps: config.prosodyTaps, &loader,
            config: config, condition: voice.condition, &parameters)
        duration = TunedPredictor(
            "duration", blocks: AcousticConfig.durationBlocks, outputs: 1, taps: 5, &loader, config: config,
            condition: voice.condition, &parameters)
        self.parameters = parameters
    }

    /// What is tuned as a profile keeps it.
    package var adaptation: VoiceAdaptation { parameters.adaptation(model: model.fingerprint) }

    /// Natural log mel, [T, M].
    ///
    /// - Parameter memory: what the decoder attends to of the voice, [S + R, C]
    package func mel(of utterance: PreparedUtterance, memory: Matrix) -> Matrix {
        var scratch = Scratch()
        return decoder(utterance.controlled, memory: memory, parameters.values, scratch: &scratch).mel
    }

    /// How far an utterance is from what is wanted.
    package func loss(of example: TuningExample) -> TuningLoss {
        var none: [Matrix]?
        return loss(of: example, scale: 1, into: &none)
    }

    /// How far an utterance is from what is wanted, and what to change.
    ///
    /// - Parameter scale: how much it counts
    /// - Returns: the loss, and its gradient by all parameters, scaled
    package func gradient(of example: TuningExample, scale: Float) -> (loss: TuningLoss, gradients: [Matrix]) {
        var gradients: [Matrix]? = parameters.zeros
        let loss = loss(of: example, scale: scale, into: &gradients)
        return (loss, gradients ?? [])
    }

    private func loss(of example: TuningExample, scale: Float, into gradients: inout [Matrix]?) -> TuningLoss {
        var loss = TuningLoss()
        var scratch = Scratch()
        let values = parameters.values

        let decoded = decoder(
            example.prepared.controlled, memory: example.memory, values, scratch: &scratch)
        let dmel = loss.addMel(decoded.mel, example, scale: scale)
        if gradients != nil { decoder.gradient(dmel, decoded, values, into: &gradients!, scratch: &scratch) }

        let spoken = prosody(example.prepared.states, values, scratch: &scratch)
        var frames = spoken.y
        frames.reshape(rows: example.mel.rows)
        var dframes = loss.addProsody(frames, example, scale: scale)
        dframes.reshape(rows: spoken.y.rows)
        if gradients != nil { prosody.gradient(dframes, spoken, values, into: &gradients!, scratch: &scratch) }

        guard example.prepared.encoded.rows > 0 else { return loss }
        let lasting = duration(example.prepared.encoded, values, scratch: &scratch)
        let dlasting = loss.addDurations(lasting.y, example, scale: scale)
        if gradients != nil { duration.gradient(dlasting, lasting, values, into: &gradients!, scratch: &scratch) }
        return loss
    }
}
