import Foundation

/// Loudness and levels of speech, in the measures that audiobook publishers require.
///
/// ```swift
/// var meter = SpeechLevelMeter(sampleRate: 24_000)
/// for block in blocks { meter.add(block) }
/// print(meter.levels.problems)
/// ```
public struct SpeechLevels: Sendable, Codable, Equatable {
    /// Integrated loudness in LUFS (ITU-R BS.1770); nil for less than 0.4 s of sound.
    public var loudness: Double?
    /// Root mean square of all samples, dB of full scale.
    public var rms: Double
    /// The largest magnitude, dB of full scale.
    public var peak: Double
    /// Root mean square of the quietest half second, dB of full scale, at least -100; that of all for what is shorter.
    public var noiseFloor: Double

    /// What ACX (Audible) asks for: https://help.acx.com/s/article/what-are-the-acx-audio-submission-requirements
    public static let acxRMS = -23.0 ... -18.0
    /// dB of full scale, the most.
    public static let (acxPeak, acxNoiseFloor) = (-3.0, -60.0)
    /// LUFS to which ReplayGain 2.0 brings everything.
    static let replayGainLoudness = -18.0

    /// Violations of the ACX requirements, a phrase each.
    public var problems: [String] {
        var problems: [String] = []
        if !Self.acxRMS.contains(rms) { problems.append("RMS \(Self.decibels(rms)) (required: -23 to -18 dB)") }
        if peak > Self.acxPeak { problems.append("peak \(Self.decibels(peak)) (required: at most -3 dB)") }
        if noiseFloor > Self.acxNoiseFloor {
            problems.append("noise floor \(Self.decibels(noiseFloor)) (required: at most -60 dB)")
        }
        return problems
    }

    /// The gain that players apply, in dB; nil without a loudness.
    public var replayGain: Double? { loudness.map { Self.replayGainLoudness - $0 } }

    /// The levels of pieces one after the other.
    public static func joined(_ pieces: [(levels: SpeechLevels, seconds: Double)]) -> SpeechLevels? {
        let seconds = pieces.reduce(0) { $0 + $1.seconds }
        guard seconds > 0 else { return nil }
        func mean(_ value: (SpeechLevels) -> Double) -> Double {
            10 * log10(pieces.reduce(0) { $0 + $1.seconds * pow(10, value($1.levels) / 10) } / seconds)
        }
        let isLoud = pieces.contains { $0.levels.loudness != nil }
        return SpeechLevels(
            loudness: isLoud ? mean { $0.loudness ?? -100 } : nil, rms: mean(\.rms),
            peak: pieces.map(\.levels.peak).max() ?? -100, noiseFloor: pieces.map(\.levels.noiseFloor).min() ?? -100)
    }

    static func decibels(_ value: Double) -> String { "\((value * 10).rounded() / 10) dB" }
}

/// Measures `SpeechLevels` block by block; memory grows by ten numbers per second.
public struct SpeechLevelMeter: Sendable {
    private var meter: LoudnessMeter
    /// Samples of a tenth of a second.
    private let tenth: Int
    /// Energy of each tenth that is complete, the last five of them.
    private var last: [Double] = []
    private var (energy, filled) = (0.0, 0)
    private var (total, count, peak) = (0.0, 0, Float(0))
    private var quietest = Double.infinity

    /// - Parameter sampleRate: in Hz
    public init(sampleRate: Int) {
        meter = LoudnessMeter(sampleRate: sampleRate)
        tenth = max(1, sampleRate / 10)
    }

    /// Adds samples, full scale ±1.
    public mutating func add(_ samples: [Float]) {
        meter.add(samples)
        for sample in samples {
            let power = Double(sample) * Double(sample)
            total += power
            energy += power
            peak = max(peak, abs(sample))
            filled += 1
            guard filled == tenth else { continue }
            last.append(energy)
            (energy, filled) = (0, 0)
            if last.count == 5 {
                quietest = min(quietest, last.reduce(0, +) / Double(5 * tenth))
                last.removeFirst()
            }
        }
        count += samples.count
    }

    /// Of all samples so far.
    public var levels: SpeechLevels {
        func level(_ power: Double) -> Double { max(-100, 10 * log10(max(power, 1e-20))) }
        let mean = total / Double(max(1, count))
        return SpeechLevels(
            loudness: meter.integrated, rms: level(mean), peak: level(Double(peak) * Double(peak)),
            noiseFloor: level(quietest.isFinite ? quietest : mean))
    }
}
