private import Files
private import Foundation
private import Synchronization
internal import Tensor
internal import VoiceProfile
internal import Weights

extension AcousticModel {
    /// Fingerprint of this network's weights: 12 digits of a SHA-256 over its vectors.
    package var fingerprint: String {
        var bytes: [UInt8] = []
        for (name, tensor) in file.tensors.sorted(by: { $0.key < $1.key }) where tensor.shape.count == 1 {
            bytes += Array(name.utf8)
            (file.values(of: name) ?? []).withUnsafeBytes { bytes += $0 }
        }
        return String(Digest.sha256(bytes).prefix(12))
    }

    /// The model with what was tuned for a voice in its weights.
    ///
    /// - Throws: `AcousticError.adaptation` if it was tuned on another network
    func adapted(to adaptation: VoiceAdaptation) throws(AcousticError) -> AcousticModel {
        guard adaptation.model == fingerprint else { throw .adaptation("was made for another acoustic model") }
        for (name, layer) in adaptation.layers {
            let weight = file.tensors["\(name).weight"]?.shape ?? []
            guard file.tensors["\(name).bias"]?.shape == [layer.outputs],
                layer.rank == 0 || weight == [layer.outputs, layer.inputs]
                    || weight.count == 3 && weight[0] == layer.outputs && weight[1] * weight[2] == layer.inputs
            else { throw .adaptation("does not match layer \(name) of the acoustic model") }
        }
        return amended { name, values in
            if name.hasSuffix(".bias"), let layer = adaptation.layers[String(name.dropLast(".bias".count))] {
                for index in values.indices { values[index] += layer.bias[index] }
            } else if name.hasSuffix(".weight"), let layer = adaptation.layers[String(name.dropLast(".weight".count))],
                layer.rank > 0
            {
                let up = Matrix(rows: layer.outputs, columns: layer.rank, elements: layer.up)
                let down = Matrix(rows: layer.rank, columns: layer.inputs, elements: layer.down)
                var weight = Matrix(rows: layer.outputs, columns: layer.inputs, elements: values)
                weight.add(up.block(), down.block())
                values = weight.elements
            }
        }
    }
}

/// The last few voices' models: the change of a voice is worked into the weights once, and then speaking costs what it
/// costs without.
final class AdaptedModels: Sendable {
    /// Models kept, 10 MB each at most.
    private static let most = 8
    /// The newest last.
    private let kept = Mutex<[(adaptation: VoiceAdaptation, model: AcousticModel)]>([])

    /// - Throws: `AcousticError.adaptation`
    func model(_ model: AcousticModel, for adaptation: VoiceAdaptation) throws -> AcousticModel {
        // Those who wait here for the same voice do not do the work again.
        try kept.withLock { kept in
            let found: AcousticModel
            if let index = kept.firstIndex(where: { $0.adaptation == adaptation }) {
                found = kept.remove(at: index).model
            } else {
                found = try model.adapted(to: adaptation)
            }
            kept.append((adaptation, found))
            if kept.count > Self.most { kept.removeFirst() }
            return found
        }
    }
}
