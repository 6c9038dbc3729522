import SpeechSignal

/// Where the vowels of a Portuguese word are, which of them make diphthongs, and which is stressed.
struct PortugueseSyllables: Sendable {
    typealias Letter = Unicode.Scalar

    /// A vowel that carries a syllable.
    struct Nucleus: Sendable {
        /// Where the nucleus begins: at its glide, if it has one.
        var start: Int
        /// The place of the vowel.
        var vowel: Int
        /// j or w before the vowel: "água", "série".
        var onGlide: Phoneme?
        /// i or u behind it is a glide: "pai".
        var hasOffGlide = false

        func isLast(_ parse: PortugueseSyllables) -> Bool { parse.nuclei.last?.vowel == vowel }
    }

    let letters: [Letter]
    private(set) var nuclei: [Nucleus] = []
    /// Which nucleus is stressed; nil where there is no vowel.
    private(set) var stress: Int?

    /// - Parameter letters: small letters
    init(_ letters: [Letter]) {
        self.letters = letters
        findNuclei()
        stress = findStress()
        joinFinalGlide()
    }

    func at(_ i: Int) -> Letter? { letters.indices.contains(i) ? letters[i] : nil }

    // MARK: Letters

    private static let marks: [Letter: Letter] = [
        "á": "a", "â": "a", "ã": "a", "à": "a", "é": "e", "ê": "e", "í": "i", "ó": "o", "ô": "o", "õ": "o", "ú": "u",
        "ü": "u", "y": "i",
    ]

    /// A vowel without its mark; other letters as they are.
    static func plain(_ letter: Letter) -> Letter { marks[letter] ?? letter }

    static func isVowel(_ letter: Letter?) -> Bool {
        guard let letter else { return false }
        switch letter {
        case "a", "e", "i", "o", "u", "y": return true
        default: return marks[letter] != nil
        }
    }

    private func isVowel(_ i: Int) -> Bool { Self.isVowel(at(i)) }

    private static func isAccented(_ letter: Letter) -> Bool { marks[letter] != nil && letter != "y" && letter != "ü" }

    /// Whether a consonant closes the syllable before it: no vowel follows, nor a letter that belongs with it (nh, lh).
    func isCoda(_ i: Int) -> Bool {
        guard let next = at(i + 1) else { return true }
        if isVowel(i + 1) || next == "h" { return false }
        return !(letters[i] == next)
    }

    // MARK: Vowels

    private mutating func findNuclei() {
        var i = 0
        while i < letters.count {
            guard isVowel(i), !isSilent(i) else {
                i += 1
                continue
            }
            var nucleus = Nucleus(start: i, vowel: i)
            // quase, água, tranquilo
            if at(i) == "u" || at(i) == "ü", let before = at(i - 1), before == "q" || before == "g", isVowel(i + 1) {
                nucleus.onGlide = "w"
                nucleus.vowel = i + 1
            } else if at(i) == "i", i > 0, at(i + 1) == "ê", at(i + 2) == "n" {
                // paciência
                nucleus.onGlide = "j"
                nucleus.vowel = i + 1
            }
            if closesDiphthong(nucleus.vowel) { nucleus.hasOffGlide = true }
            nuclei.append(nucleus)
            // ão, õe, ãe are one nucleus.
            let vowel = letters[nucleus.vowel]
            let isNasal =
                (vowel == "ã" || vowel == "õ")
                && (at(nucleus.vowel + 1) == "e"
                    || vowel == "ã" && (at(nucleus.vowel + 1) == "o" || at(nucleus.vowel + 1) == "i"))
            i = nucleus.vowel + (nucleus.hasOffGlide || isNasal ? 2 : 1)
        }
    }

    /// The u of que, qui, gue, gui, unless the word is one of those that say it.
    private func isSilent(_ i: Int) -> Bool {
        guard at(i) == "u", let before = at(i - 1), before == "q" || before == "g", let next = at(i + 1),
            "eiéêí".unicodeScalars.contains(next)
        else { return false }
        let word = String(String.UnicodeScalarView(letters))
        return !Self.saidU.contains { word.contains($0) }
    }

