/// 1/2, 3 2/4, 1/4th, ½, 3½.
enum FractionRule {
    private static let vulgar: [UInt32: (String, String)] = [
        0xBD: ("1", "2"), 0xBC: ("1", "4"), 0xBE: ("3", "4"), 0x2153: ("1", "3"), 0x2154: ("2", "3"),
        0x2155: ("1", "5"),
        0x2156: ("2", "5"), 0x2157: ("3", "5"), 0x2158: ("4", "5"), 0x2159: ("1", "6"), 0x215A: ("5", "6"),
        0x2150: ("1", "7"),
        0x215B: ("1", "8"), 0x215C: ("3", "8"), 0x215D: ("5", "8"), 0x215E: ("7", "8"), 0x2151: ("1", "9"),
        0x2152: ("1", "10"),
    ]

    /// What is written like a fraction and is none.
    private static let idioms = [
        "24/7": ["twenty", "four", "seven"], "9/11": ["nine", "eleven"], "50/50": ["fifty", "fifty"],
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        if let (over, under) = line.tokens[i].symbol == 0 ? nil : vulgar[line.tokens[i].symbol] {
            return Reading(.fraction, to: i + 1, words: words(over, under))
        }
        guard let first = line.digits(i) else { return nil }
        if let (over, under) = i + 1 < line.count ? vulgar[line.tokens[i + 1].symbol] : nil {
            return Reading(
                .fraction, to: i + 2, words: NumberWords.cardinal(first) + ["and"] + words(over, under, mixed: true))
        }
        if let simple = plain(line, at: i) {
            return Reading(.fraction, to: simple.end, words: words(simple.over, simple.under))
        }
        if first.utf8.count <= 4, !line.touches(i + 1), let simple = plain(line, at: i + 1) {
            return Reading(
                .fraction, to: simple.end,
                words: NumberWords.cardinal(first) + ["and"] + words(simple.over, simple.under, mixed: true))
        }
        return nil
    }

    private static func plain(_ line: Line, at i: Int) -> (over: String, under: String, end: Int)? {
        guard let over = line.digits(i), line.joined(i + 1, "/"), line.touches(i + 2), let under = line.digits(i + 2),
            over.utf8.count <= 4, under.utf8.count <= 4, Int(under) ?? 0 > 1
        else { return nil }
        if i > 0, line.touches(i), !line.symbol(i - 1, "("), !line.symbol(i - 1, "\"") { return nil }
        var end = i + 3
        if line.touches(end), let suffix = line.lower(end) {
            guard OrdinalRule.suffixes.contains(suffix) else { return nil }
            end += 1
        }
        guard line.ends(end) || line.isDash(end) else { return nil }
        return (over, under, end)
    }

    private static func words(_ over: String, _ under: String, mixed: Bool = false) -> [String] {
        if let fixed = idioms[over + "/" + under], !mixed { return fixed }
        let one = over == "1"
        if mixed, one, under == "2" || under == "4" { return ["a"] + NumberWords.part(under, plural: false) }
        return NumberWords.cardinal(over) + NumberWords.part(under, plural: !one)
    }
}
