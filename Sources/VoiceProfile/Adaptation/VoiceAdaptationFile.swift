internal import Weights

/// An adaptation in the file of a profile: of every layer NAME `adaptation.NAME.down` [R, I], `.up` [O, R] and `.bias`
/// [O] in float16, the first two where its weights change; the fingerprint of the network in the metadata,
/// `adaptation`.
extension VoiceAdaptation {
    private static let prefix = "adaptation."
    static let key = "adaptation"

    /// nil if there is none in the file.
    init?(_ file: WeightFile, _ loader: inout WeightLoader) {
        guard let model = file.metadata[Self.key] else { return nil }
        var layers: [String: LayerChange] = [:]
        for (name, tensor) in file.tensors where name.hasPrefix(Self.prefix) && name.hasSuffix(".bias") {
            let layer = String(name.dropFirst(Self.prefix.count).dropLast(".bias".count))
            let path = Self.prefix + layer
            let outputs = tensor.shape.first ?? 0
            // Whatever shape is missing or wrong is named when the loader finishes.
            let low = file.tensors["\(path).down"].map { $0.shape.count == 2 ? $0.shape : [1, 1] }
            layers[layer] = LayerChange(
                inputs: low?[1] ?? 1, outputs: outputs,
                down: low.map { loader.values("\(path).down", shape: $0) } ?? [],
                up: low.map { loader.values("\(path).up", shape: [outputs, $0[0]]) } ?? [],
                bias: loader.vector(name, count: outputs))
        }
        self.init(model: model, layers: layers)
    }

    /// In the order of the layers' names.
    var tensors: [WeightFile.Values] {
        layers.sorted { $0.key < $1.key }.flatMap { name, layer in
            let path = Self.prefix + name
            let low: [WeightFile.Values] =
                layer.rank == 0
                ? []
                : [
                    .init("\(path).down", shape: [layer.rank, layer.inputs], values: layer.down, isHalf: true),
                    .init("\(path).up", shape: [layer.outputs, layer.rank], values: layer.up, isHalf: true),
                ]
            return low + [.init("\(path).bias", shape: [layer.outputs], values: layer.bias, isHalf: true)]
        }
    }
}
