import SpeechSignal

/// Tells words that are only written in capitals ("I was NOT happy", "CATS AND DOGS") from letters to be spelled ("the
/// US").
///
/// A word that stands in small letters in the lexicon is a word; what is both ("US", "IT", "WHO") goes by its
/// neighbors, and by whether everything around it is in capitals, too.
struct Capitals {
    private let reader: WordReader

    init(reader: WordReader) { self.reader = reader }

    /// Puts the words among a sentence's capitals into small letters.
    ///
    /// - Parameters:
    ///   - units: what the pieces are read from; the words of an expansion say nothing about how the text is written.
    ///   - isOwn: whether a user's lexicon has a word.
    func settle(_ pieces: inout [SentenceReader.Piece], units: [Unit], isOwn: (Letters) -> Bool) {
        // Most sentences have no second letter in capitals.
        let mayShout = pieces.contains { piece in
            if case .word(let letters) = piece.kind { letters.count > 1 && letters[1] < 97 } else { false }
        }
        guard mayShout else { return }
        let words = pieces.map { piece -> Letters? in
            guard case .word(let letters) = piece.kind, piece.tag == nil else { return nil }
            return units[piece.unit].category == nil || Self.isShout(letters) ? letters : nil
        }
        guard words.contains(where: { $0.map(Self.isShout) == true }) else { return }
        let isLoud = loud(words)
        var changed: [(at: Int, lower: Letters, isStressed: Bool)] = []
        for (i, word) in words.enumerated() {
            guard let word else { continue }
            if word == Self.article, isLoud[i] {
                changed.append((i, word.lowercased(), false))
            } else if Self.isShout(word), !isOwn(word), isWord(word, at: i, in: words, isLoud: isLoud[i]) {
                changed.append((i, word.lowercased(), !isLoud[i]))
            }
        }
        for (at, lower, isStressed) in changed {
            if case .word(let written) = pieces[at].kind { pieces[at].written = written }
            pieces[at].kind = .word(lower)
            pieces[at].isShouted = isStressed
        }
    }

    private static let article = Letters("A")

    /// Two capitals or more and no small letter.
    private static func isShout(_ word: Letters) -> Bool {
        word.isUpper && word.count { $0 >= 65 && $0 <= 90 } > 1
    }

    /// Which words stand in a line of capitals, or in a run of them with a word that is surely none but that word.
    private func loud(_ words: [Letters?]) -> [Bool] {
        let shouts = words.map { $0.map(Self.isShout) ?? false }
        let isQuiet = words.contains { $0.map { !$0.isUpper } ?? false }
        if !isQuiet {
            // A list of acronyms is no line of words in capitals.
            let number = shouts.count { $0 }
            let plain = words.count { $0.map { Self.isShout($0) && isPlain($0) } == true }
            return [Bool](repeating: number > 1 && 2 * plain >= number, count: words.count)
        }
        var result = [Bool](repeating: false, count: words.count)
        var start = 0
        while start < words.count {
            var end = start
            var number = 0
            var isSure = false
            while end < words.count, shouts[end] || words[end]?.count == 1 && words[end]?.isUpper == true {
                if shouts[end], let word = words[end] {
                    number += 1
                    isSure = isSure || isPlain(word)
                }
                end += 1
            }
            if number > 1, isSure { for k in start..<end { result[k] = true } }
            start = end + 1
        }
        return result
    }

    /// Surely a word: in the lexicon in small letters and never an acronym.
    private func isPlain(_ word: Letters) -> Bool {
        let lower = word.lowercased()
        guard Self.double[lower] == nil else { return false }
        if Self.short.contains(lower) { return true }
        return word.count > 2 && !isAcronym(word) && (isKnown(lower) || isInflected(lower))
    }

    /// The lexicon has the capitals themselves.
    private func isAcronym(_ word: Letters) -> Bool {
        reader.lexicon.entry(word, accent: reader.accent)?.checked == true
    }

    /// The lexicon has the word in small letters.
    private func isKnown(_ lower: Letters) -> Bool {
        guard let entry = reader.lexicon.entry(lower, accent: reader.accent), entry.checked else { return false }
        return isSaid(lower, entry)
    }

    /// The lexicon knows the word, be it as a name, and not only the names of its letters ("jfk").
    private func isFound(_ lower: Letters) -> Bool {
        let found = reader.find(lower)
        return (found.checked ?? found.generated).map { isSaid(lower, $0) } ?? false
    }

    private func isSaid(_ lower: Letters, _ entry: Lexicon.Entry) -> Bool {
        lower.contains(where: Self.isVowel)
            && entry.standard.applying(StressChange.none) != reader.spell(lower)?.applying(StressChange.none)
    }

    private func isWord(_ word: Letters, at i: Int, in words: [Letters?], isLoud: Bool) -> Bool {
        let lower = word.lowercased()
        if lower.contains(45) {
            let parts = lower.split(separator: 45).map(Letters.init)
            return parts.allSatisfy { $0.count > 1 ? isPlain($0.uppercased()) : isLoud }
        }
        func neighbor(_ k: Int) -> String? {
            words.indices.contains(k) ? words[k].map { String(decoding: $0.lowercased(), as: UTF8.self) } : nil
        }
        if let double = Self.double[lower] {
            if let next = neighbor(i + 1), double.behind.contains(next) { return false }
            let before = neighbor(i - 1)
            if let before, double.before.contains(before) { return false }
            if double.isWord || isLoud { return true }
            return before.map(double.calls.contains) == true
        }
        if Self.short.contains(lower) { return true }
        guard word.count > 2 else { return false }
        if isAcronym(word) { return isLoud && Self.homes.contains(lower) }
        if isKnown(lower) { return true }
        if isLoud || word.count > 4, isFound(lower) { return true }
        return isInflected(lower) || isLoud && word.count > 3 && Self.isPronounceable(lower)
    }

