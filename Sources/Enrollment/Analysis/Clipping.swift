/// Finds samples that were cut off because they were too loud.
///
/// The amplitudes of speech thin out towards the peak. Where it was cut they pile up at one level instead, also after the
/// file was turned down or went through a codec that blurs the flat tops.
struct Clipping {
    /// Levels of the histogram from 0 to `top`.
    private static let levels = 8_192
    /// Full scale is 1; files of floating-point numbers may go beyond.
    private static let top: Float = 4
    /// Quieter recordings have too few levels to tell.
    private static let quietest: Float = 0.05
    /// Breadth of the pile, and of what it is compared with, as shares of its level.
    private static let breadth: Float = 0.02
    /// The pile must be so many times as dense as the levels below it.
    private static let density: Float = 3

    private var histogram = [Int](repeating: 0, count: Clipping.levels)
    private var count = 0
    private(set) var peak: Float = 0

    mutating func add(_ samples: [Float]) {
        let scale = Float(Self.levels) / Self.top
        for sample in samples {
            let magnitude = abs(sample)
            peak = max(peak, magnitude)
            histogram[Int(min(magnitude * scale, Float(Self.levels - 1)))] += 1
        }
        count += samples.count
    }

    /// The share of all samples that was cut off, 0 to 1.
    var share: Float {
        guard count > 0, peak >= Self.quietest, peak < Self.top else { return 0 }
        func samples(from low: Float, to high: Float) -> Int {
            let scale = Float(Self.levels) / Self.top
            let first = Int(low * scale)
            let last = min(Int(high * scale), Self.levels - 1)
            return first <= last ? histogram[first...last].reduce(0, +) : 0
        }
        var most = 0
        var level = peak
        while level > 0.6 * peak {
            let pile = samples(from: level * (1 - Self.breadth), to: level)
            let below = samples(from: level * (1 - 4 * Self.breadth), to: level * (1 - Self.breadth) - 0.0006)
            let expected = Float(below) / 3
            if pile > 8, Float(pile) > Self.density * max(expected, 1) { most = max(most, pile - Int(expected)) }
            level *= 1 - Self.breadth / 2
        }
        return Float(most) / Float(count)
    }
}
