internal import AcousticModel
internal import Tensor
internal import Weights

/// Conditional layer norm of one speaker, y = n (1 + scale) + shift with n = (x - mean) / deviation of every row, and
/// its gradient. The speaker does not change, so the change of scale and shift is that of the bias that makes them.
///
/// Letters: L rows, C channels.
struct TunedNorm: Sendable {
    let layer: TunedParameters.Layer
    private let numbers: [Float]  // [2 C], scale and shift of the speaker
    private static let epsilon: Float = 1e-5

    /// What the gradient needs of a pass.
    struct Tape: Sendable {
        let normalized: Matrix  // [L, C]
        let inverse: [Float]  // 1 / deviation, [L]
    }

    init(
        _ name: String, _ loader: inout WeightLoader, config: AcousticConfig, condition: Matrix,
        _ parameters: inout TunedParameters
    ) {
        let (width, path) = (config.width, "\(name).affine")
        layer = parameters.addLayer(path, inputs: config.condition, outputs: 2 * width, isLowRank: false)
        var scratch = Scratch()
        numbers =
            loader.linear(path, inputs: config.condition, outputs: 2 * width)(condition, scratch: &scratch)
            .elements
    }

    /// - Parameter x: [L, C]
    func callAsFunction(_ x: Matrix, _ parameters: [Matrix]) -> (y: Matrix, tape: Tape) {
        let (rows, width) = (x.rows, x.columns)
        let tuned = zip(numbers, parameters[layer.bias].elements).map { $0 + $1 }
        var normalized = x
        var y = x
        var inverse = [Float](repeating: 0, count: rows)
        normalized.withUnsafeMutablePointer { normalized in
            y.withUnsafeMutablePointer { y in
                for row in 0..<rows {
                    let (n, out) = (normalized + row * width, y + row * width)
                    var (mean, square): (Float, Float) = (0, 0)
                    for c in 0..<width { mean += n[c] }
                    mean /= Float(width)
                    for c in 0..<width { square += (n[c] - mean) * (n[c] - mean) }
                    inverse[row] = 1 / (square / Float(width) + Self.epsilon).squareRoot()
                    for c in 0..<width {
                        n[c] = (n[c] - mean) * inverse[row]
                        out[c] = n[c] * (1 + tuned[c]) + tuned[width + c]
                    }
                }
            }
        }
        return (y, Tape(normalized: normalized, inverse: inverse))
    }

    /// - Parameters:
    ///   - dy: [L, C]
    ///   - gradients: of the parameters; added to
    /// - Returns: gradient of x, [L, C]
    func gradient(_ dy: Matrix, _ tape: Tape, _ parameters: [Matrix], into gradients: inout [Matrix]) -> Matrix {
        let (rows, width) = (dy.rows, dy.columns)
        let scale = zip(numbers, parameters[layer.bias].elements).prefix(width).map { 1 + $0 + $1 }
        var dx = dy
        dx.withUnsafeMutablePointer { dx in
            gradients[layer.bias].withUnsafeMutablePointer { dtuned in
                tape.normalized.elements.withUnsafeBufferPointer { normalized in
                    for row in 0..<rows {
                        let d = dx + row * width
                        var (mean, along): (Float, Float) = (0, 0)
                        for c in 0..<width {
                            let n = normalized[row * width + c]
                            dtuned[c] += d[c] * n
                            dtuned[width + c] += d[c]
                            d[c] *= scale[c]
                            mean += d[c]
                            along += d[c] * n
                        }
                        mean /= Float(width)
                        along /= Float(width)
                        for c in 0..<width {
                            d[c] = (d[c] - mean - normalized[row * width + c] * along) * tape.inverse[row]
                        }
                    }
                }
            }
        }
        return dx
    }
}
