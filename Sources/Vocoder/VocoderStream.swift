internal import CKernels
private import Foundation
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
    private var source = PulseTrain()
    private var maker: FrameMaker
    private var output = OverlapAdd(most: FrameMaker.batch)
    private let noise: Vocoder.Noise
    private var frames = 0  // frames that have been made

    /// - Parameter gains: factors on the bins of every frame, [period][F]; frame t takes row t modulo the period.
    public init(_ vocoder: Vocoder, seed: UInt64, gains: [[Float]] = []) {
        self.init(vocoder, noise: .seeded(seed), gains: gains)
    }

    public init(_ vocoder: Vocoder, noise: Vocoder.Noise, gains: [[Float]] = []) {
        trunk = Trunk(vocoder.weights)
        knots = vocoder.weights.config.knots
        maker = FrameMaker(knots, gains: gains)
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
        output.finish(to: &samples)
    }

    private mutating func push(_ features: Matrix, pitch: [Float], last: Bool, to samples: inout [Float]) {
        StageClock.measure("trunk") { trunk.push(features, last: last) }
        StageClock.measure("spectra") {
            source.push(pitch, last: last)
            make(0..<trunk.frames, to: &samples)
            // The last frame is there twice, which closes its hop.
            if last, trunk.frames > 0 { make(trunk.frames - 1..<trunk.frames, to: &samples) }
            source.advance(by: trunk.frames)
            frames += trunk.frames
        }
    }

    /// Synthesizes some of the frames that the trunk has predicted, and overlap-adds them.
    private mutating func make(_ places: Range<Int>, to samples: inout [Float]) {
        guard !places.isEmpty else { return }
        let (offset, noise) = (places.lowerBound, noise)
        source.withSamples(of: places.upperBound) { pulses in
            trunk.output.elements.withUnsafeBufferPointer { numbers in
                maker.make(
                    places.count, first: frames + offset, pulses: pulses + offset * Signal.hop,
                    numbers: numbers.baseAddress! + offset * knots.numbers, noise: { noise.make($0, $1) },
                    add: { output.add(frames: $0.count, to: &samples, $1) })
            }
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
