private import Foundation
private import Spectral

/// The likely F0 of every frame, and how likely the frame has none.
///
/// Letters: T frames (80 per second), K candidates of a frame.
package struct PitchCandidates: Sendable {
    /// Hz outside of which no F0 is looked for.
    static let lowest = 55.0
    static let highest = 560.0
    /// Samples under the Hann window of a frame: 50 ms.
    static let window = 400
    /// Frames are padded to so many samples.
    static let transform = 1024
    /// The autocorrelation is interpolated by this factor before its peaks are taken.
    static let refinement = 2
    /// K.
    static let count = 6
    /// Power falls off as 1 / (1 + (f / lowPass)²) above, since low harmonics are the coherent ones,
    static let lowPass = 800.0
    /// and as 1 / (1 + (highPass / f)⁴) below: hum and rumble. Hz.
    static let highPass = 60.0
    /// Lower peaks of the autocorrelation are not candidates.
    static let lowestPeak: Float = 0.2
    /// Per octave below `highest`: prefers the shortest of equal periods.
    static let octaveCost: Float = 0.02
    /// An unvoiced frame scores this; voiced ones score their peak.
    static let voicing: Float = 0.45
    /// dB below the loud frames at which a frame counts as unvoiced,
    static let quiet: Float = 40
    /// and dB above the background that it has to rise to, or hum would be voiced.
    static let aboveFloor: Float = 8

    /// Hz, [T, K]
    package var frequency: [Float]
    /// [T, K]; `none` where a place is not taken
    package var score: [Float]
    /// The score of having no F0, [T]
    package var unvoiced: [Float]
    /// The score of a place that is not taken.
    package static let none: Float = -1

    /// - Parameters:
    ///   - samples: mono at `PitchTracker.sampleRate`, without an offset
    ///   - frames: T; frame t is centered on sample t · step + step / 2, with zeros beyond the ends
    package init(_ samples: [Float], frames: Int) {
        frequency = [Float](repeating: 1, count: frames * Self.count)
        score = [Float](repeating: Self.none, count: frames * Self.count)
        unvoiced = []
        let correlation = Autocorrelation()
        var workspace = Autocorrelation.Workspace(correlation)
        var level = [Float](repeating: 0, count: frames)
        for frame in 0..<frames {
            let first = frame * PitchTracker.step + PitchTracker.step / 2 - Self.window / 2
            level[frame] = correlation.measure(samples, from: first, &workspace)
            takePeaks(of: workspace.correlation, frame: frame)
        }
        let sorted = level.sorted()
        let (loud, floor) = (Statistics.quantile(sorted: sorted, 0.95), Statistics.quantile(sorted: sorted, 0.05))
        let gate = max(loud - Self.quiet, min(floor + Self.aboveFloor, loud - Self.quiet / 2))
        unvoiced = level.map { Self.voicing + min(max((gate + 3 - $0) / 6, 0), 1) }
    }

    /// The candidates between two frequencies in Hz.
    func confined(to low: Float, _ high: Float) -> PitchCandidates {
        var copy = self
        for i in frequency.indices where !(frequency[i] > low && frequency[i] < high) { copy.score[i] = Self.none }
        return copy
    }

    /// Enters the highest peaks of a frame's autocorrelation.
    private mutating func takePeaks(of r: [Float], frame: Int) {
        let base = frame * Self.count
        let rate = Float(PitchTracker.sampleRate * Self.refinement)
        for lag in Autocorrelation.shortest..<r.count - 1 {
            let (left, middle, right) = (r[lag - 1], r[lag], r[lag + 1])
            guard middle > left, middle >= right, middle > Self.lowestPeak else { continue }
            // The parabola through the three.
            let shift = 0.5 * (left - right) / min(left - 2 * middle + right, -1e-6)
            let height = middle - 0.25 * (left - right) * shift
            let hertz = rate / (Float(lag) + shift)
            let value = min(height, 1) - Self.octaveCost * log2(Float(Self.highest) / hertz)
            // The worst of those taken gives way.
            var worst = base
            for place in base..<base + Self.count where score[place] < score[worst] { worst = place }
            if value > score[worst] { (score[worst], frequency[worst]) = (value, hertz) }
        }
    }
}

