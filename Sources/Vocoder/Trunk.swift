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
    let input: Convolution  // the frames of a step, each mel, ln F0, voicing -> C
    let blocks: [ConvNeXtBlock]
    let norm: LayerNorm
    let output: Linear  // C -> for each frame of a step 3 G + 2 R numbers, see SpectralKnots

    init(_ loader: inout WeightLoader, config: VocoderConfig) {
        let (width, hidden) = (config.width, config.width * config.expansion)
        self.config = config
        loader.quantizes = true
        input = loader.convolution("input", inputs: config.stride * Self.inputs, outputs: width, taps: config.kernel)
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
        // What it says is exponents and phases: in int8 it makes most of the error.
        output = loader.linear("output", inputs: width, outputs: config.stride * config.knots.numbers, isExact: true)
    }

    /// Numbers of a frame that the trunk reads: M + 2.
    static let inputs = Signal.melBands + 2
}

/// The trunk over a stream of frames: every convolution keeps the steps its next outputs need, so that chunks give the
/// frames a whole utterance would, without computing any twice.
struct Trunk: Sendable {
    private let weights: TrunkWeights
    /// Frames of a step that is not complete yet, [n, M + 2].
    private var begun: [Float] = []
    /// Inputs of the first convolution and of every block, from the oldest step still needed on.
    private var pending: [Matrix]
    private var x = Matrix(rows: 0, columns: 0)
    private var y = Matrix(rows: 0, columns: 0)
    private var hidden = Matrix(rows: 0, columns: 0)
    private var scratch = Scratch()

    /// The newest outputs of the last block, [steps, C].
    var steps: Matrix { x }
    /// What the output layer says of the same steps: numbers of one frame after the other, [steps, stride (3 G + 2 R)].
    private(set) var output = Matrix(rows: 0, columns: 0)
    /// Frames in `output`; at the end there may be fewer than its steps have room for.
    private(set) var frames = 0

    init(_ weights: TrunkWeights) {
        self.weights = weights
        let (config, half) = (weights.config, weights.config.kernel / 2)
        // Every convolution sees zeros before the first step.
        pending = [Matrix(rows: half, columns: config.stride * TrunkWeights.inputs)]
        pending += Array(repeating: Matrix(rows: half, columns: config.width), count: config.blocks)
    }

    /// Takes the next input frames and leaves what they complete in `steps` and `output`.
    ///
    /// - Parameters:
    ///   - features: [n, M + 2]
    ///   - last: whether the stream ends here; then an incomplete step is filled with zeros, and every convolution sees
    ///     zeros after
    mutating func push(_ features: Matrix, last: Bool) {
        let (half, width) = (weights.config.kernel / 2, weights.config.stride * TrunkWeights.inputs)
        begun += features.elements
        let missing = last ? (width - begun.count % width) % width : 0
        begun += repeatElement(0, count: missing)
        let rows = begun.count / width
        extend(0, by: Matrix(rows: rows, columns: width, elements: Array(begun[..<(rows * width)])), last: last)
        begun.removeFirst(rows * width)
        weights.input.apply(pending[0], into: &x, scratch: &scratch)
        pending[0].removeFirst(rows: x.rows)
        for (index, block) in weights.blocks.enumerated() {
            extend(index + 1, by: x, last: last)
            block.depthwise.apply(pending[index + 1], into: &y)
            block.norm.apply(to: &y)
            block.up.apply(y, into: &hidden, activation: .gelu, scratch: &scratch)
            x.resize(rows: y.rows, columns: y.columns)
            x.copy(rows: half..<half + y.rows, of: pending[index + 1], to: 0)
            block.down.add(hidden, scaledBy: block.scale, to: &x, scratch: &scratch)
            pending[index + 1].removeFirst(rows: y.rows)
        }
        weights.norm.apply(x, into: &y)
        weights.output.apply(y, into: &output, scratch: &scratch)
        frames = x.rows * weights.config.stride - missing / TrunkWeights.inputs
    }

    private mutating func extend(_ layer: Int, by rows: Matrix, last: Bool) {
        pending[layer].append(rows)
        if last {
            let half = weights.config.kernel / 2
            pending[layer].resize(rows: pending[layer].rows + half, columns: pending[layer].columns)
        }
    }
}
