/// What Italian writes in ways of its own: E' for È, l'8, Rossi & Figli, XX secolo, km/h, ore 13.45, gli anni '60.
enum ItalianSigns {
    private static let accents: [Character: Character] = ["a": "à", "e": "è", "i": "ì", "o": "ò", "u": "ù"]
    /// Cut words with an apostrophe that stands for no accent.
    private static let cut: Set<String> = [
        "po", "mo", "va", "fa", "da", "sta", "di", "be", "to", "ca", "de", "ne", "co", "a", "i", "vo",
    ]

    private static func isBehindArticle(_ line: LanguageLine, _ i: Int) -> Bool {
        ["il", "al", "del", "dal", "nel", "sul"].contains(line.lower(i - 1) ?? "")
    }

    /// An apostrophe in place of an accent: E' vero, citta', perche'.
    static func apostrophe(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.joined(i + 1, "'"), !line.touches(i + 2) || line.kind(i + 2) == .symbol, let text = line.letters(i),
            let last = text.last, let accent = accents[Character(last.lowercased())], !isQuoted(line, i)
        else { return nil }
        let lower = text.lowercased()
        guard !cut.contains(lower),
            text.unicodeScalars.count > 2 || lower == "e" || ["si", "li", "la", "gi", "se"].contains(lower)
        else { return nil }
        let isClosed = lower.hasSuffix("che") || lower == "ne" || lower == "se" || lower.hasSuffix("tre")
        let word = text.dropLast().lowercased() + (isClosed ? "é" : String(accent))
        return Reading(.abbreviation, to: i + 2, words: [word])
    }

    /// A single quote opened before.
    private static func isQuoted(_ line: LanguageLine, _ i: Int) -> Bool {
        (0...i).contains { line.symbol($0, "'") && (!line.touches($0) || line.kind($0 - 1) == .symbol) }
    }

    /// l'8 marzo, dell'11, l'1%: what is elided is said in one with the number.
    static func elided(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let text = line.lower(i), line.joined(i + 1, "'"), line.touches(i + 2), line.digits(i + 2) != nil,
            ["l", "dell", "all", "dall", "nell", "sull", "un", "d", "quell", "c"].contains(text),
            var reading = oneUnit(line, i + 2) ?? DateRule.readNamed(line, at: i + 2) ?? ClockRule.read(line, at: i + 2)
                ?? AmountRule.read(line, at: i + 2) ?? QuantityRule.read(line, at: i + 2)
                ?? NumberRule.read(line, at: i + 2),
            case .word(let first) = reading.spoken.first
        else { return nil }
        reading.spoken[0] = .word(line.tokens[i].text + "'" + first)
        return reading
    }

    /// l'ing. Costa, dell'avv. Marino
    static func elidedAbbreviation(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let text = line.letters(i), line.joined(i + 1, "."), let apostrophe = text.firstIndex(of: "'"),
            let found = line.tables.abbreviations[String(text[text.index(after: apostrophe)...])]?.first,
            found.place == .any
        else { return nil }
        let isLast = i + 2 >= line.count && found.endsSentence
        return Reading(.abbreviation, to: isLast ? i + 1 : i + 2, [Spoken](words: text[...apostrophe] + found.spoken))
    }

    /// l'UE, dell'FBI, l'ONU
    static func elidedAcronym(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let text = line.letters(i), let apostrophe = text.firstIndex(of: "'") else { return nil }
        let capitals = String(text[text.index(after: apostrophe)...])
        guard capitals.utf8.count > 1, capitals.utf8.allSatisfy({ (65...90).contains($0) }), !line.isShouted else {
            return nil
        }
        let elided = String(text[...apostrophe])
        if let known = line.tables.acronyms[capitals] {
            let spoken: [Spoken] = known.map { [Spoken](words: elided + $0) } ?? [.word(elided), .letters(capitals)]
            return Reading(.acronym, to: i + 1, spoken)
        }
        guard capitals.utf8.count < 7, !line.rules.isWord(acronym: capitals) else { return nil }
        return Reading(.acronym, to: i + 1, [.word(elided), .letters(capitals)])
    }

    /// nel 79 d.C., 44 a.C.: before the unit "d" is tried.
    static func era(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let number = line.number(i), let letter = line.letters(number.end), letter == "a" || letter == "d",
            line.joined(number.end + 1, "."), line.letters(number.end + 2) == "C"
        else { return nil }
        // The last full stop may be the sentence's, too.
        let end = line.joined(number.end + 3, ".") && number.end + 4 < line.count ? number.end + 4 : number.end + 3
        return Reading(
            .date, to: end, words: line.spoken(number, .alone) + [letter == "a" ? "avanti" : "dopo", "Cristo"])
    }

