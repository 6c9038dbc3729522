/// Signs before a number (<5, ~50, ≥18), signs of two characters (<=, !=), and scientific notation (3.2e10).
enum ComparisonRule {
    private static let before: [UInt32: String] = [
        0x3C: "less than", 0x3E: "greater than", 0x2264: "less than or equal to", 0x2265: "greater than or equal to",
        0x2248: "approximately", 0x7E: "about",
    ]
    private static let pairs: [String: String] = [
        "<=": "less than or equal to", ">=": "greater than or equal to", "!=": "not equal to", "==": "equal to",
    ]

    /// The sign precedes a number or an amount, and nothing it could compare precedes it.
    static func read(_ line: Line, at i: Int) -> Reading? {
        if let reading = pair(line, at: i) ?? named(line, at: i) { return reading }
        guard let words = before[line.tokens[i].symbol], isAmount(line, i + 1),
            !(i > 0 && MathRule.isOperand(line, i - 1))
        else { return nil }
        if line.symbol(i, "~"), !line.touches(i + 1) || line.touches(i) && line.kind(i - 1) != .symbol { return nil }
        if line.symbol(i, ">"), i == 0, !line.touches(i + 1) { return nil }
        if line.symbol(i, ">") || line.symbol(i, "<"), line.touches(i), !line.symbol(i - 1, "("),
            !line.symbol(i - 1, ",")
        {
            return nil
        }
        return Reading(.math, to: i + 1, [Spoken](cell: words))
    }

    /// Python 3.12 > Python 2.7: what is compared has names.
    private static func named(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, ">") || line.symbol(i, "<"), line.kind(i - 1) == .digits, !line.touches(i),
            !line.touches(i + 1), let name = line.letters(i + 1),
            line.lower(i - 2) == name.lowercased()
                || line.symbol(i - 2, ".") && line.lower(i - 4) == name.lowercased(),
            line.digits(i + 2) != nil
        else { return nil }
        return Reading(.math, to: i + 1, words: ["is", line.symbol(i, ">") ? "greater" : "less", "than"])
    }

    private static func isAmount(_ line: Line, _ i: Int) -> Bool {
        if line.digits(i) != nil || line.symbol(i, ".") && line.digits(i + 1) != nil { return true }
        guard i < line.count else { return false }
        return line.kind(i) == .symbol && line.tables.currencies[line.tokens[i].text] != nil
            && line.digits(i + 1) != nil
    }

    private static func pair(_ line: Line, at i: Int) -> Reading? {
        guard line.touches(i + 1), line.symbol(i + 1, "="), let words = pairs[line.tokens[i].text + "="] else {
            return nil
        }
        guard i > 0, MathRule.isOperand(line, i - 1) else {
            return isAmount(line, i + 2) ? Reading(.math, to: i + 2, [Spoken](cell: words)) : nil
        }
        return Reading(.math, to: i + 2, [Spoken](cell: "is " + words))
    }

    /// 1e-5, 3.2E10.
    static func readScientific(_ line: Line, at i: Int) -> Reading? {
        guard let number = line.number(i), !number.grouped, line.touches(number.end), line.lower(number.end) == "e",
            !(i > 0 && line.touches(i) && line.kind(i - 1) != .symbol)
        else { return nil }
        var at = number.end + 1
        var sign: [String] = []
        if line.joined(at, "-") || line.joined(at, "+") {
            sign = line.symbol(at, "-") ? ["minus"] : []
            at += 1
        }
        guard line.touches(at), let power = line.digits(at), power.utf8.count <= 4, line.ends(at + 1) else {
            return nil
        }
        let words =
            line.quantity(number) + ["times", "ten", "to", "the", "power", "of"] + sign + NumberWords.cardinal(power)
        return Reading(.math, to: at + 1, words: words)
    }
}
