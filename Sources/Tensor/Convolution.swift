internal import CKernels

/// Convolution over time: y[t] = b + sum over taps k of W[k] x[t + k].
///
/// Over row-major frames the taps of one output are contiguous, so this is one matrix product with overlapping rows.
public struct Convolution: Sendable {
    public var inputs: Int { weight.inputs }
    public var outputs: Int { weight.outputs }
    public var taps: Int { weight.taps }
    private let weight: WeightMatrix
    private let bias: [Float]

    /// - Parameters:
    ///   - weight: [outputs, inputs, taps], as PyTorch keeps it
    ///   - bias: [outputs]
    public init(weight: [Float], bias: [Float], outputs: Int, inputs: Int, taps: Int, precision: Precision) {
        precondition(weight.count == outputs * inputs * taps && bias.count == outputs)
        let ordered = [Float](unsafeUninitializedCapacity: weight.count) { ordered, count in
            weight.withUnsafeBufferPointer { weight in
                for output in 0..<outputs {
                    let first = output * inputs * taps
                    for tap in 0..<taps {
                        for input in 0..<inputs {
                            ordered[first + tap * inputs + input] = weight[first + input * taps + tap]
                        }
                    }
                }
            }
            count = weight.count
        }
        self.weight = WeightMatrix(ordered, outputs: outputs, taps: taps, inputs: inputs, precision: precision)
        self.bias = bias
    }

    /// - Parameters:
    ///   - halves: the weight in bfloat16, [outputs, inputs, taps], as PyTorch keeps it; copied
    ///   - bias: [outputs]
    public init(
        halves: UnsafePointer<UInt16>, bias: [Float], outputs: Int, inputs: Int, taps: Int, precision: Precision
    ) {
        precondition(bias.count == outputs, "\(bias.count) biases for \(outputs) outputs")
        weight = WeightMatrix(halves: halves, outputs: outputs, taps: taps, inputs: inputs, precision: precision)
        self.bias = bias
    }

    /// The outputs that need no padding.
    ///
    /// - Parameters:
    ///   - x: [T + taps - 1, inputs]
    ///   - y: resized to [T, outputs]
    public func apply(
        _ x: Matrix, into y: inout Matrix, activation: Activation = .none, scratch: inout Scratch
    ) {
        precondition(x.columns == inputs, "\(x.columns) columns for \(inputs) inputs")
        let rows = max(0, x.rows - taps + 1)
        y.resize(rows: rows, columns: outputs)
        y.withUnsafeMutablePointer { y in
            x.elements.withUnsafeBufferPointer { x in
                guard let start = x.baseAddress else { return }
                weight.multiply(
                    start, rows: rows, bias: bias, into: y, finish: activation.finish, scratch: &scratch)
            }
        }
    }

    /// As many outputs as inputs, zeros before and after.
    ///
    /// - Parameters:
    ///   - x: [T, inputs]
    ///   - y: resized to [T, outputs]
    public func applyPadded(
        _ x: Matrix, into y: inout Matrix, activation: Activation = .none, scratch: inout Scratch
    ) {
        var padded = Matrix(rows: 0, columns: 0)
        swap(&padded, &scratch.padded)
        padded.pad(x, before: taps / 2, after: (taps - 1) / 2)
        apply(padded, into: &y, activation: activation, scratch: &scratch)
        swap(&padded, &scratch.padded)
    }
}

/// Convolution over time of every channel by itself: y[t,c] = b[c] + sum over taps k of w[k,c] x[t+k,c].
public struct DepthwiseConvolution: Sendable {
    public let channels: Int
    public let taps: Int
    private let weight: [Float]
    private let bias: [Float]

    /// - Parameters:
    ///   - weight: [channels, 1, taps], as PyTorch keeps it
    ///   - bias: [channels]
    public init(weight: [Float], bias: [Float], channels: Int, taps: Int) {
        precondition(weight.count == channels * taps && bias.count == channels)
        (self.channels, self.taps, self.bias) = (channels, taps, bias)
        self.weight = (0..<taps * channels).map { weight[$0 % channels * taps + $0 / channels] }
    }

    /// - Parameters:
    ///   - x: [T + taps - 1, channels]
    ///   - y: resized to [T, channels]
    public func apply(_ x: Matrix, into y: inout Matrix) {
        precondition(x.columns == channels, "\(x.columns) columns for \(channels) channels")
        let rows = max(0, x.rows - taps + 1)
        y.resize(rows: rows, columns: channels)
        y.withUnsafeMutablePointer { y in
            x.elements.withUnsafeBufferPointer { x in
                guard let x = x.baseAddress else { return }
                let workers = Crew.workers(forNanoseconds: rows * channels * taps / 8)
                Crew.share(rows: rows, workers: workers) { part, _ in
                    let first = part.lowerBound * channels
                    starling_depthwise(x + first, weight, bias, y + first, part.count, channels, taps)
                }
            }
        }
    }
}

extension Matrix {
    /// Becomes `x` with rows of zeros before and after.
    public mutating func pad(_ x: Matrix, before: Int, after: Int) {
        resize(rows: 0, columns: x.columns)
        resize(rows: before, columns: x.columns)
        append(x)
        resize(rows: before + x.rows + after, columns: x.columns)
    }
}
