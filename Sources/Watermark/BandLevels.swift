private import Foundation
internal import Spectral

/// The levels of the mark's bands, 80 times a second, freed of what speech itself does to them.
///
/// Of a band's level in dB its neighborhood is taken away, in frequency (5 bands to either side) and in time (4 frames
/// to either side, about one sway); what stays is limited to ±3 dB, and counts less where the band is a valley of the
/// spectrum, which coders fill with noise of their own.
struct BandLevels {
    /// Samples per second going in.
    static let sampleRate = 16_000
    /// Samples of a frame, 50 ms, and from frame to frame, 12.5 ms.
    static let size = 800
    static let hop = 200
    private static let bandsAround = 5
    private static let framesAround = 4
    private static let limit: Float = 3  // dB
    private static let valley: Float = 4  // dB
    /// Levels this far below the loudest band so far count as silence.
    private static let range: Float = 80  // dB

    private let transform = ShortTimeTransform(size: size, hop: hop)
    private var workspace: ShortTimeTransform.Workspace
    private var spectrum = [Float](repeating: 0, count: size + 2)
    /// Samples that frames to come still need.
    private var pending = [Float](repeating: 0, count: size / 2)
    /// Levels less their neighbors' in frequency, [2 · framesAround + 1][B], the newest last.
    private var recent: [[Float]] = []
    private var loudest: Float = -120
    private static let firstBin = Int((Watermark.lowest * Double(size) / Double(sampleRate)).rounded())
    private static let binsPerBand = Int((Watermark.bandwidth * Double(size) / Double(sampleRate)).rounded())

    init() { workspace = transform.makeWorkspace() }

    /// Takes samples at 16 kHz and hands over the rows they complete.
    ///
    /// - Parameter emit: gets B numbers in dB, and whether anything sounds in the frame.
    mutating func push(_ samples: [Float], emit: ([Float], Bool) -> Void) {
        pending += samples
        var start = 0
        while start + Self.size <= pending.count {
            let levels = levels(at: start)
            recent.append(levels.flattened)
            sounding.append(levels.sounds)
            if recent.count > 2 * Self.framesAround + 1 {
                recent.removeFirst()
                sounding.removeFirst()
            }
            if recent.count == 2 * Self.framesAround + 1 { emit(row(), sounding[Self.framesAround]) }
            start += Self.hop
        }
        pending.removeFirst(start)
    }

    private var sounding: [Bool] = []

    /// A frame counts as sounding down to this level below the loudest, and never below −70 dB of full scale.
    private static let soundingRange: Float = 40

    /// Levels of one frame's bands less their neighbors'.
    private mutating func levels(at start: Int) -> (flattened: [Float], sounds: Bool) {
        pending.withUnsafeBufferPointer {
            transform.forward($0.baseAddress! + start, into: &spectrum, workspace: &workspace)
        }
        var levels = [Float](repeating: 0, count: Watermark.bands)
        for band in 0..<Watermark.bands {
            var power: Float = 0
            for bin in Self.firstBin + band * Self.binsPerBand..<Self.firstBin + (band + 1) * Self.binsPerBand {
                power += spectrum[2 * bin] * spectrum[2 * bin] + spectrum[2 * bin + 1] * spectrum[2 * bin + 1]
            }
            // A full-scale sine has the power (size / 4)² after a Hann window.
            let full = Float(Self.size * Self.size / 16)
            levels[band] = 10 * log10(max(power / full, 1e-12))
        }
        let peak = levels.max() ?? -120
        loudest = max(loudest, peak)
        let floor = loudest - Self.range
        for band in levels.indices { levels[band] = max(levels[band], floor) }
        var flattened = levels
        let last = levels.count - 1
        for band in levels.indices {
            var sum: Float = 0
            for other in band - Self.bandsAround...band + Self.bandsAround { sum += levels[min(max(other, 0), last)] }
            flattened[band] -= sum / Float(2 * Self.bandsAround + 1)
        }
        return (flattened, peak > max(loudest - Self.soundingRange, -80))
    }

    /// The middle one of the recent frames, less the mean over all of them.
    private func row() -> [Float] {
        let middle = recent[Self.framesAround]
        let last = middle.count - 1
        var means = [Float](repeating: 0, count: middle.count)
        for frame in recent { for band in means.indices { means[band] += frame[band] } }
        let count = Float(recent.count)
        return middle.indices.map { band in
            let swing = min(max(middle[band] - means[band] / count, -Self.limit), Self.limit)
            let around = (means[max(band - 1, 0)] + means[band] + means[min(band + 1, last)]) / (3 * count)
            return swing / (1 + exp(-around / Self.valley))
        }
    }
}
