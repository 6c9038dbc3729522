internal import CKernels
private import Foundation
internal import Spectral
import SpeechSignal
public import Tensor

/// The vocoder over mel frames that arrive bit by bit, in constant memory.
///
///     var stream = VocoderStream(vocoder, seed: 1)
///     try stream.push(mel: first, f0: firstPitch, to: &samples)  // appends what is complete
///     stream.finish(to: &samples)  // T frames in all made T · 300 samples
///
/// The samples are those of `Vocoder.synthesize` on the whole, however the frames are cut; they lag behind by about 30
/// frames, the receptive field of the trunk.
public struct VocoderStream: Sendable {
    private static let chunk = 96  // frames computed together: enough for matrix products, small enough for the cache

    private var trunk: Trunk
    private let knots: SpectralKnots
    /// What is to be made of a frame, [5, F].
    private var parts = [Float](repeating: 0, count: 5 * Signal.bins)
    private var source: PulseTrain
    private var output: OverlapAdd
    private let noise: Vocoder.Noise
    private var frames = 0  // frames whose spectrum has been made
    private var excitation = [Float](repeating: 0, count: 2 * Signal.bins)
    private var hiss = [Float](repeating: 0, count: 2 * Signal.bins)
    private var spectrum = [Float](repeating: 0, count: 2 * Signal.bins)
    /// Factors on the spectra, [period][2 F].
    private let gains: [[Float]]

    /// - Parameter gains: factors on the bins of every frame, [period][F]; frame t takes row t modulo the period.
    public init(_ vocoder: Vocoder, seed: UInt64, gains: [[Float]] = []) {
        self.init(vocoder, noise: .seeded(seed), gains: gains)
    }

    public init(_ vocoder: Vocoder, noise: Vocoder.Noise, gains: [[Float]] = []) {
        precondition(gains.allSatisfy { $0.count == Signal.bins })
        self.gains = gains.map { row in
            var doubled = [Float](repeating: 1, count: 2 * Signal.bins)
            for bin in 0..<Signal.bins {
                doubled[2 * bin] = row[bin]
                doubled[2 * bin + 1] = row[bin]
            }
            return doubled
        }
        let transform = ShortTimeTransform(size: Signal.fftSize, hop: Signal.hop)
        trunk = Trunk(vocoder.weights)
        knots = vocoder.weights.config.knots
        source = PulseTrain(transform: transform)
        output = OverlapAdd(transform)
        self.noise = noise
    }

    /// Takes the next frames and appends the samples they complete.
    ///
    /// - Parameters:
    ///   - mel: natural log mel, [n, M]
    ///   - f0: Hz, [n]; below 40 means unvoiced
    /// - Throws: `VocoderError.shape`, `VocoderError.notFinite`; then nothing was taken
    public mutating func push(mel: Matrix, f0: [Float], to samples: inout [Float]) throws {
        guard mel.columns == Signal.melBands || mel.rows == 0, mel.rows == f0.count else {
            throw VocoderError.shape(melFrames: mel.rows, melBands: mel.columns, pitchFrames: f0.count)
        }
        if let index = mel.elements.firstIndex(where: { !$0.isFinite }) {
            throw VocoderError.notFinite(frame: index / mel.columns)
        }
        if let frame = f0.firstIndex(where: { !$0.isFinite }) { throw VocoderError.notFinite(frame: frame) }
        let pitch = f0.map(Self.voiced)
        for start in stride(from: 0, to: mel.rows, by: Self.chunk) {
            let rows = start..<min(start + Self.chunk, mel.rows)
            push(Self.features(mel: mel, f0: pitch, rows: rows), pitch: Array(pitch[rows]), last: false, to: &samples)
        }
    }

    /// Ends the stream and appends all samples that are left; nothing may be pushed afterwards.
    public mutating func finish(to samples: inout [Float]) {
        push(Matrix(rows: 0, columns: TrunkWeights.inputs), pitch: [], last: true, to: &samples)
        output.finish(into: &samples)
    }

    private mutating func push(_ features: Matrix, pitch: [Float], last: Bool, to samples: inout [Float]) {
        StageClock.measure("trunk") { trunk.push(features, last: last) }
        StageClock.measure("spectra") {
            source.push(pitch, last: last)
            emit(to: &samples)
        }
    }

    /// Makes the spectra of the frames the trunk has just completed.
    private mutating func emit(to samples: inout [Float]) {
        for row in 0..<trunk.frames {
            source.next(into: &excitation)
            switch noise {
            case .seeded(let seed):
                starling_gaussian(seed, UInt64(frames * 2 * Signal.bins), &hiss, hiss.count)
            case .given(let matrix):
                hiss.replaceSubrange(0..<hiss.count, with: matrix.row(frames))
            }
            trunk.output.elements.withUnsafeBufferPointer {
                knots.spread($0.baseAddress! + row * knots.numbers, into: &parts)
            }
            starling_mix(
                parts, excitation, hiss, &spectrum, Signal.bins, Convention.pulseGain, Convention.logCeiling)
            if !gains.isEmpty {
                gains[frames % gains.count].withUnsafeBufferPointer { row in
                    spectrum.withUnsafeMutableBufferPointer { spectrum in
                        for index in 0..<2 * Signal.bins { spectrum[index] *= row[index] }
                    }
                }
            }
            output.add(spectrum, to: &samples)
            frames += 1
        }
    }

    /// F0 with 0 for unvoiced.
    static func voiced(_ f0: Float) -> Float { f0 > Convention.voicedFrom ? f0 : 0 }

    /// The trunk's input, [n, M + 2]: scaled mel, scaled ln F0, voicing.
    static func features(mel: Matrix, f0: [Float], rows: Range<Int>) -> Matrix {
        var elements: [Float] = []
        elements.reserveCapacity(rows.count * TrunkWeights.inputs)
        for row in rows {
            for value in mel.row(row) { elements.append((value + Convention.melShift) / Convention.melScale) }
            elements.append(f0[row] > 0 ? log(f0[row]) / Convention.pitchScale : 0)
            elements.append(f0[row] > 0 ? 1 : 0)
        }
        return Matrix(rows: rows.count, columns: TrunkWeights.inputs, elements: elements)
    }
}
