/// Conversion of floating-point samples to integers: no dither (so that equal input gives equal bytes), no wrap-around.
public enum PCM {
    /// A sample clipped to full scale, -1 to 1; NaN becomes 0.
    @inlinable
    public static func saturated(_ sample: Float) -> Float { sample.isNaN ? 0 : min(max(sample, -1), 1) }

    /// Samples as signed 16-bit integers, rounded to nearest.
    public static func int16(_ samples: some Collection<Float>) -> [Int16] {
        samples.map { Int16((saturated($0) * 32_767).rounded(.toNearestOrEven)) }
    }
}
