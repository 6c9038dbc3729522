import Foundation

/// Program loudness according to ITU-R BS.1770-4: K-weighting, blocks of 400 ms every 100 ms, gates at −70 LUFS and 10
/// LU below the mean of what passed the first. The two filters are computed for the clip's own rate from their analog
/// prototypes.
public enum Loudness {
    /// Integrated loudness of a mono clip in LUFS, or nil when the clip is shorter than a block or lies below the gate.
    public static func integrated(_ clip: AudioClip) -> Double? {
        var meter = LoudnessMeter(sampleRate: clip.sampleRate)
        meter.add(clip.samples)
        return meter.integrated
    }
}

/// Measures `Loudness` block by block.
struct LoudnessMeter: Sendable {
    private let hop: Int
    private var shelf: Biquad
    private var highPass: Biquad
    /// Energy of each hop; a block is four hops.
    private var hops: [Double] = []
    private var (energy, filled) = (0.0, 0)

    /// - Parameter sampleRate: of one channel, in Hz
    init(sampleRate: Int) {
        let rate = Double(sampleRate)
        hop = Int((0.1 * rate).rounded())
        (shelf, highPass) = (.highShelf(rate: rate), .highPass(rate: rate))
    }

    mutating func add(_ samples: [Float]) {
        guard hop > 0 else { return }
        for sample in samples {
            let y = highPass.step(shelf.step(Double(sample)))
            energy += y * y
            filled += 1
            if filled == hop {
                hops.append(energy)
                (energy, filled) = (0, 0)
            }
        }
    }

    /// Of all samples so far, in LUFS; nil as in `Loudness.integrated`.
    var integrated: Double? {
        guard hops.count >= 4 else { return nil }
        let powers = (0...(hops.count - 4)).map { hops[$0..<($0 + 4)].reduce(0, +) / Double(4 * hop) }
        let audible = powers.filter { Self.level($0) > -70 }
        guard !audible.isEmpty else { return nil }
        let gate = Self.level(Self.mean(audible)) - 10
        let counted = audible.filter { Self.level($0) > gate }
        return counted.isEmpty ? nil : Self.level(Self.mean(counted))
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// BS.1770 equation 2 for one channel of weight 1.
    private static func level(_ power: Double) -> Double { -0.691 + 10 * log10(max(power, 1e-20)) }
}

/// A second-order section in transposed direct form II, double precision.
private struct Biquad: Sendable {
    var b0: Double
    var b1: Double
    var b2: Double
    var a1: Double
    var a2: Double
    private var s1 = 0.0
    private var s2 = 0.0

    mutating func step(_ x: Double) -> Double {
        let y = b0 * x + s1
        s1 = b1 * x - a1 * y + s2
        s2 = b2 * x - a2 * y
        return y
    }

    /// Stage 1 of K-weighting: +4 dB above about 1.7 kHz (the effect of the head). The prototype's numbers are those
    /// from which the recommendation's 48 kHz table follows.
    static func highShelf(rate: Double) -> Biquad {
        let k = tan(.pi * 1681.974450955533 / rate)
        let q = 0.7071752369554196
        let vh = pow(10, 3.999843853973347 / 20)
        let vb = pow(vh, 0.4996667741545416)
        let a0 = 1 + k / q + k * k
        return Biquad(
            b0: (vh + vb * k / q + k * k) / a0, b1: 2 * (k * k - vh) / a0, b2: (vh - vb * k / q + k * k) / a0,
            a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }

    /// Stage 2 of K-weighting: a high-pass at 38 Hz.
    static func highPass(rate: Double) -> Biquad {
        let k = tan(.pi * 38.13547087602444 / rate)
        let q = 0.5003270373238773
        let a0 = 1 + k / q + k * k
        return Biquad(b0: 1, b1: -2, b2: 1, a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }

    private init(b0: Double, b1: Double, b2: Double, a1: Double, a2: Double) {
        (self.b0, self.b1, self.b2, self.a1, self.a2) = (b0, b1, b2, a1, a2)
    }
}
