/// Short forms that stand for one word in one trade and for another elsewhere: 2 c. sugar, the 3rd c., 11 reb, Rev. of
/// $3bn.
enum ShorthandRule {
    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let text = line.letters(i), text.utf8.count < 6, line.begins(i) || line.symbol(i - 1, "-") else {
            return nil
        }
        let isStopped = line.joined(i + 1, ".") && !(line.touches(i + 2) && line.kind(i + 2) != .symbol)
        // The last stop of a sentence stays.
        let end = isStopped && i + 2 < line.count ? i + 2 : i + 1
        guard isStopped || line.ends(i + 1) || line.joined(i + 1, "/") else { return nil }
        let next = isStopped ? i + 2 : i + 1
        guard
            let word = kitchen(line, i, text, next, isStopped) ?? court(line, i, text, next)
                ?? market(line, i, text, next, isStopped) ?? ward(line, i, text, next)
                ?? journey(line, i, text, next, isStopped)
        else { return nil }
        return Reading(.abbreviation, to: end, [Spoken](cell: word))
    }

    /// A number or a fraction ends before `i`, and a blank stands between.
    private static func isCounted(_ line: Line, _ i: Int) -> Bool {
        guard i > 0, !line.touches(i) else { return false }
        return line.kind(i - 1) == .digits || (0xBC...0xBE).contains(line.tokens[i - 1].symbol)
            || (0x2150...0x215E).contains(line.tokens[i - 1].symbol)
    }

    /// the 3rd c., 19th-c. France
    private static func isCentury(_ line: Line, _ i: Int) -> Bool {
        guard line.letters(i) == "c", line.joined(i + 1, ".") else { return false }
        let suffix = line.joined(i, "-") || line.touches(i) && line.symbol(i - 1, "-") ? i - 2 : i - 1
        return line.letters(suffix).map(OrdinalRule.suffixes.contains) == true && line.kind(suffix - 1) == .digits
    }

    private static let sizes = ["lg": "large", "sm": "small", "med": "medium", "lrg": "large"]
    private static let spoons = ["c": "cup", "T": "tablespoon", "t": "teaspoon"]

    /// 2 c. flour, 1 T. oil, 3 lg. eggs
    private static func kitchen(_ line: Line, _ i: Int, _ text: String, _ next: Int, _ isStopped: Bool) -> String? {
        if isCentury(line, i) { return "century" }
        if isStopped, text == "lg" || text == "lrg", next < line.count, line.kind(next) == .letters { return "large" }
        guard isCounted(line, i), !line.touches(next) || line.symbol(next, ")"),
            line.letters(next).map({ $0.first?.isLowercase == true }) ?? line.joined(next, ")")
        else { return nil }
        if let spoon = spoons[text], isStopped { return isOne(line, before: i) ? spoon : spoon + "s" }
        return sizes[text]
    }

    /// One or a part of one precedes `i`.
    private static func isOne(_ line: Line, before i: Int) -> Bool {
        guard let last = line.digits(i - 1) else { return !(line.touches(i - 1) && line.kind(i - 2) == .digits) }
        guard line.symbol(i - 2, "/") else { return last == "1" && !line.symbol(i - 2, ".") }
        return line.digits(i - 4) == nil && !(line.isDash(i - 4) && line.touches(i - 4))
    }

    private static let counted = [
        "reb": "rebounds", "rebs": "rebounds", "ast": "assists", "asts": "assists", "blk": "blocks", "blks": "blocks",
        "stl": "steals", "stls": "steals",
    ]

    /// 11 reb, 9 ast; Djokovic bt Alcaraz
    private static func court(_ line: Line, _ i: Int, _ text: String, _ next: Int) -> String? {
        if text == "bt" || text == "def", i > 0, line.tokens[i - 1].isCapitalized, next < line.count,
            line.tokens[next].isCapitalized, line.tokens[next].spaceBefore
        {
            return text == "bt" ? "beat" : "defeated"
        }
        if text == "agg" || text == "inn", line.lower(i - 1) == "on" || isCounted(line, i) {
            return text == "agg" ? "aggregate" : "innings"
        }
        // A 7.2-mag. quake
        if text == "mag", i > 0, line.kind(i - 1) == .digits || line.symbol(i - 1, "-") && line.kind(i - 2) == .digits {
            return "magnitude"
        }
        return isCounted(line, i) ? counted[text] : nil
    }

    private static let growing: Set<String> = [
        "of", "was", "is", "grew", "rose", "fell", "up", "down", "growth", "est", "guidance", "beat", "missed", "per",
    ]

    /// Rev. of $3.4B, $3.1B est., reg. $1,799
    private static func market(_ line: Line, _ i: Int, _ text: String, _ next: Int, _ isStopped: Bool) -> String? {
        switch text {
        case "Rev", "rev": return isStopped && line.letters(next).map(growing.contains) == true ? "revenue" : nil
        case "reg", "Reg":
            guard isStopped, line.kind(next) == .symbol else { return nil }
            return line.tables.currencies[line.tokens[next].text] == nil ? nil : "regular"
        case "est":
            guard isStopped, i > 0, !line.touches(i), line.letters(next)?.first?.isUppercase != true else {
                return nil
            }
            let isAmount = line.kind(i - 1) == .digits || line.symbol(i - 1, "%")
            return isAmount || line.touches(i - 1) && line.kind(i - 2) == .digits ? "estimated" : nil
        case "incl":
            return isStopped && (next >= line.count || line.symbol(next, ")")) ? "included" : nil
        case "Conf", "conf": return isStopped && line.symbol(next, "#") ? "confirmation" : nil
        case "Sec": return isStopped && line.letters(next) == "of" ? "secretary" : nil
        case "Ed":
            return isStopped && line.lower(i - 1) == "of" && line.lower(i - 2).map { $0.hasPrefix("dep") } != false
                && (line.symbol(i - 2, ".") || line.lower(i - 2) == "department" || line.lower(i - 2) == "dept")
                ? "education" : nil
        default: return nil
        }
    }

    private static let treated: Set<String> = [
        "is", "has", "was", "had", "denies", "denied", "reports", "reported", "states", "presents", "presented",
        "complains", "c", "w", "will", "seen", "admitted", "discharged", "tolerated", "arrived", "given", "with",
    ]

    /// Pt is a 67 y/o
    private static func ward(_ line: Line, _ i: Int, _ text: String, _ next: Int) -> String? {
        guard text == "Pt" || text == "pt" || text == "Pts", !isCounted(line, i),
            line.letters(next).map(treated.contains) == true
        else { return nil }
        return text == "Pts" ? "patients" : "patient"
    }

    /// Conn. at Ord; lat. 51.5, long. 0.12
    private static func journey(_ line: Line, _ i: Int, _ text: String, _ next: Int, _ isStopped: Bool) -> String? {
        guard isStopped else { return nil }
        switch text {
        case "Conn", "conn":
            return !line.symbol(i - 1, ",") && line.letters(next)?.first?.isLowercase == true ? "connection" : nil
        case "long":
            let isPlace = (max(0, i - 14)..<i).contains { ["lat", "latitude"].contains(line.lower($0) ?? "") }
            return isPlace && (line.digits(next) != nil || line.symbol(next, "-")) ? "longitude" : nil
        default: return nil
        }
    }
}
