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
public enum Attention {
    private static let block = 64  // queries whose scores are held at once

    /// - Parameters:
    ///   - qkv: queries, keys and values side by side, [L, 3 · heads · D], rotary positions already applied
    ///   - heads: number of heads
    ///   - y: resized to [L, heads · D]
    public static func apply(_ qkv: Matrix, heads: Int, into y: inout Matrix, scratch: inout Scratch) {
        let (length, width) = (qkv.rows, qkv.columns / 3)
        let dimension = width / heads
        precondition(qkv.columns == 3 * heads * dimension)
        y.resize(rows: length, columns: width)
        BLAS.prepare()
        let (stride, depth) = (blasint(qkv.columns), blasint(dimension))
        let scale = 1 / Float(dimension).squareRoot()
        for head in 0..<heads {
            for first in Swift.stride(from: 0, to: length, by: block) {
                let count = min(block, length - first)
                scratch.scores.resize(rows: count, columns: length)
                qkv.elements.withUnsafeBufferPointer { qkv in
                    let query = qkv.baseAddress! + head * dimension
                    let (key, value) = (query + width, query + 2 * width)
                    scratch.scores.withUnsafeMutablePointer {
                        cblas_sgemm(
                            CblasRowMajor, CblasNoTrans, CblasTrans, blasint(count), blasint(length), depth, 1,
                            query + first * 3 * width, stride, key, stride, 0, $0, blasint(length))
                        starling_softmax($0, count, length, scale)
                        let scores = $0
                        y.withUnsafeMutablePointer {
                            cblas_sgemm(
                                CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(count), depth, blasint(length), 1,
                                scores, blasint(length), value, stride, 0, $0 + first * width + head * dimension,
                                blasint(width))
                        }
                    }
                }
            }
        }
    }
}
