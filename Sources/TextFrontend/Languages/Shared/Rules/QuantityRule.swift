/// Numbers with a unit: 5 km, 20 °C, 3,5 %, 100 km/h, 25 m².
enum QuantityRule {
    /// A unit as it is said after a number.
    struct Found {
        var one: [String]
        var many: [String]
        var gender: Gender
        /// The form of the number before it.
        var form: NumberForm
        var end: Int
    }

    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let number = line.number(i) else { return nil }
        if let scaled = NumberRule.scaled(line, number, .alone), let unit = unit(line, line.behindJoint(scaled.end)) {
            let joint = scaled.joins ? line.rules.scaleJoint.map { [$0] } ?? [] : []
            return Reading(.measure, to: unit.end, words: scaled.words + joint + unit.many)
        }
        guard let unit = unit(line, number.end) else {
            // 4,5/s
            guard line.joined(number.end, "/"), line.touches(number.end + 1), let below = simple(line, number.end + 1),
                !line.touches(below.end) || line.ends(below.end)
            else { return nil }
            return Reading(
                .measure, to: below.end, words: line.spoken(number, .alone) + [line.words.per] + below.one)
        }
        let words = line.spoken(number, unit.form) + (number.isOne ? unit.one : unit.many)
        // 1 h 20 min 5 s
        if clock.contains(line.letters(unit.end - 1) ?? ""), line.digits(unit.end) != nil, let and = line.words.and,
            let next = read(line, at: unit.end), clock.contains(line.letters(next.end - 1) ?? "")
        {
            let isLast = !next.spoken.contains(.word(and))
            return Reading(.measure, to: next.end, words.map(Spoken.word) + (isLast ? [.word(and)] : []) + next.spoken)
        }
        return Reading(.measure, to: unit.end, words: words)
    }

    /// Units of time that stand one after the other.
    private static let clock: Set<String> = ["h", "min", "s", "seg", "sec", "mn"]

    /// The unit that begins at token `i`.
    static func unit(_ line: LanguageLine, _ i: Int) -> Found? {
        if line.symbol(i, "%") {
            let words = line.words.percent.split(separator: " ").map(String.init)
            return Found(one: words, many: words, gender: .masculine, form: .alone, end: i + 1)
        }
        if line.symbol(i, "‰") {
            let words = line.words.permille.split(separator: " ").map(String.init)
            return Found(one: words, many: words, gender: .masculine, form: .alone, end: i + 1)
        }
        guard var found = simple(line, i) else { return nil }
        // km/h, €/kg and the like: per one of the second.
        if line.joined(found.end, "/"), line.touches(found.end + 1) {
            var below = simple(line, found.end + 1)
            // l/100 km
            if below == nil, let number = line.number(found.end + 1), var unit = simple(line, number.end) {
                unit.one = line.spoken(number, unit.form) + unit.many
                below = unit
            }
            if let below {
                found.one += [line.words.per] + below.one
                found.many += [line.words.per] + below.one
                found.end = below.end
            }
        }
        // 55min30s
        let isClock = clock.contains(line.letters(found.end - 1) ?? "") && line.digits(found.end) != nil
        guard
            !line.touches(found.end) || line.ends(found.end) || line.isDash(found.end) || line.symbol(found.end, "/")
                || isClock
        else { return nil }
        return found
    }

    private static func simple(_ line: LanguageLine, _ i: Int) -> Found? {
        var symbol = ""
        var end = i
        if line.symbol(i, "°") || line.symbol(i, "º") {
            symbol = "°"
            end = i + 1
            if let letter = line.letters(i + 1)?.uppercased(), line.tables.units["°" + letter] != nil {
                symbol += letter
                end = i + 2
            }
        } else if let letters = line.letters(i) {
            symbol = letters
            end = i + 1
            if letters == "µ" || letters == "μ" { return nil }
        } else if line.symbol(i, "µ"), line.touches(i + 1), let letters = line.letters(i + 1) {
            symbol = "µ" + letters
            end = i + 2
        } else if line.symbol(i, "'") || line.symbol(i, "\"") {
            guard line.touches(i), line.ends(i + 1) else { return nil }
            symbol = line.symbol(i, "'") ? "'" : "\""
            guard line.tables.units[symbol] != nil else { return nil }
            end = i + 1
        } else {
            return nil
        }
        // 4K is a screen; kelvins stand apart.
        guard let unit = line.tables.units[symbol], symbol != "K" || !line.touches(i) else { return nil }
        // Letters that are words too are units only where they touch their number.
        if line.rules.singleLetterWords.contains(symbol), !line.touches(i) { return nil }
        var found = Found(
            one: unit.one.split(separator: " ").map(String.init),
            many: unit.many.split(separator: " ").map(String.init),
            gender: unit.gender, form: .before(unit.gender), end: end)
        // m², m2, m^2
        var at = end
        if line.joined(at, "^"), line.touches(at + 1) { at += 1 }
        let power = line.joined(end, "²") ? "2" : line.joined(end, "³") ? "3" : line.touches(at) ? line.digits(at) : nil
        if let power, power == "2" || power == "3", symbol.hasSuffix("m") || symbol == "s" {
            let word = power == "2" ? line.words.squared : line.words.cubed
            found.one.append(line.rules.agreeing(word, unit.gender, isPlural: false))
            found.many.append(line.rules.agreeing(word, unit.gender, isPlural: true))
            found.end = at + 1
        }
        return found
    }
}
