private import Foundation
package import Tensor
package import VoiceProfile

/// How a `SpectralTransport` is applied, and the conventions by which enrollment finds it
/// (Training/starling_training/transport.py).
extension SpectralTransport {
    /// Frames on either side that smoothing reaches, and its deviation in frames: syllables stay, sounds blur.
    private static let (reach, deviation): (Int, Float) = (12, 3)
    /// Mean log mel below 7.6 kHz of a frame that is speech by half, as every utterance is at the same level; and how
    /// steeply the share rises.
    private static let (threshold, steepness): (Float, Float) = (-7.5, 2)
    /// Bands below 7.6 kHz.
    private static let wideBands = 85

    private static let smoothing: DepthwiseConvolution = {
        let weights = (-reach...reach).map { expf(-0.5 * Float($0 * $0) / (deviation * deviation)) }
        let total = weights.reduce(0, +)
        let bands = Convention.melBands
        return DepthwiseConvolution(
            weight: (0..<bands).flatMap { _ in weights.map { $0 / total } },
            bias: [Float](repeating: 0, count: bands), channels: bands, taps: weights.count)
    }()

    /// A mel smoothed over time by a Gaussian window of 37.5 ms deviation; the first and last frame go on beyond the ends.
    ///
    /// - Parameter mel: [T, M]
    package static func smoothed(_ mel: Matrix) -> Matrix {
        guard mel.rows > 0 else { return mel }
        var padded = Matrix(rows: mel.rows + 2 * reach, columns: mel.columns)
        padded.copy(rows: 0..<mel.rows, of: mel, to: reach)
        for row in 0..<reach {
            padded.copy(rows: 0..<1, of: mel, to: row)
            padded.copy(rows: mel.rows - 1..<mel.rows, of: mel, to: reach + mel.rows + row)
        }
        var slow = Matrix(rows: 0, columns: mel.columns)
        smoothing.apply(padded, into: &slow)
        return slow
    }

    /// How far above the threshold of speech every frame of a mel [T, M] is, [T]; from 0 on it is speech.
    package static func loudness(_ mel: Matrix) -> [Float] {
        (0..<mel.rows).map { mel.row($0).prefix(wideBands).reduce(0, +) / Float(wideBands) - threshold }
    }

    /// Adds what is missing; silence stays as it is.
    ///
    /// - Parameter mel: [T, M]
    package func apply(to mel: inout Matrix, scratch: inout Scratch) {
        let bands = Convention.melBands
        func linear(_ weight: [Float], bias: [Float]? = nil) -> Linear {
            Linear(weight: Matrix(rows: bands, columns: bands, elements: weight), bias: bias, precision: .float32)
        }
        let loudness = Self.loudness(mel)
        let smooth = Self.smoothed(mel)
        // slow · s + fast · (mel - s) = fast · mel + (slow - fast) · s
        var change = linear(fast, bias: offset)(mel, scratch: &scratch)
        change.add(linear(zip(slow, fast).map { $0 - $1 })(smooth, scratch: &scratch))
        mel.withUnsafeMutablePointer { mel in
            for (row, loudness) in loudness.enumerated() {
                let share = 1 / (1 + expf(-Self.steepness * loudness))
                for (band, value) in change.row(row).enumerated() { mel[row * bands + band] += share * value }
            }
        }
    }
}
