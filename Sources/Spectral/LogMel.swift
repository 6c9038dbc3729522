internal import CKernels
private import Foundation
public import Tensor

/// Triangular filters on the HTK mel scale with Slaney's area normalisation: from magnitudes [F] to mel bands [M].
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
    public init(sampleRate: Double = 24_000, size: Int = 1200, bands: Int = 100, top: Double = 12_000) {
        func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
        let edges = (0..<bands + 2).map { 700 * (pow(10, mel(top) * Double($0) / Double(bands + 1) / 2595) - 1) }
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
    ///   - magnitudes: [F]
    ///   - mel: [M], overwritten
    func apply(_ magnitudes: UnsafePointer<Float>, into mel: UnsafeMutablePointer<Float>) {
        for band in 0..<bands {
            mel[band] = starling_dot(magnitudes + first[band], weights[band], weights[band].count)
        }
    }
}

/// The mel spectrogram every network speaks: natural log of max(mel magnitude, 1e-5), [T, M].
public struct LogMel: Sendable {
    public let transform: ShortTimeTransform
    public let filters: MelFilterBank
    /// Magnitudes are clamped here before the logarithm.
    public static let floor: Float = 1e-5

    /// 24 kHz, Hann window of 1200 samples, hop 300, 100 bands unless told otherwise.
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
                    for band in 0..<filters.bands { row[band] = max(row[band], Self.floor) }
                    starling_log(row, row, filters.bands)
                }
            }
        }
        return mel
    }
}
