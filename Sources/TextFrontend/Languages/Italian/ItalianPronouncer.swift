import SpeechSignal

/// Gives the words of an Italian sentence their phonemes: lexicon or spelling, elided words in one with what follows,
/// weak words without stress, heteronyms by their neighbors.
struct ItalianPronouncer: Sendable {
    private let stress: ItalianStress
    private let heteronyms: ItalianHeteronyms
    /// Words that are not said as they are spelled.
    private let lexicon: [String: Phonemes]
    private let letters: [String: String]
    private let cache = WordCache()

    init(tables: LanguageTables, stress: ItalianStress, heteronyms: ItalianHeteronyms) {
        self.stress = stress
        self.heteronyms = heteronyms
        letters = tables.letters
        lexicon = tables.lexicon.compactMapValues { rows in
            guard let row = rows.first else { return nil }
            if row.hasPrefix("/") { return Phonemes(symbols: row.dropFirst().dropLast()) }
            return ItalianSounds.phonemes(ItalianMarks(dictionary: row))
        }
    }

    func pronounce(_ pieces: inout [SentenceReader.Piece]) {
        let words = pieces.map { piece -> String? in
            switch piece.kind {
            case .word(let letters): String(decoding: letters, as: UTF8.self).lowercased()
            case .punctuation: nil
            case .spelled, .phonemes, .pause: ""
            }
        }
        for i in pieces.indices where !pieces[i].isOwn {
            switch pieces[i].kind {
            case .word(let letters):
                guard let word = words[i] else { continue }
                if let marked = heteronyms.marked(words, at: i) {
                    pieces[i].phonemes = ItalianSounds.phonemes(ItalianMarks(dictionary: marked))
                } else {
                    pieces[i].phonemes = cache.value(letters) { self.word(word) }
                }
            case .spelled(let letters): pieces[i].phonemes = spelled(String(decoding: letters, as: UTF8.self))
            case .phonemes, .punctuation, .pause: break
            }
        }
        stressLast(&pieces)
    }

    private func word(_ word: String) -> Phonemes {
        if let known = Self.known[word] { return known }
        if let weak = Self.weak[word] { return weak == .none ? unstressed(word) : Self.weakened(plain(word), weak) }
        if let entry = lexicon[word] { return entry }
        if word.utf8.contains(UInt8(ascii: "-")) {
            let parts = word.split(separator: "-").map { self.word(String($0)) }
            return Phonemes(parts.joined())
        }
        if word.utf8.contains(UInt8(ascii: "'")) { return elided(word) }
        return plain(word)
    }

    /// l'amico, dell'uomo, c'è: in one word; what is elided has no stress.
    private func elided(_ word: String) -> Phonemes {
        let parts = word.split(separator: "'", omittingEmptySubsequences: true).map(String.init)
        guard let last = parts.last else { return [] }
        // A final s is English: women's; l' stands alone before a figure.
        if last == "s" { return (parts.count > 1 ? self.word(parts[parts.count - 2]) : []) + ["s"] }
        if word.hasSuffix("'") { return unstressed(last) }
        var phonemes = Phonemes(parts.dropLast().map { Self.elisions[$0] ?? unstressed($0) }.joined())
        let rest = Self.verbs[last] ?? self.word(last)
        if phonemes.count > 1, phonemes.last == "s", rest.first(where: \.isSound)?.isVowel == true {
            phonemes[phonemes.count - 1] = "z"
        }
        phonemes += rest
        return phonemes
    }

    /// dov'è, com'è: the verb is stressed there.
    private static let verbs: [String: Phonemes] = ["è": Phonemes(symbols: "ˈɛ"), "era": Phonemes(symbols: "ˈɛra")]

    /// A word that leans on the next one: e and o are closed.
    private func unstressed(_ word: String) -> Phonemes { ItalianSounds.phonemes(ItalianMarks(dictionary: word)) }

    private func plain(_ word: String) -> Phonemes {
        if let entry = lexicon[word] { return entry }
        let phonemes = ItalianSounds.phonemes(stress.marks(word))
        if phonemes.contains(where: \.isVowel) { return phonemes }
        // Consonants alone are named.
        return word.unicodeScalars.count > 4 ? phonemes : spelled(word)
    }

