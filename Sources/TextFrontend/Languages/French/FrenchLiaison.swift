import SpeechSignal

/// Liaison: the silent consonant at a word's end that is spoken before a vowel. The obligatory ones always, of the
/// optional ones those of careful reading, and none where it is forbidden: after "et", before h aspiré, "onze" and
/// "oui".
enum FrenchLiaison {
    /// Puts the linking consonant to the end of word `i`, and settles what else the next word's first sound decides.
    static func link(_ phrase: inout FrenchPhrase, _ i: Int) {
        let next = i + 1
        guard phrase.words.indices.contains(next) else { return }
        let followsVowel = phrase.words[next].opensWithVowel
        numeral(&phrase, i, followsVowel)
        guard followsVowel else { return }
        // "quelque", "presque", "lorsque" lose their schwa.
        if phrase.words[i].phonemes.last == "ə", phrase.words[i].phonemes.contains(where: { $0.isVowel && $0 != "ə" }) {
            phrase.words[i].phonemes.removeLast()
        }
        guard let consonant = consonant(phrase, i) else { return }
        if consonant == "n" { phrase.words[i].phonemes = denasal(phrase.words[i]) }
        if consonant == "ʁ", let last = phrase.words[i].phonemes.last, last == "e" {
            phrase.words[i].phonemes[phrase.words[i].phonemes.count - 1] = "ɛ"
        }
        if phrase.words[i].phonemes.last == "ə" { phrase.words[i].phonemes.removeLast() }
        phrase.words[i].phonemes.append(consonant)
    }

    // MARK: The consonant

    /// Words that link whatever follows, but verbs after their own pronoun.
    private static let always: [String: Phoneme] = [
        "les": "z", "des": "z", "ces": "z", "mes": "z", "tes": "z", "ses": "z", "nos": "z", "vos": "z", "leurs": "z",
        "aux": "z",
        "quels": "z", "quelles": "z", "plusieurs": "z", "quelques": "z", "certains": "z", "certaines": "z",
        "divers": "z",
        "diverses": "z", "un": "n", "mon": "n", "ton": "n", "son": "n", "aucun": "n", "on": "n", "en": "n", "dans": "z",
        "sans": "z",
        "sous": "z", "est": "t", "sont": "t", "ont": "t", "suis": "z", "très": "z",
    ]
    /// Words that link to all but grammatical words: adverbs, and adjectives that precede their noun.
    private static let before: [String: Phoneme] = {
        var table: [String: Phoneme] = [
            "plus": "z", "moins": "z", "pas": "z", "bien": "n", "trop": "p", "petit": "t", "grand": "t", "second": "t",
            "saint": "t",
            "excellent": "t", "parfait": "t", "gros": "z", "mauvais": "z", "vieux": "z", "faux": "z", "doux": "z",
            "bon": "n",
            "ancien": "n", "certain": "n", "prochain": "n", "moyen": "n", "plein": "n", "vilain": "n", "premier": "ʁ",
            "dernier": "ʁ", "léger": "ʁ", "tout": "t", "vingt": "t", "cent": "t",
        ]
        for word in [
            "petits", "petites", "grands", "grandes", "grosses", "bons", "bonnes", "beaux", "belles", "nouveaux",
            "nouvelles",
            "vieilles", "mauvaises", "premiers", "premières", "derniers", "dernières", "anciens", "anciennes", "autres",
            "mêmes",
            "nombreux", "nombreuses", "différents", "différentes", "longs", "longues", "hauts", "hautes", "jolis",
            "jolies", "rares",
            "seuls", "seules", "principaux", "principales", "propres", "vrais", "vraies", "simples", "prochains",
            "prochaines",
            "saints", "saintes", "deux", "trois", "cents", "quatre-vingts", "beaux-arts", "énormes", "immenses",
            "innombrables",
            "excellents", "excellentes", "courts", "courtes", "braves", "chers", "chères", "riches", "pauvres",
            "étranges",
        ] { table[word] = "z" }
        return table
    }()
    /// Pairs of words that link though their classes do not.
    private static let pairs: [String: Phoneme] = [
        "temps en": "z", "plus en": "z", "moins en": "z", "pas à": "z", "pas encore": "z", "pas un": "z",
        "pas une": "z",
        "pas aussi": "z", "mot à": "t", "petit à": "t", "nuit et": "t", "accent aigu": "t", "fait accompli": "t",
        "nations unies": "z",
        "jeux olympiques": "z", "champs élysées": "z", "états unis": "z", "tout à": "t", "tout au": "t", "tout en": "t",
        "tout aussi": "t",
        "tout un": "t", "tout une": "t", "tout est": "t", "uns aux": "z", "unes aux": "z", "rien à": "n",
        "peut être": "t",
        "doit être": "t", "était une": "t", "était un": "t", "étaient une": "t", "étaient en": "t", "était en": "t",
        "bien à": "n",
        "comment allez": "t", "vingt et": "t", "chez elle": "z", "chez elles": "z",
        "chez eux": "z", "chez un": "z", "chez une": "z", "moins un": "z", "moins une": "z",
    ]

