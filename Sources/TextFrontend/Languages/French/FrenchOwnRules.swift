import SpeechSignal

/// What only French writes so: 13 h 45, XXIe, l'ONU, n° 5, les 17 et 18/19 mars, 17.06.
enum FrenchOwnRules {
    static let all: [LanguageRule] = [
        { clock($0, $1) }, { days($0, $1) }, { shortDate($0, $1) }, { century($0, $1) }, { degrees($0, $1) },
        { number($0, $1) }, { elided($0, $1) }, { elidedFigure($0, $1) }, { title($0, $1) }, { second($0, $1) },
        { groupedOrdinal($0, $1) }, { consumption($0, $1) }, { compound($0, $1) }, { outOf($0, $1) }, { by($0, $1) },
    ]

    /// 13 h 45, 7h, 7 h 05 min, 1 h 30 min 20 s.
    private static func clock(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let digits = line.digits(i), digits.utf8.count < 4, let hour = Int(digits),
            line.begins(i) || line.isDash(i - 1),
            let sign = line.letters(i + 1), ["h", "H", "heure", "heures"].contains(sign)
        else { return nil }
        let isShort = sign.utf8.count == 1
        guard isShort || line.digits(i + 2) != nil, !isShort || hour < 200 else { return nil }
        var end = i + 2
        var minute = 0
        var hasMinutes = false
        if let text = line.digits(end), text.utf8.count <= 2, let value = Int(text), value < 60,
            isShort || text.utf8.count == 2, !isNumberOfSomethingElse(line, end + 1)
        {
            (minute, hasMinutes) = (value, true)
            end += 1
        }
        // km/h and kWh are units, "H2O" is none of this.
        guard
            !line.touches(end) || line.ends(end) || line.isDash(end) || line.symbol(end, "/")
                || hasMinutes && line.letters(end) != nil
        else { return nil }
        var words = line.numbers.clock(hour: hour, minute: minute, second: nil, period: nil)
        // 9h-12h, 24h/24
        if line.isDash(end), line.touches(end), let rest = clock(line, end + 1) {
            return Reading(.time, to: rest.end, words.map(Spoken.word) + [.word(line.words.range)] + rest.spoken)
        }
        if line.joined(end, "/"), let figure = line.digits(end + 1) {
            return Reading(.time, to: end + 2, words: words + ["sur"] + line.numbers.cardinal(figure, .alone))
        }
        if hasMinutes, let unit = line.lower(end), ["min", "mn", "mins", "minute", "minutes"].contains(unit) {
            end = line.joined(end + 1, ".") && end + 2 < line.count ? end + 2 : end + 1
            words.append(minute == 1 ? "minute" : "minutes")
            if let text = line.digits(end), let second = Int(text), second < 60,
                ["s", "sec"].contains(line.letters(end + 1))
            {
                words += line.numbers.cardinal(second, .before(.feminine)) + [second == 1 ? "seconde" : "secondes"]
                end += 2
            }
        } else if isShort, !hasMinutes, line.joined(end, "."), end + 1 < line.count, line.letters(end + 1) != nil {
            end += 1
        }
        return Reading(.time, to: end, words: words)
    }

    /// What follows the figures makes them no minutes: a unit, or a currency.
    private static func isNumberOfSomethingElse(_ line: LanguageLine, _ i: Int) -> Bool {
        if AmountRule.code(line, i) != nil || line.symbol(i, "%") { return true }
        guard let text = line.letters(i), !["min", "mn", "mins", "minute", "minutes", "m", "h"].contains(text) else {
            return line.joined(i, ",") && line.touches(i + 1) && line.digits(i + 1) != nil
        }
        return line.tables.units[text] != nil
    }

    /// les 17/18 juin, 17-18-19 mars: days before a month, one after another.
    private static func days(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let first = day(line, i), line.begins(i) else { return nil }
        var days = [first]
        var at = i + 1
        while line.joined(at, "/") || line.joined(at, "-") || line.joined(at, "–"), line.touches(at + 1),
            let next = day(line, at + 1)
        {
            days.append(next)
            at += 2
        }
        guard days.count > 1, let month = line.lower(at), line.tables.months[month] != nil else { return nil }
        let isSpan = days.count == 2 && !line.symbol(i + 1, "/")
        let spoken = days.map { line.numbers.date(day: $0, month: nil, year: nil) }
        return Reading(.date, to: at, words: Array(spoken.joined(separator: isSpan ? [line.words.range] : [])))
    }

    private static func day(_ line: LanguageLine, _ i: Int) -> Int? {
        guard let text = line.digits(i), text.utf8.count <= 2, let n = Int(text), (1...31).contains(n) else {
            return nil
        }
        return n
    }

