/// What brings the mel spectra of the acoustic model to those of a voice: an affine map for slow and for fast changes.
///
/// A frame of speech becomes mel + offset + slow · s + fast · (mel − s), where s is the mel smoothed over time. Both maps are
/// optimal transport between two normal distributions, of what the model says and of what the voice's owner says (the linear
/// colour transfer between pictures of Pitié and Kokaram, 2007); enrollment finds them in a rehearsal.
/// Letters: M = 100 mel bands.
public struct SpectralTransport: Sendable, Equatable {
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
    static let identity = SpectralTransport(
        offset: [Float](repeating: 0, count: bands), slow: [Float](repeating: 0, count: bands * bands),
        fast: [Float](repeating: 0, count: bands * bands))

    /// Checks that every number can be one of a voice.
    ///
    /// - Throws: `ProfileError` naming the first that cannot
    func validate() throws {
        let square = Self.bands * Self.bands
        let parts = [("offset", offset, Self.bands), ("slow", slow, square), ("fast", fast, square)]
        for (name, values, count) in parts {
            guard values.count == count else {
                throw ProfileError.size("transport's \(name)", expected: count, actual: values.count)
            }
            if let (index, value) = values.enumerated().first(where: { !(abs($1) <= 30) }) {
                throw ProfileError.range("number \(index) of the transport's \(name)", value, -30...30)
            }
        }
    }

    /// The weighted mean; weights sum to one.
    static func mean(_ parts: [(SpectralTransport, Float)]) -> SpectralTransport {
        func mean(_ values: (SpectralTransport) -> [Float]) -> [Float] {
            parts.reduce(into: [Float](repeating: 0, count: values(parts[0].0).count)) { sum, part in
                let values = values(part.0)
                for index in values.indices { sum[index] += values[index] * part.1 }
            }
        }
        return SpectralTransport(offset: mean(\.offset), slow: mean(\.slow), fast: mean(\.fast))
    }
}
