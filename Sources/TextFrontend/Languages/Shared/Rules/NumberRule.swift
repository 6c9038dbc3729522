/// Bare numbers, whole or with decimals: 1.234, 3,5, 007.
enum NumberRule {
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let number = line.number(i) else { return nil }
        if let scaled = scaled(line, number, .alone) {
            return Reading(.cardinal, to: scaled.end, words: scaled.words)
        }
        // 007, and figures that no number is made of: one by one.
        if number.fraction == nil, number.whole.utf8.count > 1, number.whole.utf8.first == 48 {
            return Reading(.serial, to: number.end, words: line.numbers.digits(number.whole))
        }
        let form = line.rules.form(line, before: number.end)
        let category: ExpansionClass = number.fraction == nil ? .cardinal : .decimal
        return Reading(category, to: number.end, words: line.spoken(number, form))
    }

    /// A number and its scale: 5 millones, 1,5 M. `joins`: the scale is a noun.
    static func scaled(_ line: LanguageLine, _ number: LanguageLine.Number, _ form: NumberForm)
        -> (words: [String], end: Int, joins: Bool)?
    {
        guard let (scale, end) = line.scale(number.end) else { return nil }
        let (words, joins) = scaled(line, number, form, scale)
        return (words, end, joins)
    }

    static func scaled(
        _ line: LanguageLine, _ number: LanguageLine.Number, _ form: NumberForm, _ scale: LanguageTables.Scale
    ) -> (words: [String], joins: Bool) {
        let isOne = number.isOne
        // "mil" is not a noun: 5 mil casas, in the gender of what is counted.
        let isNoun = scale.one != scale.many
        let spoken = line.spoken(number, isNoun ? .before(.masculine) : form)
        let name = (scale.written ?? (isOne ? scale.one : scale.many)).split(separator: " ").map(String.init)
        return ((number.value == 1 && !isNoun ? [] : spoken) + name, isNoun)
    }
}

/// Ordinals by their ending: 1.º, 3.ª, 1er.
enum OrdinalSignRule {
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let number = line.number(i), let n = number.value, n > 0, n < 1_000_000 else { return nil }
        var at = number.end
        if line.joined(at, "."), line.touches(at + 1) { at += 1 }
        guard line.touches(at), let ending = ending(line, at) else { return nil }
        return reading(line, n, ending, to: at + 1, .ordinal)
    }

    /// The ending that token `at` is.
    static func ending(_ line: LanguageLine, _ at: Int) -> OrdinalEnding? {
        guard line.tokens.indices.contains(at), !(line.touches(at + 1) && line.kind(at + 1) != .symbol) else {
            return nil
        }
        let token = line.tokens[at]
        if token.kind == .letters { return line.rules.ordinalEndings[token.text] }
        guard let scalar = Unicode.Scalar(token.symbol), token.kind == .symbol else { return nil }
        return line.rules.ordinalEndings[String(Character(scalar))]
    }

    static func reading(
        _ line: LanguageLine, _ n: Int, _ ending: OrdinalEnding, to end: Int, _ category: ExpansionClass
    ) -> Reading {
        let isBefore = ending.isBefore || line.rules.form(line, before: end) == .before(.masculine)
        var words = line.numbers.ordinal(n, ending.gender, isBefore: isBefore && ending.gender == .masculine)
        if ending.isPlural, let last = words.popLast() { words.append(line.numbers.plural(ordinal: last)) }
        return Reading(category, to: end, words: words)
    }
}

