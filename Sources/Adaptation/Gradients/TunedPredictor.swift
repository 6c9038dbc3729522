internal import AcousticModel
internal import Tensor
internal import Weights

/// A predictor with its gradient: blocks of x + W2 GELU(W1 norm(depthwise(x))), a norm and a linear head (`Predictor`).
///
/// Letters: L rows, C channels, O outputs.
struct TunedPredictor: Sendable {
    private let blocks: [Block]
    private let norm: TunedNorm
    private let output: TunedLinear

    /// What the gradient needs of a pass, and what came out of it.
    struct Tape: Sendable {
        /// [L, O].
        var y: Matrix
        fileprivate var blocks: [Block.Tape]
        fileprivate var norm: TunedNorm.Tape
        fileprivate var output: TunedLinear.Tape
    }

    init(
        _ name: String, blocks count: Int, outputs: Int, taps: Int, _ loader: inout WeightLoader,
        config: AcousticConfig, condition: Matrix, _ parameters: inout TunedParameters
    ) {
        blocks = (0..<count).map {
            Block(
                "\(name).blocks.\($0)", taps: taps, &loader, config: config, condition: condition, &parameters)
        }
        norm = TunedNorm("\(name).norm", &loader, config: config, condition: condition, &parameters)
        output = TunedLinear("\(name).output", inputs: config.width, outputs: outputs, &loader, &parameters)
    }

    /// - Parameter x: [L, C]
    func callAsFunction(_ x: Matrix, _ parameters: [Matrix], scratch: inout Scratch) -> Tape {
        var x = x
        let tapes = blocks.map { $0.apply(to: &x, parameters, scratch: &scratch) }
        let normed = norm(x, parameters)
        let output = output(normed.y, parameters, scratch: &scratch)
        return Tape(y: output.y, blocks: tapes, norm: normed.tape, output: output.tape)
    }

    /// - Parameters:
    ///   - dy: gradient of the outputs, [L, O]
    ///   - gradients: of the parameters; added to
    func gradient(
        _ dy: Matrix, _ tape: Tape, _ parameters: [Matrix], into gradients: inout [Matrix], scratch: inout Scratch
    ) {
        var d = output.gradient(dy, tape.output, parameters, into: &gradients, scratch: &scratch)
        d = norm.gradient(d, tape.norm, parameters, into: &gradients)
        for (block, tape) in zip(blocks, tape.blocks).reversed() {
            block.gradient(of: &d, tape, parameters, into: &gradients, scratch: &scratch)
        }
    }

    /// x + W2 GELU(W1 norm(depthwise(x))).
    fileprivate struct Block: Sendable {
        private let layer: TunedParameters.Layer  // of the depthwise convolution, whose bias alone is tuned
        private let depthwise: DepthwiseConvolution
        private let backward: DepthwiseConvolution
        private let norm: TunedNorm
        private let up: TunedLinear
        private let down: TunedLinear

        struct Tape: Sendable {
            var norm: TunedNorm.Tape
            var up: (y: Matrix, tape: TunedLinear.Tape)
            var down: TunedLinear.Tape
        }

        init(
            _ name: String, taps: Int, _ loader: inout WeightLoader, config: AcousticConfig, condition: Matrix,
            _ parameters: inout TunedParameters
        ) {
            let (width, path) = (config.width, "\(name).depthwise")
            layer = parameters.addLayer(path, inputs: 1, outputs: width, taps: taps, isLowRank: false)
            let weight = loader.values("\(path).weight", shape: [width, 1, taps])
            depthwise = DepthwiseConvolution(
                weight: weight, bias: loader.vector("\(path).bias", count: width), channels: width, taps: taps)
            let mirrored = weight.indices.map { weight[$0 / taps * taps + taps - 1 - $0 % taps] }
            backward = DepthwiseConvolution(
                weight: mirrored, bias: [Float](repeating: 0, count: width), channels: width, taps: taps)
            norm = TunedNorm("\(name).norm", &loader, config: config, condition: condition, &parameters)
            up = TunedLinear("\(name).up", inputs: width, outputs: config.hidden, &loader, &parameters)
            down = TunedLinear("\(name).down", inputs: config.hidden, outputs: width, &loader, &parameters)
        }

        func apply(to x: inout Matrix, _ parameters: [Matrix], scratch: inout Scratch) -> Tape {
            var local = depthwise.padded(x)
            local.add(parameters[layer.bias].elements)
            let normed = norm(local, parameters)
            let up = up(normed.y, parameters, scratch: &scratch)
            var hidden = up.y
            hidden.gelu()
            let down = down(hidden, parameters, scratch: &scratch)
            x.add(down.y)
            return Tape(norm: normed.tape, up: up, down: down.tape)
        }

        func gradient(
            of d: inout Matrix, _ tape: Tape, _ parameters: [Matrix], into gradients: inout [Matrix],
            scratch: inout Scratch
        ) {
            let dhidden = down.gradient(d, tape.down, parameters, into: &gradients, scratch: &scratch)
                .throughGelu(of: tape.up.y)
            let dnormed = up.gradient(dhidden, tape.up.tape, parameters, into: &gradients, scratch: &scratch)
            let dlocal = norm.gradient(dnormed, tape.norm, parameters, into: &gradients)
            gradients[layer.bias].addRows(of: dlocal)
            d.add(backward.padded(dlocal))
        }
    }
}

extension DepthwiseConvolution {
    /// As many rows as there are, zeros beyond the ends.
    fileprivate func padded(_ x: Matrix) -> Matrix {
        var (padded, y) = (Matrix(rows: 0, columns: 0), Matrix(rows: 0, columns: 0))
        padded.pad(x, before: taps / 2, after: taps / 2)
        apply(padded, into: &y)
        return y
    }
}
