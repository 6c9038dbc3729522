/// Roman numerals after the words that call for them.
enum RomanRule {
    private static let counted: Set<String> = [
        "chapter", "part", "act", "scene", "section", "volume", "vol", "book", "phase", "article", "war", "mark",
        "type", "level", "stage", "class", "grade", "bowl", "apollo", "gemini", "fantasy", "episode", "round", "rocky",
        "figure", "table", "appendix", "title", "canto", "psalm", "lesson", "unit", "division", "category", "factor",
        "corps", "number", "no", "page", "plate", "verse", "schedule", "tier", "version", "saturn", "explorer",
        "windows", "series", "season", "paragraph", "clause", "step", "group", "element", "exhibit", "amendment",
        "auto", "gta", "quest", "evil", "hearts", "souls", "kombat", "mode", "zone", "period", "battalion", "legion",
        "sonata", "symphony", "concerto", "variation", "bk", "ch", "pt", "chap", "sec", "art", "vatican", "nicaea",
        "trojan", "thing", "area", "option", "model", "generation", "gen", "annex", "panel", "theorem",
    ]
    /// What may follow "type I" where I is a numeral.
    private static let typed: Set<String> = [
        "error", "errors", "diabetes", "trial", "trials", "study", "studies", "collagen", "interferon", "clinical",
        "felony", "hypersensitivity", "reaction", "cells", "fibers", "muscle", "supernova", "supernovae", "milestone",
    ]
    private static let ruling: Set<String> = [
        "pope", "king", "queen", "henry", "louis", "edward", "george", "william", "charles", "james", "richard",
        "elizabeth", "napoleon", "pius", "benedict", "leo", "paul", "ramses", "frederick", "philip", "alexander",
        "nicholas", "peter", "catherine", "ivan", "umberto", "emmanuel", "gustav", "christian", "ferdinand", "mary",
        "john", "gregory", "clement", "innocent", "urban", "boniface", "francis", "carlos", "juan", "albert", "leopold",
        "otto", "wilhelm", "haakon", "harald", "olav", "harold", "robert", "david", "constantine", "ptolemy",
        "cleopatra", "thutmose", "amenhotep", "ramesses", "seti", "tutankhamun", "emperor", "kaiser", "tsar", "darius",
        "cyrus", "xerxes", "theodore", "rama", "murad", "selim", "mehmed", "franz", "karl", "friedrich", "joseph",
    ]

