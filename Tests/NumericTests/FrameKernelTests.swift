import CKernels
import Comparison
import Foundation
import Testing

/// Frames of speech at every level against their scalar reference.
@Suite struct FrameKernelTests {
    /// What frames are made of, and the pointers that the kernels take.
    private struct Material {
        var shape = starling_frames()
        var (window, turns, gains) = ([Float](), [Float](), [Float]())
        var (pulses, numbers, noise, before) = ([Float](), [Float](), [Float](), [Float]())
        let first = 5

        var hop: Int { shape.size / STARLING_OVERLAP }
        var numbersOfFrame: Int { withUnsafePointer(to: shape) { starling_frame_numbers($0) } }

        init(size: Int, fine: Int, coarse: Int, period: Int, frames: Int) {
            var random = Numbers(seed: UInt64(fine))
            (shape.size, shape.fine, shape.coarse, shape.gainPeriod) = (size, fine, coarse, period)
            (shape.pulseGain, shape.ceiling) = (0.05, 2)
            let angles = (0..<size).map { 2 * Double.pi * Double($0) / Double(size) }
            window = angles.map { Float(0.5 - 0.5 * cos($0)) }
            turns = angles.flatMap { [Float(cos($0)), Float(-sin($0))] }
            for _ in 0...size / 2 {
                let row = random.next(period, in: 0.5...2)
                gains += (0..<period + STARLING_FRAMES).map { row[$0 % period] }
            }
            pulses = random.next((frames + 3) * hop, in: -30...30)
            numbers = random.next(frames * numbersOfFrame, in: -3...3)
            noise = random.next(frames * (size + 2))
            before = random.next(3 * hop) + [Float](repeating: 0, count: (frames + 1) * hop)
        }

        /// Calls `body` with the material of frames from `start` on.
        func from(
            _ start: Int, sum: inout [Float],
            _ body: (
                UnsafePointer<starling_frames>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int,
                UnsafeMutablePointer<Float>
            ) -> Void
        ) {
            var shape = shape
            window.withUnsafeBufferPointer { window in
                turns.withUnsafeBufferPointer { turns in
                    gains.withUnsafeBufferPointer { gains in
                        (shape.window, shape.turns, shape.gains) =
                            (window.baseAddress, turns.baseAddress, gains.baseAddress)
                        sum.withUnsafeMutableBufferPointer { sum in
                            body(
                                &shape, Array(pulses[(start * hop)...]), Array(numbers[(start * numbersOfFrame)...]),
                                Array(noise[(start * (shape.size + 2))...]), first + start,
                                sum.baseAddress! + start * hop)
                        }
                    }
                }
            }
        }

        /// The sum with the frames in it, made in batches one after the other, in one scratch.
        func made(level: starling_level, batches: [Int]) -> [Float] {
            let (needed, kernel) = (withUnsafePointer(to: shape) { starling_frames_scratch($0) }, kernels(level))
            var (sum, scratch, start) = (before, [Float](repeating: .nan, count: needed), 0)
            for count in batches {
                from(start, sum: &sum) { shape, pulses, numbers, noise, first, sum in
                    kernel.prepare_frames(shape, pulses, numbers, noise, first, count, &scratch)
                    kernel.add_frames(shape, sum, count, scratch)
                }
                start += count
            }
            return sum
        }
    }

    /// Batches that are computed side by side and then added in their order give what they give one after the other.
    @Test(arguments: levels) func batchesSideBySide(level: starling_level) {
        let material = Material(size: 1200, fine: 200, coarse: 4, period: 8, frames: 60)
        let (expected, kernel) = (material.made(level: level, batches: [16, 16, 16, 12]), kernels(level))
        let needed = withUnsafePointer(to: material.shape) { starling_frames_scratch($0) }
        for pieces in [[16, 16, 16, 12], [1, 7, 16, 15, 4, 16, 1]] {
            var rooms = pieces.map { _ in [Float](repeating: .nan, count: needed) }
            let starts = pieces.indices.map { pieces[..<$0].reduce(0, +) }
            var sum = material.before
            for piece in pieces.indices.reversed() {
                material.from(starts[piece], sum: &sum) { shape, pulses, numbers, noise, first, _ in
                    kernel.prepare_frames(shape, pulses, numbers, noise, first, pieces[piece], &rooms[piece])
                }
            }
            for piece in pieces.indices {
                material.from(starts[piece], sum: &sum) { shape, _, _, _, _, sum in
                    kernel.add_frames(shape, sum, pieces[piece], rooms[piece])
                }
            }
            #expect(sum == expected, "\(pieces)")
        }
    }

    /// Residuals of few bins, of more than half, of all and of none; frames of the vocoder and short ones.
    @Test(
        arguments: levels,
        [(1200, 200, 4, 8), (1200, 601, 4, 1), (432, 150, 4, 3), (720, 1, 7, 2), (432, 0, 4, 1)])
    func frames(level: starling_level, shape: (size: Int, fine: Int, coarse: Int, period: Int)) {
        let count = 2 * STARLING_FRAMES + 3
        let material = Material(
            size: shape.size, fine: shape.fine, coarse: shape.coarse, period: shape.period, frames: count)
        var expected = material.before
        material.from(0, sum: &expected) { reference_make_frames($0, $1, $2, $3, $4, $5, count) }
        let actual = material.made(level: level, batches: [STARLING_FRAMES, STARLING_FRAMES, 3])
        let most = expected.map(abs).max()!
        expectClose(actual.map { $0 / most }, expected.map { $0 / most }, within: 2e-6, "frames of \(shape)")
        #expect(
            material.made(level: level, batches: [1, 3, 11, 4, STARLING_FRAMES]).map(\.bitPattern)
                == actual.map(\.bitPattern),
            "samples depend on how many frames are made at a time")
    }

    /// Gain 1, no turn, no noise and no residual: the pulses come back as they are.
    @Test(arguments: levels) func nothingChanges(level: starling_level) {
        let frames = 24
        var material = Material(size: 1200, fine: 200, coarse: 4, period: 1, frames: frames)
        material.shape.pulseGain = 1
        material.gains = material.gains.map { _ in 1 }
        material.before = material.before.map { _ in 0 }
        let knots = withUnsafePointer(to: material.shape) { starling_knot_count($0) }
        let frame =
            [Float](repeating: 0, count: 2 * knots) + [Float](repeating: -80, count: knots + 200)
            + [Float](repeating: 0, count: 200)
        material.numbers = (0..<frames).flatMap { _ in frame }
        // Bins 0 and F - 1 get lost: no signal near them.
        material.pulses = material.pulses.indices.map { sin(Float($0 % 1200) * 2 * .pi * 7 / 120) }
        let inner = 900..<frames * 300
        let back = material.made(level: level, batches: [STARLING_FRAMES, frames - STARLING_FRAMES])
        // Four windows of Hann, squared, add up to 1.5.
        expectClose(
            inner.map { back[$0] / (1.5 * 1200) }, inner.map { material.pulses[$0] }, within: 2e-6, "round trip")
    }
}
