private import SpeechSignal
package import Tensor
internal import VoiceProfile

/// Everything that is tuned, and the layers that it belongs to: matrices that a step changes and layers look up by
/// number.
package struct TunedParameters: Sendable {
    /// The change of a layer, by the numbers of its parts in `values`.
    package struct Layer: Sendable {
        package let name: String
        let inputs: Int
        let outputs: Int
        let taps: Int
        /// [R, taps · I] and [O, R]; nil where only the bias changes.
        package let low: (down: Int, up: Int)?
        /// [1, O].
        package let bias: Int
    }

    /// Directions in which the weights of a layer change.
    static let rank = 4

    package private(set) var layers: [Layer] = []
    /// Numbers of all parts.
    package var values: [Matrix] = []
    private let seed: UInt64
    private var drawn: UInt64 = 0

    /// - Parameter seed: of the directions that tuning begins with
    init(seed: UInt64) { self.seed = seed }

    /// Zeros of the shape of all parts: where gradients are summed.
    var zeros: [Matrix] { values.map { Matrix(rows: $0.rows, columns: $0.columns) } }

    /// Room for the change of a layer, which is none to begin with.
    mutating func addLayer(_ name: String, inputs: Int, outputs: Int, taps: Int = 1, isLowRank: Bool) -> Layer {
        var low: (down: Int, up: Int)?
        if isLowRank {
            low = (values.count, values.count + 1)
            let width = (3 / Float(inputs * taps)).squareRoot()
            let down = (0..<Self.rank * inputs * taps).map { _ -> Float in
                defer { drawn += 1 }
                return width * Float(2 * SplitMix64.fraction(at: drawn, seed: seed) - 1)
            }
            values.append(Matrix(rows: Self.rank, columns: inputs * taps, elements: down))
            values.append(Matrix(rows: outputs, columns: Self.rank))
        }
        let layer = Layer(
            name: name, inputs: inputs, outputs: outputs, taps: taps, low: low, bias: values.count)
        values.append(Matrix(rows: 1, columns: outputs))
        layers.append(layer)
        return layer
    }

    /// What a profile keeps.
    ///
    /// - Parameter model: fingerprint of the network
    func adaptation(model: String) -> VoiceAdaptation {
        var changes: [String: LayerChange] = [:]
        for layer in layers {
            changes[layer.name] = LayerChange(
                inputs: layer.inputs * layer.taps, outputs: layer.outputs,
                down: layer.low.map { inFileOrder(values[$0.down], layer) } ?? [],
                up: layer.low.map { values[$0.up].elements } ?? [], bias: values[layer.bias].elements)
        }
        return VoiceAdaptation(model: model, layers: changes)
    }

    /// From taps of inputs, as products take them, to inputs of taps, as files have them.
    private func inFileOrder(_ down: Matrix, _ layer: Layer) -> [Float] {
        guard layer.taps > 1 else { return down.elements }
        var ordered = down.elements
        for row in 0..<down.rows {
            for tap in 0..<layer.taps {
                for input in 0..<layer.inputs {
                    ordered[row * down.columns + input * layer.taps + tap] = down[row, tap * layer.inputs + input]
                }
            }
        }
        return ordered
    }
}
