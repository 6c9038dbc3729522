/// Sample rate, frames and mel bands of all speech, as in training.
///
/// Every network, measurement and profile uses these values. Letters: S samples, T frames, M mel
/// bands, F frequency bins.
public enum Signal {
    /// Samples per second, mono.
    public static let sampleRate = 24_000
    /// Samples from frame to frame: 12.5 ms.
    public static let hop = 300
    /// Frames per second.
    public static let frameRate = sampleRate / hop
    /// Samples of a frame's Fourier transform and of its Hann window.
    public static let fftSize = 4 * hop
    /// F, frequency bins of a frame, from 0 Hz to half the sample rate.
    public static let bins = fftSize / 2 + 1
    /// M, bands of a mel spectrogram, from 0 Hz to half the sample rate on the HTK mel scale.
    public static let melBands = 100
    /// The leading mel bands that end below 7.6 kHz: all that a 16 kHz recording contains.
    public static let wideBands = 85
    /// Mel magnitudes are clamped here before the natural logarithm.
    public static let logFloor: Float = 1e-5

    /// Seconds that frames last.
    public static func seconds(frames: Int) -> Double { Double(frames * hop) / Double(sampleRate) }

    /// Seconds that samples last.
    public static func seconds(samples: Int) -> Double { Double(samples) / Double(sampleRate) }
}
