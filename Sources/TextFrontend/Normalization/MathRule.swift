import SpeechSignal

/// Sums, signs between numbers, exponents, ranges and scores.
enum MathRule {
    private static let operators: [UInt32: String] = [
        0x2B: "plus", 0x3D: "equals", 0x2A: "asterisk", 0xD7: "times", 0xF7: "divided by", 0xB1: "plus or minus",
        0x3C: "is less than",
        0x3E: "is greater than", 0x2264: "is less than or equal to", 0x2265: "is greater than or equal to",
        0x2260: "is not equal to",
        0x2248: "is approximately", 0x2212: "minus",
    ]

    /// A sign between two operands: y=x +1, 2+3, 2*8.
    static func readOperator(_ line: Line, at i: Int) -> Reading? {
        guard let word = operators[line.tokens[i].symbol], i > 0, i + 1 < line.count, isOperand(line, i - 1),
            isOperand(line, i + 1) || line.symbol(i + 1, ".") || line.symbol(i + 1, "-") || line.symbol(i + 1, "√")
                || line.symbol(i + 1, "(")
        else { return nil }
        if line.symbol(i, "*") {
            let isProduct = isEquation(line, around: i) || line.symbol(i - 1, ")") || line.symbol(i + 1, "(")
            guard line.kind(i - 1) == .digits || line.symbol(i - 1, ")"),
                line.kind(i + 1) == .digits || line.symbol(i + 1, "(")
            else { return nil }
            if isProduct { return Reading(.math, to: i + 1, words: ["times"]) }
        }
        // 3 m × 4 m
        if line.symbol(i, "×"), line.digits(i - 2) != nil,
            line.letters(i - 1).map({ line.tables.units[$0] != nil }) == true
        {
            return Reading(.math, to: i + 1, words: [isEquation(line, around: i) ? "times" : "by"])
        }
        return Reading(.math, to: i + 1, [Spoken](cell: word))
    }

