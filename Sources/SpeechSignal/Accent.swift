/// The variety of English that a voice speaks and the lexicon is read in.
public enum Accent: String, Sendable, Codable, CaseIterable {
    /// General American.
    case american
    /// Standard British.
    case british
}
