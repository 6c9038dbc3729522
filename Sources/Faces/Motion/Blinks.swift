import Foundation
import SpeechSignal
import Synthesis

/// Blinks at moments that a seed chooses: 26 a minute in the mean, as people who talk do (Bentivoglio et al. 1997).
struct Blinks {
    private static let shortestPause = 0.9
    private static let meanPause = 2.05
    /// Seconds that lids take to close and to open.
    private static let closing = 0.08
    private static let opening = 0.17

    private let seed: UInt64
    private var count: UInt64 = 0
    /// When the lids begin to close, in seconds.
    private var start = 0.0

    init(seed: UInt64) {
        self.seed = seed
        plan(after: 0)
    }

    /// How far the lids are down, from 0 to 1; moments are asked for in order.
    mutating func closure(at time: Double) -> Float {
        while time > start + Self.closing + Self.opening { plan(after: start + Self.closing + Self.opening) }
        let passed = time - start
        return Float(
            passed < Self.closing
                ? smoothstep(passed / Self.closing) : smoothstep(1 - (passed - Self.closing) / Self.opening))
    }

    /// Pauses as of a Poisson process, with a shortest one.
    private mutating func plan(after time: Double) {
        start =
            time + Self.shortestPause - (Self.meanPause - Self.shortestPause)
            * log(1 - SplitMix64.fraction(at: count, seed: seed))
        count += 1
    }
}