    /// Letters by their names in one word, the last one stressed; www is "vu vu vu".
    private func spelled(_ text: String) -> Phonemes {
        var phonemes = Phonemes()
        let lower = text.lowercased()
        for letter in lower == "www" ? "vvv" : lower {
            for name in letters[String(letter), default: ""].split(separator: " ") {
                phonemes += ItalianSounds.phonemes(stress.marks(String(name))).applying(.weaken)
            }
        }
        if let last = phonemes.lastIndex(of: .secondaryStress) { phonemes[last] = .primaryStress }
        return phonemes
    }

    /// A word with a lesser stress or none; u is ʊ then.
    private static func weakened(_ phonemes: Phonemes, _ change: StressChange) -> Phonemes {
        phonemes.applying(change).map { $0 == "u" ? "ʊ" : $0 }
    }

    /// A weak word before a pause has its stress: con lei, è mio, a me; but not the small ones that lean on what
    /// follows.
    private func stressLast(_ pieces: inout [SentenceReader.Piece]) {
        for i in pieces.indices where !pieces[i].isOwn {
            guard case .word(let letters) = pieces[i].kind, !pieces[i].phonemes.hasPrimary,
                Self.isPause(pieces[(i + 1)...].first)
            else { continue }
            let word = String(decoding: letters, as: UTF8.self).lowercased()
            guard Self.weak[word] != nil || Self.known[word] != nil else { continue }
            pieces[i].phonemes = word.contains("'") ? elided(word) : plain(word).applying(.primary)
        }
    }

    private static func isPause(_ piece: SentenceReader.Piece?) -> Bool {
        guard let piece else { return true }
        switch piece.kind {
        case .pause: return true
        case .punctuation: return piece.phonemes.contains(where: \.isPause)
        case .word, .spelled, .phonemes: return false
        }
    }

    // MARK: Weak words

    /// Forms of their own: ai, dei and quei end in diphthongs.
    private static let known: [String: Phonemes] = [
        "i": ["i"], "e": ["e"], "o": ["o"], "a": ["a"], "è": ["e"], "dei": Phonemes(symbols: "dˌA"),
        "quei": Phonemes(symbols: "kwˈA"), "gli": Phonemes(symbols: "ʎɪ"), "ai": Phonemes(symbols: "aj"),
        "dai": Phonemes(symbols: "daj"), "hai": Phonemes(symbols: "aj"), "mai": Phonemes(symbols: "maj"),
        "il": Phonemes(symbols: "il"), "c'è": Phonemes(symbols: "ʧe"), "cioè": Phonemes(symbols: "ʧoˈɛ"),
        "egli": Phonemes(symbols: "ˌeʎɪ"), "cui": Phonemes(symbols: "kˈuj"), "nei": Phonemes(symbols: "nˈei"),
        "buon": Phonemes(symbols: "bwˌɔn"), "s'è": Phonemes(symbols: "se"), "ciò": Phonemes(symbols: "ʧˈɔ"),
        "più": Phonemes(symbols: "pjʊ"),
    ]

    private static let elisions: [String: Phonemes] = [
        "c": ["ʧ"], "gl": ["ʎ"], "ch": ["k"], "mezz": Phonemes(symbols: "mɛʣː"),
    ]

    /// Words that lean on their neighbors: without stress, or with a lesser one.
    private static let weak: [String: StressChange] = {
        var words: [String: StressChange] = [:]
        let light =
            "lo la le un di a da in con su per tra fra ed ad od ma se che chi non mi ti si ci vi li ne me te ce ve del al dal nel "
            + "sul col ho ha fu tu quel"
        for word in light.split(separator: " ") { words[String(word)] = StressChange.none }
        let heavy =
            "una della dello delle degli dalla dalle dallo dagli alla alle allo agli sulla sulle sullo sugli sui coi come questo questa "
            + "questi queste quella quelle quegli quello sono siamo siete sia siate era ero furono sarebbe sarebbero sarei saremo "
            + "sarete sarà sarò saranno fossi foste fossero abbiamo avete hanno han aveva avevo avevi avremo avrete avrà avrò avranno "
            + "avrei avrebbe avessero ebbe ebbi ebbero mio mia miei mie tuo tua tuoi tue suo sua suoi sue nostro nostra nostri nostre "
            + "vostro vostra vostri vostre loro noi lui lei sei egli ella essa esse essi perché ogni anche neanche senza verso oltre "
            + "mentre contro pure alcun alcuna alcune alcuni nessun nessuno nessuna vuole vuol ciascun"
        for word in heavy.split(separator: " ") { words[String(word)] = .demote }
        return words
    }()
}
