/// Feet and inches by their signs: 5'11", 6', a 12" pizza, 3-5" of snow.
enum FeetRule {
    static func read(_ line: Line, _ number: Line.Number, at i: Int) -> Reading? {
        feet(line, number) ?? inches(line, number, at: i) ?? range(line, number, at: i)
    }

    /// 3-5" of snow
    private static func range(_ line: Line, _ number: Line.Number, at i: Int) -> Reading? {
        if line.isDash(number.end), line.touches(number.end), line.touches(number.end + 1), line.begins(i),
            let last = line.number(number.end + 1), last.whole.utf8.count < 3,
            line.joined(last.end, "\"") || line.joined(last.end, "'"), line.ends(last.end + 1),
            !SymbolRule.closesQuote(line, last.end)
        {
            let isSingle =
                line.letters(last.end + 1).map { $0.first?.isLowercase == true && !MeasureRule.following.contains($0) }
                ?? false
            let unit = line.symbol(last.end, "'") ? (isSingle ? "foot" : "feet") : isSingle ? "inch" : "inches"
            return Reading(
                .measure, to: last.end + 1, words: line.quantity(number) + ["to"] + line.quantity(last) + [unit])
        }
        return nil
    }

    /// 12" and 6', where the sign closes no quotation.
    private static func inches(_ line: Line, _ number: Line.Number, at i: Int) -> Reading? {
        let isInch = line.joined(number.end, "\"")
        guard isInch || line.joined(number.end, "'"), line.ends(number.end + 1) || line.isDash(number.end + 1),
            !SymbolRule.closesQuote(line, number.end), !(i > 0 && line.touches(i) && line.kind(i - 1) != .symbol),
            number.whole.utf8.count < 4
        else { return nil }
        let end = number.end + 1
        let attributive =
            line.letters(end).map { !MeasureRule.following.contains($0.lowercased()) }
            ?? (line.letters(end + 1) == "K" && line.touches(end + 1))
        let one = isInch ? "inch" : "foot"
        let many = isInch ? "inches" : "feet"
        let isSingle = number.isOne || (attributive && isInch) || MeasureRule.isAttributive(line, before: i, after: end)
        return Reading(.measure, to: end, words: line.quantity(number) + [isSingle ? one : many])
    }

    /// 5'11" and 6'
    private static func feet(_ line: Line, _ number: Line.Number) -> Reading? {
        guard line.joined(number.end, "'"), let feet = number.value, feet < 100,
            let inches = line.digits(number.end + 1), let n = Int(inches), n < 12
        else { return nil }
        var end = number.end + 2
        let isMarked = line.joined(end, "\"") || line.joined(end, "'") && line.joined(end + 1, "'")
        guard line.touches(number.end + 1) || isMarked else { return nil }
        if isMarked { end += line.symbol(end, "\"") ? 1 : 2 }
        guard line.ends(end) || line.isDash(end) else { return nil }
        return Reading(
            .measure, to: end,
            words: NumberWords.cardinal(feet) + [feet == 1 ? "foot" : "feet"] + NumberWords.cardinal(n)
                + (isMarked ? [n == 1 ? "inch" : "inches"] : []))
    }
}
