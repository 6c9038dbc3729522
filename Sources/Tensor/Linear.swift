internal import CKernels

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
    ///   - halves: the weight in bfloat16, [outputs, inputs]; copied
    ///   - bias: [outputs]; zeros if nil
    public init(
        halves: UnsafePointer<UInt16>, bias: [Float]? = nil, inputs: Int, outputs: Int, precision: Precision
    ) {
        weight = WeightMatrix(halves: halves, outputs: outputs, taps: 1, inputs: inputs, precision: precision)
        self.bias = bias ?? [Float](repeating: 0, count: outputs)
        precondition(self.bias.count == outputs, "\(self.bias.count) biases for \(outputs) outputs")
    }

    /// - Parameters:
    ///   - x: [R, inputs]
    ///   - y: resized to [R, outputs]
    public func apply(
        _ x: Matrix, into y: inout Matrix, activation: Activation = .none, scratch: inout Scratch
    ) {
        y.resize(rows: x.rows, columns: outputs)
        multiply(x, into: &y, finish: activation.finish, scratch: &scratch)
    }

    /// y += scale · (x Wᵀ + b), a residual connection.
    ///
    /// - Parameters:
    ///   - x: [R, inputs]
    ///   - scale: [outputs]; ones if nil
    ///   - y: [R, outputs]
    public func add(_ x: Matrix, scaledBy scale: [Float]? = nil, to y: inout Matrix, scratch: inout Scratch) {
        precondition(y.rows == x.rows && y.columns == outputs, "a sum of \(y.rows) × \(y.columns)")
        guard let scale else {
            multiply(x, into: &y, finish: starling_finish(kind: STARLING_ADD, scale: nil), scratch: &scratch)
            return
        }
        precondition(scale.count == outputs, "\(scale.count) factors for \(outputs) outputs")
        scale.withUnsafeBufferPointer {
            let finish = starling_finish(kind: STARLING_ADD, scale: $0.baseAddress)
            multiply(x, into: &y, finish: finish, scratch: &scratch)
        }
    }

    private func multiply(_ x: Matrix, into y: inout Matrix, finish: starling_finish, scratch: inout Scratch) {
        precondition(x.columns == inputs, "\(x.columns) columns for \(inputs) inputs")
        y.withUnsafeMutablePointer { y in
            x.elements.withUnsafeBufferPointer { x in
                guard let start = x.baseAddress else { return }
                weight.multiply(start, rows: x.count / inputs, bias: bias, into: y, finish: finish, scratch: &scratch)
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
