private import Foundation

/// The inaudible mark in all speech that Starling makes: what it looks like.
///
/// The spectrum from 800 Hz to 7.4 kHz is divided into bands of 60 Hz. The level of every band sways a little ten times
/// a second, each band with a phase of its own, drawn from a fixed key:
///
///     gain(band, t) = depth(band) · cos(2π · 10 Hz · t + phase(band))  in dB
///
/// The ear hears the sum over a critical band, in which many phases meet: 2 bands at 1 kHz, 13 at 7 kHz. The depth is
/// such that every critical band as a whole sways by about half a decibel, less than can be heard in speech.
///
/// A sway of 0.1 s needs no search for its place in time: whoever demodulates the bands' levels at 10 Hz and turns each
/// back by its phase gets numbers that all point the same way, whatever that way is; without the mark they point
/// anywhere. The vocoder puts the mark on where it has a spectrum anyway, just before its inverse Fourier transform.
///
/// The pattern is public. Whoever knows it can take the mark out, or put it on speech of other origin.
public enum Watermark {
    /// Bands of the spectrum, B.
    public static let bands = 110
    /// Hz of the first band's lower edge, and of every band.
    public static let lowest = 800.0
    public static let bandwidth = 60.0
    /// How often the levels sway, Hz.
    public static let rate = 10.0
    /// How far a critical band sways to either side, dB.
    public static let audibleDepth = 0.5
    /// How far each band sways to either side, dB, [B]: the phases are as good as random, so the sway of a sum of n
    /// bands is √n times smaller. Widths of critical bands after Glasberg and Moore (1990).
    public static let depths: [Double] = (0..<bands).map { band in
        let centre = lowest + (Double(band) + 0.5) * bandwidth
        let critical = 24.7 * (4.37 * centre / 1000 + 1)
        return audibleDepth * (critical / bandwidth).squareRoot()
    }

    /// "Starling" in ASCII; another key gives another mark.
    static let key: UInt64 = 0x5374_6172_6c69_6e67

    /// Phase of every band in radians, [B]: SplitMix64 of key and band.
    static let phases: [Double] = (0..<bands).map { band in
        var z = key &+ UInt64(band + 1) &* 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        z ^= z >> 31
        return 2 * .pi * Double(z >> 11) * 0x1p-53
    }

    /// One sway as factors on the bins of a short-time spectrum.
    ///
    /// - Parameters:
    ///   - sampleRate: Hz.
    ///   - size: samples of the Fourier transform.
    ///   - hop: samples from frame to frame; the sway must take a whole number of them.
    ///   - start: where the first frame is centered in the speech, in samples; the sway runs on through all of it.
    /// - Returns: a row of size / 2 + 1 factors for each frame of one sway; from there on the rows repeat.
    public static func gains(sampleRate: Double, size: Int, hop: Int, start: Int = 0) -> [[Float]] {
        let frames = Int((sampleRate / rate / Double(hop)).rounded())
        precondition(frames > 1 && abs(Double(frames * hop) * rate - sampleRate) < 1e-6 * sampleRate)
        let spacing = sampleRate / Double(size)
        let decibel = log(10.0) / 20
        return (0..<frames).map { frame in
            let turn = 2 * Double.pi * (rate * Double(start + frame * hop) / sampleRate)
            let ofBand = zip(phases, depths).map { Float(exp(decibel * $1 * cos(turn + $0))) }
            return (0...size / 2).map { bin in
                let band = ((spacing * Double(bin) - lowest) / bandwidth).rounded(.down)
                return band >= 0 && band < Double(bands) ? ofBand[Int(band)] : 1
            }
        }
    }
}