    /// 10/2=5: a stroke divides where an equation continues.
    static func readDivision(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, "/"), i > 0, line.touches(i) == line.touches(i + 1),
            line.digits(i - 1) != nil || line.symbol(i - 1, ")"),
            line.digits(i + 1) != nil || line.symbol(i + 1, "("),
            isEquation(line, around: i) || line.symbol(i - 1, ")") && isRightSide(line, i)
        else { return nil }
        return Reading(.math, to: i + 1, words: ["divided", "by"])
    }

    /// 6 x 7 = 42 and 10' x 12': the letter between two operands.
    static func readTimes(_ line: Line, at i: Int) -> Reading? {
        guard let text = line.letters(i), text == "x", i > 0, line.touches(i) == line.touches(i + 1),
            line.digits(i + 1) != nil
        else { return nil }
        // 3 cm x 2 cm
        if line.kind(i - 1) == .letters, line.kind(i - 2) == .digits, let unit = line.letters(i - 1),
            line.tables.units[unit] != nil
        {
            return Reading(.math, to: i + 1, words: ["by"])
        }
        // BID x 10 days
        if line.kind(i - 1) == .letters, !line.touches(i), spans.contains(line.lower(i + 2) ?? "") {
            return Reading(.math, to: i + 1, words: ["for"])
        }
        guard line.kind(i - 1) != .letters,
            isOperand(line, i - 1) || line.symbol(i - 1, "'") || line.symbol(i - 1, "\"")
                || line.tokens[i - 1].symbol >= 0xBC
        else { return nil }
        if isPower(line, i + 1) { return Reading(.math, to: i + 1, words: ["times"]) }
        return Reading(
            .math, to: i + 1, words: [isEquation(line, around: i) || isAsked(line, around: i) ? "times" : "by"])
    }

    private static let spans: Set<String> = ["days", "day", "weeks", "wks", "months", "doses", "d", "hours", "hrs"]

    /// 10^9, 10⁹
    static func isPower(_ line: Line, _ i: Int) -> Bool {
        line.digits(i) == "10" && i + 1 < line.count && line.touches(i + 1)
            && (line.symbol(i + 1, "^") || superscripts[line.tokens[i + 1].symbol] != nil || line.symbol(i + 1, "⁻"))
    }

    /// n-1, 2x-3: a minus after the letters that stand for numbers.
    static func readVariable(_ line: Line, at i: Int) -> Reading? {
        // noon-1
        if line.isDash(i + 1), let word = line.lower(i), word == "noon" || word == "midnight", line.touches(i + 1),
            line.touches(i + 2),
            line.digits(i + 2) != nil
        {
            return Reading(.time, to: i + 2, words: [word, "to"])
        }
        // T-10 min
        if line.letters(i) == "T", line.begins(i), line.joined(i + 1, "-"), line.touches(i + 2),
            line.digits(i + 2) != nil,
            ["min", "mins", "minutes", "minute", "seconds", "sec", "hours", "days", "and"].contains(
                line.lower(i + 3) ?? "")
        {
            return Reading(.math, to: i + 2, [.letters("T"), .word("minus")])
        }
        guard let text = line.letters(i), ["n", "x", "y", "k"].contains(text), line.joined(i + 1, "-"),
            line.touches(i + 2),
            line.digits(i + 2) != nil, line.begins(i) || line.kind(i - 1) == .digits,
            line.ends(i + 3) || line.symbol(i + 3, "+")
        else { return nil }
        return Reading(.math, to: i + 2, [.letters(text.uppercased()), .word("minus")])
    }

    private static let words: Set<String> = [
        "is", "was", "are", "at", "of", "for", "the", "and", "or", "to", "by", "in", "on", "be", "has", "had", "but",
        "not", "all", "any", "if", "it", "we", "he", "an", "as", "so", "up", "you", "who", "out", "off", "do", "get",
    ]

    static func isOperand(_ line: Line, _ i: Int) -> Bool {
        switch line.kind(i) {
        case .digits: true
        case .letters: line.letters(i)!.utf8.count <= 3 && !words.contains(line.letters(i)!)
        case .symbol:
            line.symbol(i, ")") || line.symbol(i, "π") || line.symbol(i, "²") || line.symbol(i, "³")
                || line.symbol(i, "%") || (0xBC...0xBE).contains(line.tokens[i].symbol)
                || (0x2150...0x215E).contains(line.tokens[i].symbol)
                || line.symbol(i, "!") && line.digits(i - 1) != nil && line.touches(i)
        default: false
        }
    }

    /// 1-2=5: a hyphen is a minus where an equation continues.
    static func isEquation(_ line: Line, around i: Int) -> Bool {
        for k in max(0, i - 8)..<min(line.count, i + 9) where line.symbol(k, "=") && isOperand(line, k - 1) {
            return true
        }
        return false
    }

    /// A formula's left side and equals sign precede `i`: x = (-b ± √(b² - 4ac)) / 2a.
    private static func isRightSide(_ line: Line, _ i: Int) -> Bool {
        (1..<max(2, i)).contains { line.symbol($0, "=") && isOperand(line, $0 - 1) } && i < 40
    }

    private static let asking: Set<String> = [
        "calculate", "compute", "evaluate", "solve", "multiply", "what's", "subtract",
    ]

    /// What is 12 × 12? Calculate 9 - 4: the sum whose numbers and signs stand around `i`.
    static func isAsked(_ line: Line, around i: Int) -> Bool {
        var k = i
        while k >= 0, i - k < 16, line.kind(k) != .letters || line.letters(k) == "x" { k -= 1 }
        guard let word = line.lower(k) else { return false }
        if word == "is", let asked = line.lower(k - 1) { return asked == "what" || asked == "much" }
        return asking.contains(word)
    }

    /// A dash or minus between numbers or before one.
    static func readMinus(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, "-") || line.symbol(i, "–") else { return nil }
        let isSum = isEquation(line, around: i) || !line.touches(i) && !line.touches(i + 1) && isAsked(line, around: i)
        guard line.touches(i + 1) || isSum else { return nil }
        if isSum, i > 0, isOperand(line, i - 1), isOperand(line, i + 1) {
            return Reading(.math, to: i + 1, words: ["minus"])
        }
        // (-b ± √d), = -x
        if line.symbol(i, "-"), line.symbol(i - 1, "(") || line.symbol(i - 1, "="),
            line.letters(i + 1)?.utf8.count == 1,
            line.touches(i + 1), isEquation(line, around: i)
        {
            return Reading(.math, to: i + 1, words: ["minus"])
        }
        // A sign: nothing but a blank, an opening bracket or other punctuation before it.
        guard line.number(i + 1) != nil, line.touches(i + 1) else { return nil }
        if i > 0, line.touches(i) {
            guard line.tokens[i - 1].kind == .symbol, !line.isDash(i - 1), !line.symbol(i - 1, ")"),
                !line.symbol(i - 1, "/")
            else { return nil }
        }
        guard line.symbol(i, "-") else { return nil }
        return Reading(.cardinal, to: i + 1, words: ["minus"])
    }

    /// 3! = 6
    static func readFactorial(_ line: Line, at i: Int) -> Reading? {
        guard line.touches(i), line.digits(i - 1) != nil || line.letters(i - 1) == "n",
            ["=", "+", "/", "×", "*"].contains(where: { line.symbol(i + 1, $0) })
                || isEquation(line, around: i) && line.symbol(i + 1, "-")
        else { return nil }
        return Reading(.math, to: i + 1, words: ["factorial"])
    }

    /// E=mc²: letters beside a sign that are neither a word nor a unit.
    static func readProduct(_ line: Line, at i: Int) -> Reading? {
        // F = ma, V = IR
        if line.symbol(i - 1, "="), let text = line.letters(i), text.utf8.count == 2, line.ends(i + 1),
            let left = line.letters(i - 2), left.utf8.count == 1, line.tokens[i - 2].isCapitalized, i == 2,
            !words.contains(text.lowercased())
        {
            return Reading(.math, to: i + 1, [.letters(text.uppercased())])
        }
        guard line.symbol(i - 1, "=") || line.symbol(i - 1, "+"), let text = line.letters(i),
            text.utf8.count == 2 || text.utf8.count == 3, text == text.lowercased(),
            line.tables.units[text] == nil || line.symbol(i - 1, "="),
            line.joined(i + 1, "²") || line.joined(i + 1, "³") || line.joined(i + 1, "^")
                || line.touches(i + 1) && line.digits(i + 1) != nil
        else { return nil }
        return Reading(.math, to: i + 1, [.letters(text)])
    }

    /// Superscripts after a letter or a number: x², 10⁶; what they count may follow: 10⁹/L.
    static func readPower(_ line: Line, at i: Int) -> Reading? {
        guard var power = power(line, at: i) else { return nil }
        if line.digits(i - 1) != nil { power.end = RateRule.denominators(line, power.end, into: &power.spoken) }
        return power
    }

    private static func power(_ line: Line, at i: Int) -> Reading? {
        guard line.touches(i) else { return nil }
        if line.symbol(i, "^"), line.touches(i + 1) {
            var at = i + 1
            var words = ["to", "the", "power", "of"]
            if line.symbol(at, "-") {
                words.append("minus")
                at += 1
            }
            guard let number = line.number(at) else { return nil }
            if number.whole == "2", words.count == 4 { return Reading(.math, to: number.end, words: ["squared"]) }
            if number.whole == "3", words.count == 4 { return Reading(.math, to: number.end, words: ["cubed"]) }
            if number.fraction == nil, words.count == 4 {
                return Reading(.math, to: number.end, words: ["to", "the"] + NumberWords.ordinal(number.whole))
            }
            return Reading(.math, to: number.end, words: words + line.quantity(number))
        }
        var digits = ""
        var minus = false
        var at = i
        while at < line.count, at == i || line.touches(at) {
            if let digit = superscripts[line.tokens[at].symbol] {
                digits.append(digit)
            } else if line.symbol(at, "⁻"), digits.isEmpty {
                minus = true
            } else {
                break
            }
            at += 1
        }
        guard !digits.isEmpty else { return nil }
        if !minus, digits == "2" { return Reading(.math, to: at, words: ["squared"]) }
        if !minus, digits == "3" { return Reading(.math, to: at, words: ["cubed"]) }
        return Reading(.math, to: at, words: ["to", "the"] + (minus ? ["minus"] : []) + NumberWords.ordinal(digits))
    }

    private static let superscripts: [UInt32: Character] = [
        0x2070: "0", 0xB9: "1", 0xB2: "2", 0xB3: "3", 0x2074: "4", 0x2075: "5", 0x2076: "6", 0x2077: "7", 0x2078: "8",
        0x2079: "9",
    ]

    /// 5%-10%, 10%–20%, 5 °C–10 °C: the sign stands twice.
    static func readSignedRange(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.number(i), line.joined(first.end, "%"), line.isDash(first.end + 1),
            line.touches(first.end + 1) == line.touches(first.end + 2), let last = line.number(first.end + 2),
            line.joined(last.end, "%"), line.touches(first.end + 1) || !line.symbol(first.end + 1, "-"),
            !isEquation(line, around: i)
        else { return nil }
        return Reading(
            .range, to: last.end + 1,
            words: line.quantity(first) + ["percent", "to"] + line.quantity(last) + ["percent"])
    }

    /// 1980-1986, 5–10, pages 3-7; a score where the line speaks of one ("won 3-2").
    static func readRange(_ line: Line, at i: Int) -> Reading? {
        guard line.begins(i) || line.kind(i - 1) == .symbol, let first = line.number(i), line.isDash(first.end),
            line.touches(first.end) == line.touches(first.end + 1),
            let second = line.number(first.end + 1), !line.joined(second.end, ":") || !line.touches(second.end + 1)
        else { return nil }
        let spaced = !line.touches(first.end)
        if spaced, line.symbol(first.end, "-") || line.symbol(first.end, "—") { return nil }
        guard !isEquation(line, around: i), !(i > 0 && line.touches(i) && line.isDash(i - 1)),
            let last = line.number(first.end + 1),
            line.ends(last.end), !line.isDash(last.end) || !line.touches(last.end)
        else { return nil }
        guard let low = Double(first.whole + "." + (first.fraction ?? "0")),
            let high = Double(last.whole + "." + (last.fraction ?? "0"))
        else { return nil }
        if isScore(line, before: i, after: last.end), first.whole.utf8.count <= 3 {
            func count(_ number: Line.Number, _ at: Int) -> [String] {
                number.whole == "0" && line.accent == .british ? ["nil"] : CardinalRule.words(line, number, at: at)
            }
            // "two nil", "two one" in Britain, "two to one" elsewhere.
            let isNil = line.accent == .british && (first.whole == "0" || last.whole == "0")
            return Reading(
                .score, to: last.end, words: count(first, i) + (isNil ? [] : ["to"]) + count(last, first.end + 1))
        }
        if isSet(line, before: i, after: last.end) {
            return Reading(.score, to: last.end, words: line.quantity(first) + line.quantity(last))
        }
        // 14-22 FG: so many of so many
        if ["FG", "FT", "FGs", "FTs"].contains(line.letters(last.end) ?? "")
            || line.digits(last.end) == "3" && line.lower(last.end + 1) == "pt" || line.lower(last.end) == "shooting",
            low <= high
        {
            return Reading(
                .score, to: last.end, words: line.quantity(first) + ["of"] + line.quantity(last))
        }
        // 1-800
        if first.whole == "1", ["800", "888", "877", "866", "855", "844", "833", "900"].contains(last.whole) {
            return Reading(.telephone, to: last.end, words: ["one"] + NumberWords.cardinal(last.whole, and: false))
        }
        // 1985-86
        if first.whole.utf8.count == 4, last.whole.utf8.count == 2, first.fraction == nil, let from = Int(first.whole),
            let to = Int(last.whole), from % 100 < to
        {
            return Reading(.range, to: last.end, words: NumberWords.year(from) + ["to"] + NumberWords.cardinal(to))
        }
        let isAsked = i > 0 && (line.lower(i - 1) == "from" || WeekdayHours.follows(line, i) || isHours(line, last.end))
        guard low < high || isAsked && low != high && first.whole.utf8.count <= 2,
            last.whole.first != "0" || last.whole == "0"
        else { return nil }
        return Reading(
            .range, to: last.end,
            words: CardinalRule.words(line, first, at: i) + ["to"] + CardinalRule.words(line, last, at: first.end + 1))
    }

    /// 10-2 Sat
    private static func isHours(_ line: Line, _ end: Int) -> Bool {
        line.lower(end).map(WeekdayRule.isDay) == true && line.tokens[end].isCapitalized
    }

    /// 7–6 (7–4), 4–6: pairs of figures side by side, of which one falls.
    private static func isSet(_ line: Line, before i: Int, after end: Int) -> Bool {
        /// What the pair at `k` falls by; nil where there is none.
        func fall(_ k: Int) -> Int? {
            guard line.digits(k)?.utf8.count == 1, line.isDash(k + 1), line.touches(k + 1), line.touches(k + 2),
                line.digits(k + 2)?.utf8.count == 1, let first = line.digits(k).flatMap({ Int($0) }),
                let second = line.digits(k + 2).flatMap({ Int($0) })
            else { return nil }
            return first - second
        }
        guard let own = fall(i), end == i + 3 else { return false }
        let next = line.symbol(end, "(") || line.joined(end, ",") ? end + 1 : line.joined(end, ")") ? end + 2 : end
        let last = line.symbol(i - 1, "(") || line.symbol(i - 1, ",") ? (line.symbol(i - 2, ")") ? i - 5 : i - 4) : i
        let others = [next > end ? fall(next) : nil, last < i ? fall(last) : nil].compactMap { $0 }
        return others.contains { max($0, own) > 0 }
    }

    private static let scoring: Set<String> = [
        "won", "lost", "win", "beat", "score", "defeated", "lead", "led", "draw", "drew", "victory", "defeat", "loss",
        "tie", "tied", "voted", "vote", "beating", "winning", "losing", "beaten", "leading", "trailing", "trailed",
        "beats", "wins",
    ]

    /// The bill passed 52-48: what is decided by a majority.
    private static let voting: Set<String> = [
        "passed", "approved", "confirmed", "ruled", "upheld", "adopted", "agreed", "decided", "cleared", "endorsed",
        "ratified", "rejected",
    ]
    /// The Bills are 9-3.
    private static let standing: Set<String> = ["went", "are", "is", "were", "was", "it"]

    private static let scored: Set<String> = [
        "win", "victory", "defeat", "loss", "decision", "lead", "draw", "tie", "record", "vote", "score", "margin",
        "majority", "up", "down", "ahead", "thriller", "rout", "deficit", "advantage", "scoreline", "final",
    ]

    private static func isScore(_ line: Line, before i: Int, after end: Int) -> Bool {
        if let next = line.lower(end), !line.touches(end), scored.contains(next) { return true }
        let isMajority =
            if let high = line.number(i)?.value, let low = line.digits(end - 1).flatMap({ Int($0) }) {
                high >= low
            } else {
                false
            }
        if isMajority, let before = line.lower(i - 1), standing.contains(before) { return true }
        // A list of sets and games continues as it began, so commas and figures do not count.
        var words = 0
        var k = i - 1
        while k >= max(0, i - 24), words < 4 {
            if let text = line.lower(k) {
                if scoring.contains(text) || isMajority && voting.contains(text) { return true }
                words += 1
            }
            k -= 1
        }
        return false
    }
}
