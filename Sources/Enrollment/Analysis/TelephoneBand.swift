internal import Foundation
internal import SpeakerEncoder
internal import Tensor
private import Weights

/// Completes what a telephone leaves out, for the speaker encoder, which never heard one: the ln power of the mel bands
/// outside of the telephone's band from those inside, by a linear regression (Training/starling_training/telephone.py).
struct TelephoneBand: Sendable {
    /// The bands that a telephone transmits.
    private let inside: Range<Int>
    /// [bands outside, bands inside + 2]: for their deviations from their mean, that mean, and 1
    private let weight: Matrix
    /// Mel power is clamped here before the logarithm, as in the encoder.
    private static let floor: Float = 1e-6

    /// - Parameter url: telephone.safetensors
    /// - Throws: `WeightError`
    init(contentsOf url: URL) throws {
        var loader = WeightLoader(try WeightFile(contentsOf: url))
        let ends = try loader.configuration([Int].self, key: "inside")
        guard ends.count == 2, 0 <= ends[0], ends[0] < ends[1], ends[1] < SpeakerMel.bands else {
            throw WeightError.metadata(url, key: "inside", reason: "\(ends) are no bands of \(SpeakerMel.bands)")
        }
        inside = ends[0]..<ends[1]
        weight = loader.matrix("weight", rows: SpeakerMel.bands - inside.count, columns: inside.count + 2)
        try loader.finish()
    }

    /// Replaces the bands outside in every frame.
    ///
    /// - Parameters:
    ///   - power: mel power [T, 40]
    ///   - keepsLow: whether the bands below were transmitted
    func complete(_ power: inout Matrix, keepsLow: Bool) {
        let outside = (0..<SpeakerMel.bands).filter { !inside.contains($0) }
        for frame in 0..<power.rows {
            var inputs = inside.map { logf(max(power[frame, $0], Self.floor)) }
            let mean = Statistics.mean(inputs)
            for i in inputs.indices { inputs[i] -= mean }
            inputs += [mean, 1]
            for (row, band) in outside.enumerated() where band >= inside.upperBound || !keepsLow {
                let logarithm = zip(inputs, weight.row(row)).reduce(Float(0)) { $0 + $1.0 * $1.1 }
                power[frame, band] = expf(min(max(logarithm, -20), 20))
            }
        }
    }
}