    /// Letters of numerals and of a possessive; most words end the question here.
    private static let isRoman: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for byte in "IVXLCDMivxlcdm's".utf8 { table[Int(byte)] = true }
        return table
    }()

    /// After these a single X or V is a letter: Xbox Series X, Generation X.
    private static let lettered: Set<String> = [
        "series", "model", "generation", "gen", "option", "area", "zone", "thing", "mode", "category", "panel",
        "element", "factor", "windows", "version", "group", "class", "plan",
    ]

    /// (iii), and (i) where (ii) stands in the line, too.
    private static func readListed(_ line: Line, at i: Int, _ text: String) -> Reading? {
        guard line.joined(i + 1, ")"), text == text.lowercased(), let value = NumberWords.roman(text.uppercased()),
            value < 40,
            line.symbol(i - 1, "(") && line.touches(i) || i == 0
        else { return nil }
        if text.utf8.count == 1 {
            let isSeries = (0..<line.count).contains {
                ["ii", "iv", "vi", "ix"].contains(line.letters($0) ?? "") && line.joined($0 + 1, ")")
            }
            guard
                isSeries
                    || text != "c" && text != "d" && text != "l" && text != "m" && line.symbol(i - 2, ")")
                        && line.touches(i - 1)
            else { return nil }
        }
        return Reading(.roman, to: i + 1, words: NumberWords.cardinal(value))
    }

    static func read(_ line: Line, at i: Int) -> Reading? {
        if let text = line.letters(i), line.joined(i + 1, ")"), text.utf8.count < 6,
            let listed = readListed(line, at: i, text)
        {
            return listed
        }
        // ii. at the beginning of a list's line
        if i == 0, let text = line.letters(i), (2...5).contains(text.utf8.count), line.joined(1, "."),
            line.letters(2) != nil,
            text == text.lowercased(), let value = NumberWords.roman(text.uppercased()), value < 40
        {
            return Reading(.roman, to: 1, words: NumberWords.cardinal(value))
        }
        guard var text = line.letters(i), text.utf8.count <= 10, text.utf8.allSatisfy({ isRoman[Int($0)] }),
            !line.touches(i), line.ends(i + 1)
        else { return nil }
        var possessive = false
        if text.hasSuffix("'s") {
            text.removeLast(2)
            possessive = true
        }
        if let century = century(line, at: i, text) { return century }
        let stop = line.symbol(i - 1, ".") && line.touches(i - 1)
        let place = stop ? i - 2 : i - 1
        if i == 0, text.utf8.count > 1, line.joined(i + 1, "."), i + 2 >= line.count,
            let value = NumberWords.roman(text)
        {
            return Reading(.roman, to: i + 1, words: NumberWords.cardinal(value))
        }
        if let year = year(line, at: i, text) { return year }
        guard i > 0, let before = line.letters(place) else { return nil }
        let lower = before.lowercased()
        // Scene iii, page iv
        if counted.contains(lower) || before == "p" || before == "pp", !possessive, text == text.lowercased(),
            text != "i", text != "mix", text != "mild",
            let value = NumberWords.roman(text.uppercased()), value < 90,
            text.utf8.count > 1 || text == "v" || text == "x"
        {
            return Reading(.roman, to: i + 1, words: NumberWords.cardinal(value))
        }
        guard let value = NumberWords.roman(text), text != "CD", text != "DC", text != "MD", text != "MC" else {
            return nil
        }
        if possessive {
            guard ruling.contains(lower) || counted.contains(lower) || text.utf8.count > 1,
                line.tokens[place].isCapitalized
            else { return nil }
            var words =
                ruling.contains(lower)
                ? ["the"] + NumberWords.ordinal(value)
                : counted.contains(lower) ? NumberWords.cardinal(value) : NumberWords.ordinal(value)
            words[words.count - 1] += "'s"
            return Reading(.roman, to: i + 1, words: words)
        }
        // Appendix C, Part D, Series X: a letter.
        if text.utf8.count == 1, "CDLM".contains(text) || "XV".contains(text) && lettered.contains(lower) { return nil }
        if counted.contains(lower) {
            if text == "I", let next = line.letters(i + 1), !line.touches(i + 1), typed.contains(next) {
                return Reading(.roman, to: i + 1, words: ["one"])
            }
            // Part I of the series
            if text == "I", let next = line.letters(i + 1), line.tokens[place].isCapitalized, place > 0 || next == "of",
                ["of", "and", "in", "covers", "begins", "ends", "deals", "shows", "opens", "to", "is", "contains"]
                    .contains(next)
            {
                return Reading(.roman, to: i + 1, words: ["one"])
            }
            if text == "I", line.letters(i + 1) != nil, !line.touches(i + 1), lower != "war",
                line.letters(i + 1)?.first?.isLowercase == true
            {
                return nil
            }
            return Reading(.roman, to: i + 1, words: NumberWords.cardinal(value))
        }
        guard !stop, line.tokens[place].isCapitalized, value < 40 else { return nil }
        if ruling.contains(lower) || line.lower(place - 1).map(titles.contains) == true {
            if text == "I", line.letters(i + 1)?.first?.isLowercase == true, !isVerb(line.letters(i + 1)) { return nil }
            return Reading(.roman, to: i + 1, words: ["the"] + NumberWords.ordinal(value))
        }
        // Another name with II, III, IV…; single letters may be initials.
        guard text.utf8.count > 1, text != "MIX", text != "DIM", before != before.uppercased(),
            !AddressRule.isCommonWord(before)
        else { return nil }
        return Reading(.roman, to: i + 1, words: NumberWords.ordinal(value))
    }

    /// the XIX century
    private static func century(_ line: Line, at i: Int, _ text: String) -> Reading? {
        guard let next = line.lower(i + 1),
            next == "century" || next == "centuries" || next == "cent" || next == "dynasty",
            let value = NumberWords.roman(text), value < 40
        else { return nil }
        return Reading(.roman, to: i + 1, words: NumberWords.ordinal(value))
    }

    /// King Æthelred II
    private static let titles: Set<String> = [
        "king", "queen", "pope", "emperor", "empress", "tsar", "sultan", "prince", "duke", "shah", "kaiser", "pharaoh",
    ]

    private static let dating: Set<String> = ["year", "copyright", "since", "in", "est", "anno", "of", "from", "dated"]

    /// © MMXXIII, the year MCMXCIV
    private static func year(_ line: Line, at i: Int, _ text: String) -> Reading? {
        guard text.utf8.count > 3, let value = NumberWords.roman(text), (1400...2100).contains(value),
            line.symbol(i - 1, "©") || line.lower(line.symbol(i - 1, ".") ? i - 2 : i - 1).map(dating.contains) == true
        else { return nil }
        return Reading(.date, to: i + 1, words: NumberWords.year(value))
    }

    private static func isVerb(_ text: String?) -> Bool {
        [
            "was", "is", "had", "of", "and", "died", "became", "reigned", "ruled", "to", "in", "who", "made", "has",
            "succeeded",
        ].contains(text ?? "")
    }
}
