internal import Tensor
internal import Weights

/// y = x (W + up · down)ᵀ + b + bias and its gradient: W and b stay, the rest is tuned.
///
/// A convolution over time is the same on rows that hold the inputs of all its taps.
///
/// Letters: L rows, I inputs times taps, O outputs, R rank.
struct TunedLinear: Sendable {
    let layer: TunedParameters.Layer
    private let forward: Linear  // I -> O
    private let backward: Linear  // O -> I, without a bias

    /// What the gradient needs of a pass.
    struct Tape: Sendable {
        let x: Matrix  // [L, I]
        let low: Matrix  // [L, R]
    }

    init(
        _ name: String, inputs: Int, outputs: Int, taps: Int = 1, _ loader: inout WeightLoader,
        _ parameters: inout TunedParameters
    ) {
        layer = parameters.addLayer(name, inputs: inputs, outputs: outputs, taps: taps, isLowRank: true)
        let shape = taps == 1 ? [outputs, inputs] : [outputs, inputs, taps]
        let values = loader.values("\(name).weight", shape: shape)
        var weight = Matrix(rows: outputs, columns: taps * inputs)
        var turned = Matrix(rows: taps * inputs, columns: outputs)
        for output in 0..<outputs {
            for input in 0..<inputs {
                for tap in 0..<taps {
                    let value = values[(output * inputs + input) * taps + tap]
                    weight[output, tap * inputs + input] = value
                    turned[tap * inputs + input, output] = value
                }
            }
        }
        forward = Linear(
            weight: weight, bias: loader.vector("\(name).bias", count: outputs), precision: loader.precision)
        backward = Linear(weight: turned, precision: loader.precision)
    }

    /// - Parameter x: [L, inputs]
    /// - Returns: [L, O]
    func callAsFunction(_ x: Matrix, _ parameters: [Matrix], scratch: inout Scratch) -> (y: Matrix, tape: Tape) {
        let x = layer.taps == 1 ? x : x.unfolded(taps: layer.taps)
        var y = forward(x, scratch: &scratch)
        y.add(parameters[layer.bias].elements)
        guard let (down, up) = layer.low else { return (y, Tape(x: x, low: Matrix(rows: 0, columns: 0))) }
        let low = Matrix(x.block(), parameters[down].transposed)
        y.add(low.block(), parameters[up].transposed)
        return (y, Tape(x: x, low: low))
    }

    /// - Parameters:
    ///   - dy: gradient of the outputs, [L, O]
    ///   - gradients: of the parameters; added to
    /// - Returns: gradient of the inputs, [L, inputs]
    func gradient(
        _ dy: Matrix, _ tape: Tape, _ parameters: [Matrix], into gradients: inout [Matrix], scratch: inout Scratch
    ) -> Matrix {
        gradients[layer.bias].addRows(of: dy)
        var dx = backward(dy, scratch: &scratch)
        if let (down, up) = layer.low {
            let dlow = Matrix(dy.block(), parameters[up].block())
            gradients[up].add(dy.transposed, tape.low.block())
            gradients[down].add(dlow.transposed, tape.x.block())
            dx.add(dlow.block(), parameters[down].block())
        }
        return layer.taps == 1 ? dx : dx.folded(taps: layer.taps)
    }
}

extension Matrix {
    /// Rows that hold those around them side by side, zeros beyond the ends, [L, taps · C] of [L, C].
    func unfolded(taps: Int) -> Matrix {
        var result = Matrix(rows: rows, columns: taps * columns)
        let (rows, columns) = (rows, columns)
        result.withUnsafeMutablePointer { target in
            elements.withUnsafeBufferPointer { source in
                guard let source = source.baseAddress else { return }
                for row in 0..<rows {
                    for tap in 0..<taps {
                        let from = row + tap - taps / 2
                        guard (0..<rows).contains(from) else { continue }
                        (target + (row * taps + tap) * columns).update(from: source + from * columns, count: columns)
                    }
                }
            }
        }
        return result
    }

    /// The gradient of `unfolded`, [L, C] of [L, taps · C].
    func folded(taps: Int) -> Matrix {
        let width = columns / taps
        var result = Matrix(rows: rows, columns: width)
        let rows = rows
        result.withUnsafeMutablePointer { target in
            elements.withUnsafeBufferPointer { source in
                for row in 0..<rows {
                    for tap in 0..<taps {
                        let to = row + tap - taps / 2
                        guard (0..<rows).contains(to) else { continue }
                        for column in 0..<width {
                            target[to * width + column] += source[(row * taps + tap) * width + column]
                        }
                    }
                }
            }
        }
        return result
    }

    /// self[0, c] += the sum of a column.
    mutating func addRows(of x: Matrix) {
        let (rows, columns) = (x.rows, x.columns)
        withUnsafeMutablePointer { sum in
            x.elements.withUnsafeBufferPointer { x in
                for row in 0..<rows { for column in 0..<columns { sum[column] += x[row * columns + column] } }
            }
        }
    }
}
