import SpeechSignal

/// The tokens of one sentence, with the questions the rules ask of them.
struct Line: TokenLine {
    let tokens: [Token]
    let tables: Tables
    let accent: Accent
    /// The words of users.
    var lexicon: LexiconStack?

    /// A full stop at `i` that closes the sentence rather than an abbreviation.
    func isLast(_ i: Int) -> Bool { i >= tokens.count }

    /// A number as written.
    struct Number {
        /// Digits before the point, commas removed.
        var whole: String
        /// Digits after the point.
        var fraction: String?
        var grouped: Bool
        var end: Int

        var isOne: Bool { whole == "1" && fraction == nil }
        var value: Int? { fraction == nil ? Int(whole) : nil }
    }

    /// 1,234.5 or .5 at `i`. Commas must separate groups of three.
    func number(_ i: Int) -> Number? {
        if symbol(i, "."), touches(i + 1), let fraction = digits(i + 1) {
            return Number(whole: "", fraction: fraction, grouped: false, end: i + 2)
        }
        guard var whole = digits(i) else { return nil }
        if let decimal = decimalComma(i) { return decimal }
        var end = i + 1
        var grouped = false
        if whole.utf8.count <= 3 {
            while joined(end, ","), touches(end + 1), let group = digits(end + 1), group.utf8.count == 3 {
                whole += group
                end += 2
                grouped = true
            }
            // 1'234'444
            while joined(end, "'"), touches(end + 1), let group = digits(end + 1), group.utf8.count == 3 {
                whole += group
                end += 2
                grouped = true
            }
            if !grouped, let other = foreignGroups(i, whole) {
                (whole, end) = other
                grouped = true
            }
        }
        if joined(end, "."), touches(end + 1), let fraction = digits(end + 1) {
            if joined(end + 2, "."), touches(end + 3), digits(end + 3) != nil {
                return Number(whole: whole, fraction: nil, grouped: grouped, end: end)
            }
            return Number(whole: whole, fraction: fraction, grouped: grouped, end: end + 2)
        }
        return Number(whole: whole, fraction: nil, grouped: grouped, end: end)
    }

    /// 1.234,56: full stops between thousands, so the comma is a decimal one.
    private func decimalComma(_ i: Int) -> Number? {
        guard var whole = digits(i), whole.utf8.count < 4, whole.utf8.first != 48, joined(i + 1, ".") else {
            return nil
        }
        var at = i + 1
        while joined(at, "."), touches(at + 1), let group = digits(at + 1), group.utf8.count == 3 {
            whole += group
            at += 2
        }
        guard at > i + 1, joined(at, ","), touches(at + 1), let fraction = digits(at + 1), fraction.utf8.count < 3
        else {
            return nil
        }
        return Number(whole: whole, fraction: fraction, grouped: true, end: at + 2)
    }

    /// 1.000.000 and 1 000 000 (at least two groups, or one of zeros after a blank), 1,50,000 as in India.
    private func foreignGroups(_ i: Int, _ first: String) -> (whole: String, end: Int)? {
        guard first.utf8.first != 48, joined(i + 1, ".") || joined(i + 1, ",") || digits(i + 1) != nil else {
            return nil
        }
        func group(_ at: Int, _ separator: Unicode.Scalar?, _ length: Int) -> String? {
            if let separator {
                guard joined(at, separator), touches(at + 1), let next = digits(at + 1), next.utf8.count == length
                else {
                    return nil
                }
                return next
            }
            guard let next = digits(at), next.utf8.count == length, tokens[at].spaceBefore,
                !touches(at + 1) || ends(at + 1)
            else { return nil }
            return next
        }
        var whole = first
        if joined(i + 1, ","), first.utf8.count <= 2, group(i + 1, ",", 2) != nil {
            var at = i + 1
            while let next = group(at, ",", 2) {
                whole += next
                at += 2
            }
            guard let last = group(at, ",", 3) else { return nil }
            return (whole + last, at + 2)
        }
        for separator in [Unicode.Scalar("."), nil] {
            whole = first
            let step = separator == nil ? 1 : 2
            var at = i + 1
            while let next = group(at, separator, 3) {
                whole += next
                at += step
            }
            let count = (at - i - 1) / step
            let isBounded =
                separator == nil ? digits(at) == nil && !symbol(i - 1, "+") : !(joined(at, ".") && touches(at + 1))
            if isBounded, count > 1 || count == 1 && separator == nil && whole.hasSuffix("000") { return (whole, at) }
        }
        return nil
    }

    /// The plain reading of a number: a quantity, not a year and not an identifier.
    func quantity(_ number: Number, and: Bool = true) -> [String] {
        if let fraction = number.fraction { return NumberWords.decimal(number.whole, fraction) }
        return NumberWords.cardinal(number.whole, and: and)
    }

    /// thousand, million … after a number, or its letter.
    func scale(_ i: Int, letters: Bool) -> (word: String, end: Int)? {
        guard let text = self.letters(i) else { return nil }
        let lower = text.lowercased()
        if Self.scales.contains(lower) { return (lower, i + 1) }
        guard letters, ends(i + 1) || joined(i + 1, "-") || joined(i + 1, "/") || joined(i + 1, "+") else { return nil }
        if touches(i) || text == "b" || text == "B" || text == "M" || text == "bn" || text == "mn" {
            if let word = Self.scaleLetters[text] { return (word, i + 1) }
        }
        return nil
    }

    private static let scales: Set<String> = [
        "hundred", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion",
    ]
    private static let scaleLetters = [
        "k": "thousand", "K": "thousand", "m": "million", "M": "million", "b": "billion", "B": "billion",
        "bn": "billion", "Bn": "billion", "mn": "million", "mm": "million", "tn": "trillion", "T": "trillion",
    ]
}
