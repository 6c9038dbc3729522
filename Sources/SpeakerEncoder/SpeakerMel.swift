private import CKernels
private import Foundation
internal import Spectral
public import Tensor

/// The input of the speaker encoder: mel power of 16 kHz mono audio, frames of 25 ms every 10 ms, 40 bands on Slaney's
/// scale.
///
/// Letters: S samples, T frames (100 per second), M = 40 mel bands.
public struct SpeakerMel: Sendable {
    /// Hz of the samples.
    public static let sampleRate = 16_000
    /// Frames per second.
    public static let frameRate = 100
    public static let bands = 40
    /// dB below the loud frames at which a frame counts as silence.
    static let silence: Float = 30
    /// Frames over which the level's maximum is taken, so that short pauses stay: 0.2 s.
    static let hold = 21
    /// With fewer frames than these left nothing is taken out.
    static let fewest = 40

    private let transform = ShortTimeTransform(size: 400, hop: 160)
    private let filters = MelFilterBank(sampleRate: 16_000, size: 400, bands: 40, top: 8_000, scale: .slaney)

    public init() {}

    /// - Parameter samples: [S], 16 kHz
    /// - Returns: mel power [S / 160 + 1, M]; frame t is centered on sample 160 t, with zeros beyond the ends
    public func callAsFunction(_ samples: [Float]) -> Matrix {
        guard !samples.isEmpty else { return Matrix(rows: 0, columns: Self.bands) }
        let edge = [Float](repeating: 0, count: transform.size / 2)
        let padded = edge + samples + edge
        var power = Matrix(rows: samples.count / transform.hop + 1, columns: Self.bands)
        var workspace = transform.makeWorkspace()
        var spectrum = [Float](repeating: 0, count: 2 * transform.bins)
        var bins = [Float](repeating: 0, count: transform.bins)
        let rows = power.rows
        power.withUnsafeMutablePointer { power in
            padded.withUnsafeBufferPointer { padded in
                for frame in 0..<rows {
                    transform.forward(
                        padded.baseAddress! + frame * transform.hop, into: &spectrum, workspace: &workspace)
                    for bin in bins.indices {
                        bins[bin] =
                            spectrum[2 * bin] * spectrum[2 * bin] + spectrum[2 * bin + 1] * spectrum[2 * bin + 1]
                    }
                    filters.apply(bins, into: power + frame * Self.bands)
                }
            }
        }
        return power
    }

    /// The frames that are not silence: within 30 dB of the loud ones, short pauses included.
    ///
    /// - Parameter power: mel power [T, M]
    /// - Returns: indices of frames; all of them where next to none is left
    public static func active(_ power: Matrix) -> [Int] {
        let level = (0..<power.rows).map { 10 * log10(power.row($0).reduce(0, +) + 1e-10) }
        guard let loud = quantile(level, 0.95) else { return [] }
        let kept = level.indices.filter { frame in
            let around = max(0, frame - hold / 2)...min(level.count - 1, frame + hold / 2)
            return level[around].max()! > loud - silence
        }
        return kept.count >= fewest ? kept : Array(level.indices)
    }

    /// Linear interpolation between the sorted values; nil if there are none.
    private static func quantile(_ values: [Float], _ share: Float) -> Float? {
        guard let last = values.indices.last else { return nil }
        let sorted = values.sorted()
        let place = share * Float(last)
        let low = Int(place)
        let high = min(low + 1, last)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Float(low))
    }
}
