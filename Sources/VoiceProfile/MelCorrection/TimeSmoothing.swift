private import Foundation
private import SpeechSignal
internal import Tensor

/// Smoothing of every mel band over time by a Gaussian window; the first and the last frame go on beyond the ends.
struct TimeSmoothing {
    private let reach: Int
    private let window: DepthwiseConvolution

    static let ofMels = TimeSmoothing(deviation: 3)
    static let ofMoves = TimeSmoothing(deviation: 2)

    /// - Parameter deviation: in frames
    private init(deviation: Int) {
        let reach = 4 * deviation
        self.reach = reach
        let weights = (-reach...reach).map { expf(-0.5 * Float($0 * $0) / Float(deviation * deviation)) }
        let total = weights.reduce(0, +)
        window = DepthwiseConvolution(
            weight: (0..<Signal.melBands).flatMap { _ in weights.map { $0 / total } },
            bias: [Float](repeating: 0, count: Signal.melBands), channels: Signal.melBands, taps: weights.count)
    }

    /// [T, M] of [T, M].
    func callAsFunction(_ mel: Matrix) -> Matrix {
        guard mel.rows > 0 else { return mel }
        var padded = Matrix(rows: mel.rows + 2 * reach, columns: mel.columns)
        padded.copy(rows: 0..<mel.rows, of: mel, to: reach)
        for row in 0..<reach {
            padded.copy(rows: 0..<1, of: mel, to: row)
            padded.copy(rows: mel.rows - 1..<mel.rows, of: mel, to: reach + mel.rows + row)
        }
        var smooth = Matrix(rows: 0, columns: mel.columns)
        window.apply(padded, into: &smooth)
        return smooth
    }
}
