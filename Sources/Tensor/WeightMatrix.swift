internal import CKernels

/// How a layer multiplies.
public enum Precision: Sendable {
    /// Float32 throughout: what the golden fixtures are compared with.
    case float32
    /// bfloat16 weights and activations with float32 sums where the CPU has instructions for it, else `float32`.
    case automatic
}

/// Reusable memory for layers. One per thread of work; grows to what the largest layer needs and then stays.
public struct Scratch: Sendable {
    var halves: [UInt16] = []
    var keys: [UInt16] = []
    var values: [UInt16] = []
    var scores = Matrix(rows: 0, columns: 0)
    var padded = Matrix(rows: 0, columns: 0)

    public init() {}
}

extension [UInt16] {
    /// Makes room for `needed` elements of no particular value.
    mutating func grow(to needed: Int) {
        if count < needed { self = [UInt16](repeating: 0, count: needed) }
    }
}

/// The weights of a linear layer or convolution, [outputs, taps * inputs], ready for the products of one precision.
struct WeightMatrix: Sendable {
    let outputs: Int
    let inputs: Int
    let taps: Int
    private let storage: Storage

    private enum Storage {
        case float32([Float])
        case bfloat16([UInt16], starling_level)
    }

    /// - Parameter elements: [outputs, taps, inputs]
    init(_ elements: [Float], outputs: Int, taps: Int, inputs: Int, precision: Precision) {
        BLAS.prepare()  // as early as any layer is made
        precondition(elements.count == outputs * taps * inputs)
        (self.outputs, self.taps, self.inputs) = (outputs, taps, inputs)
        let level = starling_bfloat16_level()
        if precision == .float32 || level == STARLING_PORTABLE {
            let count = starling_packed_count32(outputs, taps * inputs)
            storage = .float32(
                [Float](unsafeUninitializedCapacity: count) { buffer, used in
                    starling_pack32(elements, buffer.baseAddress, outputs, taps * inputs)
                    used = count
                })
        } else {
            let count = starling_packed_count(outputs, taps * inputs)
            let packed = [UInt16](unsafeUninitializedCapacity: count) { buffer, used in
                starling_pack(elements, taps * inputs, 1, buffer.baseAddress, outputs, taps * inputs)
                used = count
            }
            storage = .bfloat16(packed, level)
        }
    }

    /// y[t] = bias + sum over taps k of W[k] x[t + k].
    ///
    /// - Parameters:
    ///   - x: [rows + taps - 1, inputs]
    ///   - bias: [outputs]
    ///   - y: [rows, outputs], overwritten
    func multiply(
        _ x: UnsafePointer<Float>, rows: Int, bias: [Float], into y: UnsafeMutablePointer<Float>,
        scratch: inout Scratch
    ) {
        guard rows > 0 else { return }
        switch storage {
        case .float32(let packed):
            starling_gemm32(x, inputs, packed, bias, y, outputs, rows, outputs, taps * inputs)
        case .bfloat16(let packed, let level):
            scratch.halves.grow(to: starling_scratch_count(rows, inputs, taps * inputs))
            starling_gemm(
                x, inputs, packed, bias, y, outputs, rows, outputs, taps * inputs, &scratch.halves, level)
        }
    }
}
