internal import Tensor
internal import Weights

/// The size of the blocks: of an acoustic model, or of a content encoder.
protocol BlockConfig {
    /// Channels of every stage.
    var width: Int { get }
    /// Channels of the speaker condition.
    var condition: Int { get }
    /// Attention heads.
    var heads: Int { get }
    /// Hidden channels of a block's feed-forward part.
    var hidden: Int { get }
    /// Those of blocks that attend to a voice.
    var decoderHidden: Int { get }
}

extension AcousticConfig: BlockConfig {}

/// LayerNorm(x) · (1 + scale(k)) + shift(k): the speaker's condition k sets gain and shift of the norm (AdaSpeech, Chen
/// et al. 2021).
struct ConditionalNorm: Sendable {
    let affine: Linear  // K -> 2 C

    init(_ name: String, _ loader: inout WeightLoader, config: some BlockConfig) {
        affine = loader.linear(
            "\(name).affine", inputs: config.condition, outputs: 2 * config.width, isExact: true)
    }

    /// - Parameters:
    ///   - x: [L, C]
    ///   - y: resized to [L, C]
    func apply(_ x: Matrix, condition: Matrix, into y: inout Matrix, scratch: inout Scratch) {
        let numbers = affine(condition, scratch: &scratch).elements
        let norm = LayerNorm(
            gain: numbers[..<x.columns].map { 1 + $0 }, shift: Array(numbers[x.columns...]))
        norm.apply(x, into: &y)
    }
}

/// Memory the blocks share, reused from block to block.
struct AcousticWorkspace: Sendable {
    var y = Matrix(rows: 0, columns: 0)  // [L, C]
    var z = Matrix(rows: 0, columns: 0)  // [L, C]
    var wide = Matrix(rows: 0, columns: 0)  // [L, 3 C] or [L, hidden]
    var scratch = Scratch()
}

/// Attention of every step to what is particular about the voice in each class of sound and to frames of it, pre-norm.
struct VoiceAttention: Sendable {
    let attention: Attention
    let norm: ConditionalNorm
    let query: Linear
    let memory: Linear
    let project: Linear

    init(_ name: String, _ loader: inout WeightLoader, config: some BlockConfig) {
        let width = config.width
        attention = Attention(heads: config.heads, precision: loader.precision)
        norm = ConditionalNorm("\(name).norm", &loader, config: config)
        query = loader.linear("\(name).query", inputs: width, outputs: width)
        memory = loader.linear("\(name).memory", inputs: width, outputs: 2 * width)
        project = loader.linear("\(name).project", inputs: width, outputs: width)
    }

    /// Changes x [L, C] in place by what it finds in a voice: the keys and values of `memory`, [S + R, 2 C].
    func apply(to x: inout Matrix, voice: Matrix, condition: Matrix, workspace w: inout AcousticWorkspace) {
        norm.apply(x, condition: condition, into: &w.y, scratch: &w.scratch)
        query.apply(w.y, into: &w.z, scratch: &w.scratch)
        attention.apply(queries: w.z, memory: voice, into: &w.y, scratch: &w.scratch)
        project.add(w.y, to: &x, scratch: &w.scratch)
    }
}

/// Pre-norm attention; where there is a voice to attend to, that; then a feed-forward part whose first layer is a
/// convolution of width 3.
struct TransformerBlock: Sendable {
    let attention: Attention
    let normAttention: ConditionalNorm
    let qkv: Linear
    let project: Linear
    let voice: VoiceAttention?
    let normFeed: ConditionalNorm
    let up: Convolution
    let down: Linear

    init(_ name: String, attendsToVoice: Bool, _ loader: inout WeightLoader, config: some BlockConfig) {
        let (width, hidden) = (config.width, attendsToVoice ? config.decoderHidden : config.hidden)
        attention = Attention(heads: config.heads, precision: loader.precision)
        normAttention = ConditionalNorm("\(name).norm_attention", &loader, config: config)
        qkv = loader.linear("\(name).qkv", inputs: width, outputs: 3 * width)
        project = loader.linear("\(name).project", inputs: width, outputs: width)
        voice = attendsToVoice ? VoiceAttention("\(name).voice", &loader, config: config) : nil
        normFeed = ConditionalNorm("\(name).norm_feed", &loader, config: config)
        up = loader.convolution("\(name).up", inputs: width, outputs: hidden, taps: 3)
        // Its inputs have outliers; in int8 it makes nearly all of a decoder's error.
        down = loader.linear("\(name).down", inputs: hidden, outputs: width, isExact: true)
    }

    /// Changes x [L, C] in place.
    ///
    /// - Parameter speaker: the keys and values of a voice, for a block that attends to one, [S + R, 2 C]
    func apply(
        to x: inout Matrix, condition: Matrix, speaker: Matrix?, rotary: RotaryEmbedding,
        workspace w: inout AcousticWorkspace
    ) {
        normAttention.apply(x, condition: condition, into: &w.y, scratch: &w.scratch)
        qkv.apply(w.y, into: &w.wide, scratch: &w.scratch)
        rotary.apply(to: &w.wide, heads: 2 * attention.heads)  // queries and keys lie side by side
        attention.apply(w.wide, into: &w.y, scratch: &w.scratch)
        project.add(w.y, to: &x, scratch: &w.scratch)
        if let voice, let speaker { voice.apply(to: &x, voice: speaker, condition: condition, workspace: &w) }
        normFeed.apply(x, condition: condition, into: &w.y, scratch: &w.scratch)
        up.applyPadded(w.y, into: &w.wide, activation: .gelu, scratch: &w.scratch)
        down.add(w.wide, to: &x, scratch: &w.scratch)
    }
}