/// Fractions: 3/4, 1 1/2, ½.
enum PartRule {
    private static let signs: [Unicode.Scalar: (n: Int, d: Int)] = [
        "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
        "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
    ]

    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        if let part = part(line, i, isMixed: false) {
            // 3/5 km: "de kilómetro"; 1/2 km is left to the language's adjective.
            if let unit = QuantityRule.unit(line, line.behindJoint(part.end)), let joint = line.rules.partJoint {
                let isHalf = part.isHalf && part.isProper
                let half = isHalf ? line.rules.half(unit.gender, isMixed: false) : nil
                return Reading(
                    .measure, to: unit.end, words: half.map { $0 + unit.one } ?? part.words + joined(joint, unit.one))
            }
            return Reading(.fraction, to: part.end, words: part.words)
        }
        // 2 1/2, 2½
        guard let whole = line.digits(i), whole.utf8.count < 5, !line.touches(i + 1) || line.kind(i + 1) == .symbol,
            let part = part(line, i + 1, isMixed: true), part.isProper
        else { return nil }
        if let unit = QuantityRule.unit(line, part.end), let joint = line.rules.partJoint {
            // "dos y media millas", "tres y tres quintos de metro"
            let isHalf = part.isHalf
            // "due ore e mezza", "deux kilogrammes et demi"
            if isHalf, let half = line.rules.half(unit.gender, isMixed: true) {
                return Reading(
                    .measure, to: unit.end,
                    words: line.numbers.cardinal(whole, unit.form) + (whole == "1" ? unit.one : unit.many) + half)
            }
            let last =
                isHalf ? part.words.last.map { [line.rules.agreeing($0, unit.gender, isPlural: false)] } ?? [] : []
            let words =
                line.numbers.cardinal(whole, isHalf && unit.gender == .masculine ? .alone : unit.form)
                + (isHalf ? part.words.dropLast() : part.words[...]) + last
                + (isHalf ? (whole == "1" ? unit.one : unit.many) : joined(joint, unit.one))
            return Reading(.measure, to: unit.end, words: words)
        }
        return Reading(.fraction, to: part.end, words: line.numbers.cardinal(whole, .alone) + part.words)
    }

    /// "de" loses its vowel before another: "trois quarts d'heure".
    private static func joined(_ joint: String, _ unit: [String]) -> [String] {
        guard joint == "de", let first = unit.first, first.hasPrefix("heure") || first.hasPrefix("hecto") else {
            return [joint] + unit
        }
        return ["d'" + first] + unit.dropFirst()
    }

    private static func part(_ line: LanguageLine, _ i: Int, isMixed: Bool) -> (
        words: [String], end: Int, isProper: Bool, isHalf: Bool
    )? {
        if line.kind(i) == .symbol, let sign = Unicode.Scalar(line.tokens[i].symbol).flatMap({ signs[$0] }),
            let words = line.numbers.fraction(sign.n, sign.d, isMixed: isMixed)
        {
            return (words, i + 1, true, sign.d == 2)
        }
        guard let top = line.digits(i), top.utf8.count < 4, line.joined(i + 1, "/"), line.touches(i + 2),
            let bottom = line.number(i + 2), bottom.whole.utf8.count < 10, let n = Int(top), let d = bottom.value,
            n > 0,
            d > 1, n < d || d < 11 && (n, d) != (24, 7), !line.joined(bottom.end, "/"),
            line.ends(bottom.end) || line.symbol(bottom.end, "\""),
            let words = line.numbers.fraction(n, d, isMixed: isMixed)
        else { return nil }
        return (words, bottom.end, n < d, d == 2)
    }
}

/// From one number to another: 10-20, 1990–1995, 5-10 %, and scores: 3-2.
enum SpanRule {
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let first = line.number(i), line.isDash(first.end), !line.joined(first.end, "—"),
            line.touches(first.end) == line.touches(first.end + 1), let second = line.number(first.end + 1),
            // 1-2-3 is no span.
            !(line.touches(second.end) && line.isDash(second.end) && line.digits(second.end + 1) != nil),
            !(line.touches(i) && line.isDash(i - 1))
        else { return nil }
        // Apart by blanks only the long dash stands between numbers.
        if !line.touches(first.end), !line.symbol(first.end, "–") { return nil }
        let place = first.end + 1
        var rest =
            AmountRule.read(line, at: place) ?? QuantityRule.read(line, at: place) ?? NumberRule.read(line, at: place)
        // Madrid 3-1 Barcelona: nobody counts a name.
        if let read = rest, read.category == .cardinal, line.tokens.indices.contains(read.end),
            line.tokens[read.end].startsUpper
        {
            rest = Reading(.cardinal, to: read.end, words: line.spoken(second, .alone))
        }
        guard let rest else { return nil }
        let form: NumberForm
        switch rest.category {
        case .measure: form = QuantityRule.unit(line, second.end)?.form ?? .alone
        case .money:
            form = line.tables.currencies[AmountRule.code(line, second.end) ?? ""].map { .before($0.gender) } ?? .alone
        default:
            let isNamed = line.tokens.indices.contains(rest.end) && line.tokens[rest.end].startsUpper
            form = isNamed ? .alone : line.rules.form(line, before: rest.end)
        }
        let category: ExpansionClass = rest.category == .cardinal || rest.category == .decimal ? .range : rest.category
        return Reading(
            category, to: rest.end,
            line.spoken(first, form).map(Spoken.word) + [.word(line.words.range)] + rest.spoken)
    }
}
