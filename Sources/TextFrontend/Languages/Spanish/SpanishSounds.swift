import SpeechSignal

/// Spelling to sound: a Spanish word's phonemes with its stress, before its neighbors have shaped them.
///
/// The conventions are those of the speech that the networks learn from: the mark stands right before the vowel;
/// falling diphthongs have symbols of their own (aɪ I, eɪ A, aʊ W, oʊ O); words with two syllables or more before the
/// stress have lesser ones on the first, third and so on. b, d, ɡ stand for stops and approximants alike; see
/// `SpanishPronouncer`.
struct SpanishSounds: Sendable {
    /// c before e and i, and z, are s.
    let isSeseo: Bool

    private typealias Letter = Unicode.Scalar

    /// A consonant's phonemes, or a vowel.
    private struct Segment {
        var phonemes: Phonemes = []
        /// The vowel without its accent; nil for consonants.
        var vowel: Letter?
        var isAccented = false
    }

    /// A syllable's vowels and what precedes them.
    private struct Syllable {
        var onset: Phonemes = []
        var nucleus: Phonemes = []
        var isAccented = false
    }

    /// - Parameter word: small letters
    func phonemes(_ word: String) -> Phonemes {
        if let stem = Self.adverbStem(word) {
            return stressed(String(stem)) + stressed("mente")
        }
        return stressed(word)
    }

    /// The adjective in an adverb in -mente, which keeps its stress.
    private static func adverbStem(_ word: String) -> Substring? {
        guard word.hasSuffix("mente"), word.unicodeScalars.count > 7 else { return nil }
        let stem = word.dropLast(5)
        guard let last = stem.unicodeScalars.last, "aelznrs".unicodeScalars.contains(last),
            !verbsInMente.contains(word),
            stem.unicodeScalars.contains(where: { accent($0) != nil || "aeiou".unicodeScalars.contains($0) })
        else { return nil }
        return stem
    }

    /// Words that only look like adverbs.
    private static let verbsInMente: Set<String> = [
        "clemente", "vehemente", "inclemente", "alimente", "complemente", "implemente", "incremente", "suplemente",
        "atormente", "escarmente", "fermente", "reglamente", "parlamente", "ornamente", "juramente", "fundamente",
        "sacramente",
        "reclamente", "experimente", "desalmente", "cemente", "comente", "lamente", "fomente", "segmente", "aumente",
        "tormente",
    ]

    private func stressed(_ word: String) -> Phonemes {
        let letters = Array(word.unicodeScalars)
        let (syllables, coda) = syllables(segments(letters))
        guard !syllables.isEmpty else { return coda }
        let stress =
            syllables.firstIndex(where: \.isAccented)
            ?? (syllables.count > 1 && Self.isPlain(letters) ? syllables.count - 2 : syllables.count - 1)
        var result = Phonemes()
        result.reserveCapacity(letters.count + 4)
        for (i, syllable) in syllables.enumerated() {
            result += syllable.onset
            if i == stress {
                result.append(.primaryStress)
            } else if i % 2 == 0, i + 2 <= stress {
                result.append(.secondaryStress)
            }
            result += syllable.nucleus
        }
        return result + coda
    }

    /// Ends in a vowel, or in n or s after one: the stress is on the last syllable but one.
    private static func isPlain(_ letters: [Letter]) -> Bool {
        guard let last = letters.last else { return false }
        if isVowel(last) { return true }
        guard last == "n" || last == "s", letters.count > 1 else { return false }
        return isVowel(letters[letters.count - 2])
    }

    private static func isVowel(_ letter: Letter) -> Bool {
        "aeiouü".unicodeScalars.contains(letter) || accent(letter) != nil
    }

    private static func accent(_ letter: Letter) -> Letter? {
        switch letter {
        case "á": "a"
        case "é": "e"
        case "í": "i"
        case "ó": "o"
        case "ú": "u"
        default: nil
        }
    }

    // MARK: Letters

