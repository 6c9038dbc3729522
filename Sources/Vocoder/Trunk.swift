import SpeechSignal
internal import Tensor
internal import Weights

/// x + scale · W2 GELU(W1 LayerNorm(depthwise(x))), over [T, C].
struct ConvNeXtBlock: Sendable {
    let depthwise: DepthwiseConvolution
    let norm: LayerNorm
    let up: Linear
    let down: Linear
    let scale: [Float]  // [C]
}

/// The trunk's weights.
struct TrunkWeights: Sendable {
    let config: VocoderConfig
    let input: Convolution  // mel, ln F0, voicing -> C
    let blocks: [ConvNeXtBlock]
    let norm: LayerNorm
    let output: Linear  // C -> 5 F: harmonic log gain, phase offset, noise log gain, residual log gain, its phase

    init(_ loader: inout WeightLoader, config: VocoderConfig) {
        let (width, hidden) = (config.width, config.width * config.expansion)
        self.config = config
        input = loader.convolution("input", inputs: Signal.melBands + 2, outputs: width, taps: config.kernel)
        blocks = (0..<config.blocks).map { index in
            let name = "blocks.\(index)"
            return ConvNeXtBlock(
                depthwise: loader.depthwise("\(name).depthwise", channels: width, taps: config.kernel),
                norm: loader.layerNorm("\(name).norm", channels: width),
                up: loader.linear("\(name).up", inputs: width, outputs: hidden),
                down: loader.linear("\(name).down", inputs: hidden, outputs: width),
                scale: loader.vector("\(name).scale", count: width))
        }
        norm = loader.layerNorm("norm", channels: width)
        output = loader.linear("output", inputs: width, outputs: 5 * Signal.bins)
    }
}

/// The trunk over a stream of frames: every convolution keeps the frames its next outputs need, so that chunks give the
/// frames a whole utterance would, without computing any twice.
struct Trunk: Sendable {
    private let weights: TrunkWeights
    /// Inputs of the first convolution and of every block, from the oldest frame still needed on.
    private var pending: [Matrix]
    private var x = Matrix(rows: 0, columns: 0)
    private var y = Matrix(rows: 0, columns: 0)
    private var hidden = Matrix(rows: 0, columns: 0)
    private var scratch = Scratch()

    /// The newest outputs of the last block, [n, C].
    var frames: Matrix { x }
    /// The parts of the same frames, [n, 5 F].
    private(set) var parts = Matrix(rows: 0, columns: 0)

    init(_ weights: TrunkWeights) {
        self.weights = weights
        let (width, half) = (weights.config.width, weights.config.kernel / 2)
        // Every convolution sees zeros before the first frame.
        pending = [Matrix(rows: half, columns: Signal.melBands + 2)]
        pending += Array(repeating: Matrix(rows: half, columns: width), count: weights.config.blocks)
    }

    /// Takes the next input frames and leaves the output frames they complete in `frames` and `parts`.
    ///
    /// - Parameters:
    ///   - features: [n, M + 2]
    ///   - last: whether the stream ends here; then every convolution sees zeros behind
    mutating func push(_ features: Matrix, last: Bool) {
        let half = weights.config.kernel / 2
        extend(0, by: features, last: last)
        weights.input.apply(pending[0], into: &x, scratch: &scratch)
        pending[0].removeFirst(rows: x.rows)
        for (index, block) in weights.blocks.enumerated() {
            extend(index + 1, by: x, last: last)
            block.depthwise.apply(pending[index + 1], into: &y)
            block.norm.apply(to: &y)
            block.up.apply(y, into: &hidden, scratch: &scratch)
            hidden.gelu()
            block.down.apply(hidden, into: &y, scratch: &scratch)
            x.resize(rows: y.rows, columns: y.columns)
            x.copy(rows: half..<half + y.rows, of: pending[index + 1], to: 0)
            x.add(y, scaledBy: block.scale)
            pending[index + 1].removeFirst(rows: y.rows)
        }
        weights.norm.apply(x, into: &y)
        weights.output.apply(y, into: &parts, scratch: &scratch)
    }

    private mutating func extend(_ layer: Int, by rows: Matrix, last: Bool) {
        pending[layer].append(rows)
        if last {
            let half = weights.config.kernel / 2
            pending[layer].resize(rows: pending[layer].rows + half, columns: pending[layer].columns)
        }
    }
}
