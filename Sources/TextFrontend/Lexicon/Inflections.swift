import SpeechSignal

/// The sounds of the endings -s, -ed and -ing after a stem.
struct SuffixSounds: Sendable {
    private let british: Bool
    private let voiceless: PhonemeSet = "ptkfθ"
    private let sibilant: PhonemeSet = "szʃʒʧʤ"
    private let takesT: PhonemeSet = "pkfθʃsʧ"
    private let flapping: PhonemeSet = "AIOWYiuæɑəɛɪɹʊʌ"
    private let t: Phoneme = "t"
    private let d: Phoneme = "d"
    private let flap: Phoneme = "ɾ"

    init(accent: Accent) { british = accent == .british }

    private func codes(_ american: String, _ british: String) -> Phonemes {
        Phonemes(symbols: self.british ? british : american)
    }

    func plural(_ stem: Phonemes) -> Phonemes? {
        guard let last = stem.last else { return nil }
        if voiceless.contains(last) { return stem + Phonemes(symbols: "s") }
        return stem + (sibilant.contains(last) ? codes("ᵻz", "ɪz") : Phonemes(symbols: "z"))
    }

    func past(_ stem: Phonemes) -> Phonemes? {
        guard let last = stem.last else { return nil }
        if takesT.contains(last) { return stem + [t] }
        if last == d { return stem + codes("ᵻd", "ɪd") }
        if last != t { return stem + [d] }
        if british || stem.count < 2 { return stem + Phonemes(symbols: "ɪd") }
        return flapping.contains(stem[stem.count - 2])
            ? stem.dropLast() + [flap] + codes("ᵻd", "ɪd") : stem + codes("ᵻd", "ɪd")
    }

    func progressive(_ stem: Phonemes) -> Phonemes? {
        guard let last = stem.last else { return nil }
        if british {
            if last == "ə" || last == .length { return nil }
        } else if stem.count > 1, last == t, flapping.contains(stem[stem.count - 2]) {
            return stem.dropLast() + [flap] + Phonemes(symbols: "ɪŋ")
        }
        return stem + Phonemes(symbols: "ɪŋ")
    }
}

extension WordReader {
    /// A regular inflection of a known word, read as the stem plus its ending.
    func inflected(_ word: Letters, tag: Tag, stress: StressChange?, following: Following) -> Phonemes? {
        let isKnown = { (stem: Letters) in self.isKnown(stem, tag: tag) }
        if let stem = Stems.plural(word, isKnown) {
            return lookUp(stem, tag: tag, stress: stress, following: following).flatMap(symbols.plural)
        }
        if let stem = Stems.past(word, isKnown) {
            return lookUp(stem, tag: tag, stress: stress, following: following).flatMap(symbols.past)
        }
        if let stem = Stems.progressive(word, isKnown) {
            return lookUp(stem, tag: tag, stress: stress ?? .atLeastSecondary, following: following)
                .flatMap(symbols.progressive)
        }
        return nil
    }
}

/// The stems of regular inflections, by spelling.
enum Stems {
    static func plural(_ word: Letters, _ isKnown: (Letters) -> Bool) -> Letters? {
        guard word.count > 2, word.last == UInt8(ascii: "s") else { return nil }
        if !word.ends(with: "ss"), isKnown(word.dropping(1)) { return word.dropping(1) }
        if word.ends(with: "'s") || word.count > 4 && word.ends(with: "es") && !word.ends(with: "ies"),
            isKnown(word.dropping(2))
        {
            return word.dropping(2)
        }
        if word.count > 4, word.ends(with: "ies") {
            let stem = word.dropping(3, adding: "y")
            if isKnown(stem) { return stem }
        }
        return nil
    }

    static func past(_ word: Letters, _ isKnown: (Letters) -> Bool) -> Letters? {
        guard word.count > 3, word.last == UInt8(ascii: "d") else { return nil }
        if !word.ends(with: "dd"), isKnown(word.dropping(1)) { return word.dropping(1) }
        if word.count > 4, word.ends(with: "ed"), !word.ends(with: "eed"), isKnown(word.dropping(2)) {
            return word.dropping(2)
        }
        if word.count > 4, word.ends(with: "ied") {
            let stem = word.dropping(3, adding: "y")
            if isKnown(stem) { return stem }
        }
        return nil
    }

    static func progressive(_ word: Letters, _ isKnown: (Letters) -> Bool) -> Letters? {
        guard word.count > 4, word.ends(with: "ing") else { return nil }
        if word.count > 5, isKnown(word.dropping(3)) { return word.dropping(3) }
        let silentE = word.dropping(3, adding: "e")
        if isKnown(silentE) { return silentE }
        let doubled = word.count > 5 && word[word.count - 4] == word[word.count - 5] || word.ends(with: "cking")
        return doubled && isKnown(word.dropping(4)) ? word.dropping(4) : nil
    }
}
