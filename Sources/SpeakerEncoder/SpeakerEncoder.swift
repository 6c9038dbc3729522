private import CKernels
public import Foundation
public import Tensor
private import VoiceProfile
package import Weights

/// The speaker encoder: who speaks, as a direction in a space where the recordings of one person lie close together.
///
///     let encoder = try SpeakerEncoder(weights: data.appending(path: "speaker.safetensors"))
///     let windows = try encoder.windows(of: power)          // of SpeakerMel, silence left out
///     let voice = SpeakerEncoder.mean(of: windows.map(\.embedding))
///
///     mel power [160, M] ─ strided convolution ─▶ [80, C] ─ dilated residual blocks ─▶ [80, C]
///         ─ expand ─▶ [80, P] ─ attentive statistics ─▶ [2 P] ─▶ embedding [256], rectified, unit length
///                                                          └──▶ pace
///
/// A time-delay network with attentive statistics pooling (Okabe et al. 2018), distilled from the GE2E encoder of
/// Resemblyzer (Wan et al. 2018). Letters: W windows of 1.6 s, T = 160 frames of a window (100 per second), U = 80
/// units (50 per second), M = 40 mel bands, C channels, P pooled channels.
public struct SpeakerEncoder: Sendable {
    /// Numbers of an embedding.
    public static let embeddingSize = SpeakerProfile.embeddingSize
    /// Frames of a window, 1.6 s.
    public static let window = 160
    /// Frames from window to window, 0.77 s.
    public static let stride = 77
    /// Mel power is clamped here before the logarithm.
    static let floor: Float = 1e-6

    private let config: SpeakerConfig
    private let input: Convolution  // pairs of frames, [2 M] -> [C], 3 taps
    private let blocks: [ResidualBlock]
    private let norm: LayerNorm
    private let pooling: AttentivePooling
    private let embed: Linear  // [2 P] -> [256]
    private let rate: Linear  // [2 P] -> [1]

    /// - Parameters:
    ///   - url: the trainer's export, speaker.safetensors
    ///   - precision: `.float32` agrees with the trainer to rounding errors; `.automatic` is faster
    /// - Throws: `WeightError`, `SpeakerError.unsupported`
    public init(weights url: URL, precision: Precision = .automatic) throws {
        try self.init(WeightFile(contentsOf: url), precision: precision)
    }

    /// The same of a file that was opened before.
    package init(_ file: WeightFile, precision: Precision = .automatic) throws {
        var loader = WeightLoader(file, precision: precision)
        let config = try loader.configuration(SpeakerConfig.self)
        try config.validate()
        self.config = config
        input = Self.strided(&loader, outputs: config.width)
        blocks = config.dilations.enumerated().map { index, dilation in
            ResidualBlock("blocks.\(index)", &loader, width: config.width, dilation: dilation)
        }
        norm = loader.layerNorm("norm", channels: config.width)
        pooling = AttentivePooling(&loader, units: Self.window / 2, config: config)
        embed = loader.linear("embed", inputs: 2 * config.pooled, outputs: Self.embeddingSize)
        rate = loader.linear("rate", inputs: 2 * config.pooled, outputs: 1)
        try loader.finish()
    }

    /// The output for one window.
    public struct Window: Sendable {
        /// The first of its frames.
        public var start: Int
        /// Direction of the voice, [256], unit length, none negative.
        public var embedding: [Float]
        /// Natural logarithm of the mean number of frames per spoken phoneme, at `Signal.frameRate`.
        public var logFramesPerPhoneme: Float
    }

    /// First frames of the windows over `frames` frames; a last window that would be less than three quarters full is
    /// left out.
    public static func starts(frames: Int) -> [Int] {
        var starts = [0]
        while starts[starts.count - 1] + stride + window * 3 / 4 <= frames {
            starts.append(starts[starts.count - 1] + stride)
        }
        return starts
    }

    /// Listens to every window of a recording.
    ///
    /// - Parameter power: mel power of `SpeakerMel`, silence left out, [frames, M]; zeros are appended to less than 1.6
    ///   s
    /// - Throws: `SpeakerError`
    public func windows(of power: Matrix) throws(SpeakerError) -> [Window] {
        guard power.columns == SpeakerMel.bands else { throw .bands(power.columns, expected: SpeakerMel.bands) }
        guard power.rows > 0 else { throw .noFrames }
        guard power.elements.allSatisfy({ $0.isFinite }) else { throw .notFinite }
        let starts = Self.starts(frames: power.rows)
        var windows: [Window] = []
        windows.reserveCapacity(starts.count)
        var workspace = SpeakerWorkspace()
        // A few at a time, so that memory stays flat.
        for first in Swift.stride(from: 0, to: starts.count, by: 32) {
            let some = Array(starts[first..<min(first + 32, starts.count)])
            let stages = stages(of: power, starts: some, workspace: &workspace)
            for (row, start) in some.enumerated() {
                let embedding = Array(stages.embeddings.row(row))
                guard embedding.allSatisfy(\.isFinite), stages.rates[row, 0].isFinite else { throw .notFinite }
                windows.append(Window(start: start, embedding: embedding, logFramesPerPhoneme: stages.rates[row, 0]))
            }
        }
        return windows
    }

