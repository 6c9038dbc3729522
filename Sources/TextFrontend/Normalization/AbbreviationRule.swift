/// Abbreviations by table, initials and dotted acronyms.
enum AbbreviationRule {
    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let text = line.letters(i) else { return nil }
        if let initials = initials(line, at: i) { return initials }
        if text == "WW", line.touches(i + 1), let number = line.digits(i + 1), number == "1" || number == "2",
            line.ends(i + 2)
        {
            return Reading(.abbreviation, to: i + 2, words: ["world", "war"] + NumberWords.cardinal(number))
        }
        if text == "FL", line.touches(i + 1), let level = line.digits(i + 1), level.utf8.count == 3, line.ends(i + 2) {
            return Reading(.abbreviation, to: i + 2, words: ["flight", "level"] + NumberWords.paired(level))
        }
        if line.joined(i + 1, "/"), text == "w" {
            if line.touches(i + 2), let rest = line.letters(i + 2),
                let word = ["o": "without", "out": "without", "in": "within", "e": "whatever"][rest]
            {
                return Reading(.abbreviation, to: i + 3, words: [word])
            }
            return Reading(.abbreviation, to: i + 2, words: ["with"])
        }
        if line.joined(i + 1, "/"), line.touches(i + 2), let second = line.letters(i + 2), line.begins(i),
            line.ends(i + 3),
            let meaning = line.tables.abbreviations[text + "/" + second]
        {
            return Reading(.abbreviation, to: i + 3, [Spoken](cell: meaning[0].spoken))
        }
        // Roe v. Wade, Acme Inc. v. Smith
        if text == "v", i > 0, !line.touches(i),
            line.tokens[i - 1].isCapitalized || i > 1 && line.symbol(i - 1, ".") && line.tokens[i - 2].isCapitalized
        {
            let next = line.joined(i + 1, ".") ? i + 2 : i + 1
            if next < line.count, line.tokens[next].isCapitalized, !line.touches(next) {
                return Reading(.abbreviation, to: next, words: ["versus"])
            }
        }
        if let special = special(line, at: i, text) ?? ShorthandRule.read(line, at: i) { return special }
        guard let candidates = line.tables.abbreviations[text] ?? capitals(line, text),
            !(i > 0 && line.touches(i) && line.symbol(i - 1, "'"))
        else { return nil }
        // Dr.Smith, No.5
        let isTitle =
            line.touches(i + 2) && line.kind(i + 2) == .letters && line.tokens[i + 2].isCapitalized
            && candidates.contains { $0.place == .any || $0.place == .name } && line.tokens[i + 2].text.utf8.count > 1
        let isNumbered =
            line.touches(i + 2) && line.digits(i + 2) != nil && text.utf8.count > 1
            && candidates.contains { $0.place == .number }
        let stop =
            line.joined(i + 1, ".")
            && (isTitle || isNumbered || !(line.touches(i + 2) && line.kind(i + 2) != .symbol))
        for candidate in candidates {
            // "Rev 3:16" needs no full stop.
            let needsStop =
                candidate.place != .verse && line.tables.dotted.contains(text + "." + candidate.place.rawValue)
            if needsStop, !stop || i + 2 >= line.count && !candidate.endsSentence { continue }
            if !needsStop, !line.ends(i + 1) { continue }
            let next = stop ? i + 2 : i + 1
            guard fits(line, i, next: next, candidate, stop: stop) else { continue }
            if candidate.place == .any, text == "Dr", isDrive(line, i, next: next) { continue }
            // A stop that also ends the sentence stays as punctuation.
            let end = stop && i + 2 < line.count ? i + 2 : i + 1
            return Reading(.abbreviation, to: end, [Spoken](cell: candidate.spoken))
        }
        return nil
    }

    /// MR. SMITH, DR SMITH: titles among capitals.
    private static func capitals(_ line: Line, _ text: String) -> [Tables.Abbreviation]? {
        guard text.utf8.count < 5, text.utf8.dropFirst().first.map({ $0 < 91 }) == true, titles.contains(text) else {
            return nil
        }
        return line.tables.abbreviations[text.prefix(1) + text.dropFirst().lowercased()]
    }

    private static let titles: Set<String> = [
        "MR", "MRS", "MS", "DR", "PROF", "LT", "SGT", "CAPT", "COL", "GOV", "SEN", "REP",
    ]
    private static let estimated: Set<String> = [
        "time", "delivery", "cost", "costs", "arrival", "wait", "population", "value", "price", "reading", "duration",
        "travel",
    ]

    private static func special(_ line: Line, at i: Int, _ text: String) -> Reading? {
        guard text.utf8.count < 4 || line.touches(i + 1) else { return nil }
        // AAA batteries
        if text == "AAA" || text == "AA", let next = line.lower(i + 1),
            ["battery", "batteries", "cell", "cells", "rating", "rated", "bond", "bonds"].contains(next)
        {
            return Reading(.acronym, to: i + 1, [.word(text == "AA" ? "double" : "triple"), .letters("A")])
        }
        // No. of guests, (not incl.), S3 Ep7
        if text == "No", line.joined(i + 1, "."), line.letters(i + 2) == "of" {
            return Reading(.abbreviation, to: i + 2, words: ["number"])
        }
        if text == "Ep" || text == "ep", line.touches(i + 1), line.digits(i + 1) != nil {
            return Reading(.abbreviation, to: i + 1, words: ["episode"])
        }
        // Ab major
        if text.utf8.count == 2, text.hasSuffix("b"), "ABDEG".contains(text.prefix(1)),
            ["major", "minor"].contains(line.lower(i + 1) ?? "")
        {
            return Reading(.abbreviation, to: i + 1, [.letters(String(text.prefix(1))), .word("flat")])
        }
        // Gen Z, Gen Alpha
        if text == "Gen", let next = line.letters(i + 1), !line.touches(i + 1),
            ["X", "Y", "Z", "Alpha", "Beta"].contains(next)
        {
            return Reading(.abbreviation, to: i + 1, words: ["gen"])
        }
        // Exp. 05/26
        if text == "Exp" || text == "exp" {
            let next = line.joined(i + 1, ".") || line.joined(i + 1, ":") ? i + 2 : i + 1
            if line.digits(next) != nil, line.joined(next + 1, "/") {
                return Reading(.abbreviation, to: line.symbol(i + 1, ".") ? i + 2 : i + 1, words: ["expires"])
            }
        }
        // TL;DR
        if text == "TL", line.joined(i + 1, ";"), line.touches(i + 2), line.letters(i + 2) == "DR" {
            return Reading(.acronym, to: i + 3, [.letters("TLDR")])
        }
        if let chat = ChatRule.read(line, at: i) { return chat }
        // whats ur eta, eta 10 min
        if text == "eta", line.digits(i + 1) != nil || line.lower(i - 1) == "ur" || line.lower(i - 1) == "your" {
            return Reading(.acronym, to: i + 1, [.letters("ETA")])
        }
        // est. 5 min
        if text == "est" || text == "Est", line.joined(i + 1, ".") {
            let isYear = line.digits(i + 2)?.utf8.count == 4 && !line.joined(i + 3, ",")
            if line.digits(i + 2) != nil && !isYear || line.symbol(i + 2, "$")
                || line.lower(i + 2).map(estimated.contains) == true
            {
                return Reading(.abbreviation, to: i + 2, words: ["estimated"])
            }
        }
        return ChatRule.readPronoun(line, at: i)
    }

    private static func fits(_ line: Line, _ i: Int, next: Int, _ candidate: Tables.Abbreviation, stop: Bool) -> Bool {
        switch candidate.place {
        case .any: return true
        case .number:
            return line.digits(line.symbol(next, "#") ? next + 1 : next) != nil || isCode(line, next)
                || line.symbol(next + 1, ".") && line.digits(next + 2) != nil
                    && ["c", "ca", "abt", "aft", "bef"].contains(line.letters(next) ?? "")
                || line.letters(next).map { NumberWords.roman($0) != nil && $0 != "I" || isPage($0) } == true
        case .verse: return VerseRule.isVerse(line, next)
        case .name:
            if followsRank(line, i) { return true }
            // John Smith Sr. is no sister.
            if line.letters(i) == "Sr", i > 0, line.tokens[i - 1].isCapitalized { return false }
            if line.letters(i) == "ft", i > 0, line.kind(i - 1) == .digits { return false }
            guard next < line.count, !line.touches(next), line.tokens[next].isCapitalized,
                stop || line.tokens[next].text != "Up"
            else { return false }
            // "Elm St. It was": a name before it makes it a street, unless a name follows.
            return !(isStreet(line, i) && stop && startsSentence(line.tokens[next].text))
                && !(isStreet(line, i) && hasHouseNumber(line, i))
        case .street: return isStreet(line, i)
        // Portland, Ore.
        case .state: return i > 1 && line.symbol(i - 1, ",") && line.tokens[i - 2].isCapitalized
        }
    }

    /// A capitalized name or an ordinal precedes the abbreviation.
    private static func isStreet(_ line: Line, _ i: Int) -> Bool {
        guard i > 0, line.tokens[i].spaceBefore else { return false }
        if line.tokens[i - 1].isCapitalized { return i > 1 || !AddressRule.isCommonWord(line.tokens[i - 1].text) }
        return line.letters(i - 1).map(OrdinalRule.suffixes.contains) ?? false
    }

    /// Smith Dr. in St. Louis: a street, as no name follows.
    private static func isDrive(_ line: Line, _ i: Int, next: Int) -> Bool {
        isStreet(line, i) && next < line.count && !line.tokens[next].isCapitalized
    }

    /// ch. xii
    private static func isPage(_ text: String) -> Bool {
        text.utf8.count > 1 && text == text.lowercased() && NumberWords.roman(text.uppercased()) ?? 99 < 90
    }

    /// SN-0042, B12: capitals before figures.
    private static func isCode(_ line: Line, _ i: Int) -> Bool {
        guard let text = line.letters(i), text.utf8.count < 5, text == text.uppercased(), line.touches(i + 1) else {
            return false
        }
        return line.digits(i + 1) != nil
            || line.symbol(i + 1, "-") && line.touches(i + 2) && line.digits(i + 2) != nil
    }

    private static let lowerRanks: Set<String> = ["Lt", "Maj", "Brig"]

    /// Lt. Col., Maj. Gen.: the second rank needs no name after it.
    private static func followsRank(_ line: Line, _ i: Int) -> Bool {
        guard line.letters(i) == "Col" || line.letters(i) == "Gen" else { return false }
        return line.letters(line.symbol(i - 1, ".") ? i - 2 : i - 1).map(lowerRanks.contains) == true
    }

    private static func hasHouseNumber(_ line: Line, _ i: Int) -> Bool {
        (max(0, i - 4)..<i).contains { line.kind($0) == .digits }
    }

    private static func startsSentence(_ text: String) -> Bool { AddressRule.isCommonWord(text) }

    /// U.S.A., e.g., J. R. R.
    private static func initials(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.letters(i), first.utf8.count <= 2, line.joined(i + 1, ".") else { return nil }
        if let degree = degree(line, at: i) { return degree }
        // Ph.D. has two letters in front; its second part and stop must be there.
        if first.utf8.count == 2 {
            guard line.touches(i + 2), line.letters(i + 2)?.utf8.count == 1, line.joined(i + 3, "."),
                first.first?.isUppercase == true
            else { return nil }
        }
        var letters = first
        var end = i + 1
        while line.joined(end, "."), line.touches(end + 1), let next = line.letters(end + 1), next.utf8.count == 1 {
            letters += next
            end += 2
        }
        if letters.utf8.count == 1 {
            // "J. Smith" is a letter; the stop is silent before a name.
            guard first.first?.isUppercase == true, first != "I" || line.letters(i + 2) == nil, i + 2 < line.count,
                line.tokens[i + 2].isCapitalized
            else { return nil }
            return Reading(.acronym, to: i + 2, [.letters(first)])
        }
        var known: Spoken?
        if let meaning = line.tables.abbreviations[spelledOut(letters)] { known = .word(meaning[0].spoken) }
        if line.joined(end, ".") {
            let closes = end + 1 == line.count || line.symbol(end + 1, "\"") && end + 2 == line.count
            if !closes { end += 1 }
        }
        if case .word(let spoken) = known { return Reading(.abbreviation, to: end, [Spoken](cell: spoken)) }
        if line.touches(end),
            line.letters(end) == "s" || line.symbol(end, "'") && line.letters(end + 1) == "s" && line.touches(end + 1)
        {
            return Reading(
                .acronym, to: line.letters(end) == "s" ? end + 1 : end + 2, [.letters(letters.uppercased() + "'s")])
        }
        return Reading(.acronym, to: end, [.letters(letters.uppercased())])
    }

    /// What follows the letter of a degree, and whether it is said as a word.
    private static let faculties = [
        "Sc": false, "Th": false, "Phil": true, "Ed": true, "Eng": true, "Tech": true, "Com": true, "Comm": true,
        "Arch": true, "Mus": true, "Litt": true, "Res": true, "Div": true, "Des": true, "Psych": true,
    ]

    /// B.Sc., M.Phil., D.Th.
    private static func degree(_ line: Line, at i: Int) -> Reading? {
        guard let level = line.letters(i), ["B", "M", "D"].contains(level), line.touches(i + 2),
            let faculty = line.letters(i + 2), let isWord = faculties[faculty], line.ends(i + 3)
        else { return nil }
        let spoken: [Spoken] =
            isWord ? [.letters(level), .word(faculty)] : [.letters(level + faculty.uppercased())]
        return Reading(.acronym, to: line.joined(i + 3, ".") && i + 4 < line.count ? i + 4 : i + 3, spoken)
    }

    private static func spelledOut(_ letters: String) -> String { letters.map(String.init).joined(separator: ".") }
}
