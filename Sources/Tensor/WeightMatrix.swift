internal import CKernels

/// How a layer multiplies.
public enum Precision: Sendable {
    /// Float32 throughout: what the golden fixtures are compared with.
    case float32
    /// bfloat16 weights and activations with float32 sums where the CPU has instructions for it, else `float32`.
    case automatic
    /// int8 weights and activations with whole sums where the CPU has vectors that multiply them faster, else
    /// `automatic`; attention is always that of `automatic`.
    case quantized

    /// Whether products run on bfloat16 instructions, if not on int8.
    var usesBfloat16: Bool {
        self != .float32 && starling_best_level().rawValue >= STARLING_AVX512_BFLOAT16.rawValue
    }

    /// Whether products with weights run on int8 instructions. Tiles multiply the overlapping rows of a convolution
    /// faster in bfloat16: in int8 every row has a range of its own and is quantized anew.
    func usesInt8(taps: Int) -> Bool {
        let level = starling_best_level()
        return self == .quantized && level != STARLING_BASELINE && (taps == 1 || level != STARLING_AMX)
    }
}

/// Reusable memory for layers. One per thread of work; grows to what the largest layer needs and then stays.
public struct Scratch: Sendable {
    var floats: [Float] = []
    var halves: [UInt16] = []
    var bytes: [UInt8] = []
    var padded = Matrix(rows: 0, columns: 0)

    public init() {}
}

extension Array where Element: ExpressibleByIntegerLiteral {
    /// Makes room for `needed` elements of no particular value.
    mutating func grow(to needed: Int) {
        if count < needed { self = Array(repeating: 0, count: needed) }
    }

    /// Calls `body` with what tells each worker's own elements, `count` of them and of no particular value.
    mutating func withRoom(
        _ count: Int, workers: Int, _ body: ((_ worker: Int) -> UnsafeMutablePointer<Element>) -> Void
    ) {
        // From worker to worker a cache line apart.
        let stride = (count + 63) / 64 * 64
        grow(to: stride * workers)
        withUnsafeMutableBufferPointer { elements in
            guard let start = elements.baseAddress else { return }
            body { start + $0 * stride }
        }
    }
}

/// What a layer does with its outputs before they are written, while they are still in the processor's nearest cache.
public enum Activation: Sendable {
    case none
    /// x/2 (1 + erf(x / √2))
    case gelu
    /// x / (1 + e^-x)
    case silu

    var finish: starling_finish {
        let kind =
            switch self {
            case .none: STARLING_STORE
            case .gelu: STARLING_GELU
            case .silu: STARLING_SILU
            }
        return starling_finish(kind: kind, scale: nil)
    }
}

/// The weights of a linear layer or convolution, ready for the products of one precision.
///
/// Weights that bfloat16 holds exactly, as those of the networks' files, are kept in it at every level unless they are
/// quantized: they take half of the memory, and sums in float32 are the same.
struct WeightMatrix: Sendable {
    let outputs: Int
    let inputs: Int
    let taps: Int
    /// Whether products run on bfloat16 instructions.
    private let roundsInputs: Bool
    private let storage: Storage

    private enum Storage {
        case float32([Float])
        case bfloat16(PackedMemory<UInt16>)
        case int8(PackedMemory<UInt8>)
    }

    private var depth: Int { taps * inputs }

    /// - Parameter elements: [outputs, taps, inputs]
    init(_ elements: [Float], outputs: Int, taps: Int, inputs: Int, precision: Precision) {
        precondition(elements.count == outputs * taps * inputs)
        (self.outputs, self.taps, self.inputs) = (outputs, taps, inputs)
        roundsInputs = precision.usesBfloat16
        let depth = taps * inputs
        if precision.usesInt8(taps: taps) {
            storage = Self.bytes(outputs, depth) { starling_pack8(elements, $0, outputs, depth) }
        } else if roundsInputs || elements.allSatisfy({ $0.bitPattern & 0xffff == 0 }) {
            storage = Self.halves(outputs, depth) { starling_pack(elements, depth, 1, $0, outputs, depth) }
        } else {
            let count = starling_packed_count32(outputs, depth)
            storage = .float32(
                [Float](unsafeUninitializedCapacity: count) { buffer, used in
                    starling_pack32(elements, depth, 1, buffer.baseAddress, outputs, depth)
                    used = count
                })
        }
    }

