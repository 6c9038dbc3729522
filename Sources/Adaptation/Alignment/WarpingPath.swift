internal import Tensor

/// Dynamic time warping of speech whose times are known to a recording: every step of the recording gets the step of
/// the speech that it sounds like, in order (Sakoe and Chiba 1978, with the recording as the axis that is never
/// skipped).
///
/// Letters: U steps of the speech, V steps of the recording.
struct WarpingPath: Sendable {
    /// The step of the speech at every step of the recording, [V], ascending.
    let places: [Int]
    /// How unlike the two are there, as a share of how unlike the recording is to any sounding step of the speech in
    /// the mean, [V]; infinite where nothing sounds.
    let misfit: [Float]

    /// The cost of standing still, of leaving out one step, and two.
    private static let (stays, skips, leaps): (Float, Float, Float) = (1, 1, 2.5)
    /// The distance of a quiet step to a pause, and what each neper of level above quiet adds.
    private static let (pause, loudness, quiet): (Float, Float, Float) = (1.5, 3, -1)
    /// Steps of the recording whose distances are in memory at once.
    private static let block = 64

    /// - Parameters:
    ///   - speech: [U]
    ///   - isRest: which steps of the speech may be a pause of any length, [U]
    ///   - recording: [V]
    init(_ speech: AlignmentFeatures, isRest: [Bool], to recording: AlignmentFeatures) {
        let (count, steps) = (speech.rows.rows, recording.rows.rows)
        // The first step of the recording is the first of the speech.
        var costs = [Float](repeating: .infinity, count: count)
        var next = costs
        var moves = [UInt8](repeating: 0, count: count * steps)
        let staying = isRest.map { $0 ? 0 : Self.stays }
        let sounding = Float(max(1, isRest.count { !$0 }))
        var (sum, heard): (Float, Int) = (0, 0)
        for first in stride(from: 0, to: steps, by: Self.block) {
            let distances = speech.distances(to: recording, steps: first..<min(steps, first + Self.block))
            for row in 0..<distances.rows {
                let level = recording.level[first + row]
                let rest = Self.pause + Self.loudness * max(0, level - Self.quiet)
                let total = distances.withRow(row) { local in
                    moves.withUnsafeMutableBufferPointer { moves in
                        Self.advance(
                            costs, &next, local: local, rest: rest, isRest: isRest, staying: staying,
                            moves: .init(rebasing: moves[(first + row) * count..<(first + row + 1) * count]),
                            isFirst: first + row == 0)
                    }
                }
                swap(&costs, &next)
                if level > 0 {
                    sum += total / sounding
                    heard += 1
                }
            }
        }
        var places = [Int](repeating: 0, count: steps)
        var here = count - 1
        for step in stride(from: steps - 1, through: 0, by: -1) {
            places[step] = here
            here -= Int(moves[step * count + here])
        }
        self.places = places
        misfit = places.indices.map { step in
            heard > 0 ? speech.distance(of: places[step], to: recording, step: step) * Float(heard) / sum : .infinity
        }
    }

    /// One step of the recording: the least cost of being at each step of the speech, and where from.
    ///
    /// - Returns: the sum of the distances to what sounds
    private static func advance(
        _ costs: [Float], _ next: inout [Float], local: UnsafeBufferPointer<Float>, rest: Float, isRest: [Bool],
        staying: [Float], moves: UnsafeMutableBufferPointer<UInt8>, isFirst: Bool
    ) -> Float {
        var total: Float = 0
        for index in local.indices {
            var best = costs[index] + staying[index]
            var move: UInt8 = 0
            if index >= 1, costs[index - 1] < best { (best, move) = (costs[index - 1], 1) }
            if index >= 2, costs[index - 2] + skips < best { (best, move) = (costs[index - 2] + skips, 2) }
            if index >= 3, costs[index - 3] + leaps < best { (best, move) = (costs[index - 3] + leaps, 3) }
            if isFirst, index == 0 { best = 0 }
            let here = isRest[index] ? min(local[index], rest) : local[index]
            if !isRest[index] { total += here }
            next[index] = best + here
            moves[index] = move
        }
        return total
    }
}

extension Matrix {
    fileprivate func withRow<Result>(_ row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
        elements.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[row * columns..<(row + 1) * columns]))
        }
    }
}
