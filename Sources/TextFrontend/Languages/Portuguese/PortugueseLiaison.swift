import SpeechSignal

/// What words do to each other up to a pause: s is z before a vowel or a voiced consonant (os amigos), r is ɾ before a vowel
/// (mar azul), last y and ʊ are glides there (leite azul, gato amarelo).
enum PortugueseLiaison {
    private static let voiced: PhonemeSet = "bdɡvmnɲʎrlzʒʤxj"
    /// Words whose last vowel stays.
    private static let steady: Set<String> = ["que", "ele", "este", "do", "no", "ao", "como", "pro"]

    static func apply(to pieces: inout [SentenceReader.Piece], _ words: [String]) {
        for i in pieces.indices.dropLast() where !pieces[i].isOwn && !words[i].isEmpty {
            guard let last = pieces[i].phonemes.last, let next = following(pieces, i) else { continue }
            let end = pieces[i].phonemes.count - 1
            let before = pieces[i].phonemes.dropLast().last
            switch last {
            case "s", "r": link(&pieces[i].phonemes, to: next)
            case "y" where next.isVowel && !steady.contains(words[i]) && before?.isConsonant == true:
                pieces[i].phonemes[end] = isHeavy(pieces[i].phonemes) ? "i" : "j"
            case "ʊ" where next.isVowel && before?.isConsonant == true && !steady.contains(words[i]):
                pieces[i].phonemes[end] = "w"
            case "ʊ" where next.isVowel && words[i] == "o": pieces[i].phonemes[end] = "u"
            default: break
            }
        }
    }

    /// Shapes a last s or r before the sound that follows it.
    static func link(_ phonemes: inout Phonemes, to next: Phoneme?) {
        guard let last = phonemes.last, let next else { return }
        let end = phonemes.count - 1
        if last == "s", next.isVowel || voiced.contains(next), phonemes.dropLast().last != "k" { phonemes[end] = "z" }
        if last == "r", next.isVowel { phonemes[end] = "ɾ" }
    }

    /// A last y behind l, behind r or l in a cluster, or behind s and a stop: it stays a syllable.
    private static func isHeavy(_ phonemes: Phonemes) -> Bool {
        let sounds = phonemes.dropLast().suffix(2)
        guard let close = sounds.last, let far = sounds.first, sounds.count == 2 else { return false }
        return close == "l" || close == "r" && far.isConsonant || far == "s" && close == "ʧ"
    }

    /// The first sound behind a piece; nil before a pause.
    private static func following(_ pieces: [SentenceReader.Piece], _ i: Int) -> Phoneme? {
        for next in pieces[(i + 1)...] {
            switch next.kind {
            case .pause: return nil
            case .punctuation where next.phonemes.contains(where: \.isPause): return nil
            default: if let sound = next.phonemes.first(where: \.isSound) { return sound }
            }
        }
        return nil
    }
}

/// Words that have an open vowel as verbs and a closed one as nouns: eu gosto, o gosto.
enum PortugueseHeteronyms {
    private static let open: [String: String] = [
        "gosto": "gósto", "jogo": "jógo", "choro": "chóro", "almoço": "almóço", "começo": "coméço", "acordo": "acórdo",
        "olho": "ólho", "apoio": "apóio", "governo": "govérno", "erro": "érro", "rolo": "rólo", "seco": "séco",
        "troco": "tróco", "conserto": "consérto", "desespero": "desespéro", "interesse": "interésse",
        "aperto": "apérto", "apelo": "apélo", "esforço": "esfórço", "reforço": "refórço", "gelo": "gélo",
        "peso": "péso", "selo": "sélo", "namoro": "namóro", "transtorno": "transtórno",
        "retorno": "retórno", "suborno": "subórno", "rego": "régo", "escovo": "escóvo", "molho": "mólho",
    ]
    /// Words that stand before the verb: pronouns and adverbs.
    private static let subjects: Set<String> = [
        "eu", "não", "me", "te", "se", "lhe", "já", "também", "sempre", "nunca", "só", "ainda", "quando", "às",
    ]
    /// "para" stands for "for" here, so that it says nothing; "colher" behind these is a verb.
    private static let infinitive: Set<String> = [
        "para", "vai", "vou", "vão", "vamos", "quer", "quero", "pode", "podem", "deve", "de", "a", "ao", "sem", "foi",
    ]
    /// Words before the noun "gosto", and words behind the verb.
    private static let determiners: Set<String> = [
        "o", "um", "do", "no", "ao", "pelo", "meu", "seu", "nosso", "este", "esse", "mau", "bom", "de", "com", "sem",
        "por",
        "outro", "mesmo", "algum", "cada",
    ]
    private static let likings: Set<String> = [
        "de", "do", "da", "dos", "das", "muito", "mais", "tanto", "demais", "disso",
    ]
    private static let courts: Set<String> = ["a", "da", "na", "à", "pela", "suprema", "alta", "nossa", "esta", "essa"]
    private static let articles: Set<String> = ["a", "da", "uma", "na", "com", "cada", "minha", "sua", "outra", "de"]

    /// The word at `i` with a mark on its stressed vowel; nil where it is none of these or its usual reading holds.
    static func marked(_ words: [String], at i: Int) -> String? {
        let before = i > 0 ? words[i - 1] : ""
        let word = words[i]
        // "Gosto de café", without its pronoun.
        if word == "gosto", !determiners.contains(before), i + 1 < words.count, likings.contains(words[i + 1]) {
            return "gósto"
        }
        // "seco" behind "não" is an adjective as often: only pronouns decide there.
        if let verb = open[word] {
            guard subjects.contains(before), word != "seco" || before == "eu" else { return nil }
            return verb
        }
        if word == "colher" {
            let isVerb = infinitive.contains(before) && !["a", "de"].contains(before)
            return isVerb ? "colhêr" : articles.contains(before) ? "colhér" : nil
        }
        // corte: a court behind these, and a cut elsewhere.
        if word == "corte", courts.contains(before) { return "côrte" }
        // sede: thirst behind "com", "de", "ter"; headquarters elsewhere behind an article.
        if word == "sede", ["a", "na", "da", "à", "sua", "nova", "como"].contains(before) { return "séde" }
        if word == "forma", before == "forno" { return "fôrma" }
        return nil
    }
}
