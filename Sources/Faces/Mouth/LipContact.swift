/// A contact of the lips. Blended targets alone would leave the lips open where a short p stands between two vowels, and viewers see
/// that at once; so contacts are kept apart from the blend, and are always reached.
struct LipContact {
    let kind: MouthTarget.Contact
    /// Seconds in which the contact is complete.
    private let complete: ClosedRange<Double>

    /// Seconds that the lips take to close and to open.
    private static let closing = 0.05
    private static let opening = 0.045
    /// Seconds at each end of the phoneme in which they still or already move.
    private static let edge = 0.012
    /// Half of the shortest contact, in seconds: a frame falls into it.
    private static let shortest = 0.01

    /// - Parameters:
    ///   - start: of the phoneme, in seconds
    ///   - end: of the phoneme, in seconds
    init(_ kind: MouthTarget.Contact, start: Double, end: Double) {
        self.kind = kind
        let middle = (start + end) / 2
        let half = max((end - start) / 2 - Self.edge, Self.shortest)
        complete = middle - half...middle + half
    }

    /// 0 apart, 1 together.
    func firmness(at time: Double) -> Double {
        time < complete.lowerBound
            ? smoothstep(1 - (complete.lowerBound - time) / Self.closing)
            : smoothstep(1 - (time - complete.upperBound) / Self.opening)
    }
}
