public import Foundation
internal import SpeechSignal
public import Tensor
package import Weights

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
    /// Frames that are heard at a time for a pace, 10 s: about an utterance.
    private static let piece = 800

    private let config: ContentConfig
    /// The acoustic model that it was trained for.
    private let trained: String
    private let input: Linear
    private let local: Predictor
    private let context: Transformer
    private let output: Linear
    private let head: PaceHead

    /// - Parameters:
    ///   - url: the trainer's export, content.safetensors
    ///   - acoustic: the model whose decoder takes the states
    ///   - precision: `.float32` agrees with the trainer to rounding errors; `.automatic` is faster
    /// - Throws: `FileError`, `WeightError`, `AcousticError.contentEncoder`
    public init(weights url: URL, for acoustic: AcousticModel, precision: Precision = .automatic) throws {
        try self.init(WeightFile(contentsOf: url), precision: precision)
        guard belongs(to: acoustic) else {
            throw AcousticError.contentEncoder("was trained for acoustic model \(trained), not \(acoustic.fingerprint)")
        }
    }

    /// Whether the states are those that an acoustic model's decoder takes.
    package func belongs(to acoustic: AcousticModel) -> Bool {
        config.fits(acoustic.config) && trained == acoustic.fingerprint
    }

    /// An encoder that measures paces; for that, no acoustic model is needed.
    ///
    /// - Throws: `WeightError`, `AcousticError.contentEncoder`
    package init(_ file: WeightFile, precision: Precision = .automatic) throws {
        trained = file.metadata[Self.acousticKey] ?? "unknown"
        var loader = WeightLoader(file, precision: precision)
        config = try loader.configuration(ContentConfig.self)
        try config.validate()
        let width = config.width
        input = loader.linear("input", inputs: config.stride * Signal.wideBands, outputs: width)
        local = Predictor(
            "local", blocks: config.localBlocks, outputs: width, taps: config.kernel, &loader, config: config)
        context = Transformer("context", blocks: config.blocks, &loader, config: config)
        output = loader.linear("output", inputs: width, outputs: width)
        head = PaceHead("head", &loader, config: config)
        try loader.finish()
    }

    /// What the encoder hears of frames of a log mel [T, M]: the bands below 7.6 kHz, less their mean over the speaker's
    /// voiced frames, [T, H].
    ///
    /// - Parameter average: that mean, [H] or more
    package static func heard(_ mel: Matrix, average: [Float]) -> Matrix {
        var heard = Matrix(rows: mel.rows, columns: Signal.wideBands)
        for frame in 0..<heard.rows {
            for band in 0..<heard.columns { heard[frame, band] = mel[frame, band] - average[band] }
        }
        return heard
    }

    /// The states of a recording, [U, C].
    ///
    /// - Parameters:
    ///   - heard: as `heard(_:average:)` gives it, [T, H]; T whole steps, one or more
    ///   - voice: who is to say it
    /// - Throws: `AcousticError.contentEncoder` where its weights are damaged
    package func callAsFunction(_ heard: Matrix, voice: VoiceInputs) throws(AcousticError) -> Matrix {
        var workspace = AcousticWorkspace()
        return try states(heard, condition: voice.condition, workspace: &workspace)
    }

    /// The time that the phonemes of some speech take, and their number, as far as that can be heard.
    ///
    /// - Parameters:
    ///   - heard: as for the states, of any length, [T, H]
    ///   - isKept: the frames that count, [T]; a step counts with its first frame
    /// - Throws: `AcousticError.contentEncoder` where its weights are damaged
    package func pace(of heard: Matrix, isKept: [Bool]) throws(AcousticError) -> SpeechPace {
        var workspace = AcousticWorkspace()
        var pace = SpeechPace()
        for first in Swift.stride(from: 0, to: heard.rows, by: Self.piece) {
            let rows = min(Self.piece, heard.rows - first) / config.stride * config.stride
            guard isKept[first..<first + rows].contains(true) else { continue }
            let states = try states(
                heard.rows(first..<first + rows), condition: head.condition, workspace: &workspace)
            let steps = head(states, workspace: &workspace)
            for step in 0..<steps.rows where isKept[first + step * config.stride] {
                pace.frames += Float(config.stride) / (1 + expf(-steps[step, 0]))
                pace.phonemes += expf(min(max(steps[step, 1], PaceHead.crowds.lowerBound), PaceHead.crowds.upperBound))
            }
        }
        guard pace.frames.isFinite, pace.phonemes.isFinite else {
            throw .contentEncoder("produces values that are not finite")
        }
        return pace
    }

    private func states(
        _ heard: Matrix, condition: Matrix, workspace: inout AcousticWorkspace
    ) throws(AcousticError) -> Matrix {
        var steps = heard
        steps.scale(by: 1 / Convention.melScale, plus: 0)
        steps.reshape(rows: heard.rows / config.stride)
        let x = input(steps, scratch: &workspace.scratch)
        let near = local(x, condition: condition, workspace: &workspace)
        let wide = context(near, condition: condition, spacing: config.stride, workspace: &workspace)
        let states = output(wide, scratch: &workspace.scratch)
        guard states.elements.allSatisfy(\.isFinite) else {
            throw .contentEncoder("produces values that are not finite")
        }
        return states
    }
}