    private static let saidU = [
        "cinquent", "frequen", "frequên", "tranquil", "sequen", "sequên", "sequestr", "aguent", "linguiç", "pingui",
        "língue", "linguist", "linguíst", "eloqu", "delinqu", "equestr", "quinqu", "sagui", "unguent", "equidade",
        "ubiqu", "enxágue", "quíntuplo", "bilingu", "consequ", "loquaz", "ensangu", "argui", "iquidez", "iguidade",
    ]

    /// Whether the letter behind a vowel is its glide: pai, meu, cuidado; but not caí, rainha, cair, ainda.
    private func closesDiphthong(_ v: Int) -> Bool {
        guard let glide = at(v + 1), glide == "i" || glide == "u" || glide == "y" else { return false }
        let vowel = Self.plain(letters[v])
        switch (vowel, glide) {
        case ("a", _), ("e", _), ("o", _), ("i", "u"), ("u", "i"), ("u", "y"): break
        default: return false
        }
        guard let next = at(v + 2) else { return true }
        // caiu, contribuiu
        if glide == "i", next == "u", v + 3 == letters.count { return false }
        // rainha, moinho
        if next == "n", at(v + 3) == "h" { return false }
        // feiura: the second vowel goes with what is behind it.
        if "lrzmn".unicodeScalars.contains(next), !isVowel(v + 3) {
            // mais, seis and aula are none of these; a final n or m and a consonant behind it make a syllable of the vowel.
            return at(v + 3) == next
        }
        return true
    }

    // MARK: Stress

    private func findStress() -> Int? {
        guard !nuclei.isEmpty else { return nil }
        let last = nuclei.count - 1
        // Anderson, Everton
        if last > 1, ["erson", "erton"].contains(where: { letters.suffix(5).elementsEqual($0.unicodeScalars) }) {
            return last - 2
        }
        if let accented = nuclei.firstIndex(where: { Self.isAccented(letters[$0.vowel]) && !isTilde($0) }) {
            return accented
        }
        if let nasal = nuclei.lastIndex(where: isTilde) { return nasal }
        return last > 0 && isPlain ? last - 1 : last
    }

    private func isTilde(_ nucleus: Nucleus) -> Bool { letters[nucleus.vowel] == "ã" || letters[nucleus.vowel] == "õ" }

    /// Ends in a, e, o, alone or with s, or in am, em, ens: the stress is on the last vowel but one. So it is in names in y,
    /// -en, -son and -ton: Henry, Carmen, Anderson.
    private var isPlain: Bool {
        guard let nucleus = nuclei.last, !nucleus.hasOffGlide else { return false }
        let vowel = letters[nucleus.vowel]
        if vowel == "y" { return nucleus.vowel + 1 == letters.count && !isVowel(nucleus.vowel - 1) }
        guard vowel == "a" || vowel == "e" || vowel == "o" else { return false }
        let ending = String(String.UnicodeScalarView(letters[(nucleus.vowel + 1)...]))
        switch ending {
        case "", "s": return true
        case "m": return vowel != "o"
        case "ns": return vowel == "e"
        case "n": return vowel == "e" || vowel == "o" && (at(nucleus.start - 1) == "s" || at(nucleus.start - 1) == "t")
        default: return false
        }
    }

    /// história, água, série: i or u before a last vowel is a glide behind a stressed syllable.
    private mutating func joinFinalGlide() {
        guard let stress, stress + 2 < nuclei.count, let last = nuclei.last else { return }
        let index = nuclei.count - 2
        let before = nuclei[index]
        guard index > stress, before.vowel + 1 == last.start, last.onGlide == nil, !before.hasOffGlide,
            let letter = at(before.vowel), letter == "i" || letter == "u", before.onGlide == nil
        else { return }
        nuclei[index] = Nucleus(
            start: before.start, vowel: last.vowel, onGlide: letter == "i" ? "j" : "w", hasOffGlide: last.hasOffGlide)
        nuclei.removeLast()
    }
}
