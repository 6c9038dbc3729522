import SpeechSignal

/// Amounts of money: $20.50, US$76.3 trillion, ¥30B, $20/mo, $250-$300, 50¢, 20 EUR.
enum MoneyRule {
    /// A currency sign, alone or after letters (US$), at `i`.
    private static func currency(_ line: Line, _ i: Int) -> (Tables.Currency, sign: String, end: Int)? {
        guard i < line.count else { return nil }
        if line.tokens[i].kind == .symbol {
            let sign = line.tokens[i].text
            guard let found = line.tables.currencies[sign] else { return nil }
            return (found, sign, i + 1)
        }
        guard let text = line.letters(i) else { return nil }
        for sign in ["$", "¥"] where line.joined(i + 1, Unicode.Scalar(sign) ?? "$") {
            if let found = line.tables.currencies[text + sign] { return (found, text + sign, i + 2) }
        }
        let code = Self.codes.contains(text) ? text.uppercased() : text
        guard let found = line.tables.currencies[code] else { return nil }
        return (found, text, line.joined(i + 1, ".") && text == "Rs" ? i + 2 : i + 1)
    }

    /// Codes that are no words in lower case either.
    private static let codes: Set<String> = ["usd", "eur", "gbp", "cad", "aud", "jpy", "inr", "chf", "cny"]

    static func read(_ line: Line, at i: Int) -> Reading? {
        if line.kind(i) == .digits || line.symbol(i, ".") { return trailing(line, at: i) }
        var sign: [String] = []
        var at = i
        if line.symbol(i, "-") || line.symbol(i, "–") {
            guard line.touches(i + 1), !line.touches(i) else { return nil }
            sign = ["minus"]
            at += 1
        }
        // A price by the pound: $/lb, €/kg.
        if let (currency, _, begin) = currency(line, at), line.kind(at) == .symbol, at == i,
            let (rate, end) = rate(line, begin), line.ends(end)
        {
            return Reading(.money, to: end, [Spoken](cell: currency.many) + rate)
        }
        guard let (currency, name, begin) = currency(line, at), name != "¢",
            line.touches(begin) || line.letters(at) != nil && !name.hasSuffix("$")
        else { return nil }
        var start = begin
        // $-5
        if sign.isEmpty, line.joined(start, "-"), line.touches(start + 1), line.digits(start + 1) != nil {
            sign = ["minus"]
            start += 1
        }
        guard let amount = amount(line, at: start, currency) else { return nil }
        var spoken = [Spoken](words: sign) + amount.spoken
        var end = amount.end
        if let single = attributive(line, at: i, start: start, amount, currency) {
            return Reading(.money, to: single.end, [Spoken](words: sign) + single.spoken)
        }
        // A range of amounts: $250-$300, $5-10 million.
        if line.isDash(end), line.touches(end), line.touches(end + 1) {
            if let (second, _, next) = self.currency(line, end + 1), line.kind(end + 1) == .symbol,
                let last = self.amount(line, at: next, second)
            {
                spoken += [.word("to")] + last.spoken
                end = last.end
            } else if let last = self.amount(line, at: end + 1, currency), let number = line.number(start) {
                spoken = [Spoken](words: sign + line.quantity(number)) + [.word("to")] + last.spoken
                end = last.end
            }
        }
        if let (rate, next) = rate(line, end) {
            spoken += rate
            end = next
        }
        return Reading(.money, to: end, spoken)
    }

    /// A rate: $20/mo, $15/day.
    private static func rate(_ line: Line, _ i: Int) -> (spoken: [Spoken], end: Int)? {
        guard line.joined(i, "/"), line.touches(i + 1), let text = line.letters(i + 1) else { return nil }
        if let measured = MeasureRule.unit(line, i + 1, after: i + 1, plural: false) {
            return ([.word("per")] + measured.words, measured.end)
        }
        if let unit = line.tables.units[text] {
            return ([.word("per")] + [Spoken](cell: unit.one), i + 2)
        }
        guard text.utf8.count > 2, text == text.lowercased() else { return nil }
        return ([.word("per"), .word(text)], i + 2)
    }

    /// "a $20 bill", "the $5-million deal": the currency stands in the singular before what it describes.
    private static func attributive(
        _ line: Line, at i: Int, start: Int, _ amount: (spoken: [Spoken], end: Int), _ currency: Tables.Currency
    ) -> (spoken: [Spoken], end: Int)? {
        guard let number = line.number(start) else { return nil }
        var end = number.end
        var words = line.quantity(number, and: true)
        if let scale = line.scale(end, letters: true) {
            words = line.quantity(number, and: false) + [scale.word]
            end = scale.end
        } else if line.joined(end, "-"), line.touches(end + 1), let scale = line.scale(end + 1, letters: false) {
            words = line.quantity(number, and: false) + [scale.word]
            end = scale.end
        } else if number.fraction != nil {
            return nil
        }
        let hyphen = end > amount.end
        guard MeasureRule.isAttributive(line, before: i, after: end) else {
            return hyphen ? ([Spoken](words: words) + [Spoken](cell: currency.many), end) : nil
        }
        return ([Spoken](words: words) + [Spoken](cell: currency.one), end)
    }

