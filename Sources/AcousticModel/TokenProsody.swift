/// How each token of an utterance is to be spoken, relative to the speaker's own way.
public struct TokenProsody: Sendable, Equatable {
    /// How much faster, [N]; 1 is the speaker's own pace.
    public var speed: [Float]
    /// Semitones, [N].
    public var pitchShift: [Float]
    /// Factor on the pitch range, [N]; 1 is the speaker's own range, 0 a monotone.
    public var pitchRange: [Float]

    public static let speeds: ClosedRange<Float> = 0.25...4
    public static let pitchShifts: ClosedRange<Float> = -24...24
    public static let pitchRanges: ClosedRange<Float> = 0...3

    /// The same for every token.
    ///
    /// - Parameter count: N
    public init(count: Int, speed: Float = 1, pitchShift: Float = 0, pitchRange: Float = 1) {
        self.speed = [Float](repeating: speed, count: count)
        self.pitchShift = [Float](repeating: pitchShift, count: count)
        self.pitchRange = [Float](repeating: pitchRange, count: count)
    }

    /// Frames over which a change is spread, so that the voice glides and does not jump: 87.5 ms.
    package static let glide = 7

    /// Values of tokens as values of frames, [T]; where they change, they change over `glide` frames.
    package static func spread(_ values: [Float], durations: [Int]) -> [Float] {
        var frames: [Float] = []
        frames.reserveCapacity(durations.reduce(0, +))
        for (value, duration) in zip(values, durations) { frames += repeatElement(value, count: duration) }
        guard values.contains(where: { $0 != values[0] }) else { return frames }
        let reach = glide / 2
        return frames.indices.map { frame in
            let window = frames[max(0, frame - reach)..<min(frames.count, frame + reach + 1)]
            return window.reduce(0, +) / Float(window.count)
        }
    }

    func check(tokens: Int) throws(AcousticError) {
        for (name, values, range) in [
            ("speed", speed, Self.speeds), ("pitch shift", pitchShift, Self.pitchShifts),
            ("pitch range", pitchRange, Self.pitchRanges),
        ] {
            guard values.count == tokens else { throw .prosody(name, values: values.count, tokens: tokens) }
            if let value = values.first(where: { !range.contains($0) }) { throw .option(name, value, range) }
        }
    }
}