    private func segments(_ letters: [Letter]) -> [Segment] {
        var segments: [Segment] = []
        segments.reserveCapacity(letters.count)
        var i = 0
        func at(_ k: Int) -> Letter? { letters.indices.contains(k) ? letters[k] : nil }
        func isFront(_ k: Int) -> Bool { at(k).map { "eiéí".unicodeScalars.contains($0) } ?? false }
        func isVowel(_ k: Int) -> Bool { at(k).map(Self.isVowel) ?? false }
        func add(_ phonemes: Phonemes, _ length: Int = 1) {
            // One consonant, where seseo and a cluster have made two of it.
            if let last = segments.last, last.vowel == nil, let sound = phonemes.first, last.phonemes.last == sound,
                sound == "s" || sound == "θ"
            {
                segments[segments.count - 1].phonemes += phonemes.dropFirst()
            } else {
                segments.append(Segment(phonemes: phonemes))
            }
            i += length
        }
        let soft: Phonemes = isSeseo ? ["s"] : ["θ"]
        while let letter = at(i) {
            if letter == "y" ? !isVowel(i + 1) : Self.isVowel(letter) {
                let plain = letter == "y" ? "i" : letter == "ü" ? "u" : Self.accent(letter) ?? letter
                segments.append(Segment(vowel: plain, isAccented: Self.accent(letter) != nil))
                i += 1
                continue
            }
            switch letter {
            case "b", "v": add(["b"], at(i + 1) == letter ? 2 : 1)
            case "c":
                if at(i + 1) == "h" {
                    add(["ʧ"], 2)
                } else if at(i + 1) == "k" || at(i + 1) == "q" {
                    i += 1
                } else {
                    add(isFront(i + 1) ? soft : ["k"])
                }
            case "ç": add(soft)
            case "d": add(["d"], at(i + 1) == "d" ? 2 : 1)
            case "f": add(["f"], at(i + 1) == "f" ? 2 : 1)
            case "g":
                if i == 0, at(1) == "n" {
                    i += 1
                } else if isFront(i + 1) {
                    add(["x"])
                } else if at(i + 1) == "u", isFront(i + 2) {
                    add(["ɡ"], 2)
                } else {
                    add(["ɡ"], at(i + 1) == "g" ? 2 : 1)
                }
            case "h": i += 1
            case "j": add(["x"])
            case "k": add(["k"], at(i + 1) == "k" ? 2 : 1)
            case "l":
                if at(i + 1) == "l" {
                    add(at(i + 2) == nil || at(i + 2) == "s" ? ["l"] : ["ʝ"], 2)
                } else {
                    add(["l"])
                }
            case "m":
                if i == 0, at(1) == "n" { i += 1 } else { add(["m"], at(i + 1) == "m" ? 2 : 1) }
            case "n": add(["n"])
            case "ñ": add(["ɲ"])
            case "p":
                if i == 0, at(1) == "s" || at(1) == "n" || at(1) == "t" {
                    i += 1
                } else if at(i + 1) == "h" {
                    add(["f"], 2)
                } else {
                    add(["p"], at(i + 1) == "p" ? 2 : 1)
                }
            case "q": add(["k"], at(i + 1) == "u" && isFront(i + 2) ? 2 : 1)
            case "r":
                if at(i + 1) == "r" {
                    add(["r"], 2)
                } else {
                    let before = at(i - 1)
                    let isTrill =
                        i == 0 || before == "n" || before == "l" || before == "s" || i == 3 && Self.isSub(letters)
                    add(isTrill ? ["r"] : ["ɾ"])
                }
            case "s":
                if at(i + 1) == "h" { add(["ʃ"], 2) } else { add(["s"], at(i + 1) == "s" ? 2 : 1) }
            case "t":
                if at(i + 1) == "h" {
                    add(["t"], 2)
                } else if at(i + 1) == "z" {
                    add(["t", "s"], 2)
                } else {
                    add(["t"], at(i + 1) == "t" ? 2 : 1)
                }
            case "w": add(["w"])
            case "x": add(i == 0 ? ["s"] : ["k", "s"])
            case "y": add(["ʝ"])
            case "z": add(soft, at(i + 1) == "z" ? 2 : 1)
            default: i += 1
            }
        }
        return segments
    }

    /// subrayar, subrogar: the r begins a part of its own.
    private static func isSub(_ letters: [Letter]) -> Bool {
        letters.count > 5 && letters[0] == "s" && letters[1] == "u" && letters[2] == "b" && letters[4] != "e"
            || letters.starts(with: "subreg".unicodeScalars) || letters.starts(with: "subrep".unicodeScalars)
    }

    // MARK: Syllables

    /// Groups of vowels become nuclei with glides; consonants go to the syllable after them, the last ones to the coda.
    private func syllables(_ segments: [Segment]) -> (syllables: [Syllable], coda: Phonemes) {
        var syllables: [Syllable] = []
        var onset = Phonemes()
        var i = 0
        func vowel(_ k: Int) -> Letter? { segments.indices.contains(k) ? segments[k].vowel : nil }
        func isWeak(_ k: Int) -> Bool {
            guard let letter = vowel(k) else { return false }
            return (letter == "i" || letter == "u") && !segments[k].isAccented
        }
        while i < segments.count {
            guard vowel(i) != nil else {
                onset += segments[i].phonemes
                i += 1
                continue
            }
            var syllable = Syllable()
            if isWeak(i), let next = vowel(i + 1), next != vowel(i) {
                onset.append(vowel(i) == "i" ? "j" : "w")
                i += 1
            }
            guard let nucleus = vowel(i) else { continue }
            syllable.isAccented = segments[i].isAccented
            syllable.onset = onset
            onset = []
            // A following weak vowel closes the diphthong unless it opens the next syllable.
            if isWeak(i + 1), vowel(i + 1) != nucleus, vowel(i + 2) == nil, !(nucleus == "i" || nucleus == "u") {
                syllable.nucleus = Self.diphthong(nucleus, vowel(i + 1) == "i")
                i += 2
            } else {
                syllable.nucleus = Phoneme(symbol: nucleus).map { [$0] } ?? []
                i += 1
            }
            syllables.append(syllable)
        }
        return (syllables, onset)
    }

    private static func diphthong(_ nucleus: Letter, _ isFront: Bool) -> Phonemes {
        switch (nucleus, isFront) {
        case ("a", true): ["I"]
        case ("a", false): ["W"]
        case ("e", true): ["A"]
        case ("e", false): ["e", "ʊ"]
        case ("o", true): ["o", "ɪ"]
        default: ["O"]
        }
    }
}
