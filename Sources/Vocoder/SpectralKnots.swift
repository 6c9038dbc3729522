internal import CKernels
import SpeechSignal

/// The knots along the spectrum at which the trunk predicts a frame's envelopes: every bin below `fine`, then every
/// fourth, with linear interpolation between them. The residual is predicted below `fine` only.
///
/// Letters: F frequency bins, G knots, R = fine bins with a residual.
struct SpectralKnots: Sendable {
    let fine: Int

    /// Bins between knots from `fine` on.
    static let coarse = 4

    /// Numbers of a frame: harmonic log gain, phase offset and noise log gain at the knots, then the residual's log
    /// gain and phase, 3 G + 2 R.
    var numbers: Int { withUnsafePointer(to: frames) { starling_frame_numbers($0) } }

    /// The frames as the kernel knows them, without its tables.
    var frames: starling_frames {
        var frames = starling_frames()
        frames.size = Signal.fftSize
        frames.fine = fine
        frames.coarse = Self.coarse
        frames.pulseGain = Convention.pulseGain
        frames.ceiling = Convention.logCeiling
        return frames
    }
}
