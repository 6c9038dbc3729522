extension MelCorrection {
    /// Exemplars of as many voices are kept in a blend, at most: blends of blends stay small.
    public static let mostVoices = 48

    /// The weighted mean; weights sum to one. Frames are attracted by the exemplars of each voice as far as it counts;
    /// of too many voices those that count most stand for all.
    static func mean(_ parts: [(MelCorrection, Float)]) -> MelCorrection {
        var exemplars = parts.flatMap { correction, weight in correction.exemplars.map { $0.weighted(by: weight) } }
        if exemplars.count > mostVoices {
            let total = exemplars.reduce(0) { $0 + $1.attraction }
            let order = exemplars.indices.sorted { (-exemplars[$0].attraction, $0) < (-exemplars[$1].attraction, $1) }
            exemplars = order.prefix(mostVoices).map { exemplars[$0] }
            let kept = exemplars.reduce(0) { $0 + $1.attraction }
            for index in exemplars.indices where kept > 0 { exemplars[index].attraction *= total / kept }
        }
        return MelCorrection(
            before: .mean(parts.map { ($0.0.before, $0.1) }), exemplars: exemplars,
            after: .mean(parts.map { ($0.0.after, $0.1) }))
    }
}

extension MelMap {
    /// The weighted mean; weights sum to one.
    fileprivate static func mean(_ parts: [(MelMap, Float)]) -> MelMap {
        func mean(_ values: (MelMap) -> [Float]) -> [Float] {
            parts.reduce(into: [Float](repeating: 0, count: values(parts[0].0).count)) { sum, part in
                let values = values(part.0)
                for index in values.indices { sum[index] += values[index] * part.1 }
            }
        }
        return MelMap(offset: mean(\.offset), slow: mean(\.slow), fast: mean(\.fast))
    }
}

extension Exemplars {
    /// In a blend there are fewer of a voice, as they count less, but at least so many.
    private static let fewest = 24

    /// As those of one voice of several in a blend.
    fileprivate func weighted(by weight: Float) -> Exemplars {
        let kept = min(count, max(Self.fewest, Int((Float(count) * weight).rounded())))
        let chosen = (0..<kept).flatMap { index in
            let first = index * count / kept * bands
            return frames[first..<first + bands]
        }
        return Exemplars(frames: chosen, bands: bands, attraction: attraction * weight)
    }
}