    /// DOGS, JUMPS; not the plural of letters that no word has.
    private func isInflected(_ lower: Letters) -> Bool {
        guard lower.count > 3 else { return false }
        let isStem = { (stem: Letters) in stem.count > 2 && isKnown(stem) }
        return [Stems.plural(lower, isStem), Stems.past(lower, isStem), Stems.progressive(lower, isStem)]
            .contains { $0 != nil }
    }

    private static func isVowel(_ byte: UInt8) -> Bool { [97, 101, 105, 111, 117, 121].contains(byte) }

    /// Vowels and consonants take turns as in a word: GRETA, not HTML.
    private static func isPronounceable(_ lower: Letters) -> Bool {
        var consonants = 0
        var vowels = 0
        for byte in lower where byte != 39 {
            if isVowel(byte) {
                consonants = 0
                vowels += 1
            } else {
                consonants += 1
            }
            if consonants > 3 { return false }
        }
        return vowels > 1
    }

    /// Words of two letters that are no acronym in a text of their own.
    private static let short: Set<Letters> = Set(
        [
            "an", "as", "at", "be", "by", "do", "go", "he", "hi", "if", "in", "is", "me", "my", "no", "of", "oh", "on",
            "or", "so", "to", "up", "we", "re", "ah", "ha", "yo",
        ]
        .map { Letters($0) })

    /// Words for which the lexicon has an acronym, too, and which a line of capitals means as words.
    private static let homes: Set<Letters> = Set(
        [
            "aids", "and", "any", "are", "can", "for", "has", "not", "now", "off", "one", "out", "the", "was", "arm",
            "art", "all", "but", "had", "her", "his", "how", "may", "new", "old", "our", "own", "say", "see", "she",
            "too", "two", "use", "way", "who", "why", "you", "big", "day", "get", "man", "men", "put", "run", "set",
            "top", "win", "end",
        ]
        .map { Letters($0) })

    /// A word that is an acronym, too.
    private struct Double {
        /// A word unless a neighbor says otherwise; else a word only in a line of capitals.
        var isWord = false
        /// Words before and after it that make it an acronym.
        var before: Set<String> = []
        var behind: Set<String> = []
        /// Words before it that make it a word after all.
        var calls: Set<String> = []
    }

    private static let verbs: Set<String> = [
        "do", "did", "does", "love", "loved", "loves", "hate", "want", "wants", "need", "needs", "get", "got", "mean",
        "said", "like", "doing", "is", "was", "that's", "make", "made", "feel", "see", "saw", "know", "knew", "believe",
    ]

    private static let double: [Letters: Double] = {
        var double: [String: Double] = [:]
        double["us"] = Double(
            before: ["the"],
            behind: [
                "army", "navy", "flag", "president", "senate", "congress", "government", "dollar", "dollars", "citizen",
                "citizens", "economy", "military", "open", "economy", "troops", "election", "elections", "market",
                "markets", "marines", "border", "embassy", "treasury", "states", "customers", "only", "based",
                "official", "officials", "air", "postal", "supreme", "soldiers", "states", "tariffs", "stocks",
            ], calls: ["let", "tell", "between", "join", "trust", "both"])
        double["it"] = Double(
            before: ["the", "an", "our", "your", "their", "his", "her", "my", "corporate"],
            behind: [
                "support", "department", "dept", "team", "teams", "manager", "staff", "service", "services", "help",
                "helpdesk", "specialist", "director", "professional", "professionals", "security", "infrastructure",
                "guy", "job", "jobs", "industry", "consultant", "admin", "administrator", "project", "projects",
                "systems", "budget", "equipment", "company", "sector", "worker", "workers", "technician",
            ], calls: verbs)
        double["who"] = Double(
            isWord: true, before: ["the", "by"],
            behind: ["guidelines", "recommends", "official", "officials", "report", "declared", "estimates", "data"])
        double["act"] = Double(isWord: true, behind: ["score", "scores", "test", "prep", "exam"])
        double["add"] = Double(isWord: true, before: ["has", "have", "had", "with"])
        double["sat"] = Double(
            before: ["the", "an", "his", "her", "my", "take", "took"], behind: ["score", "scores", "test"])
        double["led"] = Double(behind: [
            "light", "lights", "lighting", "bulb", "bulbs", "screen", "display", "lamp", "lamps", "strip", "strips",
            "tv", "panel", "panels",
        ])
        double["am"] = Double(behind: ["radio", "station", "frequency"], calls: ["i"])
        double["ok"] = Double()
        double["era"] = Double(isWord: true)
        double["ram"] = Double(isWord: true)
        double["ups"] = Double(
            before: ["via", "by", "the", "with", "from"], behind: ["store", "driver", "truck", "tracking"])
        double["lax"] = Double()
        double["sec"] = Double()
        double["eta"] = Double()
        double["est"] = Double()
        double["rip"] = Double()
        double["ems"] = Double()
        double["ira"] = Double()
        double["mia"] = Double()
        var result: [Letters: Double] = [:]
        for (word, value) in double { result[Letters(word)] = value }
        return result
    }()
}
