import SpeechSignal

/// Gives the pieces of a sentence their phonemes, from the last to the first: what follows a word shapes it.
final class Pronouncer {
    private let reader: WordReader
    private var speller: Speller
    private var spelled: [Letters: Phonemes] = [:]
    private let lexicon: LexiconStack?

    init(frontend: TextFrontend, accent: Accent, lexicon: LexiconStack?) {
        self.lexicon = lexicon
        reader = WordReader(
            lexicon: frontend.lexicon, names: frontend.names, nameLexicon: frontend.nameLexicon, accent: accent)
        speller = Speller(model: frontend.spelling, accent: accent)
    }

    /// Puts what is a word among capitals into small letters, before the words are tagged.
    func settleCapitals(_ pieces: inout [SentenceReader.Piece], units: [Unit]) {
        Capitals(reader: reader).settle(&pieces, units: units) { lexicon?.holds($0) == true }
    }

    func pronounce(_ pieces: inout [SentenceReader.Piece]) {
        var following = Following()
        for i in pieces.indices.reversed() {
            let tag = pieces[i].tag ?? .nn
            var isTo = false
            switch pieces[i].kind {
            case .phonemes, .punctuation: break
            case .pause:
                following = Following()
                continue
            case .spelled(let letters):
                pieces[i].phonemes = acronym(letters)
            case .word(var letters):
                if letters.first == 39, lexicon?.entry(letters) == nil {
                    if !reader.find(letters.lowercased()).isKnown { letters.removeFirst() }
                }
                isTo = letters.lowercased() == Self.to
                // A homograph has been read already, but users know better.
                if let own = own(letters, tag: tag) {
                    pieces[i].phonemes = own
                    pieces[i].isOwn = true
                } else if pieces[i].phonemes.isEmpty {
                    pieces[i].phonemes = word(letters, tag: tag, following: following)
                }
                if pieces[i].isShouted, !pieces[i].isOwn {
                    pieces[i].phonemes = Emphasis.strongForm(letters) ?? pieces[i].phonemes.applying(.primary)
                }
            }
            following = Following(onset: pieces[i].phonemes.onset(otherwise: following.onset), isTo: isTo)
        }
        for i in pieces.indices {
            if case .phonemes = pieces[i].kind { continue }
            if pieces[i].isOwn { continue }
            for k in pieces[i].phonemes.indices {
                if pieces[i].phonemes[k] == Self.flap { pieces[i].phonemes[k] = Self.flapped }
                if pieces[i].phonemes[k] == Self.glottal { pieces[i].phonemes[k] = Self.stop }
            }
        }
    }

    private static let to = Letters("to")
    private static let flap: Phoneme = "ɾ"
    private static let flapped: Phoneme = "T"
    private static let glottal: Phoneme = "ʔ"
    private static let stop: Phoneme = "t"

    /// Spelled letters, perhaps with a plural or possessive s.
    private func acronym(_ letters: Letters) -> Phonemes {
        if letters.ends(with: "'s"), let stem = reader.spell(letters.dropping(2)) {
            return reader.symbols.plural(stem) ?? stem
        }
        return reader.spell(letters) ?? []
    }

    /// What a user's lexicon says of a word, or of the word that it is an inflection of.
    private func own(_ word: Letters, tag: Tag) -> Phonemes? {
        guard let lexicon else { return nil }
        if let entry = lexicon.entry(word) { return entry.own(tag) }
        if word.ends(with: "s'") { return own(word.dropping(1), tag: tag) }
        let isKnown = { (stem: Letters) in lexicon.entry(stem) != nil }
        let sounds = lexicon.suffixes
        let stems = [
            (Stems.plural(word, isKnown), sounds.plural), (Stems.past(word, isKnown), sounds.past),
            (Stems.progressive(word, isKnown), sounds.progressive),
        ]
        for (stem, ending) in stems {
            guard let stem, let phonemes = lexicon.entry(stem)?.own(tag), follows(word, stem, ending) else { continue }
            return ending(phonemes)
        }
        return nil
    }

    /// Whether a word is its stem and an ending as far as the built-in lexicon knows: "shed" is no past of "she".
    private func follows(_ word: Letters, _ stem: Letters, _ ending: (Phonemes) -> Phonemes?) -> Bool {
        let whole = reader.find(word.lowercased())
        guard let known = whole.checked ?? whole.generated else { return true }
        let base = reader.find(stem.lowercased())
        guard let start = (base.checked ?? base.generated)?.standard else { return false }
        return ending(start.applying(StressChange.none)) == known.standard.applying(StressChange.none)
    }

