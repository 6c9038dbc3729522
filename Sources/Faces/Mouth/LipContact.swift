/// A contact of the lips. Blended targets alone would leave the lips open where a short p stands between two vowels,
/// and viewers see that at once; so contacts are kept apart from the blend, and are always reached.
struct LipContact {
    let kind: MouthTarget.Contact
    /// Seconds in which the contact is complete.
    private let complete: ClosedRange<Double>

    /// Seconds that the lips take to close and to open.
    private let closing: Double
    private let opening: Double

    /// The same where there is time for it, and the share of a short neighbor that they take otherwise, so that it is
    /// seen.
    private static let longestClosing = 0.05
    private static let longestOpening = 0.045
    private static let share = 0.8
    /// Half of the shortest contact, in seconds: a frame falls into it.
    private static let shortest = 0.01

    /// - Parameters:
    ///   - start: of the phoneme, in seconds
    ///   - end: of the phoneme, in seconds
    ///   - before: how long the phoneme before it is, in seconds
    ///   - after: how long the one after it is
    init(_ kind: MouthTarget.Contact, start: Double, end: Double, before: Double, after: Double) {
        self.kind = kind
        closing = min(Self.longestClosing, Self.share * before)
        opening = min(Self.longestOpening, Self.share * after)
        let middle = (start + end) / 2
        complete = min(start, middle - Self.shortest)...max(end, middle + Self.shortest)
    }

    /// 0 apart, 1 together.
    func firmness(at time: Double) -> Double {
        time < complete.lowerBound
            ? smoothstep(1 - (complete.lowerBound - time) / closing)
            : smoothstep(1 - (time - complete.upperBound) / opening)
    }
}
