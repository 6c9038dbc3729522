internal import SpeechSignal
internal import Weights

/// A correction in the file of a profile, whose format calls it a transport, and exemplars palettes: `transport.offset`
/// [M], `transport.slow` and `transport.fast` [M, M] of the map before; and where there are exemplars, those of each
/// voice as `transport.palette.0` [P, B] and so on, their attractions as `transport.shares`, and the map after them as
/// `transport.after.offset`, `.slow` and `.fast`.
extension MelCorrection {
    /// nil if there is none in the file.
    init?(_ file: WeightFile, _ loader: inout WeightLoader) {
        guard file.tensors["transport.offset"] != nil else { return nil }
        self.init(before: MelMap("transport", &loader))
        guard let shares = file.tensors["transport.shares"] else { return }
        let count = shares.shape.first ?? 0
        for (number, attraction) in loader.vector("transport.shares", count: count).enumerated() {
            let name = "transport.palette.\(number)"
            // Whatever shape is missing or wrong is named when the loader finishes.
            let shape = file.tensors[name].map { $0.shape.count == 2 ? $0.shape : [1, 1] } ?? [1, 1]
            exemplars.append(
                Exemplars(frames: loader.values(name, shape: shape), bands: shape[1], attraction: attraction))
        }
        after = MelMap("transport.after", &loader)
    }

    var tensors: [WeightFile.Values] {
        guard !exemplars.isEmpty else { return before.tensors("transport") }
        let frames = exemplars.enumerated().map { number, exemplars in
            WeightFile.Values(
                "transport.palette.\(number)", shape: [exemplars.count, exemplars.bands], values: exemplars.frames)
        }
        let shares = WeightFile.Values(
            "transport.shares", shape: [exemplars.count], values: exemplars.map(\.attraction))
        return before.tensors("transport") + frames + [shares] + after.tensors("transport.after")
    }
}

extension MelMap {
    private static let shape = [Signal.melBands, Signal.melBands]

    init(_ name: String, _ loader: inout WeightLoader) {
        self.init(
            offset: loader.vector("\(name).offset", count: Signal.melBands),
            slow: loader.values("\(name).slow", shape: Self.shape),
            fast: loader.values("\(name).fast", shape: Self.shape))
    }

    func tensors(_ name: String) -> [WeightFile.Values] {
        [
            .init("\(name).offset", shape: [Signal.melBands], values: offset),
            .init("\(name).slow", shape: Self.shape, values: slow),
            .init("\(name).fast", shape: Self.shape, values: fast),
        ]
    }
}