    /// The mean direction of some embeddings, unit length; nil for none, or if they cancel.
    public static func mean(of embeddings: some Collection<[Float]>) -> [Float]? {
        var sum = [Float](repeating: 0, count: embeddingSize)
        for embedding in embeddings { starling_add(embedding, &sum, embeddingSize) }
        let length = starling_dot(sum, sum, embeddingSize).squareRoot()
        guard length > 1e-6, length.isFinite else { return nil }
        return sum.map { $0 / length }
    }

    /// Cosine of the angle between two unit embeddings: 1 for the same voice.
    public static func similarity(_ a: [Float], _ b: [Float]) -> Float {
        precondition(a.count == embeddingSize && b.count == embeddingSize)
        return starling_dot(a, b, embeddingSize)
    }

    /// Every stage's output, for comparison with the trainer; windows lie below each other.
    package struct Stages: Sendable {
        package var input: Matrix  // [W U, C]
        package var blocks: [Matrix]  // [W U, C] each
        package var pooled: Matrix  // [W, 2 P]: weighted means, then deviations
        package var embeddings: Matrix  // [W, 256]
        package var rates: Matrix  // [W, 1]
    }

    package func stages(of power: Matrix) -> Stages {
        var workspace = SpeakerWorkspace()
        return stages(of: power, starts: Self.starts(frames: power.rows), workspace: &workspace, keepsBlocks: true)
    }

    private func stages(
        of power: Matrix, starts: [Int], workspace w: inout SpeakerWorkspace, keepsBlocks: Bool = false
    ) -> Stages {
        let units = Self.window / 2
        var x = features(of: power, starts: starts, workspace: &w)
        let first = keepsBlocks ? x : Matrix(rows: 0, columns: 0)
        var kept: [Matrix] = []
        for block in blocks {
            block.apply(to: &x, units: units, workspace: &w)
            if keepsBlocks { kept.append(x) }
        }
        norm.apply(to: &x)
        let pooled = pooling(x, units: units, workspace: &w)
        var embeddings = embed(pooled, scratch: &w.scratch)
        let (rows, columns) = (embeddings.rows, embeddings.columns)
        embeddings.withUnsafeMutablePointer { embeddings in
            for row in 0..<rows {
                let embedding = embeddings + row * columns
                for i in 0..<columns { embedding[i] = max(0, embedding[i]) + 1e-6 }
                let scale = 1 / starling_dot(embedding, embedding, columns).squareRoot()
                for i in 0..<columns { embedding[i] *= scale }
            }
        }
        return Stages(
            input: first, blocks: kept, pooled: pooled, embeddings: embeddings,
            rates: rate(pooled, scratch: &w.scratch))
    }

    /// The first convolution over every window, [W U, C].
    private func features(of power: Matrix, starts: [Int], workspace w: inout SpeakerWorkspace) -> Matrix {
        let bands = SpeakerMel.bands
        let units = Self.window / 2
        // Two frames of padding at either end make one row each, as frames go in pairs.
        var pairs = Matrix(rows: units + 2, columns: 2 * bands)
        var all = Matrix(rows: 0, columns: config.width)
        all.reserve(rows: starts.count * units)
        for start in starts {
            let frames = max(0, min(Self.window, power.rows - start))
            let silence = (logf(Self.floor) + 6) / 4
            pairs.withUnsafeMutablePointer { pairs in
                power.elements.withUnsafeBufferPointer { power in
                    let target = pairs + 2 * bands
                    let count = frames * bands
                    for i in 0..<count { target[i] = max(power[start * bands + i], Self.floor) }
                    starling_log(target, target, count)
                    for i in 0..<count { target[i] = (target[i] + 6) / 4 }
                    (target + count).update(repeating: silence, count: (Self.window - frames) * bands)
                }
            }
            input.apply(pairs, into: &w.y, scratch: &w.scratch)
            all.append(w.y)
        }
        return all
    }

    /// A convolution of 6 taps and stride 2 as one of 3 taps over pairs of frames.
    private static func strided(_ loader: inout WeightLoader, outputs: Int) -> Convolution {
        let bands = SpeakerMel.bands
        let weight = loader.values("input.weight", shape: [outputs, bands, 6])
        var paired = [Float](repeating: 0, count: weight.count)
        for output in 0..<outputs {
            for band in 0..<bands {
                for tap in 0..<6 {
                    let channel = tap % 2 * bands + band
                    paired[(output * 2 * bands + channel) * 3 + tap / 2] = weight[(output * bands + band) * 6 + tap]
                }
            }
        }
        return Convolution(
            weight: paired, bias: loader.vector("input.bias", count: outputs), outputs: outputs, inputs: 2 * bands,
            taps: 3, precision: loader.precision)
    }
}