    private static let cues: Set<String> = ["le", "du", "au", "dès", "depuis", "jusqu'au"]

    /// 17.06, 01/05: day and month of two figures each, the month with its zero or a word before that wants a date.
    private static func shortDate(_ line: LanguageLine, _ i: Int) -> Reading? {
        let isSlash = line.joined(i + 1, "/")
        guard let day = day(line, i), line.begins(i), isSlash || line.joined(i + 1, "."), line.touches(i + 2),
            let text = line.digits(i + 2), text.utf8.count <= 2, let month = Int(text), (1...12).contains(month),
            line.ends(i + 3), !(line.joined(i + 3, isSlash ? "/" : ".") && line.touches(i + 4)),
            QuantityRule.unit(line, i + 3) == nil, AmountRule.code(line, i + 3) == nil, line.lower(i + 3) != "h"
        else { return nil }
        let isCued = cues.contains(line.lower(i - 1) ?? "")
        if isSlash {
            // "le 2/3 des voix" is a part.
            let next = line.lower(i + 3) ?? ""
            guard isCued, !["de", "des", "du"].contains(next), !next.hasPrefix("d'") else { return nil }
        } else {
            guard line.tokens[i].text.utf8.count == 2, text.utf8.count == 2,
                isCued || text.utf8.first == 48 && (i == 0 || line.kind(i - 1) != .symbol)
            else { return nil }
        }
        return Reading(.date, to: i + 3, words: line.numbers.date(day: day, month: month, year: nil))
    }

    /// XXIe, Ier, IIe, XIXème: Roman figures with an ending, in one word.
    private static func century(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let text = line.letters(i) else { return nil }
        let roman = text.prefix { "IVXLC".contains($0) }
        let ending = String(text.dropFirst(roman.count))
        guard !roman.isEmpty, !ending.isEmpty, roman.contains(where: { "IVX".contains($0) }),
            let n = NumberWords.roman(String(roman)),
            n > 0, let found = line.rules.ordinalEndings[ending],
            (n == 1) == (ending.hasPrefix("er") || ending.hasPrefix("r") || ending.hasPrefix("èr"))
        else { return nil }
        var reading = OrdinalSignRule.reading(line, n, found, to: i + 1, .roman)
        // XVIIe s.
        if line.letters(i + 1) == "s", !line.touches(i + 1) {
            reading.spoken.append(.word("siècle"))
            reading.end = line.joined(i + 2, ".") && i + 3 < line.count && !line.touches(i + 3) ? i + 3 : i + 2
        }
        return reading
    }

    /// 6°, 20° N: degrees without a scale.
    private static func degrees(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let digits = line.digits(i), line.joined(i + 1, "°"), line.touches(i + 2),
            let minutes = line.digits(i + 2),
            line.joined(i + 3, "'")
        else { return nil }
        return Reading(
            .measure, to: i + 4,
            words: line.numbers.cardinal(digits, .alone) + ["degrés"]
                + line.numbers.cardinal(minutes, .before(.feminine)) + ["minutes"])
    }

    /// n° 5, N°5, nos 3 et 4.
    private static func number(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let text = line.lower(i) else { return nil }
        if text == "n" || text == "nos" || text == "no", line.joined(i + 1, "°") || line.joined(i + 1, "º") {
            return Reading(.abbreviation, to: i + 2, words: [text == "nos" ? "numéros" : "numéro"])
        }
        guard text == "no", line.digits(i + 1) != nil, !line.touches(i + 1) else { return nil }
        return Reading(.abbreviation, to: i + 1, words: ["numéro"])
    }

    /// 2nd, 2nde: "second".
    private static func second(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.digits(i) == "2", line.touches(i + 1), let ending = line.letters(i + 1),
            !line.touches(i + 2) || line.ends(i + 2)
        else { return nil }
        let words = [
            "nd": "second", "d": "second", "nde": "seconde", "de": "seconde", "nds": "seconds", "ndes": "secondes",
        ]
        return words[ending].map { Reading(.ordinal, to: i + 2, words: [$0]) }
    }

    /// 1 000e: an ending after a number in groups.
    private static func groupedOrdinal(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let number = line.number(i), number.isGrouped, let n = number.value, n < 1_000_000_000_000,
            line.touches(number.end),
            let ending = OrdinalSignRule.ending(line, number.end)
        else { return nil }
        return OrdinalSignRule.reading(line, n, ending, to: number.end + 1, .ordinal)
    }

