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
            isOperand(line, i + 1) || line.symbol(i + 1, "-") || line.symbol(i + 1, "√") || line.symbol(i + 1, "(")
        else { return nil }
        if line.symbol(i, "*"), line.kind(i - 1) != .digits || line.kind(i + 1) != .digits { return nil }
        return Reading(.math, to: i + 1, [Spoken](cell: word))
    }

    private static func isOperand(_ line: Line, _ i: Int) -> Bool {
        switch line.kind(i) {
        case .digits: true
        case .letters: line.letters(i)!.utf8.count <= 3
        case .symbol:
            line.symbol(i, ")") || line.symbol(i, "π") || line.symbol(i, "²") || line.symbol(i, "³")
                || line.symbol(i, "%")
        default: false
        }
    }

    /// 1-2=5: a hyphen is a minus where an equation goes on.
    static func isEquation(_ line: Line, around i: Int) -> Bool {
        for k in max(0, i - 8)..<min(line.count, i + 9) where line.symbol(k, "=") && isOperand(line, k - 1) {
            return true
        }
        return false
    }

    /// A dash or minus between numbers or before one.
    static func readMinus(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, "-") || line.symbol(i, "–"), line.touches(i + 1) || isEquation(line, around: i) else {
            return nil
        }
        if isEquation(line, around: i), i > 0, isOperand(line, i - 1), isOperand(line, i + 1) {
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

    /// Superscripts after a letter or a number: x², 10⁶.
    static func readPower(_ line: Line, at i: Int) -> Reading? {
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

    /// 1980-1986, 5–10, pages 3-7; a score where the line speaks of one ("won 3-2").
    static func readRange(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.number(i), line.isDash(first.end),
            line.touches(first.end) == line.touches(first.end + 1),
            line.number(first.end + 1) != nil
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
        if isScore(line, before: i), first.whole.utf8.count <= 3 {
            return Reading(
                .score, to: last.end,
                words: CardinalRule.words(line, first, at: i) + ["to"]
                    + CardinalRule.words(line, last, at: first.end + 1))
        }
        // 1985-86
        if first.whole.utf8.count == 4, last.whole.utf8.count == 2, first.fraction == nil, let from = Int(first.whole),
            let to = Int(last.whole), from % 100 < to
        {
            return Reading(.range, to: last.end, words: NumberWords.year(from) + ["to"] + NumberWords.cardinal(to))
        }
        guard low < high, last.whole.first != "0" || last.whole == "0" else { return nil }
        return Reading(
            .range, to: last.end,
            words: CardinalRule.words(line, first, at: i) + ["to"] + CardinalRule.words(line, last, at: first.end + 1))
    }

    private static let scoring: Set<String> = [
        "won", "lost", "win", "beat", "score", "defeated", "lead", "led", "draw", "drew", "victory", "defeat", "loss",
        "tie", "tied",
    ]

    private static func isScore(_ line: Line, before i: Int) -> Bool {
        for k in max(0, i - 4)..<i where line.lower(k).map(scoring.contains) == true { return true }
        return false
    }
}
