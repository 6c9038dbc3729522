import SpeechSignal

/// Spelling to sound: a Brazilian word's phonemes with its stress, before its neighbours have shaped them.
///
/// The conventions are those of the speech that the networks learn from: the mark stands right before the vowel; aɪ I, eɪ A,
/// aʊ W, ɔɪ Y; final unstressed a, e, o are æ, y, ʊ; nasal vowels before a consonant are a vowel and ŋ or m, and ɐ̃ has its
/// tilde; r is x at the beginning, ɾ between vowels, r behind a consonant and at the end, ɾə before a consonant.
struct PortugueseSounds: Sendable {
    /// Whether a stressed e or o without a mark is open.
    let quality: PortugueseQuality

    typealias Letter = Unicode.Scalar

    /// - Parameter word: small letters
    func phonemes(_ word: String) -> Phonemes {
        let parse = PortugueseSyllables(Array(word.unicodeScalars))
        guard let stressed = parse.stress else {
            return PortugueseConsonants.phonemes(parse, from: 0, to: parse.letters.count)
        }
        let isOpen = quality.isOpen(word, stressed: parse.letters[parse.nuclei[stressed].vowel])
        var result = Phonemes()
        result.reserveCapacity(2 * parse.letters.count)
        var place = 0
        for (i, nucleus) in parse.nuclei.enumerated() {
            result += PortugueseConsonants.phonemes(parse, from: place, to: nucleus.start)
            if let glide = nucleus.onGlide { result.append(glide) }
            if i == stressed {
                result.append(.primaryStress)
            } else if i % 2 == 0,
                i + 2 <= stressed
                    || i == 0 && stressed == 1
                        && (parse.nuclei.count > 2 || nucleus.isLast(parse) == false && isHeavy(parse))
            {
                result.append(.secondaryStress)
            }
            let (sounds, end) = vowel(parse, i, isStressed: i == stressed, isBehind: i > stressed, isOpen: isOpen)
            result += sounds
            place = end
        }
        let coda = PortugueseConsonants.phonemes(parse, from: place, to: parse.letters.count)
        return result + PortugueseConsonants.supported(coda)
    }

    /// A last syllable in ãe counts as two: mamãe.
    private func isHeavy(_ parse: PortugueseSyllables) -> Bool {
        guard let last = parse.nuclei.last, parse.letters[last.vowel] == "ã", let behind = parse.at(last.vowel + 1)
        else {
            return false
        }
        return behind == "e"
    }

    // MARK: Vowels

    /// The sounds of a nucleus with the glide, l, m or n that closes it, and the place behind.
    private func vowel(
        _ parse: PortugueseSyllables, _ index: Int, isStressed: Bool, isBehind: Bool, isOpen: Bool
    ) -> (Phonemes, Int) {
        let nucleus = parse.nuclei[index]
        let letter = parse.letters[nucleus.vowel]
        let next = nucleus.vowel + 1
        if letter == "ã" || letter == "õ" { return nasal(parse, letter, next) }
        let plain = PortugueseSyllables.plain(letter)
        let open = isStressed && (letter == "é" || letter == "ó" || letter == plain && isOpen)
        if nucleus.hasOffGlide, let glide = parse.at(next) {
            return (Self.diphthong(plain, glide, isOpen: open || letter == "é" || letter == "ó"), next + 1)
        }
        if let closing = parse.at(next), closing == "m" || closing == "n", parse.isCoda(next) {
            return closed(parse, plain, next, isBehind: isBehind)
        }
        if parse.at(next) == "l", parse.isCoda(next) {
            switch plain {
            case "a": return (["W"], next + 1)
            case "e": return ([open || !isBehind && isStressed ? "ɛ" : "e", "ʊ"], next + 1)
            case "i": return (["i", "ʊ"], next + 1)
            case "o": return (open ? ["ɔ", "l"] : ["o", "w"], next + 1)
            default: return (["u", "w"], next + 1)
            }
        }
        let isFinal = next == parse.letters.count || next + 1 == parse.letters.count && parse.letters[next] == "s"
        if isBehind, isFinal, letter == plain {
            switch plain {
            case "a": return (["æ"], next)
            case "e": return (["y"], next)
            case "o": return (["ʊ"], next)
            default: break
            }
        }
        let isBeforeNasal = parse.at(next) == "m" || parse.at(next) == "n"
        switch plain {
        case "a":
            if isBeforeNasal {
                let isPalatal = parse.at(next) == "n" && parse.at(next + 1) == "h"
                return (isStressed || isPalatal || isRaised(parse, index) ? ["ɐ", "\u{303}"] : ["æ"], next)
            }
            return (isBehind && !isClosed(parse, next) ? ["æ"] : ["a"], next)
        case "e": return ([open ? "ɛ" : "e"], next)
        case "o": return ([open ? "ɔ" : "o"], next)
        case "u":
            let isPalatal = parse.at(next) == "n" && parse.at(next + 1) == "h"
            return (isPalatal || letter == "ú" && parse.at(next) == "m" ? ["u", "\u{303}"] : ["u"], next)
        default: return (["i"], next)
        }
    }

