internal import SpeechSignal

/// Frames of a voice that attract those of the acoustic model.
public struct Exemplars: Sendable, Equatable {
    /// Smoothed natural log mel, [P, B], from the softest frame to the loudest; their order in the speech is not kept.
    public var frames: [Float]
    /// B, the leading mel bands that each has.
    public var bands: Int
    /// How far a frame moves toward the nearest exemplar: 0 not at all, 1 all the way.
    public var attraction: Float

    /// Maximum number of frames.
    public static let most = 4096
    /// Leading bands by which the nearest is found; exemplars have at least these.
    static let comparedBands = Signal.wideBands

    /// Frames one after the other, [P, B].
    public init(frames: [Float], bands: Int, attraction: Float) {
        (self.frames, self.bands, self.attraction) = (frames, bands, attraction)
    }

    /// P.
    public var count: Int { bands > 0 ? frames.count / bands : 0 }

    /// - Throws: `ProfileError` naming the first number that cannot be one of a voice
    func validate() throws {
        let possible = Float(Self.comparedBands)...Float(Signal.melBands)
        guard possible.contains(Float(bands)) else {
            throw ProfileError.range("bands of the exemplars", Float(bands), possible)
        }
        guard frames.count == count * bands, (1...Self.most).contains(count) else {
            throw ProfileError.size("exemplars", expected: bands * max(1, count), actual: frames.count)
        }
        guard (0...1).contains(attraction) else {
            throw ProfileError.range("attraction of the exemplars", attraction, 0...1)
        }
        try MelCorrection.checkRange(frames, of: "exemplars")
    }
}
