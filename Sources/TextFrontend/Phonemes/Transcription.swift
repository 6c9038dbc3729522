import SpeechSignal

/// Phonemes as people write them (the International Phonetic Alphabet, or the alphabet itself) in the alphabet's
/// symbols.
enum Transcription {
    /// The first thing that no phoneme can be made of.
    enum Problem: Error, Equatable {
        /// - at: scalars before it.
        case unknown(Unicode.Scalar, at: Int)
        /// Nothing in it has a sound.
        case silent
    }

    /// The symbols of IPA, adapted to a language.
    static func ipa(_ text: String, language: Language) throws(Problem) -> Phonemes {
        if let accent = language.accent { return try ipa(text, accent: accent) }
        return try ipa(text, table: foreign)
    }

    /// The symbols of IPA, adapted to an accent: British "ɒ" is "ɑ" in American. What the alphabet writes with symbols
    /// of its own (A for eɪ) may be written so, too. A stress mark moves from the syllable's start to its vowel.
    static func ipa(_ text: String, accent: Accent) throws(Problem) -> Phonemes {
        try ipa(text, table: accent == .american ? american : british)
    }

    private static func ipa(_ text: String, table: [String: Phonemes]) throws(Problem) -> Phonemes {
        let scalars = Array(text.unicodeScalars)
        var result = Phonemes()
        var at = 0
        while at < scalars.count {
            if ignored.contains(scalars[at]) {
                at += 1
                continue
            }
            guard let (codes, length) = longest(scalars, at, table) else { throw .unknown(scalars[at], at: at) }
            result += codes
            at += length
        }
        result = stressed(trimmed(result))
        guard result.contains(where: { $0.isConsonant || isVowel($0) }) else { throw .silent }
        // Dictionaries leave out the mark of a word's only stress.
        return result.contains(where: \.isStress) ? result : result.applying(.primary)
    }

    /// The alphabet's symbols as they are.
    static func native(_ text: String) throws(Problem) -> Phonemes {
        var result = Phonemes()
        for (at, scalar) in text.unicodeScalars.enumerated() {
            guard let code = Phoneme(symbol: scalar) else { throw .unknown(scalar, at: at) }
            result.append(code)
        }
        result = trimmed(result)
        guard result.contains(where: { $0.isConsonant || isVowel($0) }) else { throw .silent }
        return result
    }

    /// Whatever can be understood of phonemes inside a text; the rest is left out.
    static func lenient(_ text: String) -> Phonemes {
        let scalars = Array(text.unicodeScalars)
        var result = Phonemes()
        var at = 0
        while at < scalars.count {
            if let (codes, length) = longest(scalars, at, common) {
                result += codes
                at += length
            } else {
                at += 1
            }
        }
        return stressed(result)
    }

    /// A vowel, the alphabet's seldom ones included.
    private static func isVowel(_ code: Phoneme) -> Bool { code.isVowel || seldomVowels.contains(code) }
    private static let seldomVowels: PhonemeSet = "ᵊɨɯɤɚ"

    private static func longest(_ scalars: [Unicode.Scalar], _ at: Int, _ table: [String: Phonemes]) -> (Phonemes, Int)?
    {
        for length in stride(from: min(3, scalars.count - at), to: 0, by: -1) {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[at..<at + length])
            if let codes = table[String(view)] { return (codes, length) }
        }
        return Phoneme(symbol: scalars[at]).map { ([$0], 1) }
    }

    private static func trimmed(_ codes: Phonemes) -> Phonemes {
        let start = codes.firstIndex { $0 != .space } ?? codes.endIndex
        let end = codes.lastIndex { $0 != .space } ?? start - 1
        return start > end ? [] : Phonemes(codes[start...end])
    }

    /// Stress marks right before the vowel they belong to.
    private static func stressed(_ codes: Phonemes) -> Phonemes {
        guard codes.contains(where: \.isStress) else { return codes }
        var result = Phonemes()
        result.reserveCapacity(codes.count)
        var pending: Phoneme?
        for code in codes {
            if code.isStress {
                pending = code
                continue
            }
            if let mark = pending, isVowel(code) || !code.isConsonant {
                result.append(mark)
                pending = nil
            }
            result.append(code)
        }
        return result
    }

    /// Tie bars, syllable breaks and the like, which say nothing the networks know.
    private static let ignored = Set("\u{361}\u{35C}.‿\u{200D}\u{2060}|".unicodeScalars)

    private static func table(_ pairs: [(String, String)]) -> [String: Phonemes] {
        Dictionary(pairs.map { ($0.0, Phonemes(symbols: $0.1)) }) { $1 }
    }

    private static let shared = [
        ("eɪ", "A"), ("aɪ", "I"), ("ɑɪ", "I"), ("aʊ", "W"), ("ɑʊ", "W"), ("ɔɪ", "Y"), ("tʃ", "ʧ"), ("dʒ", "ʤ"),
        ("t\u{361}ʃ", "ʧ"), ("d\u{361}ʒ", "ʤ"), ("t\u{35C}ʃ", "ʧ"), ("d\u{35C}ʒ", "ʤ"), ("g", "ɡ"), ("r", "ɹ"),
        ("'", "ˈ"),
        (":", "ː"),
    ]

    /// Languages other than English: the sounds that the alphabet has stay as they are.
    private static let foreign = table([
        ("tʃ", "ʧ"), ("dʒ", "ʤ"), ("ts", "ʦ"), ("dz", "ʣ"), ("t\u{361}ʃ", "ʧ"), ("d\u{361}ʒ", "ʤ"), ("t\u{361}s", "ʦ"),
        ("d\u{361}z", "ʣ"), ("g", "ɡ"), ("'", "ˈ"), (":", "ː"),
    ])

    private static let common = table(Array(shared.dropLast(2)) + [("oʊ", "O"), ("əʊ", "Q")])

    private static let folded =
        shared + [
            ("n\u{329}", "ᵊn"), ("l\u{329}", "ᵊl"), ("m\u{329}", "ᵊm"), ("ɫ", "l"), ("ʍ", "w"), ("ʉ", "u"), ("e", "ɛ"),
            ("x", "k"),
            ("ɻ", "ɹ"), ("ʔ", "t"), ("ɵ", "ʊ"),
        ]

    private static let american = table(
        folded + [
            ("oʊ", "O"), ("əʊ", "O"), ("ɒ", "ɑ"), ("ː", ""), (":", ""), ("a", "æ"), ("aː", "ɑ"), ("ɚ", "əɹ"),
            ("ɝ", "ɜɹ"),
            ("ɜ˞", "ɜɹ"), ("ə˞", "əɹ"), ("ɝː", "ɜɹ"), ("ɪə", "ɪɹ"), ("eə", "ɛɹ"), ("ɛə", "ɛɹ"), ("ʊə", "ʊɹ"),
            ("ɛː", "ɛɹ"),
            ("ɾ", "T"), ("o", "O"), ("Q", "O"),
        ])

    private static let british = table(
        folded + [
            ("oʊ", "Q"), ("əʊ", "Q"), ("æ", "a"), ("ɚ", "ə"), ("ɝ", "ɜː"), ("ɝː", "ɜː"), ("ɜ˞", "ɜː"), ("ə˞", "ə"),
            ("eə", "ɛː"), ("ɛə", "ɛː"), ("ɾ", "t"), ("T", "t"), ("O", "Q"), ("o", "Q"), ("oː", "ɔː"),
        ])
}
