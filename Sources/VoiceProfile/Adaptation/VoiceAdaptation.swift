/// An adaptation of the acoustic model to a voice: low-rank changes of some matrices, and changes of some vectors
/// (LoRA, Hu et al. 2022).
///
/// It fits only the network that it was trained on, which `model` names. All numbers are float16, as they are kept.
public struct VoiceAdaptation: Sendable, Equatable {
    /// Fingerprint of the acoustic model that was tuned, `AcousticModel.fingerprint`.
    public var model: String
    /// The change of each layer, by its name in the network's file.
    public var layers: [String: LayerChange]

    /// - Parameters:
    ///   - model: fingerprint of the acoustic model
    ///   - layers: by name
    public init(model: String, layers: [String: LayerChange]) { (self.model, self.layers) = (model, layers) }

    /// The change scaled by a strength, 0 or more.
    public func scaled(by strength: Float) -> VoiceAdaptation {
        VoiceAdaptation(model: model, layers: layers.mapValues { $0.scaled(by: strength) })
    }

    /// - Throws: `ProfileError` naming the first number that cannot be one of a voice
    func validate() throws {
        guard (1...64).contains(model.utf8.count), (1...1024).contains(layers.count) else {
            throw ProfileError.size("adapted layers", expected: 1024, actual: layers.count)
        }
        for (name, layer) in layers.sorted(by: { $0.key < $1.key }) { try layer.validate(name) }
    }

    /// The sum of the changes, each in its share. Ranks add up, as voices do not share directions.
    ///
    /// - Returns: nil where no voice has any
    /// - Throws: `ProfileError.blend` for voices of different networks
    static func blend(_ parts: [(adaptation: VoiceAdaptation?, share: Float)]) throws -> VoiceAdaptation? {
        var blended: VoiceAdaptation?
        for case (let adaptation?, let share) in parts {
            let scaled = adaptation.scaled(by: share)
            guard var sum = blended else {
                blended = scaled
                continue
            }
            guard sum.model == scaled.model else {
                throw ProfileError.blend("they were adapted to different networks; enroll them with the same release")
            }
            try sum.layers.merge(scaled.layers) { try $0 + $1 }
            blended = sum
        }
        return blended
    }
}

/// The change of a layer: up · down is added to its weights [O, I], `bias` to its bias [O].
public struct LayerChange: Sendable, Equatable {
    /// Inputs of the layer, times its taps, I; 1 where only the bias changes.
    public let inputs: Int
    /// Outputs of the layer, O.
    public let outputs: Int
    /// [R, I] in the order of the weights; empty where only the bias changes.
    public let down: [Float]
    /// [O, R].
    public let up: [Float]
    /// [O].
    public let bias: [Float]

    /// R.
    public var rank: Int { down.count / inputs }

    /// Rounds all numbers to float16.
    ///
    /// - Parameters:
    ///   - down: [R, I]
    ///   - up: [O, R]
    ///   - bias: [O]
    public init(inputs: Int, outputs: Int, down: [Float], up: [Float], bias: [Float]) {
        (self.inputs, self.outputs) = (down.isEmpty ? 1 : max(1, inputs), outputs)
        func rounded(_ values: [Float]) -> [Float] { values.map { Float(Float16($0)) } }
        (self.down, self.up, self.bias) = (rounded(down), rounded(up), rounded(bias))
    }

    func scaled(by strength: Float) -> LayerChange {
        LayerChange(
            inputs: inputs, outputs: outputs, down: down, up: up.map { $0 * strength },
            bias: bias.map { $0 * strength })
    }

    /// The largest number that a change may have; a weight of the networks is hardly above 1.
    private static let most: Float = 100

    func validate(_ name: String) throws {
        let rank = self.rank
        guard down.count == rank * inputs, up.count == rank * outputs, bias.count == outputs, rank <= 1024 else {
            throw ProfileError.size("change of \(name)", expected: outputs * (rank + 1), actual: up.count + bias.count)
        }
        for values in [down, up, bias] {
            if let value = values.first(where: { !(abs($0) <= Self.most) }) {
                throw ProfileError.range("change of \(name)", value, -Self.most...Self.most)
            }
        }
    }

    /// Both changes, one after the other.
    fileprivate static func + (a: LayerChange, b: LayerChange) throws -> LayerChange {
        guard a.inputs == b.inputs, a.outputs == b.outputs else {
            throw ProfileError.blend("their adapted layers differ; enroll them with the same release")
        }
        var up: [Float] = []
        up.reserveCapacity(a.up.count + b.up.count)
        for output in 0..<a.outputs {
            up += a.up[output * a.rank..<(output + 1) * a.rank]
            up += b.up[output * b.rank..<(output + 1) * b.rank]
        }
        return LayerChange(
            inputs: a.inputs, outputs: a.outputs, down: a.down + b.down, up: up,
            bias: zip(a.bias, b.bias).map { $0 + $1 })
    }
}
