/// An affine map of mel spectra, for slow and for fast changes.
///
/// A frame of speech becomes mel + offset + slow · s + fast · (mel − s), where s is the mel smoothed over time.
/// Letters: M = 100 mel bands.
public struct SpectralMap: Sendable, Equatable {
    /// Added to every frame of speech, [M].
    public var offset: [Float]
    /// What is added to every band for each band of the smoothed mel, [M, M]: row by row the bands it is added to.
    public var slow: [Float]
    /// Likewise for what smoothing takes away, [M, M].
    public var fast: [Float]

    private static let bands = SpeakerProfile.spectrumSize

    /// Three arrays of 100, 100 · 100 and 100 · 100 numbers.
    public init(offset: [Float], slow: [Float], fast: [Float]) {
        (self.offset, self.slow, self.fast) = (offset, slow, fast)
    }

    /// Changes nothing.
    public static let identity = SpectralMap(
        offset: [Float](repeating: 0, count: bands), slow: [Float](repeating: 0, count: bands * bands),
        fast: [Float](repeating: 0, count: bands * bands))

    /// - Throws: `ProfileError` naming the first number that cannot be one of a voice
    func validate() throws {
        let square = Self.bands * Self.bands
        let parts = [("offset", offset, Self.bands), ("slow", slow, square), ("fast", fast, square)]
        for (name, values, count) in parts {
            guard values.count == count else {
                throw ProfileError.size("transport's \(name)", expected: count, actual: values.count)
            }
            try SpectralTransport.checkRange(values, of: name)
        }
    }

    /// The weighted mean; weights sum to one.
    static func mean(_ parts: [(SpectralMap, Float)]) -> SpectralMap {
        func mean(_ values: (SpectralMap) -> [Float]) -> [Float] {
            parts.reduce(into: [Float](repeating: 0, count: values(parts[0].0).count)) { sum, part in
                let values = values(part.0)
                for index in values.indices { sum[index] += values[index] * part.1 }
            }
        }
        return SpectralMap(offset: mean(\.offset), slow: mean(\.slow), fast: mean(\.fast))
    }
}
