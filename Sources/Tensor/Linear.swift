/// y = x Wᵀ + b, applied to every row.
public struct Linear: Sendable {
    public var inputs: Int { weight.inputs }
    public var outputs: Int { weight.outputs }
    private let weight: WeightMatrix
    private let bias: [Float]

    /// - Parameters:
    ///   - weight: [outputs, inputs], as PyTorch keeps it
    ///   - bias: [outputs]; zeros if nil
    public init(weight: Matrix, bias: [Float]? = nil, precision: Precision) {
        self.weight = WeightMatrix(
            weight.elements, outputs: weight.rows, taps: 1, inputs: weight.columns, precision: precision)
        self.bias = bias ?? [Float](repeating: 0, count: weight.rows)
        precondition(self.bias.count == weight.rows, "\(self.bias.count) biases for \(weight.rows) outputs")
    }

    /// - Parameters:
    ///   - x: [R, inputs]
    ///   - y: resized to [R, outputs]
    public func apply(_ x: Matrix, into y: inout Matrix, scratch: inout Scratch) {
        precondition(x.columns == inputs, "\(x.columns) columns for \(inputs) inputs")
        y.resize(rows: x.rows, columns: outputs)
        y.withUnsafeMutablePointer { y in
            x.elements.withUnsafeBufferPointer { x in
                guard let start = x.baseAddress else { return }
                weight.multiply(start, rows: x.count / inputs, bias: bias, into: y, scratch: &scratch)
            }
        }
    }

    /// - Returns: [R, outputs] of x [R, inputs]
    public func callAsFunction(_ x: Matrix, scratch: inout Scratch) -> Matrix {
        var y = Matrix(rows: 0, columns: outputs)
        apply(x, into: &y, scratch: &scratch)
        return y
    }
}
