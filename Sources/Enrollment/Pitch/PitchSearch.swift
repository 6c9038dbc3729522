private import Foundation

/// The best path through the candidates of all frames, by Viterbi's algorithm.
enum PitchSearch {
    /// Per octave between neighboring frames.
    static let jumpCost: Float = 0.5
    /// Per change between voiced and unvoiced.
    static let switchCost: Float = 0.08

    /// - Returns: F0 in Hz, [T], 0 where unvoiced
    static func path(through candidates: PitchCandidates) -> [Float] {
        let count = PitchCandidates.count
        let frames = candidates.unvoiced.count
        guard frames > 0 else { return [] }
        let states = count + 1  // the last is unvoiced
        let octave = candidates.frequency.map { log2(max($0, 1)) }
        // Sums grow with the length of a recording: double precision keeps the small differences.
        var total = [Double](repeating: 0, count: states)
        var next = total
        var back = [UInt8](repeating: 0, count: frames * states)

        func score(_ frame: Int, _ state: Int) -> Double {
            guard state < count else { return Double(candidates.unvoiced[frame]) }
            let value = candidates.score[frame * count + state]
            return value > PitchCandidates.none ? Double(value) : -1e3
        }
        for state in 0..<states { total[state] = score(0, state) }
        for frame in 1..<max(1, frames) {
            for state in 0..<states {
                var best = (value: -Double.infinity, from: 0)
                for from in 0..<states {
                    let cost: Float
                    if from < count && state < count {
                        cost = jumpCost * abs(octave[(frame - 1) * count + from] - octave[frame * count + state])
                    } else {
                        cost = from == state ? 0 : switchCost
                    }
                    let value = total[from] - Double(cost)
                    if value > best.value { best = (value, from) }
                }
                back[frame * states + state] = UInt8(best.from)
                next[state] = best.value + score(frame, state)
            }
            swap(&total, &next)
        }
        var state = total.indices.max { total[$0] < total[$1] } ?? count
        var f0 = [Float](repeating: 0, count: frames)
        for frame in stride(from: frames - 1, through: 0, by: -1) {
            if state < count { f0[frame] = candidates.frequency[frame * count + state] }
            state = Int(back[frame * states + state])
        }
        return f0
    }
}
