/// Gives the pieces of a sentence their phonemes, from the last to the first: what follows a word shapes it.
final class Pronouncer {
    private let reader: WordReader
    private var speller: Speller
    private var spelled: [Letters: Phonemes] = [:]

    init(frontend: TextFrontend, accent: Accent) {
        reader = WordReader(lexicon: frontend.lexicon, accent: accent)
        speller = Speller(model: frontend.spelling, accent: accent)
    }

    func pronounce(_ pieces: inout [SentenceReader.Piece]) {
        var following = Following()
        for i in pieces.indices.reversed() {
            let tag = pieces[i].tag ?? .nn
            var isTo = false
            switch pieces[i].kind {
            case .phonemes, .punctuation: break
            case .spelled(let letters):
                pieces[i].phonemes = acronym(letters)
            case .word(var letters):
                if letters.first == 39 {
                    if !reader.find(letters.lowercased()).isKnown { letters.removeFirst() }
                }
                isTo = letters.lowercased() == Self.to
                // A homograph has been read already.
                if pieces[i].phonemes.isEmpty { pieces[i].phonemes = word(letters, tag: tag, following: following) }
            }
            following = Following(onset: pieces[i].phonemes.onset(otherwise: following.onset), isTo: isTo)
        }
        for i in pieces.indices {
            if case .phonemes = pieces[i].kind { continue }
            for k in pieces[i].phonemes.indices {
                if pieces[i].phonemes[k] == Self.flap { pieces[i].phonemes[k] = Self.flapped }
                if pieces[i].phonemes[k] == Self.glottal { pieces[i].phonemes[k] = Self.stop }
            }
        }
    }

    private static let to = Letters("to")
    private static let flap = Symbols.code("ɾ")
    private static let flapped = Symbols.code("T")
    private static let glottal = Symbols.code("ʔ")
    private static let stop = Symbols.code("t")

    /// Spelled letters, perhaps with a plural or possessive s.
    private func acronym(_ letters: Letters) -> Phonemes {
        if letters.ends(with: "'s"), let stem = reader.spell(letters.dropping(2)) {
            return reader.symbols.plural(stem) ?? stem
        }
        return reader.spell(letters) ?? []
    }

    private func word(_ letters: Letters, tag: Tag, following: Following) -> Phonemes {
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
            sounds[i] = reader.read(parts[i], tag: tag, following: next) ?? unknown(parts[i])
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

    /// A word only its spelling can tell; endings that the model need not know are taken off first.
    private func unknown(_ letters: Letters) -> Phonemes {
        let lower = letters.lowercased()
        if let known = spelled[lower] { return known }
        let answer: Phonemes
        if !lower.contains(where: Self.isVowelLetter), lower.count < 5, let name = reader.spell(lower) {
            answer = name
        } else if lower.count < 40, lower.ends(with: "'s") || lower.ends(with: "s'") {
            answer = reader.symbols.plural(unknown(lower.dropping(2))) ?? []
        } else {
            answer = speller.read(lower)
        }
        if spelled.count > 20_000 { spelled.removeAll(keepingCapacity: true) }
        spelled[lower] = answer
        return answer
    }

    private static func isVowelLetter(_ byte: UInt8) -> Bool { [97, 101, 105, 111, 117, 121].contains(byte) }
}
