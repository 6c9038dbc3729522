/// Conversion of floating-point samples to integers: no dither (so that equal input gives equal bytes), no wrap-around.
public enum PCM {
    /// A sample clipped to full scale, -1 to 1; NaN becomes 0.
    @inlinable
    public static func saturated(_ sample: Float) -> Float { sample.isNaN ? 0 : min(max(sample, -1), 1) }

    /// Samples as signed 16-bit integers, rounded to nearest.
    public static func int16(_ samples: some Collection<Float>) -> [Int16] {
        // At 3 · 2^22 the spacing of Float is 1: the sum is rounded, and the integer stands in its last bits.
        samples.map { Int16(truncatingIfNeeded: (saturated($0) * 32_767 + 0x3p22).bitPattern) }
    }
}
