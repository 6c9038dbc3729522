internal import CKernels
internal import COpenBLAS
private import Foundation

/// Rotary position embedding (Su et al. 2021): pairs (i, i + D/2) of each head's D channels are turned by
/// position · base^(-2i/D).
public struct RotaryEmbedding: Sendable {
    /// Channels of one head, D.
    public let dimension: Int
    public let length: Int
    private let cosine: [Float]  // [length, D/2]
    private let sine: [Float]  // [length, D/2]

    /// The angles of positions 0 ..< length.
    public init(length: Int, dimension: Int, base: Float = 10_000) {
        (self.length, self.dimension) = (length, dimension)
        let half = dimension / 2
        let rates = (0..<half).map { powf(base, -Float(2 * $0) / Float(dimension)) }
        var angles = [Float]()
        angles.reserveCapacity(length * half)
        for position in 0..<length {
            for rate in rates { angles.append(Float(position) * rate) }
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
        x.withUnsafeMutablePointer { starling_rotary($0, cosine, sine, rows, stride, heads, dimension / 2) }
    }
}

/// Multi-head attention, softmax(Q Kᵀ / √D) V, over one utterance.
///
/// Queries are taken in blocks, so that memory grows with L and not with L².
public struct Attention: Sendable {
    public let heads: Int
    private let level: starling_level
    private static let block = 64  // queries whose scores are held at once

    public init(heads: Int, precision: Precision) {
        self.heads = heads
        level = precision == .automatic ? starling_bfloat16_level() : STARLING_PORTABLE
    }

    /// - Parameters:
    ///   - qkv: queries, keys and values side by side, [L, 3 · heads · D], rotary positions already applied
    ///   - y: resized to [L, heads · D]
    public func apply(_ qkv: Matrix, into y: inout Matrix, scratch: inout Scratch) {
        let width = qkv.columns / 3
        precondition(qkv.columns == 3 * width && width % heads == 0, "\(qkv.columns) columns for \(heads) heads")
        y.resize(rows: qkv.rows, columns: width)
        y.withUnsafeMutablePointer { y in
            qkv.elements.withUnsafeBufferPointer { qkv in
                guard let start = qkv.baseAddress else { return }
                for head in 0..<heads {
                    let shape = Head(length: qkv.count / (3 * width), dimension: width / heads, width: width)
                    let offset = head * shape.dimension
                    if level == STARLING_PORTABLE {
                        shape.attend(start + offset, into: y + offset, scratch: &scratch)
                    } else {
                        shape.attend(start + offset, into: y + offset, scratch: &scratch, level: level)
                    }
                }
            }
        }
    }

    /// One head: queries, keys and values are `width` apart in rows of 3 · `width`.
    private struct Head {
        let length: Int  // L
        let dimension: Int  // D
        let width: Int  // heads · D

        /// With BLAS.
        func attend(
            _ query: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, scratch: inout Scratch
        ) {
            BLAS.prepare()
            let (stride, depth, columns) = (blasint(3 * width), blasint(dimension), blasint(length))
            forEachBlock(&scratch) { first, count, scores, _ in
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, blasint(count), columns, depth, 1,
                    query + first * 3 * width, stride, query + width, stride, 0, scores, columns)
                softmax(scores, rows: count)
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(count), depth, columns, 1, scores, columns,
                    query + 2 * width, stride, 0, y + first * width, blasint(width))
            }
        }

        /// With bfloat16 products: keys and values are packed as the weights of two linear layers.
        func attend(
            _ query: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, scratch: inout Scratch,
            level: starling_level
        ) {
            scratch.keys.grow(to: starling_packed_count(length, dimension))
            scratch.values.grow(to: starling_packed_count(dimension, length))
            starling_pack(query + width, 3 * width, 1, &scratch.keys, length, dimension)
            starling_pack(query + 2 * width, 1, 3 * width, &scratch.values, dimension, length)
            scratch.halves.grow(
                to: max(
                    starling_scratch_count(Attention.block, 3 * width, dimension),
                    starling_scratch_count(Attention.block, length, length)))
            forEachBlock(&scratch) { first, count, scores, scratch in
                starling_gemm(
                    query + first * 3 * width, 3 * width, scratch.keys, nil, scores, length, count, length, dimension,
                    &scratch.halves, level)
                softmax(scores, rows: count)
                starling_gemm(
                    scores, length, scratch.values, nil, y + first * width, width, count, dimension, length,
                    &scratch.halves, level)
            }
        }

        private func softmax(_ scores: UnsafeMutablePointer<Float>, rows: Int) {
            starling_softmax(scores, rows, length, 1 / Float(dimension).squareRoot())
        }

        /// Calls `body` with the first query of a block, the number of queries, room for their scores and the scratch.
        private func forEachBlock(
            _ scratch: inout Scratch, _ body: (Int, Int, UnsafeMutablePointer<Float>, inout Scratch) -> Void
        ) {
            var scores = Matrix(rows: 0, columns: 0)
            swap(&scores, &scratch.scores)
            scores.resize(rows: min(Attention.block, length), columns: length)
            for first in stride(from: 0, to: length, by: Attention.block) {
                let count = min(Attention.block, length - first)
                scores.withUnsafeMutablePointer { body(first, count, $0, &scratch) }
            }
            swap(&scores, &scratch.scores)
        }
    }
}
