import Foundation

/// How much effort a voice makes, from the energy of its samples: who shouts opens the mouth wider than who murmurs.
struct VoiceEffort {
    /// RMS of effort 0 and of effort 1, in dB of full scale; voices speak at about -21.
    private static let quiet: Float = -50
    private static let loud: Float = -18
    /// Shares of the way to a larger and to a smaller effort in a frame.
    private static let rise: Float = 0.5
    private static let fall: Float = 0.25

    /// From 0 to 1, smoothed.
    private(set) var value: Float = 0

    /// Takes the samples around the next frame.
    mutating func hear(_ samples: some Collection<Float>) {
        guard !samples.isEmpty else { return }
        let power = samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count)
        let level = 10 * log10(max(power, 1e-10))
        let heard = min(max((level - Self.quiet) / (Self.loud - Self.quiet), 0), 1)
        value += (heard - value) * (heard > value ? Self.rise : Self.fall)
    }
}
