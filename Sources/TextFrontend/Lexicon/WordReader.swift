import SpeechSignal

/// What follows a word, as far as its pronunciation depends on it.
struct Following {
    var onset = Onset.pause
    var isTo = false
}

/// Reads single words: function words by context, then the lexicon, then stems with endings.
///
/// Looks after the conventions the acoustic model was trained on (misaki's, Apache-2.0): capitalized words take at
/// least secondary stress, unknown capitals are spelled. One reader serves one text; it remembers what it looked up.
final class WordReader {
    let lexicon: Lexicon
    let names: NameTable
    private let nameLexicon: Lexicon
    let accent: Accent
    let symbols: SuffixSounds
    private var cache: [Letters: Found] = [:]
    /// Most words are looked up several times in a row.
    private var last: (word: Letters, found: Found) = ([], Found())

    /// A word's entries, its own or (in the other of lower case and Capitalised) its twin's.
    struct Found {
        var checked: Lexicon.Entry?
        var generated: Lexicon.Entry?
        var isKnown: Bool { checked != nil || generated != nil }
    }

    init(lexicon: Lexicon, names: NameTable, nameLexicon: Lexicon, accent: Accent) {
        self.nameLexicon = nameLexicon
        self.lexicon = lexicon
        self.names = names
        self.accent = accent
        symbols = SuffixSounds(accent: accent)
    }

    func find(_ word: Letters) -> Found {
        if last.word == word { return last.found }
        let found = cache[word] ?? lookedUp(word)
        last = (word, found)
        return found
    }

    private func lookedUp(_ word: Letters) -> Found {
        var found = Found()
        if let name = names.phonemes(word, accent: accent) {
            found.checked = Lexicon.Entry(checked: true, variants: [(.standard, name)])
            cache[word] = found
            return found
        }
        let own = lexicon.entry(word, accent: accent)
        var twin: Lexicon.Entry?
        if word.count > 1 {
            let lower = word.lowercased()
            if word == lower {
                let capital = word.capitalized()
                twin = capital == word ? nil : lexicon.entry(capital, accent: accent)
            } else if word.isTitle {
                twin = lexicon.entry(lower, accent: accent)
            }
        }
        for entry in [own, twin].compactMap(\.self) {
            if entry.checked {
                found.checked = found.checked ?? entry
            } else {
                found.generated = found.generated ?? entry
            }
        }
        // Only as they are written: in small letters they would be stems of other words.
        if !found.isKnown, word.count > 2, word.isTitle {
            found.generated = nameLexicon.entry(word, accent: accent)
        }
        if cache.count > 30_000 { cache.removeAll(keepingCapacity: true) }
        cache[word] = found
        return found
    }

    /// The phonemes of `word`, or nil where only spelling-to-sound can help.
    func read(_ word: Letters, tag: Tag, following: Following) -> Phonemes? {
        guard !word.isEmpty else { return nil }
        let stress: StressChange? = word.isLower ? nil : word.isUpper ? .primary : .atLeastSecondary
        if let special = functionWord(word, tag: tag, stress: stress, following: following) { return special }
        var word = word
        if foldsCase(word, tag: tag) { word = word.lowercased() }
        if isKnown(word, tag: tag) { return lookUp(word, tag: tag, stress: stress, following: following) }
        if word.ends(with: "s'") {
            let possessive = word.dropping(2, adding: "'s")
            if isKnown(possessive, tag: tag) {
                return lookUp(possessive, tag: tag, stress: stress, following: following)
            }
        }
        if word.ends(with: "'") {
            let bare = word.dropping(1)
            if isKnown(bare, tag: tag) { return lookUp(bare, tag: tag, stress: stress, following: following) }
        }
        return inflected(word, tag: tag, stress: stress, following: following)
    }

    /// Letter names, the last one stressed: "FBI" → ˌɛfbˌiˈI.
    func spell(_ letters: Letters) -> Phonemes? {
        var result = Phonemes()
        for letter in letters.uppercased() where letter >= 65 && letter <= 90 {
            guard let name = lexicon.entry([letter], accent: accent)?.standard else { return nil }
            result += name
        }
        guard !result.isEmpty else { return nil }
        result = result.applying(.weaken)
        if let last = result.lastIndex(of: .secondaryStress) { result[last] = .primaryStress }
        return result
    }

    /// Capitals carry no meaning for this word: its lower-case form is what the lexicon has.
    private func foldsCase(_ word: Letters, tag: Tag) -> Bool {
        guard word.count > 1, !word.isLower, word.isUpper || word.isTitle, tag != .nnp || word.count > 7,
            word.filter({ $0 != 39 }).isAlphabetic, !find(word).isKnown
        else { return false }
        let lower = word.lowercased()
        return find(lower).isKnown || inflected(lower, tag: tag, stress: nil, following: Following()) != nil
    }

    func isKnown(_ word: Letters, tag: Tag) -> Bool {
        if find(word).isKnown { return true }
        guard word.isAlphabetic else { return false }
        if word.count == 1 || word.isUpper && find(word.lowercased()).checked != nil { return true }
        return !word.dropFirst().contains { $0 >= 97 }
    }

    func lookUp(_ word: Letters, tag: Tag, stress: StressChange?, following: Following) -> Phonemes? {
        var word = word
        var found = find(word)
        var isName = false
        if word.isUpper, found.checked == nil {
            isName = tag == .nnp
            word = word.lowercased()
            found = find(word)
            if !found.isKnown { found = find(word.capitalized()) }
        }
        let entry = found.checked ?? (isName ? nil : found.generated)
        let phonemes = entry?.phonemes(for: tag, phraseFinal: following.onset == .pause) ?? []
        // Unknown capitals are an acronym, unless they are too long for one.
        if phonemes.isEmpty ? word.count < 6 || found.isKnown : isName && !phonemes.hasPrimary,
            let spelled = spell(word)
        {
            return spelled
        }
        return phonemes.isEmpty ? nil : phonemes.applying(stress)
    }
}
