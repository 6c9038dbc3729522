import Foundation

/// Conversion of floating-point samples to integers: no dither (so that equal input gives equal bytes), no wrap-around.
public enum PCM {
    /// Above this magnitude the limiter bends the curve; below it samples pass unchanged. −0.9 dB of full scale.
    public static let knee: Float = 0.9

    /// A memoryless soft limiter: the identity up to `knee`, then knee + (1 − knee)·tanh((|x| − knee)/(1 − knee)), which
    /// meets the identity with equal slope and never reaches ±1. What is not a number becomes 0.
    @inlinable
    public static func limit(_ x: Float) -> Float {
        let magnitude = abs(x)
        if magnitude <= 0.9 { return x }
        guard magnitude.isFinite else { return x.isNaN ? 0 : (x < 0 ? -1 : 1) }
        return bend(x)
    }

    @usableFromInline
    static func bend(_ x: Float) -> Float {
        let room = 1 - knee
        // (1 − e^−2t)/(1 + e^−2t) = tanh t, evaluated in double so that machines agree to the last 16-bit step.
        let t = Double((abs(x) - knee) / room)
        let bent = knee + room * Float(tanhOf(t))
        return x < 0 ? -bent : bent
    }

    /// Samples as signed 16-bit integers, rounded to nearest.
    public static func int16(_ samples: some Collection<Float>) -> [Int16] {
        samples.map { Int16((limit($0) * 32_767).rounded(.toNearestOrEven)) }
    }
}

private func tanhOf(_ t: Double) -> Double {
    tanh(t)
}