    /// - Parameter halves: bfloat16, [outputs, inputs, taps] as PyTorch keeps it
    init(halves: UnsafePointer<UInt16>, outputs: Int, taps: Int, inputs: Int, precision: Precision) {
        (self.outputs, self.taps, self.inputs) = (outputs, taps, inputs)
        roundsInputs = precision.usesBfloat16
        let depth = taps * inputs
        storage =
            precision.usesInt8(taps: taps)
            ? Self.bytes(outputs, depth) { starling_pack8_halves(halves, $0, outputs, inputs, taps) }
            : Self.halves(outputs, depth) { starling_pack_halves(halves, $0, outputs, inputs, taps) }
    }

    private static func bytes(
        _ outputs: Int, _ depth: Int, _ pack: (UnsafeMutablePointer<UInt8>) -> Void
    ) -> Storage {
        .int8(PackedMemory(count: starling_packed_count8(outputs, depth), pack))
    }

    private static func halves(
        _ outputs: Int, _ depth: Int, _ pack: (UnsafeMutablePointer<UInt16>) -> Void
    ) -> Storage {
        .bfloat16(PackedMemory(count: starling_packed_count(outputs, depth), pack))
    }

    /// s[t] = bias + sum over taps k of W[k] x[t + k], and what `finish` makes of it; idle cores take a share of the
    /// rows.
    ///
    /// - Parameters:
    ///   - x: [rows + taps - 1, inputs]
    ///   - bias: [outputs]
    ///   - y: [rows, outputs]
    func multiply(
        _ x: UnsafePointer<Float>, rows: Int, bias: [Float], into y: UnsafeMutablePointer<Float>,
        finish: starling_finish, scratch: inout Scratch
    ) {
        guard rows > 0 else { return }
        // Few processors do more than 300 GFLOP/s.
        let workers = Crew.workers(forNanoseconds: 2 * rows * outputs * depth / 300)
        switch storage {
        case .float32(let packed):
            Crew.share(rows: rows, workers: workers) { part, _ in
                let (x, y) = (x + part.lowerBound * inputs, y + part.lowerBound * outputs)
                starling_gemm32(x, inputs, packed, bias, y, outputs, part.count, outputs, depth, finish)
            }
        case .bfloat16(let packed) where roundsInputs:
            let level = starling_best_level()
            scratch.halves.withRoom(starling_scratch_count(rows, inputs, depth), workers: workers) { room in
                Crew.share(rows: rows, multiple: Self.rowsOfTiles, workers: workers) { part, worker in
                    let (x, y) = (x + part.lowerBound * inputs, y + part.lowerBound * outputs)
                    starling_gemm(
                        x, inputs, packed.start, bias, y, outputs, part.count, outputs, depth, finish, room(worker),
                        level)
                }
            }
        case .bfloat16(let packed):
            Crew.share(rows: rows, workers: workers) { part, _ in
                let (x, y) = (x + part.lowerBound * inputs, y + part.lowerBound * outputs)
                starling_gemm_widened(
                    x, inputs, packed.start, bias, y, outputs, part.count, outputs, depth, finish)
            }
        case .int8(let packed):
            scratch.bytes.withRoom(starling_scratch_count8(rows, depth), workers: workers) { room in
                Crew.share(rows: rows, multiple: Self.rowsOfTiles, workers: workers) { part, worker in
                    let (x, y) = (x + part.lowerBound * inputs, y + part.lowerBound * outputs)
                    starling_gemm8(
                        x, inputs, packed.start, bias, y, outputs, part.count, outputs, depth, finish, room(worker))
                }
            }
        }
    }

    /// Rows that products in bfloat16 or int8 take at once.
    private static let rowsOfTiles = starling_best_level() == STARLING_AMX ? 32 : 12
}
