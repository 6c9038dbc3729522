private import Foundation
public import SpeechSignal
public import Tensor

/// The short-time Fourier transform with a Hann window and centered frames.
///
/// Letters: S samples, T frames, F = size/2 + 1 frequency bins. Frame t is centered on sample t · hop. Spectra are
/// interleaved complex rows, [T, 2F]: real and imaginary part of bin 0, of bin 1, …
public struct ShortTimeTransform: Sendable {
    public let size: Int
    public let hop: Int
    public var bins: Int { size / 2 + 1 }
    /// The periodic Hann window, [size].
    public let window: [Float]
    private let plan: FourierPlan

    /// - Parameters:
    ///   - size: samples of a frame
    ///   - hop: samples from frame to frame
    public init(size: Int = Signal.fftSize, hop: Int = Signal.hop) {
        precondition(size > 0 && hop > 0)
        (self.size, self.hop) = (size, hop)
        window = (0..<size).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size))) }
        plan = .shared(size: size)
    }

    /// Buffers of one frame, reused from frame to frame.
    public struct Workspace: Sendable {
        var real: [Float]
        var complex: [Float]
    }

    public func makeWorkspace() -> Workspace {
        Workspace(real: [Float](repeating: 0, count: size), complex: [Float](repeating: 0, count: 2 * bins))
    }

    /// The windowed spectrum of one frame.
    ///
    /// - Parameters:
    ///   - frame: `size` samples
    ///   - spectrum: 2F numbers, overwritten
    public func forward(
        _ frame: UnsafePointer<Float>, into spectrum: UnsafeMutablePointer<Float>, workspace: inout Workspace
    ) {
        workspace.real.withUnsafeMutableBufferPointer { real in
            window.withUnsafeBufferPointer { window in
                for i in 0..<size { real[i] = frame[i] * window[i] }
            }
        }
        plan.forward(&workspace.real, into: &workspace.complex)
        workspace.complex.withUnsafeBufferPointer { spectrum.update(from: $0.baseAddress!, count: 2 * bins) }
    }

    /// The spectra of a whole signal whose ends are reflected, as torch.stft with center=True.
    ///
    /// - Parameter samples: [S]
    /// - Returns: [S / hop + 1, 2F]; no rows if there are no samples
    public func analyze(_ samples: [Float]) -> Matrix {
        guard !samples.isEmpty else { return Matrix(rows: 0, columns: 2 * bins) }
        let padded = reflected(samples, by: size / 2)
        var spectra = Matrix(rows: samples.count / hop + 1, columns: 2 * bins)
        var workspace = makeWorkspace()
        let (rows, columns) = (spectra.rows, spectra.columns)
        spectra.withUnsafeMutablePointer { spectra in
            padded.withUnsafeBufferPointer { padded in
                for frame in 0..<rows {
                    forward(padded.baseAddress! + frame * hop, into: spectra + frame * columns, workspace: &workspace)
                }
            }
        }
        return spectra
    }
}

/// `samples` with `count` more at either end, mirrored about the first and the last sample.
func reflected(_ samples: [Float], by count: Int) -> [Float] {
    let last = samples.count - 1
    return (-count...last + count).map { index in
        guard last > 0 else { return samples[0] }
        let folded = abs(index) % (2 * last)
        return samples[folded <= last ? folded : 2 * last - folded]
    }
}