/// How fast somebody speaks: summed over recordings.
package struct SpeechPace: Sendable {
    /// Frames inside spoken phonemes.
    package var frames: Float = 0
    /// Spoken phonemes.
    package var phonemes: Float = 0

    package init() {}

    /// ln of the mean frames per spoken phoneme; nil where there are none.
    package var logFramesPerPhoneme: Float? {
        frames > 0 && phonemes > 0 ? logf(frames / phonemes) : nil
    }

    package static func += (sum: inout SpeechPace, part: SpeechPace) {
        sum.frames += part.frames
        sum.phonemes += part.phonemes
    }
}

/// States [U, C] to, for every step, the logit of its lying in a spoken phoneme and ln of how many it holds, [U, 2]
/// (Training/starling_training/train_pace.py).
private struct PaceHead: Sendable {
    private static let (width, taps) = (64, 5)
    /// ln phonemes of a step that there may be.
    static let crowds: ClosedRange<Float> = -8...2
    /// The voice under which the encoder hears what the head reads, [1, K].
    let condition: Matrix
    private let near: Convolution
    private let output: Linear

    init(_ name: String, _ loader: inout WeightLoader, config: ContentConfig) {
        let values = loader.vector("\(name).condition", count: config.condition)
        condition = Matrix(rows: 1, columns: config.condition, elements: values)
        near = loader.convolution("\(name).near", inputs: config.width, outputs: Self.width, taps: Self.taps)
        output = loader.linear("\(name).output", inputs: Self.width, outputs: 2, isExact: true)
    }

    func callAsFunction(_ states: Matrix, workspace w: inout AcousticWorkspace) -> Matrix {
        near.applyPadded(states, into: &w.y, activation: .gelu, scratch: &w.scratch)
        return output(w.y, scratch: &w.scratch)
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

    /// Whether the decoder of an acoustic model takes the states.
    func fits(_ acoustic: AcousticConfig) -> Bool {
        width == acoustic.width && condition == acoustic.condition && heads == acoustic.heads
            && stride == acoustic.stride
    }

    /// Throws unless a network of this size is sensible and of the version implemented here.
    func validate() throws {
        let sensible =
            (1...4096).contains(width) && (1...4096).contains(condition) && (1...64).contains(heads)
            && width % (2 * heads) == 0 && (1...8).contains(stride) && (0...64).contains(localBlocks)
            && (0...64).contains(blocks) && (1...16_384).contains(hidden)
            && (1...99).contains(kernel) && kernel % 2 == 1
        guard sensible, version == 1 else {
            throw AcousticError.contentEncoder("has an unsupported configuration (\(self))")
        }
    }
}
