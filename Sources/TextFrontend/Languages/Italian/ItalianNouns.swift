/// What an Italian word's form says about it: the gender of nouns after numbers, and which capitals can be said.
enum ItalianNouns {
    /// The gender of a noun after "1", by its ending and by lists; nil: most likely no noun.
    static func gender(_ word: String) -> Gender? {
        let lower = word.lowercased()
        guard lower.unicodeScalars.count > 2, !others.contains(lower) else { return nil }
        if feminine.contains(lower) { return .feminine }
        if masculine.contains(lower) { return .masculine }
        if feminineEndings.contains(where: lower.hasSuffix) { return .feminine }
        if masculineEndings.contains(where: lower.hasSuffix) { return .masculine }
        return lower.hasSuffix("a") ? .feminine : .masculine
    }

    private static let feminineEndings = [
        "zione", "sione", "gione", "trice", "tà", "tù", "udine", "agine", "igine", "ice",
    ]
    /// Nouns from Greek in -ma, and the like.
    private static let masculineEndings = ["ema", "amma", "oma", "ista", "nauta"]
    private static let masculine: Set<String> = [
        "poeta", "pianeta", "papa", "clima", "duca", "collega", "delta", "cinema", "gorilla", "panda", "boia",
        "pigiama", "calice",
        "codice", "vertice", "pollice", "giudice", "complice", "indice", "artefice", "simplice", "dentice", "radice",
    ]
    private static let feminine: Set<String> = [
        "mano", "foto", "moto", "radio", "auto", "notte", "classe", "parte", "legge", "serie", "chiave", "gente",
        "mente", "morte",
        "sorte", "fonte", "sede", "voce", "luce", "croce", "pace", "crisi", "tesi", "base", "frase", "fase", "carcere",
        "pelle",
        "torre", "neve", "nave", "carne", "specie", "superficie", "vergine", "immagine", "ipotesi", "dose", "arte",
        "estate", "rete",
        "moglie", "madre", "analisi", "sintesi", "oasi", "e-mail", "mail", "email", "star", "tribù", "gru", "radice",
        "fine", "cornice",
        "ragione", "regione", "stagione", "canzone", "automobile", "capitale", "cattedrale", "settimana",
    ]
    /// Words that follow a number and are not nouns.
    private static let others: Set<String> = [
        "del", "dei", "della", "delle", "degli", "dello", "dal", "dai", "dalla", "nel", "nei", "nella", "nelle", "sul",
        "sulla", "che",
        "con", "per", "tra", "fra", "sono", "era", "erano", "più", "meno", "come", "però", "senza", "sopra", "sotto",
        "entro", "fino",
        "quando", "dove", "perché", "anche", "ancora", "già", "non", "una", "uno", "mila", "gennaio", "febbraio",
        "marzo", "aprile",
        "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre", "milione", "milioni",
        "miliardi",
        "hanno", "aveva", "avevano", "viene", "vengono", "può", "possono", "deve", "devono", "alla", "alle", "allo",
        "agli", "dopo",
        "prima", "contro", "verso", "diviso", "uguale",
    ]

    // MARK: Acronyms

    /// Whether capitals can be said as a word: syllables of at most two consonants and a vowel, ending in a vowel or in
    /// a consonant that words end in.
    static func isPronounceable(_ capitals: String) -> Bool {
        let letters = Array(capitals.lowercased().unicodeScalars)
        guard letters.count > 3, letters.allSatisfy({ ("a"..."z").contains($0) || $0.value >= 0x80 }) else {
            return false
        }
        var run = 0
        for (i, letter) in letters.enumerated() {
            if isVowel(letter) {
                run = 0
                continue
            }
            run += 1
            guard run <= 2 else { return false }
            guard run == 2 else { continue }
            let before = letters[i - 1]
            let isCluster =
                "bcdfgpt".unicodeScalars.contains(before) && (letter == "r" || letter == "l") || before == "s"
            let closes = i > 1 && ("nmlrs".unicodeScalars.contains(before) || before == letter)
            guard isCluster || closes && i + 1 < letters.count else { return false }
        }
        guard let last = letters.last, letters.contains(where: isVowel) else { return false }
        return isVowel(last) || run == 1 && "nslrtd".unicodeScalars.contains(last)
    }

    private static func isVowel(_ letter: Unicode.Scalar) -> Bool { "aeiouàèéìòù".unicodeScalars.contains(letter) }
}
