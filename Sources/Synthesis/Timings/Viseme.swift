public import SpeechSignal

/// A shape of the mouth: one of the 22 visemes of Microsoft's Speech API (SPVISEMES, after the Disney 13).
///
/// The raw value is that API's number. The table in docs/timings.md says which phonemes look like which.
public struct Viseme: RawRepresentable, Sendable, Hashable, Codable {
    /// 0 to 21.
    public let rawValue: Int

    /// The mouth at rest, 0.
    public static let silence = Viseme(known: 0)
    /// The number of visemes.
    public static let count = 22

    /// nil outside 0...21.
    public init?(rawValue: Int) {
        guard (0..<Self.count).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(known: Int) { rawValue = known }

    /// The shape of a phoneme; nil for stress, length and other marks, which have none of their own.
    public init?(phoneme: Phoneme) {
        guard let found = phoneme.isPunctuation ? Self.silence.rawValue : Self.table[phoneme] else { return nil }
        rawValue = found
    }

    /// Phonemes by viseme, from 1. Diphthongs are A (eɪ), I (aɪ), O (oʊ), Q (əʊ), W (aʊ), Y (ɔɪ); S is a long s.
    /// Rounded front vowels have the lips of the back ones.
    private static let phonemes = [
        "æəʌɐᵊa", "ɑ", "ɔɒɤœ", "Aeɛʊ", "ɜɚ", "jiɪᵻɨʝ", "wuɯyɥ", "OQoø", "W", "Y", "I", "hʔ", "ɹrɻɽʁ", "lʎ",
        "szʦʣS", "ʃʒʧʤʨʥɕʂꭧ", "θð", "fvɸ", "dtnTɾɖʈɳɲ", "kɡŋxɣqχɴçcɟɰ", "pbmβʋ",
    ]

    private static let table: [Phoneme: Int] = {
        var table: [Phoneme: Int] = [:]
        for (index, symbols) in phonemes.enumerated() {
            for phoneme in Phonemes(symbols: symbols) { table[phoneme] = index + 1 }
        }
        return table
    }()
}

extension SpokenSentence {
    /// Visemes of timed phonemes from 0 to `end`, without gaps, equal neighbors joined.
    static func visemes(of phonemes: [(phoneme: Phoneme, start: Double, end: Double)], end: Double) -> [TimedViseme] {
        mouthRuns(of: phonemes, from: 0, to: end, rest: .silence, shape: Viseme.init(phoneme:)).map {
            TimedViseme(id: $0.shape, start: $0.start, end: $0.end)
        }
    }
}
