/// Numbers with units: 12kg, 41,459.00 km³, 2x8 m2, 60 km/h, 5'11", 2°C, 7.2-millimeter, 2-5lb.
enum MeasureRule {
    /// Units whose symbol is also a word or a letter count only where they touch the number.
    private static let touching: Set<String> = [
        "in", "a", "A", "h", "s", "t", "B", "K", "N", "W", "V", "J", "cal", "bar", "ac", "l", "L", "m", "g", "x", "K",
        "min", "sec", "mol", "cd", "pt", "hp", "mo", "ha", "um", "at", "atm", "Pa", "MP", "ms", "C", "MA", "PB", "mi",
    ]
    private static let spaced: Set<String> = [
        "m", "g", "h", "s", "V", "W", "A", "K", "J", "N", "L", "l", "t", "min", "sec", "mi", "ha", "hp", "pt",
        "cal", "bar", "mol", "ms", "atm", "Pa", "in", "mo",
    ]

    /// The unit at `i`, with its power and its denominator.
    static func unit(_ line: Line, _ i: Int, after number: Int, plural: Bool) -> (words: [Spoken], end: Int)? {
        guard i < line.count else { return nil }
        let adjacent = line.touches(i)
        if line.symbol(i, "°") {
            if line.touches(i + 1), let scale = line.letters(i + 1),
                let unit = line.tables.units["°" + scale.uppercased()], line.ends(i + 2)
            {
                return ([Spoken](cell: plural ? unit.many : unit.one), i + 2)
            }
            guard line.ends(i + 1), adjacent else { return nil }
            return ([.word(plural ? "degrees" : "degree")], i + 1)
        }
        if line.symbol(i, "%") || line.symbol(i, "‰") {
            return line.tables.units[line.tokens[i].text].map { ([Spoken](cell: $0.one), i + 1) }
        }
        if line.symbol(i, "µ") || line.symbol(i, "Ω") {
            let rest = line.touches(i + 1) ? line.letters(i + 1) : nil
            guard let unit = line.tables.units[line.tokens[i].text + (rest ?? "")] else { return nil }
            return ([Spoken](cell: plural ? unit.many : unit.one), rest == nil ? i + 1 : i + 2)
        }
        guard let text = line.letters(i), let unit = line.tables.units[text] else { return nil }
        if !adjacent, touching.contains(text), !spaced.contains(text) || !stands(line, i, text) { return nil }
        if text == "x", !adjacent { return nil }
        var words = [Spoken](cell: plural ? unit.many : unit.one)
        var end = i + 1
        if let (power, next) = power(line, end) {
            words.insert(.word(power), at: 0)
            end = next
        }
        if line.joined(end, "/"), line.touches(end + 1), let below = line.letters(end + 1),
            let unit = line.tables.units[below]
        {
            words.append(.word("per"))
            var next = end + 2
            if let (power, after) = self.power(line, next) {
                words.append(.word(power))
                next = after
            }
            words += below == "s" && text == "cc" ? [.letters("S")] : [Spoken](cell: unit.one)
            end = next
        }
        // 30 min. is an abbreviation's stop unless the sentence ends.
        guard line.ends(end) || line.joined(end, "-") || line.joined(end, "/") else { return nil }
        return (words, end)
    }

    /// A one-letter unit after a blank is a unit only where a word would make no sense.
    private static func stands(_ line: Line, _ i: Int, _ text: String) -> Bool {
        if text == "in" || text == "at" || text == "a" || text == "mo" || text == "bar" || text == "A" {
            return power(line, i + 1) != nil
        }
        return true
    }

    private static func power(_ line: Line, _ i: Int) -> (String, Int)? {
        if line.joined(i, "²") { return ("square", i + 1) }
        if line.joined(i, "³") { return ("cubic", i + 1) }
        if line.joined(i, "^"), line.touches(i + 1) { return power(line, i + 1) }
        guard line.touches(i), let digits = line.digits(i) else { return nil }
        return digits == "2" ? ("square", i + 1) : digits == "3" ? ("cubic", i + 1) : nil
    }

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let number = line.number(i) else { return nil }
        if let feet = feet(line, number) { return feet }
        if let reading = dimensions(line, number) { return reading }
        // 12/kg → twelve per kilogram.
        if line.joined(number.end, "/"), line.touches(number.end + 1), let text = line.letters(number.end + 1),
            text.utf8.count > 1 || text != "f", let unit = line.tables.units[text], line.ends(number.end + 2)
        {
            return Reading(
                .measure, to: number.end + 2,
                [Spoken](words: line.quantity(number)) + [.word("per")] + [Spoken](cell: unit.one))
        }
        // A range takes its unit at its end: 2-5lb, 1234-123kg, 20–25 °C.
        if line.isDash(number.end), line.touches(number.end), line.touches(number.end + 1),
            let last = line.number(number.end + 1),
            let unit = unit(line, last.end, after: last.end, plural: true), unit.end > last.end
        {
            return Reading(
                .measure, to: unit.end,
                [Spoken](words: line.quantity(number) + ["to"] + line.quantity(last)) + unit.words)
        }
        if let scale = line.scale(number.end, letters: false),
            let unit = unit(line, scale.end, after: scale.end, plural: true)
        {
            return Reading(
                .measure, to: unit.end, [Spoken](words: line.quantity(number, and: false) + [scale.word]) + unit.words)
        }
        let hyphen = line.joined(number.end, "-")
        let at = hyphen ? number.end + 1 : number.end
        if hyphen, !line.touches(at) { return nil }
        if hyphen, let text = line.letters(at), text.utf8.count < 2 { return nil }
        guard let unit = unit(line, at, after: number.end, plural: !(hyphen || number.isOne)) else { return nil }
        var end = unit.end
        // The full stop of "5 in." belongs to the unit when the sentence goes on in lower case.
        if line.joined(end, "."), end + 1 < line.count, let next = line.letters(end + 1),
            line.tokens[end + 1].spaceBefore,
            next.first?.isLowercase == true
        {
            end += 1
        }
        return Reading(.measure, to: end, [Spoken](words: line.quantity(number)) + unit.words)
    }

    /// 5'11" and 6'
    private static func feet(_ line: Line, _ number: Line.Number) -> Reading? {
        guard line.joined(number.end, "'"), let feet = number.value, feet < 100, line.touches(number.end + 1),
            let inches = line.digits(number.end + 1), let n = Int(inches), n < 12
        else { return nil }
        var end = number.end + 2
        if line.joined(end, "\"") { end += 1 }
        guard line.ends(end) else { return nil }
        return Reading(
            .measure, to: end,
            words: NumberWords.cardinal(feet) + [feet == 1 ? "foot" : "feet"] + NumberWords.cardinal(n))
    }

    /// 2x8 m2 → two by eight square meters.
    private static func dimensions(_ line: Line, _ first: Line.Number) -> Reading? {
        var words = [Spoken](words: line.quantity(first))
        var at = first.end
        var factors = 1
        while line.symbol(at, "×") || line.letters(at) == "x", let next = line.number(at + 1) {
            words += [.word("by")] + [Spoken](words: line.quantity(next))
            at = next.end
            factors += 1
        }
        guard factors > 1, !MathRule.isEquation(line, around: at) else { return nil }
        if let unit = unit(line, at, after: at, plural: true) {
            return Reading(.measure, to: unit.end, words + unit.words)
        }
        return line.ends(at) ? Reading(.measure, to: at, words) : nil
    }
}
