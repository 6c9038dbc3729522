/// A set of phonemes with a fast membership test.
///
///     let sibilants: PhonemeSet = "szʃʒʧʤ"
public struct PhonemeSet: Sendable, Equatable, ExpressibleByStringLiteral {
    /// A bit for each token.
    private var bits: (low: UInt64, high: UInt64) = (0, 0)

    /// - Parameter symbols: those outside the alphabet are left out
    public init(stringLiteral symbols: String) {
        for phoneme in Phonemes(symbols: symbols) { insert(phoneme) }
    }

    /// Whether it is one of them.
    public func contains(_ phoneme: Phoneme) -> Bool {
        let token = UInt64(phoneme.rawValue)
        return (token < 64 ? bits.low >> token : bits.high >> (token - 64)) & 1 == 1
    }

    /// Those of both.
    public func union(_ other: PhonemeSet) -> PhonemeSet {
        var union = self
        union.bits = (bits.low | other.bits.low, bits.high | other.bits.high)
        return union
    }

    private mutating func insert(_ phoneme: Phoneme) {
        let token = UInt64(phoneme.rawValue)
        if token < 64 { bits.low |= 1 << token } else { bits.high |= 1 << (token - 64) }
    }

    /// Equal phonemes.
    public static func == (a: PhonemeSet, b: PhonemeSet) -> Bool { a.bits == b.bits }
}

/// What kinds of phoneme there are.
extension PhonemeSet {
    /// Vowels of the languages, diphthongs among them.
    public static let vowels: PhonemeSet = "AIOQWYaiuæɐɑɒɔəɛɜɪʊʌᵻeoyøœ"
    /// Consonants of the languages.
    public static let consonants: PhonemeSet = "bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθxrβɣçɥɲɱɰʁʎʝɟʣʦ"
    /// What shapes the phoneme before it: length, nasality, palatalization.
    public static let modifiers: PhonemeSet = "ː\u{0303}ʲʰ"
    /// Where a sentence ends.
    public static let sentenceEnds: PhonemeSet = ".!?…"
    /// Punctuation that is spoken as a pause.
    public static let pauses = sentenceEnds.union(";:,—")
    /// Punctuation.
    public static let punctuation = pauses.union("\"()“”")
    /// Punctuation and the space between words: what sounds only as a pause.
    public static let marks = punctuation.union(" ")
    /// Marks of primary and secondary stress.
    public static let stresses: PhonemeSet = "ˈˌ"
}

extension Phoneme {
    /// Whether it is a vowel.
    public var isVowel: Bool { PhonemeSet.vowels.contains(self) }
    /// Whether it is a consonant.
    public var isConsonant: Bool { PhonemeSet.consonants.contains(self) }
    /// Whether it is punctuation that is spoken as a pause.
    public var isPause: Bool { PhonemeSet.pauses.contains(self) }
    /// Whether it is punctuation.
    public var isPunctuation: Bool { PhonemeSet.punctuation.contains(self) }
    /// Whether it is punctuation or a space.
    public var isMark: Bool { PhonemeSet.marks.contains(self) }
    /// Whether it is a mark of stress.
    public var isStress: Bool { PhonemeSet.stresses.contains(self) }
    /// Whether it is a sound of its own, rather than punctuation, a stress mark or a modifier.
    public var isSound: Bool { !isMark && !isStress && self != .pad && !PhonemeSet.modifiers.contains(self) }
}