/// The autocorrelation of windowed frames, divided by that of the window.
private struct Autocorrelation {
    /// Lags are in samples of the refined rate.
    static let shortest = Int(Double(PitchTracker.sampleRate * PitchCandidates.refinement) / PitchCandidates.highest)
    static let lags =
        Int((Double(PitchTracker.sampleRate * PitchCandidates.refinement) / PitchCandidates.lowest).rounded(.up)) + 2

    private let forward = FourierPlan.shared(size: PitchCandidates.transform)
    private let inverse = FourierPlan.shared(size: PitchCandidates.transform * PitchCandidates.refinement)
    private let window: [Float]
    /// Of each bin's power.
    private let weight: [Float]
    /// 1 / the window's own correlation, [lags]
    private let correction: [Float]

    struct Workspace {
        var real: [Float]
        var complex: [Float]
        var refined: [Float]
        var samples: [Float]
        /// The result, [lags], 1 at no lag
        var correlation: [Float]

        init(_ owner: Autocorrelation) {
            real = [Float](repeating: 0, count: owner.forward.size)
            complex = [Float](repeating: 0, count: owner.forward.size + 2)
            refined = [Float](repeating: 0, count: owner.inverse.size + 2)
            samples = [Float](repeating: 0, count: owner.inverse.size)
            correlation = [Float](repeating: 0, count: Autocorrelation.lags)
        }
    }

    init() {
        let size = PitchCandidates.window
        let window = (0..<size).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size))) }
        self.window = window
        let bins = PitchCandidates.transform / 2 + 1
        weight = (0..<bins).map { bin in
            let hertz = Double(PitchTracker.sampleRate * bin) / Double(PitchCandidates.transform)
            let low = PitchCandidates.highPass / max(hertz, 1)
            return Float(1 / (1 + pow(hertz / PitchCandidates.lowPass, 2)) / (1 + pow(low, 4)))
        }
        // In the time domain: at even lags that of the window itself; in between as the transform interpolates it.
        var real = window + [Float](repeating: 0, count: PitchCandidates.transform - size)
        var complex = [Float](repeating: 0, count: 2 * bins)
        forward.forward(&real, into: &complex)
        var refined = [Float](repeating: 0, count: PitchCandidates.transform * PitchCandidates.refinement + 2)
        for bin in 0..<bins {
            refined[2 * bin] = complex[2 * bin] * complex[2 * bin] + complex[2 * bin + 1] * complex[2 * bin + 1]
        }
        var own = [Float](repeating: 0, count: inverse.size)
        inverse.inverse(&refined, into: &own)
        correction = own[..<Self.lags].map { own[0] / $0 }
    }

    /// Fills `workspace.correlation`.
    ///
    /// - Returns: the frame's weighted level in dB
    func measure(_ samples: [Float], from first: Int, _ w: inout Workspace) -> Float {
        let size = window.count
        var mean: Float = 0
        for i in 0..<size {
            let place = first + i
            w.real[i] = place >= 0 && place < samples.count ? samples[place] : 0
            mean += w.real[i]
        }
        mean /= Float(size)
        for i in 0..<size { w.real[i] = (w.real[i] - mean) * window[i] }
        for i in size..<w.real.count { w.real[i] = 0 }
        forward.forward(&w.real, into: &w.complex)
        var total: Float = 0
        for bin in weight.indices {
            let (re, im) = (w.complex[2 * bin], w.complex[2 * bin + 1])
            let power = (re * re + im * im) * weight[bin]
            w.refined[2 * bin] = power
            w.refined[2 * bin + 1] = 0
            total += power
        }
        for i in 2 * weight.count..<w.refined.count { w.refined[i] = 0 }
        inverse.inverse(&w.refined, into: &w.samples)
        let scale = 1 / max(w.samples[0], 1e-9 * Float(inverse.size))
        for lag in 0..<Self.lags { w.correlation[lag] = w.samples[lag] * scale * correction[lag] }
        return 10 * log10(total + 1e-9)
    }
}
