internal import CKernels
private import Foundation
import SpeechSignal

/// Makes frames of speech: of a pulse train, noise, and what the trunk tells of them. The hot loops are
/// `starling_make_frames`.
///
/// Letters: F frequency bins, G knots, R bins with a residual.
struct FrameMaker: Sendable {
    /// Frames made at a time: as many as a level has lanes for, at most.
    static let batch = STARLING_FRAMES

    private let knots: SpectralKnots
    /// Factors on the bins, [F, period + batch]; columns repeat after the period.
    private let gains: [Float]
    private let period: Int
    private var scratch: [Float]

    /// - Parameter gains: factors on the bins of every frame, [period][F]; frame t takes row t modulo the period
    init(_ knots: SpectralKnots, gains rows: [[Float]]) {
        precondition(rows.allSatisfy { $0.count == Signal.bins })
        self.knots = knots
        let rows = rows.isEmpty ? [[Float](repeating: 1, count: Signal.bins)] : rows
        let columns = rows.count + Self.batch
        var gains = [Float](repeating: 1, count: Signal.bins * columns)
        for column in 0..<columns {
            for (bin, factor) in rows[column % rows.count].enumerated() { gains[bin * columns + column] = factor }
        }
        (self.gains, period) = (gains, rows.count)
        let needed = withUnsafePointer(to: knots.frames) { starling_frames_scratch($0) }
        scratch = [Float](repeating: 0, count: needed)
    }

    /// Adds `count` frames to the sum of windowed samples, `size` times too large.
    ///
    /// - Parameters:
    ///   - first: the number of the first frame
    ///   - pulses: from its first sample on, (count + 3) hops
    ///   - numbers: [count, 3 G + 2 R]
    ///   - noise: interleaved complex numbers, [count, 2 F]
    ///   - sum: from the first frame's first sample on, (count + 4) hops
    mutating func add(
        _ count: Int, first: Int, pulses: UnsafePointer<Float>, numbers: UnsafePointer<Float>,
        noise: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>
    ) {
        var frames = knots.frames
        Self.tables.withUnsafeBufferPointer { tables in
            gains.withUnsafeBufferPointer { gains in
                frames.window = tables.baseAddress!
                frames.turns = tables.baseAddress! + Signal.fftSize
                (frames.gains, frames.gainPeriod) = (gains.baseAddress!, period)
                starling_make_frames(&frames, pulses, numbers, noise, first, sum, count, &scratch)
            }
        }
    }

    /// The window, [size], and then cosine and sine of -k / size of a turn, [size, 2].
    private static let tables: [Float] = {
        let size = Signal.fftSize
        let angles = (0..<size).map { 2 * Double.pi * Double($0) / Double(size) }
        return OverlapAdd.window + angles.flatMap { [Float(cos($0)), Float(-sin($0))] }
    }()
}
