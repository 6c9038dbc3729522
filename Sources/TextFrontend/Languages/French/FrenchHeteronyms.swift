import SpeechSignal

/// Words that are said in two ways, by the words around them. The second way of a word stands in lexicon.tsv beside its
/// first.
enum FrenchHeteronyms {
    /// The phonemes of word `i` where its neighbors change them.
    static func phonemes(_ phrase: FrenchPhrase, _ i: Int, _ words: FrenchWords) -> Phonemes? {
        let text = phrase.text(i)
        if let isOther = rules[text] { return isOther(phrase, i) ? words.other(text) : nil }
        if text.hasSuffix("ent"), text.utf8.count > 4 { return third(phrase, i, words) }
        if text.hasSuffix("tions"), phrase.text(i - 1) == "nous" { return imperfect(words.phonemes(text)) }
        return nil
    }

    private typealias Rule = @Sendable (_ phrase: FrenchPhrase, _ i: Int) -> Bool

    private static let rules: [String: Rule] = [
        // East, not "is".
        "est": { phrase, i in
            phrase.words[i].isTitle && i > 0
                || ["l'", "d'", "nord", "sud"].contains(phrase.text(i - 1))
                    && !["ce", "qui"].contains(phrase.text(i - 2))
                    && !(phrase.text(i - 1) == "l'" && ["qu'", "que", "comme", "s'"].contains(phrase.text(i - 2)))
        },
        "as": { phrase, i in
            !phrase.words[i].isHyphenated
                && (["un", "des", "les", "cet", "quel", "d'"].contains(phrase.text(i - 1))
                    || phrase.text(i - 1) == "l'" && phrase.text(i - 2) != "tu" && phrase.text(i + 1) == "de")
        },
        "plus": { phrase, i in saysPlus(phrase, i) },
        "tous": { phrase, i in
            !tousDeterminers.contains(phrase.text(i + 1))
                && !(phrase.text(i + 1).hasSuffix("s") && ["de", "à", "en"].contains(phrase.text(i - 1)))
        },
        // Bones: silent in the plural.
        "os": { phrase, i in isPlural(phrase, i) },
        // Threads, not sons.
        "fils": { phrase, i in
            ["électriques", "barbelés", "conducteurs", "téléphoniques", "métalliques", "blancs", "dénudés"].contains(
                phrase.text(i + 1))
                || ["de", "d'"].contains(phrase.text(i + 1)) && threads.contains(phrase.text(i + 2))
                || ["coups", "bobines"].contains(phrase.text(i - 2))
        },
        // Screws and lilies, not "saw" and "read".
        "vis": { phrase, i in isNoun(phrase, i) },
        "lis": { phrase, i in isNoun(phrase, i) },
        // The noun has an s, the verb none.
        "sens": { phrase, i in phrase.isOne(i - 1, of: ["je", "tu", "me", "te", "j'", "m'", "t'"]) },
        // To trust, not proud.
        "fier": { phrase, i in ["se", "me", "te", "nous", "vous", "s'y", "y"].contains(phrase.text(i - 1)) },
        // A journalist, not "to postpone".
        "reporter": { phrase, i in isNoun(phrase, i) && phrase.text(i - 1) != "de" },
        "boxer": { phrase, i in ["un", "le", "ce", "son", "mon"].contains(phrase.text(i - 1)) },
    ]

    private static let threads: Set<String> = [
        "fer", "soie", "laine", "coton", "cuivre", "acier", "or", "argent", "pêche", "couture", "ariane", "araignée",
    ]
    private static let tousDeterminers: Set<String> = [
        "les", "mes", "tes", "ses", "nos", "vos", "leurs", "ces", "ceux", "deux", "trois", "quatre", "cinq", "six",
        "sept", "huit", "dix",
        "azimuts", "âges", "droits", "côtés", "genres", "égards", "points", "temps", "pays", "types", "niveaux",
    ]

    private static func isPlural(_ phrase: FrenchPhrase, _ i: Int) -> Bool {
        FrenchClass.pluralDeterminers.contains(phrase.text(i - 1))
            || phrase.text(i - 1).hasSuffix("s") && FrenchClass.pluralDeterminers.contains(phrase.text(i - 2))
    }

    private static func isNoun(_ phrase: FrenchPhrase, _ i: Int) -> Bool {
        FrenchClass.singularDeterminers.contains(phrase.text(i - 1))
            || FrenchClass.pluralDeterminers.contains(phrase.text(i - 1))
            || ["grand", "jeune", "grands", "petites", "petite"].contains(phrase.text(i - 1))
    }

    /// "more" by itself, before "que" and between numbers has its s; "no more", and before adjectives, it has none.
    private static func saysPlus(_ phrase: FrenchPhrase, _ i: Int) -> Bool {
        let (before, after) = (phrase.text(i - 1), phrase.text(i + 1))
        if isNumber(before), isNumber(after) { return true }
        if phrase.words[..<i].contains(where: { negations.contains($0.text) }) { return false }
        switch before {
        case _ where after.isEmpty: return before != "non" && before != "pas"
        case "en": return after == "de" || after == "d'" || clauseOpeners.contains(after)
        case "de": return clauseOpeners.contains(after)
        case "", "non", "d'autant": return false
        default: return after == "que" || after == "qu'"
        }
    }

    private static let negations: Set<String> = ["ne", "n'", "sans", "ni"]
    private static let clauseOpeners: Set<String> = [
        "que", "qu'", "et", "il", "elle", "on", "nous", "vous", "je", "j'", "ils", "elles", "c'", "ce", "les", "la",
        "le", "l'",
    ]

    private static func isNumber(_ word: String) -> Bool {
        FrenchClass.numerals.contains(word)
            || ["un", "zéro", "trois", "quatre", "cinq", "sept", "huit", "neuf", "mille", "x", "a", "b"].contains(word)
            || word.contains("-") && FrenchClass.numerals.contains(String(word.prefix { $0 != "-" }))
    }

    /// "les poules couvent", "ils négligent": the ending of a verb's third person is silent.
    private static func third(_ phrase: FrenchPhrase, _ i: Int, _ words: FrenchWords) -> Phonemes? {
        let text = phrase.text(i)
        guard isVerb(phrase, i) else { return nil }
        if let other = words.other(text) { return other }
        let known = words.phonemes(text)
        // Known words that are verbs are right already; nouns and adjectives in -ent that are no verbs, too.
        guard !words.holds(text), known.last == "\u{303}" else { return nil }
        return words.phonemes(String(text.dropLast(2)) + "s")
    }

    private static func isVerb(_ phrase: FrenchPhrase, _ i: Int) -> Bool {
        let before = phrase.text(i - 1)
        // "du couvent couvent"
        if FrenchClass.subjects.contains(before) || before == phrase.text(i) { return true }
        guard before.hasSuffix("s") || before.hasSuffix("x") else { return false }
        return FrenchClass.pluralDeterminers.contains(phrase.text(i - 2))
            && !FrenchClass.pluralDeterminers.contains(before)
    }

    /// "nous portions": tj where the noun has sj.
    private static func imperfect(_ phonemes: Phonemes) -> Phonemes? {
        guard let place = phonemes.lastIndex(of: "j"), place > 0, phonemes[place - 1] == "s" else { return nil }
        var result = phonemes
        result[place - 1] = "t"
        return result
    }
}
