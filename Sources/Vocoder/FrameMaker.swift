internal import CKernels
private import Foundation
import SpeechSignal
import Tensor

/// Synthesizes frames of speech from a pulse train, noise, and the envelopes that the trunk predicts. The hot loops are
/// `starling_prepare_frames` and `starling_add_frames`.
///
/// Frames are made in batches, which idle cores may make side by side and which are added in their order.
/// Letters: F frequency bins, G knots, R bins with a residual.
struct FrameMaker: Sendable {
    /// Frames made at a time: as many as a level has lanes for, at most.
    static let batch = STARLING_FRAMES

    private let knots: SpectralKnots
    /// Factors on the bins, [F, period + batch]; columns repeat after the period.
    private let gains: [Float]
    private let period: Int
    /// Of every batch that is made at a time: room for its frames, and noise, interleaved complex numbers [batch, 2 F].
    private var rooms: [Float] = []
    private let scratch: Int
    private let room: Int

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
        // Whole cache lines.
        scratch = (withUnsafePointer(to: knots.frames) { starling_frames_scratch($0) } + 15) / 16 * 16
        room = scratch + Self.batch * 2 * Signal.bins
    }

    /// Makes frames and adds them to a sum of windowed samples, `size` times too large, batch by batch.
    ///
    /// - Parameters:
    ///   - count: frames
    ///   - first: the number of the first frame
    ///   - pulses: from its first sample on, (count + 3) hops
    ///   - numbers: [count, 3 G + 2 R]
    ///   - noise: gives the noise of some frames, [frames, 2 F]; called from several threads
    ///   - add: takes each batch in turn: its frames, counted from the first one, and what adds them to a sum from the
    ///     batch's first sample on, which has (frames + 4) hops
    mutating func make(
        _ count: Int, first: Int, pulses: UnsafePointer<Float>, numbers: UnsafePointer<Float>,
        noise: (Range<Int>, UnsafeMutablePointer<Float>) -> Void,
        add: (Range<Int>, (UnsafeMutablePointer<Float>) -> Void) -> Void
    ) {
        var shape = knots.frames
        let (told, size, scratch, room) = (knots.numbers, Self.batch, scratch, room)
        let batches = (count + size - 1) / size
        // A frame takes some 4 us.
        let workers = min(batches, Crew.workers(forNanoseconds: 4_000 * count))
        if rooms.count < workers * room { rooms = [Float](repeating: 0, count: workers * room) }
        Self.tables.withUnsafeBufferPointer { tables in
            gains.withUnsafeBufferPointer { gains in
                rooms.withUnsafeMutableBufferPointer { rooms in
                    guard let start = rooms.baseAddress else { return }
                    shape.window = tables.baseAddress!
                    shape.turns = tables.baseAddress! + Signal.fftSize
                    (shape.gains, shape.gainPeriod) = (gains.baseAddress!, period)
                    func frames(_ batch: Int) -> Range<Int> { batch * size..<min(count, (batch + 1) * size) }
                    for next in stride(from: 0, to: batches, by: max(1, workers)) {
                        let together = min(workers, batches - next)
                        Crew.share(parts: together, workers: together) { [shape] place, _ in
                            let (mine, own) = (frames(next + place), start + place * room)
                            let hiss = own + scratch
                            noise(first + mine.lowerBound..<first + mine.upperBound, hiss)
                            withUnsafePointer(to: shape) {
                                starling_prepare_frames(
                                    $0, pulses + mine.lowerBound * Signal.hop, numbers + mine.lowerBound * told, hiss,
                                    first + mine.lowerBound, mine.count, own)
                            }
                        }
                        for place in 0..<together {
                            let mine = frames(next + place)
                            add(mine) { starling_add_frames(&shape, $0, mine.count, start + place * room) }
                        }
                    }
                }
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
