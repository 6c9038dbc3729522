internal import CKernels
public import Foundation
import SpeechSignal
public import Tensor
private import Weights

/// The inverse-FFT vocoder: mel and F0 in, samples out.
///
///     let vocoder = try Vocoder(weights: data.appending(path: "vocoder.safetensors"))
///     let samples = try vocoder.synthesize(mel: utterance.mel, f0: utterance.f0, seed: 1)
///
/// A ConvNeXt trunk, one step for every two frames, gives for every bin of every frame what is to be made of a pulse
/// train E at F0 and of noise Z, and a residual; one inverse short-time Fourier transform makes samples of their sum:
///
///     S = exp(h) e^(iπ tanh θ) E + exp(n) Z + exp(r) e^(iφ)
///
/// The form follows the published student vocoder of hibari-tts (Apache-2.0), the trunk Vocos (Siuzdak 2023).
/// Letters: T frames, M = 100 mel bands, F = 601 frequency bins.
public struct Vocoder: Sendable {
    let weights: TrunkWeights

    /// - Parameters:
    ///   - url: the trainer's export, vocoder.safetensors
    ///   - precision: `.float32` agrees with the trainer to rounding errors; `.automatic` is faster
    /// - Throws: `WeightError`, `VocoderError.unsupported`
    public init(weights url: URL, precision: Precision = .automatic) throws {
        var loader = WeightLoader(try WeightFile(contentsOf: url), precision: precision)
        let config = try loader.configuration(VocoderConfig.self)
        try config.validate()
        weights = TrunkWeights(&loader, config: config)
        try loader.finish()
    }

    /// The samples of a whole utterance.
    ///
    /// - Parameters:
    ///   - mel: natural log mel, [T, M]
    ///   - f0: Hz, [T]; below 40 means unvoiced
    ///   - seed: chooses the noise; the same seed gives the same samples
    /// - Returns: 24 kHz samples, [T · 300]
    /// - Throws: `VocoderError`
    public func synthesize(mel: Matrix, f0: [Float], seed: UInt64) throws -> [Float] {
        try synthesize(mel: mel, f0: f0, noise: .seeded(seed))
    }

    /// The same with noise of the caller's choice.
    public func synthesize(mel: Matrix, f0: [Float], noise: Noise) throws -> [Float] {
        var samples: [Float] = []
        samples.reserveCapacity(mel.rows * Signal.hop)
        var stream = VocoderStream(self, noise: noise)
        try stream.push(mel: mel, f0: f0, to: &samples)
        stream.finish(to: &samples)
        return samples
    }

    /// The trunk's last block and its output, for comparison with the trainer: [N, C] and [N, stride (3 G + 2 R)].
    package func stages(mel: Matrix, f0: [Float]) -> (trunk: Matrix, output: Matrix) {
        var trunk = Trunk(weights)
        trunk.push(VocoderStream.features(mel: mel, f0: f0.map(VocoderStream.voiced), rows: 0..<mel.rows), last: true)
        return (trunk.steps, trunk.output)
    }

    /// Where Z comes from.
    public enum Noise: Sendable {
        /// A generator that gives the same numbers for the same seed.
        case seeded(UInt64)
        /// Interleaved complex numbers of unit variance in either part, [T, 2F].
        case given(Matrix)

        /// That of some frames, [frames, 2F].
        func make(_ frames: Range<Int>, _ hiss: UnsafeMutablePointer<Float>) {
            let (first, count) = (frames.lowerBound * 2 * Signal.bins, frames.count * 2 * Signal.bins)
            switch self {
            case .seeded(let seed): starling_gaussian(seed, UInt64(first), hiss, count)
            case .given(let matrix):
                matrix.elements.withUnsafeBufferPointer {
                    precondition(first + count <= $0.count, "noise of too few frames")
                    if let start = $0.baseAddress { hiss.update(from: start + first, count: count) }
                }
            }
        }
    }
}
