/// Small statistics of arrays.
enum Statistics {
    /// Linear interpolation between sorted values; 0 if there are none.
    static func quantile(sorted values: [Float], _ share: Float) -> Float {
        guard let last = values.indices.last else { return 0 }
        let place = Double(share) * Double(last)
        let low = Int(place)
        let high = min(low + 1, last)
        return values[low] + (values[high] - values[low]) * Float(place - Double(low))
    }

    static func quantile(_ values: some Sequence<Float>, _ share: Float) -> Float {
        quantile(sorted: values.sorted(), share)
    }

    static func mean(_ values: some Collection<Float>) -> Float {
        values.isEmpty ? 0 : values.reduce(0, +) / Float(values.count)
    }

    /// Of the whole population, as NumPy's `std`.
    static func deviation(_ values: some Collection<Float>) -> Float {
        let mean = mean(values)
        return values.isEmpty
            ? 0 : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)).squareRoot()
    }

    /// The stretches of true values.
    static func runs(_ flags: [Bool]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for (index, flag) in flags.enumerated() {
            if flag {
                start = start ?? index
            } else if let first = start {
                runs.append(first..<index)
                start = nil
            }
        }
        if let first = start { runs.append(first..<flags.count) }
        return runs
    }
}
