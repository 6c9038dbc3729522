import Foundation

/// The soft limiter of all speech: the one place where what would be too loud is bent.
///
/// Memoryless: the identity up to `knee`, then knee + (1 − knee) · tanh((|x| − knee) / (1 − knee)), which meets the
/// identity with equal slope and never exceeds full scale.
package enum Limiter {
    /// The magnitude above which the curve bends, -1.9 dB of full scale.
    package static let knee: Float = 0.8

    package static func limit(_ sample: Float) -> Float {
        guard abs(sample) > knee else { return sample }
        let over = (abs(sample) - knee) / (1 - knee)
        return (sample < 0 ? -1 : 1) * (knee + (1 - knee) * tanh(over))
    }
}
