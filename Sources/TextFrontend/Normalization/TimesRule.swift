/// What an x stands for after a number: by (2x8 m), times (2x faster), or how many there are (3x AA batteries).
enum TimesRule {
    private static let comparing: Set<String> = [
        "faster", "slower", "more", "less", "bigger", "larger", "smaller", "better", "higher", "lower", "longer",
        "cheaper", "as", "the", "stronger", "brighter", "lighter", "heavier", "safer", "in", "over", "a", "per",
        "daily",
        "weekly", "since", "platinum", "this", "last", "monthly", "yearly",
    ]

    /// 2x faster: times; 3x AA batteries: how many there are.
    static func multiple(_ line: Line, _ number: Line.Number) -> Reading? {
        let x = number.end
        // 2x/day
        if line.touches(x), line.letters(x) == "x", line.joined(x + 1, "/"), line.touches(x + 2),
            line.kind(x + 2) == .letters
        {
            return Reading(.math, to: x + 2, words: line.quantity(number) + [number.isOne ? "time" : "times", "per"])
        }
        guard line.touches(x), line.letters(x) == "x", let next = line.lower(x + 1), !line.touches(x + 1) else {
            return nil
        }
        if ["champion", "winner", "champ", "mvp", "defending"].contains(next) {
            return Reading(.math, to: x + 1, words: line.quantity(number) + ["time"])
        }
        // 3x in five years, 2x a day
        if comparing.contains(next), next == line.letters(x + 1) {
            return Reading(.math, to: x + 1, words: line.quantity(number) + ["times"])
        }
        let noun = line.tokens[x + 1].text == next.uppercased() ? line.lower(x + 2) ?? "" : next
        guard number.fraction == nil, noun.hasSuffix("s"), !noun.hasSuffix("ss"), noun.utf8.count > 3 else {
            return nil
        }
        return Reading(.cardinal, to: x + 1, words: line.quantity(number))
    }

    /// 2x8 m2 → two by eight square meters.
    static func dimensions(_ line: Line, _ first: Line.Number) -> Reading? {
        // Screens: 1920x1080.
        if let width = first.value,
            line.joined(first.end, "×") || line.touches(first.end) && line.letters(first.end) == "x",
            let other = line.number(first.end + 1), let height = other.value, width > 300, height > 100,
            line.ends(other.end), !MathRule.isEquation(line, around: first.end)
        {
            return Reading(
                .measure, to: other.end,
                words: NumberWords.paired(first.whole) + ["by"] + NumberWords.paired(other.whole))
        }
        var words = [Spoken](words: line.quantity(first))
        var at = first.end
        var factors = 1
        while line.symbol(at, "×") || line.letters(at) == "x", line.touches(at) || !line.touches(at + 1),
            !MathRule.isPower(line, at + 1),
            let next = line.number(at + 1)
        {
            words += [.word("by")] + [Spoken](words: line.quantity(next))
            at = next.end
            factors += 1
        }
        guard factors > 1, !MathRule.isEquation(line, around: at) else { return nil }
        // a 9x13" pan
        if line.joined(at, "\""), line.ends(at + 1), !SymbolRule.closesQuote(line, at) {
            let isSized =
                line.letters(at + 1).map { $0.first?.isLowercase == true && !MeasureRule.following.contains($0) }
                == true
            return Reading(.measure, to: at + 1, words + [.word(isSized ? "inch" : "inches")])
        }
        // 2x4s
        if factors == 2, line.touches(at), line.letters(at) == "s", line.ends(at + 1),
            let last = line.digits(at - 1)
        {
            words.removeLast(line.quantity(Line.Number(whole: last, grouped: false, end: at)).count)
            words += [Spoken](words: NumberWords.pluralized(NumberWords.cardinal(last)))
            return Reading(.measure, to: at + 1, words)
        }
        if let unit = MeasureRule.unit(line, at, after: at, plural: true) {
            let isHeld = line.lower(unit.end).map(MeasureRule.holders.contains) == true && !line.touches(unit.end)
            let single = isHeld ? MeasureRule.unit(line, at, after: at, plural: false) : nil
            return Reading(.measure, to: unit.end, words + (single ?? unit).words)
        }
        return line.ends(at) && !MathRule.isAsked(line, around: first.end) ? Reading(.measure, to: at, words) : nil
    }
}