    private func word(_ letters: Letters, tag: Tag, following: Following) -> Phonemes {
        // O'Brien, O'NEAL: the name after the apostrophe, which keeps the stress.
        if letters.count > 4, letters[0] == UInt8(ascii: "O"), letters[1] == 39, letters[2] >= 65, letters[2] <= 90 {
            let name = Letters(letters.dropFirst(2))
            return Phonemes(symbols: reader.accent == .american ? "O" : "Q")
                + word(name, tag: .nnp, following: following)
        }
        if let known = reader.read(letters, tag: tag, following: following) { return known }
        var parts: [Letters] = []
        for part in letters.split(separator: 45) {
            if reader.find(Letters(part)).isKnown || !part.contains(where: { $0 >= 65 && $0 <= 90 }) {
                parts.append(Letters(part))
            } else {
                parts += ElectronicRule.camelPieces(String(decoding: part, as: UTF8.self)).map { Letters($0) }
            }
        }
        guard parts.count > 1 else { return unknown(letters) }
        var next = following
        var sounds = [Phonemes](repeating: [], count: parts.count)
        for i in parts.indices.reversed() {
            sounds[i] =
                own(parts[i], tag: tag) ?? reader.read(parts[i], tag: tag, following: next) ?? unknown(parts[i])
            next = Following(onset: sounds[i].onset(otherwise: next.onset), isTo: parts[i].lowercased() == Self.to)
        }
        return Self.compound(parts, sounds)
    }

    /// Joins a compound's parts; all but the heavier half lose their primary stress.
    private static func compound(_ parts: [Letters], _ sounds: [Phonemes]) -> Phonemes {
        var sounds = sounds
        let spoken = sounds.indices.filter { !sounds[$0].isEmpty }
        if spoken.count == 2, parts[spoken[0]].count == 1 {
            sounds[spoken[1]] = demoted(sounds[spoken[1]])
        } else if spoken.count > 1, spoken.count(where: { sounds[$0].hasPrimary }) > (spoken.count + 1) / 2 {
            let order = spoken.sorted {
                let a = (sounds[$0].hasPrimary ? 1 : 0, sounds[$0].weight, $0)
                let b = (sounds[$1].hasPrimary ? 1 : 0, sounds[$1].weight, $1)
                return a < b
            }
            for i in order.prefix(spoken.count / 2) { sounds[i] = demoted(sounds[i]) }
        }
        return Phonemes(sounds.joined())
    }

    private static func demoted(_ phonemes: Phonemes) -> Phonemes {
        phonemes.hasPrimary ? phonemes.applying(.demote) : phonemes
    }

    /// A word that only its spelling can give a reading; endings that the model need not know are taken off first.
    private func unknown(_ letters: Letters) -> Phonemes {
        let lower = letters.lowercased()
        if let known = spelled[lower] { return known }
        let answer: Phonemes
        if !lower.contains(where: Self.isVowelLetter), lower.count < 5, let name = reader.spell(lower) {
            answer = name
        } else if lower.count < 40, lower.ends(with: "'s") || lower.ends(with: "s'") {
            answer = reader.symbols.plural(unknown(lower.dropping(2))) ?? []
        } else if let contracted = contracted(lower) {
            answer = contracted
        } else {
            answer = speller.read(lower)
        }
        if spelled.count > 20_000 { spelled.removeAll(keepingCapacity: true) }
        spelled[lower] = answer
        return answer
    }

    /// people're, kids've, who'd've: the stem, and the verb that leans on it.
    private func contracted(_ word: Letters) -> Phonemes? {
        guard word.count < 40 else { return nil }
        for (ending, sound) in Self.contractions
        where word.count > ending.count && word.suffix(ending.count) == ending[...] {
            let stem = word.dropping(ending.count)
            let phonemes = reader.read(stem, tag: .prp, following: Following()) ?? unknown(stem)
            guard let last = phonemes.last else { return nil }
            if ending == Self.contractions[3].ending, last != Self.stop, last != "d", last != Self.flap {
                return phonemes + Phonemes(symbols: "d")
            }
            return phonemes + Phonemes(symbols: sound)
        }
        return nil
    }

    private static let contractions: [(ending: Letters, sound: String)] = [
        (Letters("'ve"), "əv"), (Letters("'re"), "əɹ"), (Letters("'ll"), "əl"), (Letters("'d"), "əd"),
        (Letters("n't"), "ᵊnt"),
    ]

    private static func isVowelLetter(_ byte: UInt8) -> Bool { [97, 101, 105, 111, 117, 121].contains(byte) }
}

extension Lexicon.Entry {
    /// What a user's entry says for a part of speech; nil where it speaks of others only.
    func own(_ tag: Tag) -> Phonemes? {
        for candidate in LexiconTag.candidates(tag) + [.standard] {
            if let found = variants.first(where: { $0.tag == candidate }) { return found.phonemes }
        }
        return nil
    }
}
