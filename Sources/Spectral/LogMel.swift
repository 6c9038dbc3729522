internal import CKernels
private import Foundation
public import SpeechSignal
public import Tensor

/// Where the bands of a mel filter bank lie.
public enum MelScale: Sendable {
    /// 2595 log10(1 + f / 700), as in the Hidden Markov Model Toolkit.
    case htk
    /// Linear below 1 kHz and logarithmic above, as in Slaney's Auditory Toolbox.
    case slaney

    /// Mels of a frequency in Hz.
    package func mel(_ hertz: Double) -> Double {
        switch self {
        case .htk: 2595 * log10(1 + hertz / 700)
        case .slaney: hertz < 1000 ? hertz * 3 / 200 : 15 + log(hertz / 1000) * 27 / log(6.4)
        }
    }

    /// Hz of a place in mels.
    package func hertz(_ mel: Double) -> Double {
        switch self {
        case .htk: 700 * (pow(10, mel / 2595) - 1)
        case .slaney: mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * log(6.4) / 27)
        }
    }
}

/// Triangular filters on a mel scale with Slaney's area normalization: from magnitudes [F] to mel bands [M].
public struct MelFilterBank: Sendable {
    public let bands: Int
    public let bins: Int
    private let first: [Int]  // first bin of every band, [M]
    private let weights: [[Float]]  // from there on

    /// - Parameters:
    ///   - sampleRate: Hz
    ///   - size: samples of the Fourier transform
    ///   - bands: M
    ///   - top: upper edge of the last band, Hz
    ///   - scale: HTK's, or Slaney's
    public init(
        sampleRate: Double = Double(Signal.sampleRate), size: Int = Signal.fftSize, bands: Int = Signal.melBands,
        top: Double = Double(Signal.sampleRate) / 2, scale: MelScale = .htk
    ) {
        let edges = (0..<bands + 2).map { scale.hertz(scale.mel(top) * Double($0) / Double(bands + 1)) }
        let bins = size / 2 + 1
        var first: [Int] = []
        var weights: [[Float]] = []
        for band in 0..<bands {
            let (low, middle, high) = (edges[band], edges[band + 1], edges[band + 2])
            let triangle = (0..<bins).map { bin -> Float in
                let hertz = sampleRate * Double(bin) / Double(size)
                let height = max(0, min((hertz - low) / (middle - low), (high - hertz) / (high - middle)))
                return Float(height * 2 / (high - low))
            }
            let start = triangle.firstIndex { $0 > 0 } ?? 0
            let end = triangle.lastIndex { $0 > 0 } ?? -1
            first.append(start)
            weights.append(Array(triangle[start..<max(start, end + 1)]))
        }
        (self.bands, self.bins, self.first, self.weights) = (bands, bins, first, weights)
    }

    /// The filters as a dense matrix, [M, F].
    public var matrix: Matrix {
        var matrix = Matrix(rows: bands, columns: bins)
        for band in 0..<bands {
            for (offset, weight) in weights[band].enumerated() { matrix[band, first[band] + offset] = weight }
        }
        return matrix
    }

    /// - Parameters:
    ///   - magnitudes: [F], or powers
    ///   - mel: [M], overwritten
    package func apply(_ magnitudes: UnsafePointer<Float>, into mel: UnsafeMutablePointer<Float>) {
        for band in 0..<bands {
            mel[band] = starling_dot(magnitudes + first[band], weights[band], weights[band].count)
        }
    }
}

/// The mel spectrogram every network speaks: natural log of max(mel magnitude, `Signal.logFloor`), [T, M].
public struct LogMel: Sendable {
    public let transform: ShortTimeTransform
    public let filters: MelFilterBank
    /// The frames and bands of `Signal` by default.
    public init(transform: ShortTimeTransform = .init(), filters: MelFilterBank = .init()) {
        precondition(filters.bins == transform.bins)
        (self.transform, self.filters) = (transform, filters)
    }

    /// - Parameter samples: [S]
    /// - Returns: natural log mel, [S / hop, M]; the frame past the end is dropped
    public func callAsFunction(_ samples: [Float]) -> Matrix {
        let frames = samples.count / transform.hop
        var mel = Matrix(rows: frames, columns: filters.bands)
        guard frames > 0 else { return mel }
        let padded = reflected(samples, by: transform.size / 2)
        var workspace = transform.makeWorkspace()
        var spectrum = [Float](repeating: 0, count: 2 * transform.bins)
        var magnitudes = [Float](repeating: 0, count: transform.bins)
        mel.withUnsafeMutablePointer { mel in
            padded.withUnsafeBufferPointer { padded in
                for frame in 0..<frames {
                    transform.forward(
                        padded.baseAddress! + frame * transform.hop, into: &spectrum, workspace: &workspace)
                    starling_magnitude(spectrum, &magnitudes, transform.bins)
                    let row = mel + frame * filters.bands
                    filters.apply(magnitudes, into: row)
                    for band in 0..<filters.bands { row[band] = max(row[band], Signal.logFloor) }
                    starling_log(row, row, filters.bands)
                }
            }
        }
        return mel
    }
}
