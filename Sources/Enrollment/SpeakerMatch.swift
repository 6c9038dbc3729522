/// What the similarity of two voices means.
///
/// The thresholds were measured with `starling-voices-bench`; docs/enrollment.md has the figures.
public enum SpeakerMatch: String, Sendable, Codable, CaseIterable {
    /// Recordings of different people are that similar in less than one of a hundred cases.
    case likely
    /// In between.
    case unclear
    /// Recordings of one person are that different in less than one of a hundred cases.
    case unlikely

    /// Similarities from which on the same person is likely, and below which unlikely.
    public static let (likelyFrom, unlikelyBelow): (Float, Float) = (0.83, 0.74)

    /// The lower threshold if exactly one of the two recordings came over a telephone.
    public static let unlikelyOverTelephone: Float = 0.64

    /// - Parameters:
    ///   - similarity: cosine of two voices' embeddings, each from 3 s of speech or more
    ///   - overTelephone: whether one of the two, and not both, came over a telephone
    public init(similarity: Float, overTelephone: Bool = false) {
        let least = overTelephone ? Self.unlikelyOverTelephone : Self.unlikelyBelow
        self = similarity >= Self.likelyFrom ? .likely : similarity < least ? .unlikely : .unclear
    }

    /// The verdict in words.
    public var description: String {
        switch self {
        case .likely: "probably the same person"
        case .unclear: "perhaps the same person"
        case .unlikely: "probably different people"
        }
    }
}
