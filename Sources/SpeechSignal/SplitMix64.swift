/// Well mixed numbers, each a function of a seed and its place (Steele, Lea and Flood 2014).
package enum SplitMix64 {
    package static func value(at index: UInt64, seed: UInt64) -> UInt64 {
        var z = seed &+ (index &+ 1) &* 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// The same as a fraction, 0 up to but not 1.
    package static func fraction(at index: UInt64, seed: UInt64) -> Double {
        Double(value(at: index, seed: seed) >> 11) / Double(1 << 53)
    }
}
