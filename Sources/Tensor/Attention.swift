internal import CKernels
private import Foundation

/// Rotary position embedding (Su et al. 2021): pairs (i, i + D/2) of each head's D channels are turned by
/// position · base^(-2i/D).
public struct RotaryEmbedding: Sendable {
    /// Channels of one head, D.
    public let dimension: Int
    public let length: Int
    private let cosine: [Float]  // [length, D/2]
    private var sine: [Float]  // [length, D/2]

    /// The angles of `length` positions, 0 and every `spacing` further on.
    public init(length: Int, dimension: Int, spacing: Int = 1, base: Float = 10_000) {
        (self.length, self.dimension) = (length, dimension)
        let half = dimension / 2
        let rates = (0..<half).map { powf(base, -Float(2 * $0) / Float(dimension)) }
        var angles = [Float]()
        angles.reserveCapacity(length * half)
        for position in 0..<length {
            for rate in rates { angles.append(Float(position * spacing) * rate) }
        }
        var cosine = angles
        var sine = angles
        starling_sin_cos(angles, &sine, &cosine, angles.count)
        (self.cosine, self.sine) = (cosine, sine)
    }

    /// Turns the first `heads` heads of every row in place.
    ///
    /// - Parameter x: [L, at least heads · D], L at most `length`
    public func apply(to x: inout Matrix, heads: Int) {
        precondition(x.rows <= length && heads * dimension <= x.columns)
        let (rows, stride) = (x.rows, x.columns)
        let half = dimension / 2
        x.withUnsafeMutablePointer { x in
            cosine.withUnsafeBufferPointer { cosine in
                sine.withUnsafeBufferPointer { sine in
                    guard let cosine = cosine.baseAddress, let sine = sine.baseAddress else { return }
                    let workers = Crew.workers(forNanoseconds: rows * heads * dimension / 8)
                    Crew.share(rows: rows, workers: workers) { part, _ in
                        let first = part.lowerBound
                        starling_rotary(
                            x + first * stride, cosine + first * half, sine + first * half, part.count, stride, heads,
                            half)
                    }
                }
            }
        }
    }

    /// The embedding that turns back what this one turned: its gradient's way.
    public var inverse: RotaryEmbedding {
        var inverse = self
        inverse.sine = sine.map { -$0 }
        return inverse
    }
}

/// Multi-head attention, softmax(Q Kᵀ / √D) V, of one utterance to itself or to something else.
///
/// Queries and keys meet in blocks, so that memory grows with L and not with L².
public struct Attention: Sendable {
    public let heads: Int
    private let usesBfloat16: Bool

    public init(heads: Int, precision: Precision) {
        self.heads = heads
        usesBfloat16 = precision.usesBfloat16
    }

    /// Every row attends to every row.
    ///
    /// - Parameters:
    ///   - qkv: queries, keys and values side by side, [L, 3 · heads · D], rotary positions already applied
    ///   - y: resized to [L, heads · D]
    public func apply(_ qkv: Matrix, into y: inout Matrix, scratch: inout Scratch) {
        let width = qkv.columns / 3
        precondition(qkv.columns == 3 * width && width % heads == 0, "\(qkv.columns) columns for \(heads) heads")
        y.resize(rows: qkv.rows, columns: width)
        qkv.elements.withUnsafeBufferPointer { qkv in
            guard let start = qkv.baseAddress else { return }
            let shape = Head(
                queries: y.rows, keys: y.rows, dimension: width / heads, queryStride: 3 * width, keyStride: 3 * width)
            attend(shape, start, start + width, start + 2 * width, into: &y, scratch: &scratch)
        }
    }

    /// Every query attends to every row of a memory.
    ///
    /// - Parameters:
    ///   - queries: [L, heads · D]
    ///   - memory: keys and values side by side, [S, 2 · heads · D]
    ///   - y: resized to [L, heads · D]
    public func apply(queries: Matrix, memory: Matrix, into y: inout Matrix, scratch: inout Scratch) {
        let width = queries.columns
        precondition(
            memory.columns == 2 * width && width % heads == 0, "\(memory.columns) columns for \(width) queries")
        precondition(memory.rows > 0, "nothing to attend to")
        y.resize(rows: queries.rows, columns: width)
        let shape = Head(
            queries: queries.rows, keys: memory.rows, dimension: width / heads, queryStride: width, keyStride: 2 * width
        )
        queries.elements.withUnsafeBufferPointer { queries in
            memory.elements.withUnsafeBufferPointer { memory in
                guard let query = queries.baseAddress, let key = memory.baseAddress else { return }
                attend(shape, query, key, key + width, into: &y, scratch: &scratch)
            }
        }
    }

    private func attend(
        _ shape: Head, _ query: UnsafePointer<Float>, _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>,
        into y: inout Matrix, scratch: inout Scratch
    ) {
        let (width, heads) = (y.columns, heads)
        let room = usesBfloat16 ? shape.roomInBfloat16 : (floats: shape.room, halves: 1)
        let workers = min(heads, Crew.workers(forNanoseconds: 4 * shape.queries * shape.keys * width / 100))
        y.withUnsafeMutablePointer { y in
            scratch.floats.withRoom(room.floats, workers: workers) { floats in
                scratch.halves.withRoom(room.halves, workers: workers) { halves in
                    Crew.share(parts: heads, workers: workers) { head, worker in
                        let offset = head * shape.dimension
                        let rows = (query + offset, key + offset, value + offset)
                        if usesBfloat16 {
                            shape.attendInBfloat16(
                                rows, into: y + offset, columns: width, floats(worker), halves(worker))
                        } else {
                            shape.attend(rows, into: y + offset, columns: width, floats(worker))
                        }
                    }
                }
            }
        }
    }

    /// One head: its D columns of the queries [L], and of the keys and values [S], in rows of so many numbers.
    private struct Head {
        let queries: Int  // L
        let keys: Int  // S
        let dimension: Int  // D
        let queryStride: Int
        let keyStride: Int

        typealias Rows = (query: UnsafePointer<Float>, key: UnsafePointer<Float>, value: UnsafePointer<Float>)

        private var scale: Float { 1 / Float(dimension).squareRoot() }

        /// Floats that `attend` needs.
        var room: Int { starling_attention_scratch(keys, dimension) }

        func attend(
            _ rows: Rows, into y: UnsafeMutablePointer<Float>, columns: Int, _ floats: UnsafeMutablePointer<Float>
        ) {
            starling_attention(
                rows.query, queryStride, rows.key, rows.value, keyStride, y, columns, queries, keys, dimension, scale,
                floats)
        }

        /// What `attendInBfloat16` needs.
        var roomInBfloat16: (floats: Int, halves: Int) {
            (starling_attention_halves_floats(queries, keys), starling_attention_halves_scratch(keys, dimension))
        }

        func attendInBfloat16(
            _ rows: Rows, into y: UnsafeMutablePointer<Float>, columns: Int, _ floats: UnsafeMutablePointer<Float>,
            _ halves: UnsafeMutablePointer<UInt16>
        ) {
            starling_attention_halves(
                rows.query, queryStride, rows.key, rows.value, keyStride, y, columns, queries, keys, dimension, scale,
                floats, halves, starling_best_level())
        }
    }
}
