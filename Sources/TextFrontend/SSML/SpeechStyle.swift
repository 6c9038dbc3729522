import SpeechSignal

/// The prosody of a stretch of speech relative to the voice's own.
public struct SpeechStyle: Sendable, Equatable {
    /// Factor on the speed.
    public var rate: Float = 1
    /// Pitch shift in semitones.
    public var pitch: Float = 0
    /// Pitch shift in hertz, before the semitones.
    public var hertz: Float = 0
    /// Mean pitch in hertz that replaces the voice's own.
    public var meanPitch: Float?
    /// Factor on the pitch range; 1 leaves it unchanged.
    public var pitchRange: Float = 1
    /// Decibels; minus infinity is silent.
    public var volume: Float = 0

    /// The plain style.
    public init() {}

    /// The plain style.
    public static let plain = SpeechStyle()
}

/// A style and the phonemes it holds for.
public struct StyledSpan: Sendable, Equatable {
    /// Scalar offsets in `Sentence.phonemes`.
    public var phonemeRange: Range<Int>
    /// The style.
    public var style: SpeechStyle

    /// A style for a stretch of a sentence.
    public init(phonemeRange: Range<Int>, style: SpeechStyle) {
        self.phonemeRange = phonemeRange
        self.style = style
    }
}

/// How strongly a word is said.
enum Emphasis: String, CaseIterable { case strong, moderate, none, reduced }

/// Everything the markup says about a place.
struct PlaceStyle: Equatable {
    var speech = SpeechStyle()
    var emphasis: Emphasis?
    var language: Language?
    var voice: String?
}

/// What emphasis does to a word: measured by ear and spectrogram, as far as it stays natural. A strong word is a fifth
/// longer and its stressed syllable 3 semitones higher; listeners notice differences in pitch from about 1.5 semitones
/// ('t Hart 1981).
extension Emphasis {
    /// The style of the whole word.
    func word(_ style: SpeechStyle) -> SpeechStyle {
        var style = style
        switch self {
        case .strong: (style.rate, style.volume) = (style.rate * 0.83, style.volume + 3)
        case .moderate: (style.rate, style.volume) = (style.rate * 0.88, style.volume + 2)
        case .none: break
        case .reduced:
            (style.rate, style.volume) = (style.rate * 1.12, style.volume - 2)
            style.pitch -= 1
            style.pitchRange *= 0.7
        }
        return style
    }

    /// The style of its stressed syllable.
    func stressed(_ style: SpeechStyle) -> SpeechStyle {
        var style = word(style)
        switch self {
        case .strong: style.pitch += 3
        case .moderate: style.pitch += 2
        case .none, .reduced: break
        }
        return style
    }

    /// What becomes of a word's stress.
    var stress: StressChange? {
        switch self {
        case .strong, .moderate: .primary
        case .none: nil
        case .reduced: .demote
        }
    }

    /// Words that have a form of their own when they are stressed.
    static func strongForm(_ word: Letters) -> Phonemes? {
        switch String(decoding: word.lowercased(), as: UTF8.self) {
        case "the": Phonemes(symbols: "ðˈi")
        case "a": Phonemes(symbols: "ˈA")
        case "to": Phonemes(symbols: "tˈu")
        default: nil
        }
    }
}