    private static let speakers: Set<String> = ["nous", "vous", "ils", "elles"]
    /// Behind "nous" and the like no verb begins here.
    private static let noVerb: Set<String> = [
        "et", "ou", "où", "à", "au", "aux", "avec", "ici", "hier", "après", "avant", "entre", "ensemble", "aussi",
        "afin", "alors", "un", "une",
    ]
    private static let asked: Set<String> = ["il", "elle", "on", "ils", "elles", "un", "une", "est"]
    private static let unlinked: Set<String> = ["et", "ou", "où"]

    private static func consonant(_ phrase: FrenchPhrase, _ i: Int) -> Phoneme? {
        let (word, next) = (phrase.words[i], phrase.words[i + 1])
        let (a, b) = (word.text, next.text)
        if next.isHyphenated {
            return inverted(phrase, i) ?? (FrenchClass.pronouns.contains(a) ? nil : common(phrase, i))
        }
        // "ont-ils eu", "prends-en un": nothing links after the pronoun of a question or a command.
        if word.isHyphenated, FrenchClass.pronouns.contains(a) || ["en", "les", "y"].contains(a) { return nil }
        if let pair = pairs[a + " " + b] { return pair }
        // "l'un et l'autre"
        if a == "un", phrase.text(i - 1) == "l'" { return "n" }
        return common(phrase, i)
    }

    private static func common(_ phrase: FrenchPhrase, _ i: Int) -> Phoneme? {
        let (a, b) = (phrase.text(i), phrase.text(i + 1))
        if unlinked.contains(b) { return nil }
        // "cent un", "cent onze" and the numerals that follow a number do not link.
        if FrenchClass.numerals.contains(a), b == "un" || b == "une" || b == "onze" { return nil }
        if let consonant = always[a] { return consonant }
        if speakers.contains(a) { return noVerb.contains(b) ? nil : "z" }
        if a == "dont" || a == "quand" { return asked.contains(b) ? "t" : nil }
        guard let consonant = before[a] else { return nil }
        return FrenchClass.grammatical.contains(b) ? nil : consonant
    }

    /// dit-elle, prend-on, vas-y, allez-y, prends-en.
    private static func inverted(_ phrase: FrenchPhrase, _ i: Int) -> Phoneme? {
        let (a, b) = (phrase.text(i), phrase.text(i + 1))
        switch b {
        case "il", "elle", "on", "ils", "elles": return a.hasSuffix("t") && a != "t" || a.hasSuffix("d") ? "t" : nil
        case "y", "en": return a.hasSuffix("s") || a.hasSuffix("z") ? "z" : nil
        case "être": return a == "peut" ? "t" : nil
        default: return nil
        }
    }

    // MARK: Vowels and numerals

    /// bon, ancien, moyen, plein: the vowel is nasal no more; un, mon, on, en, bien keep it.
    private static func denasal(_ word: FrenchPhrase.Word) -> Phonemes {
        let isAdjective = ["bon", "ancien", "certain", "prochain", "moyen", "plein", "vilain"].contains(word.text)
        guard isAdjective, word.phonemes.last == "\u{303}" else { return word.phonemes }
        return Phonemes(word.phonemes.dropLast())
    }

    private static let beforeConsonant: [String: String] = [
        "six": "sˈi", "dix": "dˈi", "huit": "yˈi", "dix-huit": "dizyˈi",
    ]
    private static let beforeVowel: [String: String] = ["six": "sˈiz", "dix": "dˈiz"]
    private static let uncounted: Set<String> = [
        "et", "ou", "à", "au", "aux", "pour", "virgule", "sur", "de", "du", "des", "d'", "est", "sont", "par", "en",
        "dans", "avec", "fois",
        "qui", "que", "plus", "moins", "chez", "le", "la", "les", "il", "ils", "elle", "elles", "on", "y", "a", "ont",
        "était", "étaient", "avec", "point",
    ]

    /// six, dix, huit, neuf before what they count: six mois si, six ans siz, neuf heures nœv.
    private static func numeral(_ phrase: inout FrenchPhrase, _ i: Int, _ followsVowel: Bool) {
        let (text, following) = (phrase.text(i), phrase.text(i + 1))
        guard !uncounted.contains(following) || following == "fois", !following.isEmpty else { return }
        if let changed = followsVowel ? beforeVowel[text] : beforeConsonant[text] {
            phrase.words[i].phonemes = Phonemes(symbols: changed)
        } else if text == "neuf" || text.hasSuffix("-neuf"),
            ["heure", "heures", "ans", "hommes", "autres"].contains(following),
            phrase.words[i].phonemes.last == "f"
        {
            phrase.words[i].phonemes[phrase.words[i].phonemes.count - 1] = "v"
        }
    }
}
