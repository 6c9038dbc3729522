internal import Weights

/// A transport in the file of a profile: `transport.offset` [100], `transport.slow` and `transport.fast` [100, 100] of the map
/// before; and where there are palettes, each as `transport.palette.0` [P, B] and so on, their `transport.shares`, and the map
/// after them as `transport.after.offset`, `.slow` and `.fast`.
extension SpectralTransport {
    /// nil if there is none in the file.
    init?(_ file: WeightFile, _ loader: inout WeightLoader) {
        guard file.tensors["transport.offset"] != nil else { return nil }
        self.init(before: SpectralMap("transport", &loader))
        guard let shares = file.tensors["transport.shares"] else { return }
        let count = shares.shape.first ?? 0
        for (number, share) in loader.vector("transport.shares", count: count).enumerated() {
            let name = "transport.palette.\(number)"
            // Whatever shape is missing or wrong is named when the loader finishes.
            let shape = file.tensors[name].map { $0.shape.count == 2 ? $0.shape : [1, 1] } ?? [1, 1]
            palettes.append(Palette(sounds: loader.values(name, shape: shape), bands: shape[1], share: share))
        }
        after = SpectralMap("transport.after", &loader)
    }

    var tensors: [WeightFile.Values] {
        guard !palettes.isEmpty else { return before.tensors("transport") }
        let sounds = palettes.enumerated().map { number, palette in
            WeightFile.Values(
                "transport.palette.\(number)", shape: [palette.count, palette.bands], values: palette.sounds)
        }
        let shares = WeightFile.Values("transport.shares", shape: [palettes.count], values: palettes.map(\.share))
        return before.tensors("transport") + sounds + [shares] + after.tensors("transport.after")
    }
}

extension SpectralMap {
    private static let shape = [SpeakerProfile.spectrumSize, SpeakerProfile.spectrumSize]

    init(_ name: String, _ loader: inout WeightLoader) {
        self.init(
            offset: loader.vector("\(name).offset", count: SpeakerProfile.spectrumSize),
            slow: loader.values("\(name).slow", shape: Self.shape),
            fast: loader.values("\(name).fast", shape: Self.shape))
    }

    func tensors(_ name: String) -> [WeightFile.Values] {
        [
            .init("\(name).offset", shape: [SpeakerProfile.spectrumSize], values: offset),
            .init("\(name).slow", shape: Self.shape, values: slow),
            .init("\(name).fast", shape: Self.shape, values: fast),
        ]
    }
}