    /// canal, Paraná, amém: a before a nasal and the stressed last vowel of a word, which is no diphthong nor before r.
    private func isRaised(_ parse: PortugueseSyllables, _ index: Int) -> Bool {
        guard index + 2 == parse.nuclei.count, parse.stress == index + 1, let last = parse.nuclei.last else {
            return false
        }
        let isTilde = parse.letters[last.vowel] == "ã" || parse.letters[last.vowel] == "õ"
        return !last.hasOffGlide && !isTilde && parse.letters.last != "r"
    }

    /// A consonant other than a last s closes the syllable: açúcar.
    private func isClosed(_ parse: PortugueseSyllables, _ next: Int) -> Bool {
        guard let closing = parse.at(next), closing == "r" || closing == "x" || closing == "s" else { return false }
        return parse.isCoda(next)
    }

    /// ão, ãe, õe and ã.
    private func nasal(_ parse: PortugueseSyllables, _ letter: Letter, _ next: Int) -> (Phonemes, Int) {
        if letter == "õ" {
            return parse.at(next) == "e"
                ? (["o", "\u{303}", "j"], parse.at(next + 1) == "m" ? next + 2 : next + 1)
                : (["o", "\u{303}"], next)
        }
        switch parse.at(next) {
        case "o": return (["ɐ", "\u{303}", "ʊ", "\u{303}"], next + 1)
        case "e": return (["ɐ", "\u{303}", "y"], next + 1)
        case "i": return (["ɐ", "\u{303}", "ɪ"], next + 1)
        default: return (["ɐ", "\u{303}"], next)
        }
    }

    /// A vowel that m or n closes.
    private func closed(
        _ parse: PortugueseSyllables, _ plain: Letter, _ next: Int, isBehind: Bool
    ) -> (Phonemes, Int) {
        let isEnd = next + 1 == parse.letters.count || next + 2 == parse.letters.count && parse.letters[next + 1] == "s"
        let behind = parse.at(next + 1)
        let coda: Phoneme = !isEnd && (behind == "p" || behind == "b" || behind == "m") ? "m" : "ŋ"
        switch plain {
        // falam
        case "a":
            return isEnd && parse.letters[next] == "m"
                ? (["ɐ", "\u{303}", "ʊ", "\u{303}"], next + 1) : (["ɐ", "\u{303}", coda], next + 1)
        case "e": return (["A", coda], next + 1)
        case "i": return (["i", coda], next + 1)
        case "o": return (["o", coda], next + 1)
        default: return (["u", "\u{303}", coda], next + 1)
        }
    }

    private static func diphthong(_ plain: Letter, _ glide: Letter, isOpen: Bool) -> Phonemes {
        let isFront = glide == "i" || glide == "y"
        switch plain {
        case "a": return isFront ? ["I"] : ["W"]
        case "e": return isFront ? (isOpen ? ["ɛ", "ɪ"] : ["A"]) : [isOpen ? "ɛ" : "e", "ʊ"]
        case "o": return isFront ? (isOpen ? ["Y"] : ["o", "ɪ"]) : ["o", "w"]
        case "u": return ["u", "ɪ"]
        default: return ["i", "ʊ"]
        }
    }
}
