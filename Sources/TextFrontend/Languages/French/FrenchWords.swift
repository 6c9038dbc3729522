import FoundationEssentials
import SpeechSignal

/// The sounds of single French words: own rows (lexicon.tsv), the lexicon (lexicon.bin), words that they are a form of,
/// and letters to sound for the rest.
struct FrenchWords: Sendable {
    private let own: [String: [Phonemes]]
    private let lexicon: Lexicon
    private let letters: FrenchLetters
    private let names: [String: String]
    private let aspirated: Set<String>
    private let cache = WordCache()

    init(folder: URL, tables: LanguageTables) throws(FrontendError) {
        own = tables.lexicon.mapValues { rows in rows.map { Phonemes(symbols: $0) } }
        names = tables.letters
        lexicon = try Lexicon(contentsOf: folder.appendingPathComponent("lexicon.bin"))
        letters = try FrenchLetters(contentsOf: folder.appendingPathComponent("letters.bin"))
        var aspirated: Set<String> = []
        try Tables.rows(folder, "aspirated.tsv", columns: 1) { row in
            aspirated.formUnion(row[0].split(separator: " ").map(String.init))
        }
        self.aspirated = aspirated
    }

    private static let elisions = [
        "c": "s", "ç": "s", "d": "d", "j": "ʒ", "l": "l", "m": "m", "n": "n", "s": "s", "t": "t", "qu": "k",
        "jusqu": "ʒysk",
        "lorsqu": "lɔʁsk", "puisqu": "pyisk", "quoiqu": "kwak", "quelqu": "kɛlk", "presqu": "pʁɛsk", "entr": "ɑ̃tʁ",
    ]

    /// Whether a word in small letters, its apostrophe included, is one that lost its vowel: "l'", "qu'".
    static func isElided(_ word: String) -> Bool { word.hasSuffix("'") && elisions[String(word.dropLast())] != nil }

    /// Whether it stands in the language's own rows, or the lexicon, as a whole.
    func holds(_ word: String) -> Bool { own[word] != nil || entry(word) != nil }

    /// Whether it stands in the language's own rows, which know more than words: "vis-à-vis".
    func ownHolds(_ word: String) -> Bool { own[word] != nil }

    /// The other reading of a word that has two: "plus" plˈys.
    func other(_ word: String) -> Phonemes? { own[word].flatMap { $0.count > 1 ? $0[1] : nil } }

    /// The phonemes of a word in small letters, with the stress that it has by itself.
    func phonemes(_ word: String) -> Phonemes {
        if let known = own[word] { return known[0] }
        return cache.value(Letters(word)) { look(up: word) }
    }

    private func entry(_ word: String) -> Phonemes? { lexicon.entry(Letters(word), accent: .american)?.standard }

    private func look(up word: String) -> Phonemes {
        if word.hasSuffix("'"), let sound = Self.elisions[String(word.dropLast())] { return Phonemes(symbols: sound) }
        if let known = accented(word) ?? entry(word) ?? related(word) { return known }
        if let letter = names[word] { return spelled(letter) }
        let bare = word.filter { $0 != "'" }
        let phonemes = letters.phonemes(bare)
        // Consonants alone are named.
        guard phonemes.contains(where: \.isVowel) || bare.unicodeScalars.count > 5 || bare.isEmpty else {
            return spelled(letters: bare)
        }
        return Self.stressed(phonemes)
    }

    /// A word that is better known with the letters that typewriters and capitals lack: "coeur", "Ecole", "Etat".
    private func accented(_ word: String) -> Phonemes? {
        if word.contains("oe"), let known = known(word.replacing("oe", with: "œ")) { return known }
        let letters = Array(word.unicodeScalars.prefix(4))
        guard letters.count == 4, letters[0] == "e", !Self.isVowel(letters[1]), letters[1] != letters[2],
            Self.isVowel(letters[2]) || letters[2] == "l" || letters[2] == "r"
        else { return nil }
        return known("é" + word.dropFirst())
    }

    /// A word that is a form of one that sounds alike.
    private func related(_ word: String) -> Phonemes? {
        for ending in ["s", "x", "e", "es"] where word.hasSuffix(ending) {
            let stem = String(word.dropLast(ending.utf8.count))
            // The plural sounds like its singular; the feminine only after a vowel.
            guard stem.unicodeScalars.count > 2,
                !ending.hasPrefix("e") || stem.hasSuffix("é") || stem.hasSuffix("i") || stem.hasSuffix("u")
            else { continue }
            if let known = known(stem) { return known }
        }
        return nil
    }

    private func known(_ word: String) -> Phonemes? { own[word]?[0] ?? entry(word) }

    /// Letters by their names in one word, the last stressed.
    func spelled(letters text: String) -> Phonemes {
        var sounds = Phonemes()
        for letter in text.lowercased() { if let name = names[String(letter)] { sounds += spelled(name) } }
        return Self.stressed(sounds)
    }

    /// The name of a letter, perhaps in two words: "double vé".
    private func spelled(_ name: String) -> Phonemes {
        Self.stressed(
            Phonemes(name.split(separator: " ").map { phonemes(String($0)) }.joined().filter { !$0.isStress }))
    }

    /// The stress mark before the last vowel that is no schwa; a schwa that is the only vowel bears it.
    static func stressed(_ phonemes: Phonemes) -> Phonemes {
        var result = phonemes.filter { !$0.isStress }
        guard let place = result.lastIndex(where: { $0.isVowel && $0 != "ə" }) ?? result.lastIndex(where: \.isVowel)
        else { return result }
        result.insert(.primaryStress, at: place)
        return result
    }

    /// Whether words before it elide and link: it begins with a vowel, or an h that is none, and is no exception.
    func opensWithVowel(_ word: String) -> Bool {
        guard let first = word.unicodeScalars.first else { return false }
        switch first {
        case "h":
            return !aspirated.contains(word) && !(word.hasSuffix("s") && aspirated.contains(String(word.dropLast())))
        case "y":
            return word.unicodeScalars.count == 1 || word == "yeux"
                || !Self.isVowel(word.unicodeScalars.dropFirst().first)
        default: return Self.isVowel(first) && !aspirated.contains(word)
        }
    }

    private static let vowels = Set("aeiouyàâäéèêëîïôöùûüœæ".unicodeScalars)
    private static func isVowel(_ scalar: Unicode.Scalar?) -> Bool { scalar.map(vowels.contains) ?? false }
}
