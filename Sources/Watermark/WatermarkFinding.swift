private import Foundation

/// What a `WatermarkDetector` has to say about a recording.
public struct WatermarkFinding: Sendable, Equatable {
    /// The answer.
    public enum Verdict: String, Sendable, Codable {
        case marked
        case notFound = "not found"
        /// Too little sounds to tell.
        case tooShort = "too short"
    }

    /// A stretch that carries the mark, in seconds, exact to a few tenths.
    public struct Region: Sendable, Equatable, Codable {
        public var start: Double
        public var end: Double
        /// What its stretches add to a chain's score.
        public var score: Double
    }

    /// Length of the recording, and of what sounds in it, in seconds.
    public var seconds: Double
    public var audibleSeconds: Double
    /// The best chain's score; see `WatermarkDetector`.
    public var score: Double
    /// Where the mark is, in order.
    public var regions: [Region]

    public var verdict: Verdict {
        if !regions.isEmpty { return .marked }
        return audibleSeconds < WatermarkDetector.shortestAudible ? .tooShort : .notFound
    }

    /// How probable it is that unmarked sound of this length reaches the score by chance, at most 1.
    public var chance: Double {
        let expected = Self.chanceRate * max(seconds, 1) * exp(-Self.chanceDecay * score)
        return -expm1(-expected)
    }

    /// k per second and λ of the scores of unmarked speech, see docs/provenance.md.
    static let chanceRate = 0.05
    static let chanceDecay = 0.8
}
