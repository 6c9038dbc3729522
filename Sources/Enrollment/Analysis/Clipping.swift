/// Finds samples that were cut off because they were too loud.
///
/// The amplitudes of speech thin out toward the peak. Where it was cut they pile up at one level instead, also after
/// the file was turned down, got an offset, or went through a codec that blurs the flat tops.
struct Clipping {
    /// Levels of the histogram, from -`top` to `top`.
    private static let levels = 16_384
    /// Full scale is 1; files of floating-point numbers may go beyond.
    private static let top: Float = 4
    /// Levels to a full scale.
    private static let scale = Float(Clipping.levels) / (2 * Clipping.top)
    /// Quieter recordings have too few levels for an estimate.
    private static let quietest: Float = 0.05
    /// Breadth of the pile, and of what it is compared with, as shares of its level.
    private static let breadth: Float = 0.02
    /// The pile must be so many times as dense as the levels below it.
    private static let density: Float = 3

    private var histogram = [Int](repeating: 0, count: Clipping.levels)
    private var count = 0
    private var sum = 0.0
    private var (lowest, highest): (Float, Float) = (.infinity, -.infinity)

    mutating func add(_ samples: [Float]) {
        for sample in samples {
            (lowest, highest) = (min(lowest, sample), max(highest, sample))
            sum += Double(sample)
            let level = min(max((sample + Self.top) * Self.scale, 0), Float(Self.levels - 1))
            histogram[Int(level)] += 1
        }
        count += samples.count
    }

    /// The mean of all samples: an offset, which the microphone or its amplifier adds.
    private var offset: Float { Float(sum / Double(max(1, count))) }

    /// The largest distance of a sample from the offset.
    var peak: Float { count == 0 ? 0 : max(highest - offset, offset - lowest) }

    /// The share of all samples that was cut off, 0 to 1.
    var share: Float {
        let peak = peak
        guard count > 0, peak >= Self.quietest, peak < Self.top else { return 0 }
        let magnitudes = magnitudes
        func samples(from low: Float, to high: Float) -> Int {
            let first = Int(low * Self.scale)
            // The middle of the level that holds `high` may lie above it.
            let last = min(Int((high * Self.scale).rounded(.up)), magnitudes.count - 1)
            return first <= last ? magnitudes[first...last].reduce(0, +) : 0
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

    /// The histogram of distances from the offset.
    private var magnitudes: [Int] {
        var result = [Int](repeating: 0, count: Self.levels)
        let centre = (offset + Self.top) * Self.scale
        for (level, samples) in histogram.enumerated() where samples > 0 {
            // The middle of the level.
            result[min(Int(abs(Float(level) + 0.5 - centre)), Self.levels - 1)] += samples
        }
        return result
    }
}
