import SpeechSignal

/// Spelling to sound: the phonemes of an Italian word whose marks are known.
///
/// The conventions are those of the speech that the networks learn from: the stress mark stands right before the vowel;
/// long stops and affricates have a length mark (ɡatːo), other long consonants are written twice (bello), ss has a
/// symbol of its own (S); ʃ and ʎ are short, ɲ is long after the stress; unstressed u is ʊ, and so is i at a word's end
/// ɪ; s between vowels is voiced.
struct ItalianSounds {
    private typealias Letter = Unicode.Scalar

    private let letters: [Letter]
    private let marks: ItalianMarks
    private var sounds = Phonemes()
    private var i = 0

    private init(_ marks: ItalianMarks) {
        self.marks = marks
        letters = marks.letters
        sounds.reserveCapacity(letters.count + 4)
    }

    static func phonemes(_ marks: ItalianMarks) -> Phonemes {
        var reader = ItalianSounds(marks)
        while reader.i < reader.letters.count { reader.step() }
        return reader.sounds
    }

    private func at(_ k: Int) -> Letter? { letters.indices.contains(k) ? letters[k] : nil }
    private func isVowel(_ k: Int) -> Bool { at(k).map(ItalianMarks.isVowel) ?? false }
    private func isFront(_ k: Int) -> Bool { at(k) == "e" || at(k) == "i" }
    private func isStressed(_ k: Int) -> Bool { marks.stress == k }
    private var isLast: Bool { i == letters.count - 1 }

    private mutating func add(_ phonemes: Phonemes, _ length: Int) {
        sounds += phonemes
        i += length
    }

    /// A consonant written once or twice; a long one with a length mark.
    private mutating func stop(_ phoneme: Phoneme, _ letter: Letter) {
        add(at(i + 1) == letter ? [phoneme, .length] : [phoneme], at(i + 1) == letter ? 2 : 1)
    }

    /// A consonant written once or twice; a long one is twice the sound.
    private mutating func continuant(_ phoneme: Phoneme, _ letter: Letter) {
        add(at(i + 1) == letter ? [phoneme, phoneme] : [phoneme], at(i + 1) == letter ? 2 : 1)
    }

    private mutating func step() {
        let letter = letters[i]
        switch letter {
        case "a", "e", "i", "o", "u": vowel(letter)
        case "b": stop("b", letter)
        case "c": c()
        case "d": stop("d", letter)
        case "f": continuant("f", letter)
        case "g": g()
        case "h": i += 1
        case "j": add(["j"], 1)
        case "k": stop("k", letter)
        case "l": continuant("l", letter)
        case "m": continuant("m", letter)
        case "n": n()
        case "p":
            if at(i + 1) == "h" { add(["f"], 2) } else { stop("p", letter) }
        case "q":
            // soqquadro
            add(at(i + 1) == "q" ? ["k", "k"] : ["k"], at(i + 1) == "q" ? 2 : 1)
        case "r": r()
        case "s": s()
        case "t":
            if at(i + 1) == "h" {
                add(["t"], 2)
            } else if at(i + 1) == "z" {
                add(["ʦ"], 2)
            } else {
                stop("t", letter)
            }
        case "v": continuant("v", letter)
        case "w": add(["w"], 1)
        case "x": add(["k", "s"], 1)
        case "y": add(isVowel(i + 1) ? ["j"] : isLast && i > 0 ? ["ɪ"] : ["i"], 1)
        case "z":
            let sound: Phoneme = marks.voiced.contains(i) ? "ʣ" : "ʦ"
            stop(sound, letter)
        default: i += 1
        }
    }

    // MARK: Consonants

    private mutating func c() {
        let isLong = at(i + 1) == "c"
        let next = isLong ? i + 2 : i + 1
        if at(next) == "h" || at(i + 1) == "k" || at(i + 1) == "q" {
            // chi, occhio, nickel, acqua
            add(isLong || at(i + 1) != "h" ? ["k", .length] : ["k"], at(next) == "h" ? next + 1 - i : 2)
        } else if isFront(next) {
            add(isLong ? ["ʧ", .length] : ["ʧ"], next - i)
            skipMute()
        } else {
            stop("k", "c")
        }
    }

    private mutating func g() {
        let isLong = at(i + 1) == "g"
        let next = isLong ? i + 2 : i + 1
        if at(i + 1) == "n" {
            let isBehindStress =
                sounds.count > 1 && sounds.last?.isVowel == true && sounds[sounds.count - 2] == .primaryStress
            add(isBehindStress ? ["ɲ", "ɲ"] : ["ɲ"], 2)
            // sogniamo
            if at(i) == "i", isVowel(i + 1), !isStressed(i) { i += 1 }
        } else if at(i + 1) == "l", at(i + 2) == "i", !isHard {
            add(["ʎ"], 2)
            skipMute()
        } else if at(next) == "h" {
            add(isLong ? ["ɡ", .length] : ["ɡ"], next + 1 - i)
        } else if isFront(next) {
            add(isLong ? ["ʤ", .length] : ["ʤ"], next - i)
            skipMute()
        } else {
            stop("ɡ", "g")
        }
    }

