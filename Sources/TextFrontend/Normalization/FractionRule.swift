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
        "24/7": ["twenty", "four", "seven"], "20/20": ["twenty", "twenty"], "9/11": ["nine", "eleven"],
        "50/50": ["fifty", "fifty"],
    ]

    private static let halved: Set<String> = ["price", "off", "time", "marathon", "day", "dozen"]

    static func isIdiom(_ over: String, _ under: String) -> Bool { idioms[over + "/" + under] != nil }

    /// 1/250 s, 1/60 sec: how long a picture is exposed.
    private static func exposure(_ line: Line, at i: Int) -> Reading? {
        guard line.digits(i) == "1", line.joined(i + 1, "/"), line.touches(i + 2), let under = line.digits(i + 2),
            let unit = line.letters(i + 3), unit == "s" || unit == "sec" || unit == "second", line.ends(i + 4),
            under != "2",
            line.begins(i)
        else { return nil }
        return Reading(
            .measure, to: i + 4, words: ["one"] + NumberWords.part(under, plural: false) + ["of", "a", "second"])
    }

    /// A fraction takes the unit that follows: 1½ tsp, 1/2 km.
    static func read(_ line: Line, at i: Int) -> Reading? {
        if let exposure = exposure(line, at: i) { return exposure }
        // 1–1½ hrs
        if let low = line.digits(i), low.utf8.count < 4, line.isDash(i + 1), line.touches(i + 1), line.touches(i + 2),
            line.begins(i),
            let high = line.digits(i + 2), i + 3 < line.count, line.touches(i + 3),
            vulgar[line.tokens[i + 3].symbol] != nil,
            high.utf8.count < 4, let rest = read(line, at: i + 2)
        {
            return Reading(
                rest.category, to: rest.end, [Spoken](words: NumberWords.cardinal(low) + ["to"]) + rest.spoken)
        }
        guard let bare = readBare(line, at: i) else { return nil }
        // 120/80 mmHg
        if bare.category == .score, line.letters(bare.end) == "mmHg", let unit = line.tables.units["mmHg"] {
            return Reading(.measure, to: bare.end + 1, bare.spoken + [Spoken](cell: unit.many))
        }
        guard bare.category == .fraction else { return bare }
        // ½" thick, a ¾" pipe, 3½"
        if line.joined(bare.end, "\""), !SymbolRule.closesQuote(line, bare.end), line.tokens[bare.end - 1].symbol != 0 {
            let isMixed = bare.spoken.contains(.word("and"))
            let isHalf = bare.spoken.last == .word("half")
            return Reading(
                .measure, to: bare.end + 1,
                bare.spoken + [Spoken](words: isMixed ? ["inches"] : isHalf ? ["inch"] : ["of", "an", "inch"]))
        }
        let mixed = bare.spoken.contains(.word("and"))
        guard let unit = MeasureRule.unit(line, bare.end, after: bare.end, plural: mixed) else { return bare }
        // 2 1/4 tsp. yeast
        let isStopped = line.joined(unit.end, ".") && line.letters(unit.end + 1)?.first?.isLowercase == true
        return Reading(.measure, to: isStopped ? unit.end + 1 : unit.end, bare.spoken + unit.words)
    }

    private static func readBare(_ line: Line, at i: Int) -> Reading? {
        if let (over, under) = line.tokens[i].symbol == 0 ? nil : vulgar[line.tokens[i].symbol] {
            return Reading(.fraction, to: i + 1, words: words(over, under))
        }
        guard let first = line.digits(i) else { return nil }
        if let (over, under) = i + 1 < line.count ? vulgar[line.tokens[i + 1].symbol] : nil {
            return Reading(
                .fraction, to: i + 2, words: NumberWords.cardinal(first) + ["and"] + words(over, under, mixed: true))
        }
        // 1-1/2
        if first.utf8.count <= 2, line.joined(i + 1, "-"), line.touches(i + 2), line.begins(i),
            let simple = plain(line, at: i + 2, joins: true), let over = Int(simple.over),
            let under = Int(simple.under),
            over < under
        {
            return Reading(
                .fraction, to: simple.end,
                words: NumberWords.cardinal(first) + ["and"] + words(simple.over, simple.under, mixed: true))
        }
        if let simple = plain(line, at: i) {
            if isTime(line, i, simple.under) {
                return Reading(
                    .fraction, to: simple.end,
                    words: NumberWords.cardinal(simple.over) + NumberWords.cardinal(simple.under))
            }
            if let scored = outOf(line, at: i, simple.over, simple.under) {
                return Reading(.score, to: simple.end, words: scored)
            }
            if line.symbol(simple.end, "\""), line.touches(simple.end), !SymbolRule.closesQuote(line, simple.end),
                let over = Int(simple.over), let under = Int(simple.under), over < under
            {
                return Reading(
                    .measure, to: simple.end + 1,
                    words: words(simple.over, simple.under)
                        + (simple.over == "1" && under == 2 ? ["inch"] : ["of", "an", "inch"]))
            }
            // 3/4ths
            if line.lower(simple.end - 1).map(isPlural) == true {
                let parts = NumberWords.pluralized(NumberWords.ordinal(simple.under))
                return Reading(.fraction, to: simple.end, words: NumberWords.cardinal(simple.over) + parts)
            }
            // 1/2 price, 1/2 off
            if simple.over == "1", simple.under == "2", halved.contains(line.lower(simple.end) ?? "") {
                return Reading(.fraction, to: simple.end, words: ["half"])
            }
            return Reading(.fraction, to: simple.end, words: words(simple.over, simple.under))
        }
        if first.utf8.count <= 4, !line.touches(i + 1), let simple = plain(line, at: i + 1) {
            return Reading(
                .fraction, to: simple.end,
                words: NumberWords.cardinal(first) + ["and"] + words(simple.over, simple.under, mixed: true))
        }
        return nil
    }

    /// 6/8 time, a waltz in 3/4
    private static func isTime(_ line: Line, _ i: Int, _ under: String) -> Bool {
        guard ["2", "4", "8", "16"].contains(under) else { return false }
        return ["time", "meter", "metre", "signature", "rhythm", "beat"].contains(line.lower(i + 3) ?? "")
            || (max(0, i - 4)..<i).contains { ["waltz", "march", "jig", "signature"].contains(line.lower($0) ?? "") }
    }

    private static let scoring: Set<String> = [
        "scored", "score", "rated", "rating", "got", "rate", "scores", "gave", "marks", "give", "review", "reviews",
        "stars", "solid", "giving",
    ]

    /// 8/10 where something is rated; 120/80, which is no fraction.
    private static func outOf(_ line: Line, at i: Int, _ over: String, _ under: String) -> [String]? {
        guard let a = Int(over), let b = Int(under) else { return nil }
        if over.utf8.count == 3, under.utf8.count == 2, a > b {
            return NumberWords.cardinal(over) + ["over"] + NumberWords.cardinal(under)
        }
        guard a <= b, [5, 10, 20, 50, 100].contains(b),
            line.lower(i + 3) == "stars"
                || (max(0, i - 4)..<i).contains(where: { line.lower($0).map(scoring.contains) == true })
        else { return nil }
        return NumberWords.cardinal(over) + ["out", "of"] + NumberWords.cardinal(under)
    }

    private static func plain(
        _ line: Line, at i: Int, joins: Bool = false
    ) -> (over: String, under: String, end: Int)? {
        guard let over = line.digits(i), line.joined(i + 1, "/"), line.touches(i + 2), let under = line.digits(i + 2),
            over.utf8.count <= 4, under.utf8.count <= 4, under.utf8.first != 48, Int(under) ?? 0 > 1
        else { return nil }
        if i > 0, line.touches(i), !joins, !line.symbol(i - 1, "("), !line.symbol(i - 1, "\"") { return nil }
        if MathRule.isEquation(line, around: i), let over = Int(over), let under = Int(under), over > under {
            return nil
        }
        var end = i + 3
        if line.touches(end), let suffix = line.lower(end) {
            guard OrdinalRule.suffixes.contains(suffix) || isPlural(suffix) else { return nil }
            end += 1
        }
        guard line.ends(end) || line.isDash(end) else { return nil }
        return (over, under, end)
    }

    private static func isPlural(_ suffix: String) -> Bool {
        suffix.hasSuffix("s") && OrdinalRule.suffixes.contains(String(suffix.dropLast()))
    }

    private static func words(_ over: String, _ under: String, mixed: Bool = false) -> [String] {
        if let fixed = idioms[over + "/" + under], !mixed { return fixed }
        let one = over == "1"
        if mixed, one, under == "2" || under == "4" { return ["a"] + NumberWords.part(under, plural: false) }
        return NumberWords.cardinal(over) + NumberWords.part(under, plural: !one)
    }
}