/// Transformer blocks with rotary positions and a last norm (FastSpeech 2, Ren et al. 2021).
struct Transformer: Sendable {
    let blocks: [TransformerBlock]
    let norm: ConditionalNorm
    let dimension: Int  // channels of a head

    init(
        _ name: String, blocks count: Int, attendsToVoice: Bool = false, _ loader: inout WeightLoader,
        config: some BlockConfig
    ) {
        blocks = (0..<count).map {
            TransformerBlock("\(name).blocks.\($0)", attendsToVoice: attendsToVoice, &loader, config: config)
        }
        norm = ConditionalNorm("\(name).norm", &loader, config: config)
        dimension = config.width / config.heads
    }

    /// - Parameters:
    ///   - speaker: for blocks that attend to a voice, its `keysAndValues`
    ///   - spacing: positions from one row to the next
    /// - Returns: [L, C] of x [L, C]
    func callAsFunction(
        _ x: Matrix, condition: Matrix, speaker: [Matrix]? = nil, spacing: Int = 1, workspace: inout AcousticWorkspace
    ) -> Matrix {
        let rotary = RotaryEmbedding(length: x.rows, dimension: dimension, spacing: spacing)
        var x = x
        for (index, block) in blocks.enumerated() {
            block.apply(
                to: &x, condition: condition, speaker: speaker?[index], rotary: rotary, workspace: &workspace)
        }
        norm.apply(x, condition: condition, into: &workspace.y, scratch: &workspace.scratch)
        return workspace.y
    }

    /// What each block that attends to a voice attends to, [S + R, 2 C], of the voice's memory [S + R, C].
    func keysAndValues(of memory: Matrix, scratch: inout Scratch) -> [Matrix] {
        blocks.compactMap { $0.voice?.memory(memory, scratch: &scratch) }
    }
}

/// x + W2 GELU(W1 ConditionalNorm(depthwise(x))): local context for the predictors.
struct ConvolutionBlock: Sendable {
    let depthwise: DepthwiseConvolution
    let norm: ConditionalNorm
    let up: Linear
    let down: Linear

    init(_ name: String, taps: Int, _ loader: inout WeightLoader, config: some BlockConfig) {
        depthwise = loader.depthwise("\(name).depthwise", channels: config.width, taps: taps)
        norm = ConditionalNorm("\(name).norm", &loader, config: config)
        up = loader.linear("\(name).up", inputs: config.width, outputs: config.hidden)
        down = loader.linear("\(name).down", inputs: config.hidden, outputs: config.width)
    }

    /// Changes x [L, C] in place.
    func apply(to x: inout Matrix, condition: Matrix, workspace w: inout AcousticWorkspace) {
        w.z.pad(x, before: depthwise.taps / 2, after: depthwise.taps / 2)
        depthwise.apply(w.z, into: &w.y)
        norm.apply(w.y, condition: condition, into: &w.z, scratch: &w.scratch)
        up.apply(w.z, into: &w.wide, activation: .gelu, scratch: &w.scratch)
        down.add(w.wide, to: &x, scratch: &w.scratch)
    }
}

/// Convolution blocks and a linear head.
struct Predictor: Sendable {
    let blocks: [ConvolutionBlock]
    let norm: ConditionalNorm
    let output: Linear

    init(
        _ name: String, blocks count: Int, outputs: Int, taps: Int, _ loader: inout WeightLoader,
        config: some BlockConfig
    ) {
        blocks = (0..<count).map { ConvolutionBlock("\(name).blocks.\($0)", taps: taps, &loader, config: config) }
        norm = ConditionalNorm("\(name).norm", &loader, config: config)
        output = loader.linear("\(name).output", inputs: config.width, outputs: outputs, isExact: true)
    }

    /// The duration predictor.
    init(duration loader: inout WeightLoader, config: AcousticConfig) {
        self.init("duration", blocks: AcousticConfig.durationBlocks, outputs: 1, taps: 5, &loader, config: config)
    }

    /// Predicts F0, voicing and energy of every frame of a step.
    init(prosody loader: inout WeightLoader, config: AcousticConfig) {
        self.init(
            "prosody", blocks: config.prosodyBlocks, outputs: 3 * config.stride, taps: config.prosodyTaps, &loader,
            config: config)
    }

    /// - Returns: [L, outputs] of x [L, C]
    func callAsFunction(_ x: Matrix, condition: Matrix, workspace w: inout AcousticWorkspace) -> Matrix {
        var x = x
        for block in blocks { block.apply(to: &x, condition: condition, workspace: &w) }
        norm.apply(x, condition: condition, into: &w.y, scratch: &w.scratch)
        return output(w.y, scratch: &w.scratch)
    }
}