    /// gli as in glicine, negligente, anglicano.
    private var isHard: Bool {
        let rest = letters[(i + 2)...].prefix(4)
        if rest.starts(with: "igen".unicodeScalars) || rest.starts(with: "icer".unicodeScalars)
            || rest.starts(with: "icin".unicodeScalars)
            || rest.starts(with: "icem".unicodeScalars) || rest.starts(with: "ifi".unicodeScalars)
            || rest.starts(with: "ici".unicodeScalars)
        {
            return true
        }
        return i > 0 && at(i - 1) == "n"
    }

    /// The i that only softens c, g, sc or gl: cielo, giorno, lascia, figlio.
    private mutating func skipMute() {
        if at(i) == "i", !isStressed(i), isVowel(i + 1) { i += 1 }
    }

    private mutating func n() {
        if at(i + 1) == "n" {
            add(["n", "n"], 2)
        } else if at(i + 1) == "g", !isFront(i + 2), at(i + 2) != nil, at(i + 2) != "n" {
            add(["ŋ"], 1)
        } else if at(i + 1) == "p" || at(i + 1) == "b" {
            add(["m"], 1)
        } else {
            add(["n"], 1)
        }
    }

    private mutating func r() {
        if at(i + 1) == "r" { return add(["r", "ɾ"], 2) }
        // A tap between two a, and before a stressed vowel at the end: sarà, troverò.
        let isTap =
            isVowel(i - 1) && isVowel(i + 1)
            && (at(i - 1) == "a" && at(i + 1) == "a" || isStressed(i + 1) && i + 2 == letters.count)
        add(isTap ? ["ɾ"] : ["r"], at(i + 1) == "h" ? 2 : 1)
    }

    private mutating func s() {
        if at(i + 1) == "s" { return add(["S"], 2) }
        if at(i + 1) == "c", isFront(i + 2) {
            add(["ʃ"], 2)
            return skipMute()
        }
        if at(i + 1) == "h" { return add(["ʃ"], 2) }
        let isBetweenVowels = isVowel(i - 1) && isVowel(i + 1) && !isNumberJoint
        let isBeforeVoice = at(i + 1).map { "bdglmnrv".unicodeScalars.contains($0) } ?? false
        add(isBetweenVowels || isBeforeVoice ? ["z"] : ["s"], 1)
    }

    /// ventisei, trentasette: the s begins a part of its own.
    private var isNumberJoint: Bool {
        let rest = letters[i...]
        return i > 4 && (rest.elementsEqual("sei".unicodeScalars) || rest.elementsEqual("sette".unicodeScalars))
            && at(i - 2) == "t" && at(i - 3) == "n"
    }

    // MARK: Vowels

    private mutating func vowel(_ letter: Letter) {
        if isStressed(i) { return stressed(letter) }
        switch letter {
        case "a": add(["a"], 1)
        case "e": add(["e"], 1)
        case "o": add(["o"], 1)
        case "u":
            let isGlide = isVowel(i + 1) && (i == 0 || at(i - 1) == "q" || at(i - 1) == "g")
            add(isGlide ? ["w"] : ["ʊ"], 1)
        default: add([unstressedI], 1)
        }
    }

    private mutating func stressed(_ letter: Letter) {
        sounds.append(.primaryStress)
        switch letter {
        case "a":
            // zaino; aiuto is no diphthong, mai ends in a glide.
            if at(i + 1) == "i", at(i + 2) != nil, !isVowel(i + 2) { add(["I"], 2) } else { add(["a"], 1) }
        case "e":
            // potei
            if !marks.isOpen, at(i + 1) == "i", i + 2 == letters.count {
                add(["A"], 2)
            } else {
                add(marks.isOpen ? ["ɛ"] : ["e"], 1)
            }
        case "o": add(marks.isOpen ? ["ɔ"] : ["o"], 1)
        case "u": add(["u"], 1)
        default:
            // sentii
            if at(i + 1) == "i", i + 2 == letters.count { add(["ɪ", .length, "j"], 2) } else { add(["i"], 1) }
        }
    }

    private var unstressedI: Phoneme {
        guard isVowel(i + 1) else {
            guard isLast, i > 0 else { return "i" }
            // mai, but lui, poi, sei; anni
            let isGlide = at(i - 1) == "u" && (at(i - 2) == "q" || at(i - 2) == "g")
            return isVowel(i - 1) && !isGlide ? (at(i - 1) == "a" ? "j" : "i") : "ɪ"
        }
        if i == 0 { return "j" }
        let before = at(i - 1)
        // Italia, esempio, serie, but grazie.
        if i + 2 == letters.count, !isStressed(i + 1) {
            return at(i + 1) == "e" && before != "r" && !isVowel(i - 1) ? "j" : "i"
        }
        if before == "r" || before == "l" || before == "o" { return "i" }
        guard isStressed(i + 1) else { return "j" }
        // nazione, divisione
        if before == "z" || before == "s" && isVowel(i - 2), at(i + 1) == "o" { return "i" }
        // pensiero, ambiente, but piero, niente
        let isLater = letters[..<(i - 1)].contains(where: ItalianMarks.isVowel)
        if isLater, at(i + 1) == "e", marks.isOpen, at(i + 2) == "r" || at(i + 2) == "n" && at(i + 3) == "t" {
            return "i"
        }
        return "j"
    }
}
