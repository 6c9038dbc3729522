internal import AcousticModel
private import Foundation
internal import SpeechSignal
internal import Tensor
internal import Weights

/// The decoder with its output layers, from what it takes to a mel, and its gradient.
///
/// Letters: U steps, T frames, C channels, M mel bands, S classes of sound.
struct TunedDecoder: Sendable {
    private let blocks: [TunedDecoderBlock]
    private let norm: TunedNorm
    private let output: TunedLinear
    private let gate: TunedLinear
    private let soundClass: Linear  // C -> S + 1
    private let soundClassBack: Linear  // S + 1 -> C
    private let residual: Linear  // S + 1 -> M
    private let residualBack: Linear  // M -> S + 1
    private let voice: VoiceInputs
    private let config: AcousticConfig

    /// What the gradient needs of a pass, and what came out of it.
    struct Tape: Sendable {
        /// Natural log, [T, M].
        var mel: Matrix
        fileprivate var blocks: [TunedDecoderBlock.Tape]
        fileprivate var norm: TunedNorm.Tape
        fileprivate var output: TunedLinear.Tape
        fileprivate var gate: TunedLinear.Tape
        fileprivate var gates: Matrix  // [T, M]
        fileprivate var shares: Matrix  // [U, S + 1]
    }

    init(
        voice: VoiceInputs, _ loader: inout WeightLoader, config: AcousticConfig, _ parameters: inout TunedParameters
    ) {
        (self.voice, self.config) = (voice, config)
        blocks = (0..<config.decoderBlocks).map {
            TunedDecoderBlock(
                "decoder.blocks.\($0)", &loader, config: config, condition: voice.condition, &parameters)
        }
        norm = TunedNorm("decoder.norm", &loader, config: config, condition: voice.condition, &parameters)
        let (width, outputs) = (config.width, config.stride * Signal.melBands)
        output = TunedLinear("output", inputs: width, outputs: outputs, &loader, &parameters)
        gate = TunedLinear("gate", inputs: width, outputs: outputs, &loader, &parameters)
        let weight = loader.matrix("kind.weight", rows: config.soundClasses + 1, columns: width)
        soundClass = Linear(
            weight: weight, bias: loader.vector("kind.bias", count: weight.rows), precision: loader.precision)
        soundClassBack = Linear(weight: weight.turned, precision: loader.precision)
        residual = Linear(weight: voice.residuals, precision: .float32)
        residualBack = Linear(weight: voice.residuals.turned, precision: .float32)
    }

    /// - Parameters:
    ///   - controlled: what the decoder takes, [U, C]
    ///   - memory: what it attends to of the voice, [S + R, C]
    func callAsFunction(
        _ controlled: Matrix, memory: Matrix, _ parameters: [Matrix], scratch: inout Scratch
    ) -> Tape {
        let rotary = rotary(controlled.rows)
        var x = controlled
        let tapes = blocks.map {
            $0.apply(to: &x, voice: memory, rotary: rotary, parameters, scratch: &scratch)
        }
        let normed = norm(x, parameters)
        let frames = x.rows * config.stride
        let output = output(normed.y, parameters, scratch: &scratch)
        var mel = output.y
        mel.reshape(rows: frames)
        mel.scale(by: Convention.melScale, plus: -Convention.melShift)
        let gate = gate(normed.y, parameters, scratch: &scratch)
        var gates = gate.y
        gates.reshape(rows: frames)
        gates.sigmoid()
        mel.add(gates, scaledBy: voice.spectrum)
        var shares = soundClass(normed.y, scratch: &scratch)
        shares.softmax()
        mel.add(residual(shares, scratch: &scratch).repeatingRows(config.stride))
        return Tape(
            mel: mel, blocks: tapes, norm: normed.tape, output: output.tape, gate: gate.tape, gates: gates,
            shares: shares)
    }

    /// - Parameters:
    ///   - dmel: gradient of the mel, [T, M]
    ///   - gradients: of the parameters; added to
    func gradient(
        _ dmel: Matrix, _ tape: Tape, _ parameters: [Matrix], into gradients: inout [Matrix], scratch: inout Scratch
    ) {
        let steps = dmel.rows / config.stride
        var doutput = dmel
        doutput.scale(by: Convention.melScale, plus: 0)
        doutput.reshape(rows: steps)
        var d = output.gradient(doutput, tape.output, parameters, into: &gradients, scratch: &scratch)

        var dgate = dmel
        dgate.throughGates(tape.gates, scaledBy: voice.spectrum)
        dgate.reshape(rows: steps)
        d.add(gate.gradient(dgate, tape.gate, parameters, into: &gradients, scratch: &scratch))

        var dshares = residualBack(dmel.summingRows(config.stride), scratch: &scratch)
        dshares.becomeSoftmaxGradient(of: tape.shares)
        d.add(soundClassBack(dshares, scratch: &scratch))

        d = norm.gradient(d, tape.norm, parameters, into: &gradients)
        let turnedBack = rotary(steps).inverse
        for (block, tape) in zip(blocks, tape.blocks).reversed() {
            block.gradient(
                of: &d, tape, turnedBack: turnedBack, parameters, into: &gradients, scratch: &scratch)
        }
    }

    private func rotary(_ steps: Int) -> RotaryEmbedding {
        RotaryEmbedding(length: steps, dimension: config.width / config.heads, spacing: config.stride)
    }
}

extension Matrix {
    /// Rows and columns turned into each other, copied.
    var turned: Matrix {
        var turned = Matrix(rows: columns, columns: rows)
        for row in 0..<rows { for column in 0..<columns { turned[column, row] = self[row, column] } }
        return turned
    }

    /// Sums of so many rows each, one after the other: the gradient of `repeatingRows`.
    func summingRows(_ count: Int) -> Matrix {
        guard count != 1 else { return self }
        let (rows, width) = (rows / count, columns)
        var sums = Matrix(rows: rows, columns: width)
        sums.withUnsafeMutablePointer { sums in
            elements.withUnsafeBufferPointer { x in
                for row in 0..<rows * count {
                    for c in 0..<width { sums[row / count * width + c] += x[row * width + c] }
                }
            }
        }
        return sums
    }

    /// From the gradient of gate · scale to that of the gate's logits.
    fileprivate mutating func throughGates(_ gates: Matrix, scaledBy scale: [Float]) {
        let (count, width) = (elements.count, columns)
        withUnsafeMutablePointer { d in
            gates.elements.withUnsafeBufferPointer { g in
                for i in 0..<count { d[i] *= scale[i % width] * g[i] * (1 - g[i]) }
            }
        }
    }
}
