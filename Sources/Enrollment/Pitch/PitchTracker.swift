public import AudioIO
import SpeechSignal

/// F0 of recordings at the frames of the mel spectrogram.
///
///     let f0 = try PitchTracker.track(clip)  // Hz, 0 where unvoiced
///
/// Candidates are the peaks of the autocorrelation divided by the window's own (Boersma 1993, "Accurate short-term
/// analysis of the fundamental frequency"), chosen along time by a Viterbi search over F0 and voicing, twice: the
/// second search is confined to the range that the first one found. It uses the band below 4 kHz, so it works on
/// telephone recordings too.
public enum PitchTracker {
    /// Hz at which the tracker works.
    static let sampleRate = 8_000
    /// Samples from frame to frame at that rate.
    static let step = sampleRate / Signal.frameRate
    /// Voiced runs of fewer frames become unvoiced.
    static let shortestRun = 3
    /// With fewer voiced frames than these the range of F0 is not narrowed.
    static let fewestVoiced = 40
    /// Of the first and third quartile of the voiced frames: the range of the second search.
    static let spread: (low: Double, high: Double) = (0.6, 1.8)

    /// - Parameter clip: mono, any rate
    /// - Returns: F0 in Hz, [T] with T = `Signal.frameRate` · duration, 0 where unvoiced; frame t is centered on
    ///   (t + 1/2) / `Signal.frameRate` s
    /// - Throws: `AudioError` if the clip cannot be resampled
    public static func track(_ clip: AudioClip) throws(AudioError) -> [Float] {
        let frames = clip.samples.count * Signal.frameRate / clip.sampleRate
        guard frames > 0 else { return [] }
        var samples = try clip.resampled(to: sampleRate).samples
        let mean = samples.reduce(0, +) / Float(max(1, samples.count))
        for i in samples.indices { samples[i] -= mean }
        return track(samples, frames: frames)
    }

    /// Samples at `sampleRate` without an offset.
    package static func track(_ samples: [Float], frames: Int) -> [Float] {
        let candidates = PitchCandidates(samples, frames: frames)
        let first = PitchSearch.path(through: candidates)
        let voiced = first.filter { $0 > 0 }.sorted()
        guard voiced.count >= fewestVoiced else { return withoutSpecks(first) }
        let low = Statistics.quantile(sorted: voiced, 0.25) * Float(spread.low)
        let high = Statistics.quantile(sorted: voiced, 0.75) * Float(spread.high)
        return withoutSpecks(PitchSearch.path(through: candidates.confined(to: low, high)))
    }

    private static func withoutSpecks(_ f0: [Float]) -> [Float] {
        var out = f0
        for run in Statistics.runs(f0.map { $0 > 0 }) where run.count < shortestRun {
            for frame in run { out[frame] = 0 }
        }
        return out
    }
}