    /// il 1° posto, n° 5: a degree sign in place of º; before a noun it makes an ordinal.
    static func degree(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.joined(i + 1, "°") else { return nil }
        if line.lower(i) == "n" { return Reading(.abbreviation, to: i + 2, words: [line.words.number]) }
        guard let digits = line.digits(i), let n = Int(digits), (1...9999).contains(n) else { return nil }
        // il 1° posto, al 90°; a 90°, 45° nord
        if !isBehindArticle(line, i) {
            guard let noun = line.letters(i + 2), noun.first?.isLowercase == true, !line.touches(i + 2),
                ItalianNouns.gender(noun) != nil, !["nord", "sud", "est", "ovest"].contains(noun)
            else { return nil }
        } else if line.touches(i + 2), line.kind(i + 2) == .letters {
            return nil
        }
        return Reading(.ordinal, to: i + 2, words: line.numbers.ordinal(n, .masculine, isBefore: true))
    }

    /// Rossi & Figli
    static func ampersand(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.symbol(i, "&"), !line.touches(i), !line.touches(i + 1) || line.letters(i - 1)?.utf8.count == 1 else {
            return nil
        }
        return Reading(.symbol, to: i + 1, words: ["e"])
    }

    /// XX secolo, III canto: the numeral before words that others follow, too.
    static func numeral(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let text = line.letters(i), line.tokens[i].isUpper, text.utf8.count < 9, let n = NumberWords.roman(text),
            let context = line.lower(i + 1).flatMap({ line.tables.roman[$0] }), !line.touches(i + 1),
            text.utf8.count > 1 || text != "I"
        else { return nil }
        return Reading(.roman, to: i + 1, words: line.numbers.ordinal(n, context.gender, isBefore: true))
    }

    /// 90 km/h: all'ora.
    static func perHour(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let number = line.number(i), let unit = line.letters(number.end), line.joined(number.end + 1, "/"),
            line.touches(number.end + 2), let below = line.letters(number.end + 2), let over = line.tables.units[unit]
        else { return nil }
        let rate: [String]
        switch below {
        case "h": rate = ["all'ora"]
        case "s", "sec": rate = ["al", "secondo"]
        case "min": rate = ["al", "minuto"]
        default: return nil
        }
        let name = (number.isOne ? over.one : over.many).split(separator: " ").map(String.init)
        var end = number.end + 3
        var power: [String] = []
        // m/s²
        if below == "s", line.touches(end), line.digits(end) == "2" {
            power = ["quadrato"]
            end += 1
        }
        return Reading(.measure, to: end, words: line.spoken(number, .before(over.gender)) + name + rate + power)
    }

    /// 1 h: un'ora; "una" loses its vowel before one.
    static func oneUnit(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let number = line.number(i), number.isOne, let unit = QuantityRule.unit(line, number.end)
        else { return nil }
        guard unit.form == .before(.feminine), let first = unit.one.first,
            first.unicodeScalars.first.map(ItalianMarks.isVowel) == true
        else { return nil }
        return Reading(.measure, to: unit.end, words: ["un'" + first] + unit.one.dropFirst())
    }

    private static let hours: Set<String> = ["ore", "alle", "dalle", "sulle", "verso", "h"]

    /// ore 13.45, alle 9.30: a point between hours and minutes.
    static func clock(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let hours = line.digits(i), hours.utf8.count < 3, let hour = Int(hours), hour < 25,
            line.joined(i + 1, "."),
            line.touches(i + 2), let minutes = line.digits(i + 2), minutes.utf8.count == 2, let minute = Int(minutes),
            minute < 60,
            line.ends(i + 3), !(line.joined(i + 3, ".") && line.touches(i + 4)),
            !(line.joined(i + 3, ",") && line.touches(i + 4)),
            isHour(line, i)
        else { return nil }
        return Reading(
            .time, to: i + 3, words: line.numbers.clock(hour: hour, minute: minute, second: nil, period: nil))
    }

    private static func isHour(_ line: LanguageLine, _ i: Int) -> Bool {
        guard let before = line.lower(i - 1) else { return false }
        if hours.contains(before) { return true }
        // dalle 9.00 alle 18.00, tra le 8.30 e le 9.30
        return before == "le" && ["tra", "fra", "per", "verso", "dopo", "entro", "e"].contains(line.lower(i - 2) ?? "")
    }

    /// gli anni '60: anni sessanta.
    static func decade(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.symbol(i, "'"), line.touches(i + 1), let digits = line.digits(i + 1), digits.utf8.count == 2,
            line.begins(i),
            line.ends(i + 2)
        else { return nil }
        return Reading(.date, to: i + 2, words: line.numbers.cardinal(digits, .alone))
    }
}
