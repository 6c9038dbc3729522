import SpeechSignal

/// The words between two pauses, parted at hyphens and after elided words, with what is known of each.
struct FrenchPhrase {
    struct Word {
        /// In small letters; elided words keep their apostrophe.
        var text: String
        var phonemes: Phonemes
        /// The place of its piece in the sentence.
        var piece: Int
        /// It begins with a capital.
        var isTitle = false
        /// A hyphen precedes it.
        var isHyphenated = false
        /// Nothing about it may change: a user's phonemes.
        var isOwn = false
        /// It begins with a vowel sound that links.
        var opensWithVowel = false

        var isElided: Bool { text.hasSuffix("'") }
    }

    var words: [Word] = []

    /// The text of a word, empty outside the phrase.
    func text(_ i: Int) -> String { words.indices.contains(i) ? words[i].text : "" }

    /// Whether the text of a word is one of some.
    func isOne(_ i: Int, of texts: Set<String>) -> Bool { words.indices.contains(i) && texts.contains(words[i].text) }
}

/// Classes of words that liaison, stress and heteronyms ask for.
enum FrenchClass {
    static let pluralDeterminers: Set<String> = [
        "les", "des", "ces", "mes", "tes", "ses", "nos", "vos", "leurs", "aux", "quels", "quelles", "plusieurs",
        "quelques",
        "certains", "certaines", "divers", "diverses", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf",
        "dix",
        "tous", "toutes",
    ]
    static let singularDeterminers: Set<String> = [
        "le", "la", "l'", "un", "une", "du", "au", "ce", "cet", "cette", "mon", "ton", "son", "ma", "ta", "sa", "notre",
        "votre",
        "leur", "chaque", "quel", "quelle", "aucun", "aucune", "d'", "de", "en", "sans", "tout", "vice",
    ]
    /// Behind them a verb in the third person of the plural may follow at once.
    static let subjects: Set<String> = ["ils", "elles", "qui", "se", "s'", "ne", "n'", "y"]
    static let pronouns: Set<String> = ["il", "elle", "on", "ils", "elles", "je", "tu", "nous", "vous"]
    /// Words that no adjective or adverb links to.
    static let grammatical: Set<String> = [
        "et", "ou", "où", "à", "au", "aux", "y", "en", "un", "une", "avec", "après", "avant", "est", "ont", "a",
        "avait",
        "avaient", "étaient", "était", "il", "elle", "on", "ils", "elles", "entre", "afin", "ainsi", "alors", "aussi",
        "encore",
        "environ", "ici", "eux", "hier", "eut", "eurent", "avez", "avons", "êtes", "aura", "auront", "aussitôt",
        "ensuite",
    ]
    static let numerals: Set<String> = [
        "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "vingt", "trente", "quarante",
        "cinquante",
        "soixante", "septante", "huitante", "nonante", "quatre-vingt", "quatre-vingts", "cent", "cents", "mille",
        "onze", "douze",
    ]
}
