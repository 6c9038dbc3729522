import SpeechSignal

/// The consonants of a Portuguese word, by their neighbours: x in its four values, s between vowels, ti and di, lh and nh.
enum PortugueseConsonants {
    private typealias Letter = Unicode.Scalar

    /// The sounds of the letters in a range without vowels that are said; a silent u may be among them.
    static func phonemes(_ parse: PortugueseSyllables, from start: Int, to end: Int) -> Phonemes {
        var result = Phonemes()
        var i = start
        while i < end {
            let length = add(&result, parse, i)
            i += max(1, length)
        }
        return result
    }

    /// Adds the sounds of the letter at `i`.
    ///
    /// - Returns: how many letters that took
    private static func add(_ result: inout Phonemes, _ parse: PortugueseSyllables, _ i: Int) -> Int {
        let letter = parse.letters[i]
        let next = parse.at(i + 1)
        func isVowel(_ k: Int) -> Bool { PortugueseSyllables.isVowel(parse.at(k)) }
        // Twice the same letter is once the same sound.
        if next == letter, "bcdfglmnptkz".unicodeScalars.contains(letter), letter != "c" || !isFront(parse.at(i + 2)) {
            return 1
        }
        switch letter {
        case "b", "f", "k", "p", "v", "m":
            if letter == "p", next == "h" {
                result.append("f")
                return 2
            }
            result += Phonemes(symbols: String(letter))
        case "n":
            if next == "h" {
                result.append("ɲ")
                return 2
            }
            result.append("n")
        case "l":
            if next == "h" {
                result += ["l", "j"]
                return 2
            }
            result.append("l")
        case "c":
            if next == "h" {
                result.append("ʃ")
                return 2
            }
            if next == "k" { return 1 }
            result.append(isFront(next) ? "s" : "k")
        case "ç": result.append("s")
        case "g": result.append(isFront(next) ? "ʒ" : "ɡ")
        case "j": result.append("ʒ")
        case "q": result.append("k")
        case "r": return rhotic(&result, parse, i)
        case "s": return sibilant(&result, parse, i)
        case "z": result.append(next == nil ? "s" : "z")
        case "x": return x(&result, parse, i)
        case "t", "d":
            if letter == "t", next == "c", parse.at(i + 2) == "h" {
                result.append("ʧ")
                return 3
            }
            // Djalma
            if letter == "d", next == "j", i == 0 {
                result.append("ʤ")
                return 2
            }
            let isSoft = next == "i" || next == "í" || next == "y" || next == "e" && isFinal(parse, i + 1)
            result.append(letter == "t" ? (isSoft ? "ʧ" : "t") : isSoft ? "ʤ" : "d")
            if next == "h" { return 2 }
        case "w": result.append("w")
        case "y": result.append(isVowel(i + 1) ? "j" : "i")
        default: break
        }
        return 1
    }

    /// The last consonants of a word, with the vowel that Brazilians add to a stop or an f: top, chat, Word.
    static func supported(_ coda: Phonemes) -> Phonemes {
        switch coda.last {
        case "t": Phonemes(coda.dropLast()) + ["ʧ", "i"]
        case "d": Phonemes(coda.dropLast()) + ["ʤ", "i"]
        case "b", "ɡ", "k", "p", "f", "v": coda + ["i"]
        default: coda
        }
    }

    private static func isFront(_ letter: Letter?) -> Bool {
        letter.map { "eiyéêí".unicodeScalars.contains($0) } ?? false
    }

    /// An e that is said as y: the last of the word, unstressed.
    private static func isFinal(_ parse: PortugueseSyllables, _ e: Int) -> Bool {
        guard let stress = parse.stress, let last = parse.nuclei.last, last.vowel == e,
            stress < parse.nuclei.count - 1 || parse.nuclei.count == 1 && parse.letters.count == 2
        else { return false }
        return e + 1 == parse.letters.count || e + 2 == parse.letters.count && parse.letters[e + 1] == "s"
    }

    private static func rhotic(_ result: inout Phonemes, _ parse: PortugueseSyllables, _ i: Int) -> Int {
        let before = parse.at(i - 1)
        let next = parse.at(i + 1)
        if next == "r" {
            result.append("x")
            return 2
        }
        if before == nil || before == "n" || before == "l" || before == "s" {
            result.append("x")
        } else if PortugueseSyllables.isVowel(next) {
            result.append(PortugueseSyllables.isVowel(before) ? "ɾ" : "r")
        } else if next == nil {
            result.append("r")
        } else {
            result += ["ɾ", "ə"]
        }
        return 1
    }

    private static let voiced = "bdgvmnrljz".unicodeScalars

    private static func sibilant(_ result: inout Phonemes, _ parse: PortugueseSyllables, _ i: Int) -> Int {
        let before = parse.at(i - 1)
        guard let next = parse.at(i + 1) else {
            result.append("s")
            return 1
        }
        switch next {
        case "s", "ç":
            result.append("s")
            return 2
        case "c" where isFront(parse.at(i + 2)):
            result.append("s")
            return 2
        case "h":
            result.append("ʃ")
            return 2
        default: break
        }
        let isTrans = i == 4 && ["trans", "trâns"].contains { parse.letters.starts(with: $0.unicodeScalars) }
        if PortugueseSyllables.isVowel(next), PortugueseSyllables.isVowel(before) || isTrans {
            result.append("z")
        } else {
            result.append(voiced.contains(next) ? "z" : "s")
        }
        return 1
    }

    private static func x(_ result: inout Phonemes, _ parse: PortugueseSyllables, _ i: Int) -> Int {
        let before = parse.at(i - 1)
        let next = parse.at(i + 1)
        let word = String(String.UnicodeScalarView(parse.letters))
        if next == nil {
            result += ["k", "s"]
        } else if i == 0 || before == "n" {
            result.append("ʃ")
        } else if next == "c", isFront(parse.at(i + 2)) {
            result.append("s")
            return 2
        } else if !PortugueseSyllables.isVowel(next) {
            result.append("s")
        } else if asKs.contains(where: word.contains) {
            result += ["k", "s"]
        } else if asS.contains(where: word.contains) {
            result.append("s")
        } else if i == 1, before == "e" || before == "ê" || before == "é" {
            result.append("z")
        } else if i == 3, ["inex", "coex", "reex"].contains(where: word.hasPrefix) {
            result.append("z")
        } else {
            result.append("ʃ")
        }
        return 1
    }

    /// Parts of words whose x between vowels is ks.
    private static let asKs = [
        "sexo", "sexu", "sexi", "táxi", "taxi", "fix", "nexo", "nexã", "nexõ", "anexa", "flex", "plex", "oxig", "oxid",
        "óxid", "tóxi", "toxi", "maxil", "axil", "fluxo", "doxo", "doxa", "boxe", "saxo", "hexa", "praxe", "léxi",
        "lexi", "látex", "conex", "convex", "maxi", "galáxi", "intox", "asfix", "crucifix", "profilax", "índex", "mixa",
        "exegese", "luxação", "luxemb", "sax", "pixel", "marx", "toxin", "paroxi", "paroxí", "texa",
    ]
    /// Parts of words whose x between vowels is s.
    private static let asS = ["próxim", "proxim", "máxim", "auxíli", "auxili", "trouxe", "trouxer", "sintaxe"]
}
