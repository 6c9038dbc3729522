internal import SpeechSignal

/// An affine map of mel spectra, for slow and for fast changes.
///
/// A frame of speech becomes mel + offset + slow · s + fast · (mel − s), where s is the mel smoothed over time.
/// Letters: M = `Signal.melBands`.
public struct MelMap: Sendable, Equatable {
    /// Added to every frame of speech, [M].
    public var offset: [Float]
    /// What is added to every band for each band of the smoothed mel, [M, M]: row by row the bands it is added to.
    public var slow: [Float]
    /// Likewise for what smoothing takes away, [M, M].
    public var fast: [Float]

    /// Three arrays of M, M · M and M · M numbers.
    public init(offset: [Float], slow: [Float], fast: [Float]) {
        (self.offset, self.slow, self.fast) = (offset, slow, fast)
    }

    /// Changes nothing.
    public static let identity = MelMap(
        offset: [Float](repeating: 0, count: Signal.melBands), slow: [Float](repeating: 0, count: square),
        fast: [Float](repeating: 0, count: square))

    private static let square = Signal.melBands * Signal.melBands

    /// - Throws: `ProfileError` naming the first number that cannot be one of a voice
    func validate() throws {
        let parts = [("offset", offset, Signal.melBands), ("slow", slow, Self.square), ("fast", fast, Self.square)]
        for (name, values, count) in parts {
            guard values.count == count else {
                throw ProfileError.size("mel correction's \(name)", expected: count, actual: values.count)
            }
            try MelCorrection.checkRange(values, of: name)
        }
    }
}
