/// The two accents the lexicon knows.
public enum Accent: String, Sendable, Codable, CaseIterable {
    case american, british
}
