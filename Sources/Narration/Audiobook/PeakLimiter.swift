import Foundation

/// Keeps the peaks of a narration below what publishers of audiobooks allow, -3 dB of full scale.
///
/// Memoryless, like the limiter of all speech and on top of it: the identity up to `knee`, then a curve that meets it
/// with equal slope and never reaches `ceiling`.
enum PeakLimiter {
    /// In the key of every chapter, as the samples depend on it.
    static let version = "peaks below -3.5 dB"
    private static let knee: Float = 0.5
    /// -3.5 dB; a lossy codec may add some tenths of a decibel.
    private static let ceiling: Float = 0.668

    static func limit(_ sample: Float) -> Float {
        guard abs(sample) > knee else { return sample }
        let room = ceiling - knee
        return (sample < 0 ? -1 : 1) * (knee + room * tanh((abs(sample) - knee) / room))
    }
}
