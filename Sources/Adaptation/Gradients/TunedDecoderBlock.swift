internal import AcousticModel
internal import Tensor
internal import Weights

/// A block of the decoder with its gradient: attention to all steps, attention to the voice, a feed-forward part, each
/// after its norm and beside a residual connection (`TransformerBlock`).
///
/// Letters: U steps, C channels, V = S + R rows of the voice's memory.
struct TunedDecoderBlock: Sendable {
    private let attention: TapedAttention
    private let normAttention: TunedNorm
    private let qkv: TunedLinear
    private let project: TunedLinear
    private let normVoice: TunedNorm
    private let query: TunedLinear
    private let memory: TunedLinear
    private let projectVoice: TunedLinear
    private let normFeed: TunedNorm
    private let up: TunedLinear
    private let down: TunedLinear

    /// What the gradient needs of a pass.
    struct Tape: Sendable {
        var normAttention: TunedNorm.Tape
        var qkv: (y: Matrix, tape: TunedLinear.Tape)
        var attention: TapedAttention.Tape
        var project: TunedLinear.Tape
        var normVoice: TunedNorm.Tape
        var query: (y: Matrix, tape: TunedLinear.Tape)
        var memory: (y: Matrix, tape: TunedLinear.Tape)
        var voice: TapedAttention.Tape
        var projectVoice: TunedLinear.Tape
        var normFeed: TunedNorm.Tape
        var up: (y: Matrix, tape: TunedLinear.Tape)
        var down: TunedLinear.Tape
    }

    init(
        _ name: String, _ loader: inout WeightLoader, config: AcousticConfig, condition: Matrix,
        _ parameters: inout TunedParameters
    ) {
        let (width, hidden) = (config.width, config.decoderHidden)
        func norm(_ part: String) -> TunedNorm {
            TunedNorm("\(name).\(part)", &loader, config: config, condition: condition, &parameters)
        }
        func linear(_ part: String, _ inputs: Int, _ outputs: Int, taps: Int = 1) -> TunedLinear {
            TunedLinear("\(name).\(part)", inputs: inputs, outputs: outputs, taps: taps, &loader, &parameters)
        }
        attention = TapedAttention(heads: config.heads)
        normAttention = norm("norm_attention")
        qkv = linear("qkv", width, 3 * width)
        project = linear("project", width, width)
        normVoice = norm("voice.norm")
        query = linear("voice.query", width, width)
        memory = linear("voice.memory", width, 2 * width)
        projectVoice = linear("voice.project", width, width)
        normFeed = norm("norm_feed")
        up = linear("up", width, hidden, taps: 3)
        down = linear("down", hidden, width)
    }

    /// Changes x [U, C] in place.
    ///
    /// - Parameter voice: what there is to attend to of the voice, [V, C]
    func apply(
        to x: inout Matrix, voice: Matrix, rotary: RotaryEmbedding, _ parameters: [Matrix], scratch: inout Scratch
    ) -> Tape {
        let width = x.columns
        let normed = normAttention(x, parameters)
        var qkv = qkv(normed.y, parameters, scratch: &scratch)
        rotary.apply(to: &qkv.y, heads: 2 * attention.heads)
        let attended = attention(queries: qkv.y, memory: qkv.y, from: width, width: width)
        let projected = project(attended.y, parameters, scratch: &scratch)
        x.add(projected.y)

        let normedVoice = normVoice(x, parameters)
        let query = query(normedVoice.y, parameters, scratch: &scratch)
        let memory = memory(voice, parameters, scratch: &scratch)
        let found = attention(queries: query.y, memory: memory.y, from: 0, width: width)
        let projectedVoice = projectVoice(found.y, parameters, scratch: &scratch)
        x.add(projectedVoice.y)

        let normedFeed = normFeed(x, parameters)
        let up = up(normedFeed.y, parameters, scratch: &scratch)
        var hidden = up.y
        hidden.gelu()
        let down = down(hidden, parameters, scratch: &scratch)
        x.add(down.y)
        return Tape(
            normAttention: normed.tape, qkv: qkv, attention: attended.tape, project: projected.tape,
            normVoice: normedVoice.tape, query: query, memory: memory, voice: found.tape,
            projectVoice: projectedVoice.tape, normFeed: normedFeed.tape, up: up, down: down.tape)
    }

    /// Changes the gradient of the block's outputs to that of its inputs, [U, C].
    ///
    /// - Parameter turnedBack: the inverse of the rotary embedding
    func gradient(
        of d: inout Matrix, _ tape: Tape, turnedBack: RotaryEmbedding, _ parameters: [Matrix],
        into gradients: inout [Matrix], scratch: inout Scratch
    ) {
        let width = d.columns
        let dhidden = down.gradient(d, tape.down, parameters, into: &gradients, scratch: &scratch)
            .throughGelu(of: tape.up.y)
        let dfeed = up.gradient(dhidden, tape.up.tape, parameters, into: &gradients, scratch: &scratch)
        d.add(normFeed.gradient(dfeed, tape.normFeed, parameters, into: &gradients))

        let dfound = projectVoice.gradient(d, tape.projectVoice, parameters, into: &gradients, scratch: &scratch)
        var dquery = Matrix(rows: d.rows, columns: width)
        var dmemory: Matrix? = Matrix(rows: tape.memory.y.rows, columns: 2 * width)
        attention.gradient(
            dfound, tape.voice, queries: tape.query.y, memory: tape.memory.y, from: 0, into: &dquery, &dmemory)
        if let dmemory {
            // The memory itself is what it is; only the layer is tuned.
            _ = memory.gradient(dmemory, tape.memory.tape, parameters, into: &gradients, scratch: &scratch)
        }
        let dvoice = query.gradient(dquery, tape.query.tape, parameters, into: &gradients, scratch: &scratch)
        d.add(normVoice.gradient(dvoice, tape.normVoice, parameters, into: &gradients))

        let dattended = project.gradient(d, tape.project, parameters, into: &gradients, scratch: &scratch)
        var dqkv = Matrix(rows: d.rows, columns: 3 * width)
        var none: Matrix?
        attention.gradient(
            dattended, tape.attention, queries: tape.qkv.y, memory: tape.qkv.y, from: width, into: &dqkv, &none)
        turnedBack.apply(to: &dqkv, heads: 2 * attention.heads)
        let dnormed = qkv.gradient(dqkv, tape.qkv.tape, parameters, into: &gradients, scratch: &scratch)
        d.add(normAttention.gradient(dnormed, tape.normAttention, parameters, into: &gradients))
    }
}
