import SpeechSignal

/// Gives the words of a Portuguese sentence their phonemes: lexicon or spelling, weak words without stress, words with two
/// readings by their neighbours, and then the sounds that neighbours shape across words.
struct PortuguesePronouncer: Sendable {
    private let sounds: PortugueseSounds
    /// Words that are not said as they are spelled.
    private let lexicon: [String: Phonemes]
    private let letters: [String: String]
    private let cache = WordCache()

    init(tables: LanguageTables, sounds: PortugueseSounds) {
        self.sounds = sounds
        letters = tables.letters
        lexicon = tables.lexicon.compactMapValues { rows in
            guard let row = rows.first else { return nil }
            if row.hasPrefix("/") { return Phonemes(symbols: row.dropFirst().dropLast()) }
            return Phonemes(row.split(separator: " ").map { sounds.phonemes(String($0)) }.joined())
        }
    }

    func pronounce(_ pieces: inout [SentenceReader.Piece]) {
        let words = pieces.map { piece -> String in
            guard case .word(let letters) = piece.kind else { return "" }
            return String(decoding: letters, as: UTF8.self).lowercased()
        }
        for i in pieces.indices where !pieces[i].isOwn {
            switch pieces[i].kind {
            case .word(let letters):
                let marked = PortugueseHeteronyms.marked(words, at: i)
                pieces[i].phonemes = marked.map(sounds.phonemes) ?? cache.value(letters) { word(words[i]) }
            case .spelled(let letters): pieces[i].phonemes = spelled(String(decoding: letters, as: UTF8.self))
            case .phonemes, .punctuation, .pause: break
            }
        }
        stress(&pieces, words)
        PortugueseLiaison.apply(to: &pieces, words)
    }

    private func word(_ word: String) -> Phonemes {
        if let weak = PortugueseWeakWords.all[word] { return known(word).applying(weak) }
        guard word.utf8.contains(UInt8(ascii: "-")), lexicon[word] == nil else { return known(word) }
        // guarda-chuva with both stresses; diga-me and fazê-lo with one.
        let parts = word.split(separator: "-").map(String.init)
        return parts.enumerated().reduce(into: Phonemes()) { whole, next in
            let (i, part) = next
            let isEnclitic = i > 0 && PortugueseWeakWords.enclitics.contains(part)
            let sounds = isEnclitic ? known(part).applying(StressChange.none) : i > 0 ? known(part) : self.word(part)
            // ex-aluno, super-herói
            PortugueseLiaison.link(&whole, to: sounds.first(where: \.isSound))
            whole += sounds
        }
    }

    private func known(_ word: String) -> Phonemes {
        if let entry = lexicon[word] { return entry }
        let bare = word.filter { $0 != "'" }
        // The plural of a foreign word: sites, e-mails.
        if bare.hasSuffix("s"), let stem = lexicon[String(bare.dropLast())] { return stem + ["s"] }
        let phonemes = sounds.phonemes(bare)
        // Consonants alone are named.
        return phonemes.contains(where: \.isVowel) || bare.unicodeScalars.count > 4 ? phonemes : spelled(bare)
    }

    /// Letters by their names in one word, the last one stressed.
    private func spelled(_ text: String) -> Phonemes {
        var phonemes = Phonemes()
        for letter in text.lowercased() {
            for name in letters[String(letter), default: ""].split(separator: " ") {
                phonemes += known(String(name)).applying(.weaken)
            }
        }
        if let last = phonemes.lastIndex(of: .secondaryStress) { phonemes[last] = .primaryStress }
        return phonemes
    }

    /// Weak words before a pause have their stress, but not those that lean on what follows; and so has the last word of a
    /// clause that has no other.
    private func stress(_ pieces: inout [SentenceReader.Piece], _ words: [String]) {
        var last: Int?
        var isStressed = false
        for i in 0...pieces.count {
            if i < pieces.count, !isPause(pieces[i]) {
                isStressed = isStressed || pieces[i].phonemes.hasPrimary
                if !words[i].isEmpty { last = i }
                continue
            }
            defer { (last, isStressed) = (nil, false) }
            guard let last, !pieces[last].isOwn, let weak = PortugueseWeakWords.all[words[last]],
                !isStressed || !PortugueseWeakWords.clitics.contains(words[last]) && weak != .weaken
            else { continue }
            pieces[last].phonemes = known(words[last]).applying(.primary)
        }
    }

    private func isPause(_ piece: SentenceReader.Piece) -> Bool {
        switch piece.kind {
        case .pause: true
        case .punctuation: piece.phonemes.contains(where: \.isPause)
        case .word, .phonemes, .spelled: false
        }
    }
}

/// Words that lean on their neighbours: without stress, or with a lesser one.
enum PortugueseWeakWords {
    /// How the stress of each is changed.
    static let all: [String: StressChange] = {
        var words: [String: StressChange] = [:]
        for word in clitics { words[word] = StressChange.none }
        let light =
            "um uns é és foi são ser ter há tem têm tens vai vou eu tu nós meu meus teu teus seu seus fui sou faz"
        for word in light.split(separator: " ") { words[String(word)] = StressChange.none }
        let heavy =
            "uma umas numa numas duma dumas para ele ela eles elas você vocês minha minhas tua tuas sua suas nosso nossa "
            + "nossos nossas este esta estes estas esse esses aquela aquelas daquela nesse neste dele dela deles delas não até "
            + "desde como onde sempre nunca está estão estou estava era eram foram somos será tinha tenho temos vamos "
            + "qualquer quaisquer estar estamos estive esteve estiver estiveram estavam estará estarão estarei estaremos "
            + "seria seriam serão serei seremos éramos fomos tive teve tivemos tiveram tinham terá terão terei teremos "
            + "pode posso à"
        for word in heavy.split(separator: " ") { words[String(word)] = .weaken }
        return words
    }()

    /// Those that are never stressed beside other words.
    static let clitics: Set<String> = Set(
        ("o a os as de do da dos das no na nos nas num nuns dum duns e ou que se me te lhe lhes vos com por ao aos às "
            + "pra pro pras pros mas").split(separator: " ").map(String.init))

    /// Pronouns behind a verb and its hyphen.
    static let enclitics: Set<String> = [
        "me", "te", "se", "lhe", "lhes", "nos", "vos", "o", "a", "os", "as", "lo", "la", "los", "las", "no", "na",
    ]
}