    /// 50¢, 20€, 20 USD, 4 million €.
    private static func trailing(_ line: Line, at i: Int) -> Reading? {
        guard let number = line.number(i) else { return nil }
        if let european = decimalComma(line, at: i) { return european }
        let scale = line.scale(number.end, letters: false)
        let at = scale?.end ?? number.end
        // 50p
        if line.touches(at), line.letters(at) == "p", line.accent == .british, number.fraction == nil,
            line.ends(at + 1),
            number.whole.utf8.count <= 2
        {
            return Reading(.money, to: at + 1, words: line.quantity(number) + [number.isOne ? "penny" : "pence"])
        }
        guard let (currency, sign, end) = currency(line, at), line.ends(end) || line.joined(end, "/") else {
            return nil
        }
        // "$" after a number belongs to what follows, and letters must be a code.
        guard
            sign.utf8.count == 3 && line.letters(at) != nil || sign == "kr" && line.digits(end) == nil
                || line.touches(at) && (sign != "$" || line.digits(end) == nil && !line.symbol(at - 2, "$"))
                || sign == "€" && (line.ends(end) || line.joined(end, "/")) && line.digits(end) == nil
        else { return nil }
        guard let amount = amount(line, at: i, currency) else { return nil }
        if let (rate, next) = rate(line, end) { return Reading(.money, to: next, amount.spoken + rate) }
        return Reading(.money, to: end, amount.spoken)
    }

    /// 20,50 €: a decimal comma.
    private static func decimalComma(_ line: Line, at i: Int) -> Reading? {
        guard let whole = line.digits(i), line.joined(i + 1, ","), line.touches(i + 2), let cents = line.digits(i + 2),
            cents.utf8.count == 2, let (currency, sign, end) = currency(line, i + 3), sign == "€" || sign == "EUR",
            line.ends(end)
        else { return nil }
        var spoken =
            [Spoken](words: NumberWords.cardinal(whole)) + [Spoken](cell: whole == "1" ? currency.one : currency.many)
        if let n = Int(cents), n > 0 {
            spoken +=
                [Spoken](words: NumberWords.cardinal(n))
                + [Spoken](cell: n == 1 ? currency.smallOne : currency.smallMany)
        }
        return Reading(.money, to: end, spoken)
    }

    private static func amount(_ line: Line, at i: Int, _ currency: Tables.Currency) -> (spoken: [Spoken], end: Int)? {
        guard let number = line.number(i) else { return nil }
        if let scale = line.scale(number.end, letters: true) {
            let words = line.quantity(number, and: false) + [scale.word]
            return ([Spoken](words: words) + [Spoken](cell: currency.many), scale.end)
        }
        guard
            line.ends(number.end) || line.isDash(number.end) || line.joined(number.end, "/")
                || line.touches(number.end) && line.letters(number.end) == nil
        else { return nil }
        guard let fraction = number.fraction else {
            let unit = number.isOne ? currency.one : currency.many
            return ([Spoken](words: line.quantity(number)) + [Spoken](cell: unit), number.end)
        }
        if let small = smaller(fraction), !currency.smallOne.isEmpty {
            var spoken: [Spoken] = []
            let whole = number.whole.drop { $0 == "0" }
            if !whole.isEmpty || small == 0 {
                spoken +=
                    [Spoken](words: NumberWords.cardinal(whole))
                    + [Spoken](cell: whole == "1" ? currency.one : currency.many)
            }
            if small > 0 {
                spoken +=
                    [Spoken](words: NumberWords.cardinal(small))
                    + [Spoken](cell: small == 1 ? currency.smallOne : currency.smallMany)
            }
            return (spoken, number.end)
        }
        return (
            [Spoken](words: NumberWords.decimal(number.whole.isEmpty ? "0" : number.whole, fraction))
                + [Spoken](cell: currency.many), number.end
        )
    }

    /// Hundredths, where the decimals are whole hundredths: "5" → 50, "010" → 1.
    private static func smaller(_ fraction: String) -> Int? {
        var digits = fraction
        while digits.utf8.count > 2, digits.last == "0" { digits.removeLast() }
        guard digits.utf8.count <= 2, let n = Int(digits) else { return nil }
        return digits.utf8.count == 1 ? 10 * n : n
    }
}
