public import Foundation
internal import SpeechSignal
public import Tensor
internal import Weights

/// What somebody said, out of the mel of a recording: the states that the acoustic model's decoder takes, without text.
///
///     let encoder = try ContentEncoder(weights: data.appending(path: "content.safetensors"), for: acoustic)
///
///     heard [T, H] ─ a step for every `stride` frames ─▶ [U, C] ─ convolution blocks ─ transformer blocks ─▶ states [U, C]
///
/// It stands in for the text encoder and the length regulator in voice conversion (as the content encoder of AutoVC,
/// Qian et al. 2019): the decoder then speaks with the profile of somebody else, whose condition enters every block.
/// Letters: T frames, U = T / stride steps, H = 85 mel bands below 7.6 kHz, C channels.
public struct ContentEncoder: Sendable {
    /// Key in the weights' metadata of the acoustic model that they were trained for, `AcousticModel.fingerprint`.
    static let acousticKey = "acoustic"

    private let config: ContentConfig
    private let input: Linear
    private let local: Predictor
    private let context: Transformer
    private let output: Linear

    /// - Parameters:
    ///   - url: the trainer's export, content.safetensors
    ///   - acoustic: the model whose decoder takes the states
    ///   - precision: `.float32` agrees with the trainer to rounding errors; `.automatic` is faster
    /// - Throws: `FileError`, `WeightError`, `AcousticError.contentEncoder`
    public init(weights url: URL, for acoustic: AcousticModel, precision: Precision = .automatic) throws {
        let file = try WeightFile(contentsOf: url)
        var loader = WeightLoader(file, precision: precision)
        config = try loader.configuration(ContentConfig.self)
        try config.validate(for: acoustic.config)
        let (trained, present) = (file.metadata[Self.acousticKey] ?? "unknown", acoustic.fingerprint)
        guard trained == present else {
            throw AcousticError.contentEncoder("was trained for acoustic model \(trained), not \(present)")
        }
        let width = config.width
        input = loader.linear("input", inputs: config.stride * Signal.wideBands, outputs: width)
        local = Predictor(
            "local", blocks: config.localBlocks, outputs: width, taps: config.kernel, &loader, config: config)
        context = Transformer("context", blocks: config.blocks, &loader, config: config)
        output = loader.linear("output", inputs: width, outputs: width)
        try loader.finish()
    }

    /// The states of a recording, [U, C].
    ///
    /// - Parameters:
    ///   - heard: log mel below 7.6 kHz less its mean over the speaker's voiced frames, [T, H]; T whole steps, one or
    ///     more
    ///   - voice: who is to say it
    /// - Throws: `AcousticError.contentEncoder` where its weights are damaged
    package func callAsFunction(_ heard: Matrix, voice: VoiceInputs) throws(AcousticError) -> Matrix {
        var workspace = AcousticWorkspace()
        var steps = heard
        steps.scale(by: 1 / Convention.melScale, plus: 0)
        steps.reshape(rows: heard.rows / config.stride)
        let x = input(steps, scratch: &workspace.scratch)
        let near = local(x, condition: voice.condition, workspace: &workspace)
        let wide = context(near, condition: voice.condition, spacing: config.stride, workspace: &workspace)
        let states = output(wide, scratch: &workspace.scratch)
        guard states.elements.allSatisfy(\.isFinite) else {
            throw .contentEncoder("produces values that are not finite")
        }
        return states
    }
}

/// The content encoder's size, as the trainer writes it into the weights' metadata.
struct ContentConfig: Codable, Sendable, BlockConfig {
    let width: Int
    let condition: Int
    let heads: Int
    /// Frames of a step.
    let stride: Int
    /// Convolution blocks.
    let localBlocks: Int
    /// Transformer blocks.
    let blocks: Int
    let hidden: Int
    /// Taps of the convolution blocks, in steps.
    let kernel: Int
    let version: Int

    /// No block attends to a voice.
    var decoderHidden: Int { hidden }

    enum CodingKeys: String, CodingKey {
        case width, condition, heads, stride, blocks, hidden, kernel, version
        case localBlocks = "local_blocks"
    }

    /// Throws unless a network of this size is sensible, of the version implemented here, and fits the acoustic model.
    func validate(for acoustic: AcousticConfig) throws {
        let fits =
            width == acoustic.width && condition == acoustic.condition && heads == acoustic.heads
            && stride == acoustic.stride
        let sensible =
            (0...64).contains(localBlocks) && (0...64).contains(blocks) && (1...16_384).contains(hidden)
            && (1...99).contains(kernel) && kernel % 2 == 1
        guard fits, sensible, version == 1 else {
            throw AcousticError.contentEncoder("has an unsupported configuration (\(self))")
        }
    }
}
