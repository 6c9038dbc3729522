internal import CKernels
internal import Tensor
internal import Weights

/// Memory the stages share, reused from call to call.
struct SpeakerWorkspace: Sendable {
    var y = Matrix(rows: 0, columns: 0)  // [W U, C]
    var z = Matrix(rows: 0, columns: 0)  // [W U, C]
    var taps = Matrix(rows: 0, columns: 0)  // [W U, 3 C]
    var expanded = Matrix(rows: 0, columns: 0)  // [W U, P]
    var scores = Matrix(rows: 0, columns: 0)  // [W U, P]
    var scratch = Scratch()
}

/// x + W GELU(conv(LayerNorm(x))), a dilated convolution of width 3 with zeros beyond a window's ends.
struct ResidualBlock: Sendable {
    let norm: LayerNorm
    let conv: Linear  // [3 C] -> [C]: the taps side by side
    let out: Linear
    let dilation: Int

    init(_ name: String, _ loader: inout WeightLoader, width: Int, dilation: Int) {
        norm = loader.layerNorm("\(name).norm", channels: width)
        let weight = loader.values("\(name).conv.weight", shape: [width, width, 3])
        var ordered = Matrix(rows: width, columns: 3 * width)
        ordered.withUnsafeMutablePointer { ordered in
            for output in 0..<width {
                for input in 0..<width {
                    for tap in 0..<3 {
                        ordered[output * 3 * width + tap * width + input] = weight[(output * width + input) * 3 + tap]
                    }
                }
            }
        }
        conv = Linear(
            weight: ordered, bias: loader.vector("\(name).conv.bias", count: width), precision: loader.precision)
        out = loader.linear("\(name).out", inputs: width, outputs: width)
        self.dilation = dilation
    }

    /// Changes x [W U, C] in place.
    func apply(to x: inout Matrix, units: Int, workspace w: inout SpeakerWorkspace) {
        norm.apply(x, into: &w.y)
        gather(w.y, units: units, into: &w.taps)
        conv.apply(w.taps, into: &w.z, activation: .gelu, scratch: &w.scratch)
        out.add(w.z, to: &x, scratch: &w.scratch)
    }

    /// Row t becomes rows t - d, t and t + d of its window side by side.
    private func gather(_ x: Matrix, units: Int, into taps: inout Matrix) {
        let (rows, width) = (x.rows, x.columns)
        taps.resize(rows: rows, columns: 3 * width)
        taps.withUnsafeMutablePointer { taps in
            x.elements.withUnsafeBufferPointer { x in
                guard let source = x.baseAddress else { return }
                for row in 0..<rows {
                    let place = row % units
                    for tap in 0..<3 {
                        let shift = (tap - 1) * dilation
                        let target = taps + (3 * row + tap) * width
                        if (0..<units).contains(place + shift) {
                            target.update(from: source + (row + shift) * width, count: width)
                        } else {
                            target.update(repeating: 0, count: width)
                        }
                    }
                }
            }
        }
    }
}

/// Attentive statistics pooling (Okabe et al. 2018): mean and deviation of every channel over a window's units, each
/// unit weighted by attention.
struct AttentivePooling: Sendable {
    private let expand: Linear  // [C] -> [P]
    private let hidden: Linear  // [P] -> [A]
    private let score: Linear  // [A] -> [P]
    /// What a unit tells by its place in the window, [U, P].
    private let position: Matrix

    init(_ loader: inout WeightLoader, units: Int, config: SpeakerConfig) {
        position = loader.matrix("position", rows: units, columns: config.pooled)
        expand = loader.linear("expand", inputs: config.width, outputs: config.pooled)
        hidden = loader.linear("score.0", inputs: config.pooled, outputs: config.attention)
        score = loader.linear("score.2", inputs: config.attention, outputs: config.pooled)
    }

    /// - Parameter x: [W U, C]
    /// - Returns: [W, 2 P], means then deviations
    func callAsFunction(_ x: Matrix, units: Int, workspace w: inout SpeakerWorkspace) -> Matrix {
        expand.apply(x, into: &w.expanded, activation: .gelu, scratch: &w.scratch)
        hidden.apply(w.expanded, into: &w.y, scratch: &w.scratch)
        let count = w.y.rows * w.y.columns
        w.y.withUnsafeMutablePointer { starling_tanh($0, $0, count) }
        score.apply(w.y, into: &w.scores, scratch: &w.scratch)

        let channels = w.expanded.columns
        let windows = x.rows / units
        var pooled = Matrix(rows: windows, columns: 2 * channels)
        pooled.withUnsafeMutablePointer { pooled in
            w.scores.withUnsafeMutablePointer { scores in
                w.expanded.elements.withUnsafeBufferPointer { values in
                    guard let values = values.baseAddress else { return }
                    for window in 0..<windows {
                        let first = window * units * channels
                        Self.pool(
                            values + first, scores: scores + first, position: position.elements, units: units,
                            channels: channels,
                            into: pooled + window * 2 * channels)
                    }
                }
            }
        }
        return pooled
    }

    /// One window; `scores` [U, P] become the weights, `pooled` [2 P] is overwritten.
    private static func pool(
        _ values: UnsafePointer<Float>, scores: UnsafeMutablePointer<Float>, position: UnsafePointer<Float>, units: Int,
        channels: Int,
        into pooled: UnsafeMutablePointer<Float>
    ) {
        starling_add(position, scores, units * channels)
        var largest = [Float](repeating: -.infinity, count: channels)
        for unit in 0..<units {
            let row = scores + unit * channels
            for c in 0..<channels { largest[c] = max(largest[c], row[c]) }
        }
        for unit in 0..<units {
            let row = scores + unit * channels
            for c in 0..<channels { row[c] -= largest[c] }
        }
        starling_exp(scores, scores, units * channels)
        var total = [Float](repeating: 0, count: channels)
        let (mean, deviation) = (pooled, pooled + channels)
        mean.update(repeating: 0, count: 2 * channels)
        for unit in 0..<units {
            let (weight, value) = (scores + unit * channels, values + unit * channels)
            for c in 0..<channels {
                total[c] += weight[c]
                mean[c] += weight[c] * value[c]
            }
        }
        for c in 0..<channels { mean[c] /= total[c] }
        for unit in 0..<units {
            let (weight, value) = (scores + unit * channels, values + unit * channels)
            for c in 0..<channels {
                let difference = value[c] - mean[c]
                deviation[c] += weight[c] * difference * difference
            }
        }
        for c in 0..<channels { deviation[c] = (deviation[c] / total[c] + 1e-4).squareRoot() }
    }
}