    /// l'ONU, d'EDF: an elided word before capitals.
    private static func elided(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let text = line.letters(i), let apostrophe = text.firstIndex(of: "'") else { return nil }
        let (stem, rest) = (String(text[...apostrophe]), String(text[text.index(after: apostrophe)...]))
        guard FrenchWords.isElided(stem.lowercased()), rest.unicodeScalars.count > 1, rest == rest.uppercased(),
            !line.isShouted,
            rest.utf8.allSatisfy({ $0 != 39 })
        else { return nil }
        if let known = line.tables.acronyms[rest] {
            return Reading(
                .acronym, to: i + 1,
                known.map { [Spoken](words: stem.lowercased() + $0) } ?? [.word(stem.lowercased()), .letters(rest)])
        }
        if NumberWords.roman(rest) != nil || rest.utf8.count > 6 || line.rules.isWord(acronym: rest) { return nil }
        return Reading(.acronym, to: i + 1, [.word(stem.lowercased()), .letters(rest)])
    }

    /// d'1,5 million: the letter before a figure is an elided word.
    private static func elidedFigure(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let text = line.lower(i), line.joined(i + 1, "'"), line.touches(i + 2), line.digits(i + 2) != nil,
            FrenchWords.isElided(text + "'")
        else { return nil }
        return Reading(.abbreviation, to: i + 2, words: [text + "'"])
    }

    private static let titles = ["Me": "maître", "St": "saint", "Ste": "sainte", "Sts": "saints", "Stes": "saintes"]

    /// "M. Dupont" is a person; "M." in "J. M. Coetzee" is an initial, which the shared rules read. "Me Garnier",
    /// "St-Malo".
    private static func title(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let text = line.letters(i) else { return nil }
        if let spoken = titles[text] {
            let place = line.joined(i + 1, "-") || line.joined(i + 1, ".") ? i + 2 : i + 1
            guard line.kind(place) == .letters, line.tokens[place].startsUpper else { return nil }
            return Reading(.abbreviation, to: place, words: [spoken])
        }
        guard text == "M" || text == "MM" else { return nil }
        let words = [text == "M" ? "monsieur" : "messieurs"]
        // "M. et Mme Martin"
        let behind = line.joined(i + 1, ".") ? i + 2 : i + 1
        if text == "M", line.lower(behind) == "et", line.letters(behind + 1)?.hasPrefix("M") == true {
            return Reading(.abbreviation, to: behind, words: words)
        }
        let isInitial = i > 1 && line.symbol(i - 1, ".") && line.letters(i - 2)?.unicodeScalars.count == 1
        guard line.joined(i + 1, "."), let next = line.lower(i + 2), !isInitial,
            line.tokens[i + 2].startsUpper || next == "le" || next == "la" || next.hasPrefix("l'")
        else { return nil }
        return Reading(.abbreviation, to: i + 2, words: words)
    }

    /// 5 l/100 km: "aux cent kilomètres".
    private static func consumption(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let number = line.number(i), ["l", "L"].contains(line.letters(number.end) ?? ""),
            line.joined(number.end + 1, "/"),
            line.digits(number.end + 2) == "100", line.letters(number.end + 3) == "km"
        else { return nil }
        let unit = number.isOne ? "litre" : "litres"
        return Reading(
            .measure, to: number.end + 4,
            words: line.spoken(number, .before(.masculine)) + [unit, "aux", "cent", "kilomètres"])
    }

    /// e-mail, T-shirt: a letter and a hyphen that begin a word of the language's own rows.
    private static func compound(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let first = line.lower(i), first.utf8.count == 1, line.joined(i + 1, "-"), line.touches(i + 2),
            let rest = line.lower(i + 2), line.tables.lexicon[first + "-" + rest] != nil
        else { return nil }
        return Reading(.abbreviation, to: i + 3, words: [first + "-" + rest])
    }

    /// 15,5/20, 7j/7: out of.
    private static func outOf(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let number = line.number(i) else { return nil }
        let isDays = line.letters(number.end) == "j"
        let place = isDays ? number.end + 1 : number.end
        guard isDays || number.fraction != nil, line.joined(place, "/"), line.touches(place + 1),
            let whole = line.digits(place + 1), line.ends(place + 2)
        else { return nil }
        let words = line.spoken(number, .before(.masculine)) + (isDays ? ["jours"] : []) + ["sur"]
        return Reading(.fraction, to: place + 2, words: words + line.numbers.cardinal(whole, .alone))
    }

    /// 10 x 15 cm, 3 x 4: an x for a sign.
    private static func by(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.lower(i) == "x", line.digits(i - 1) != nil, let number = line.number(i + 1) else { return nil }
        return Reading(.math, to: i + 1, words: [QuantityRule.unit(line, number.end) == nil ? line.words.times : "sur"])
    }
}
