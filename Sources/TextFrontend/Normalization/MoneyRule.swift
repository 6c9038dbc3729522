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
        // EUR/USD 1.0842 is a rate of two.
        if line.letters(i) != nil, line.joined(i, "/") || line.touches(i) && line.symbol(i - 1, "/"),
            line.letters(i - 2)?.utf8.count == 3
        {
            return nil
        }
        if line.letters(i)?.utf8.count == 3, line.joined(i + 1, "/"), line.touches(i + 2),
            line.letters(i + 2).flatMap({ line.tables.currencies[$0] }) != nil
        {
            return nil
        }
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
                || ["€", "£", "$"].contains(name) && line.digits(begin) != nil && line.kind(at - 1) != .digits
                    && !line.touches(at)
        else { return nil }
        var start = begin
        // $-5
        if sign.isEmpty, line.joined(start, "-"), line.touches(start + 1), line.digits(start + 1) != nil {
            sign = ["minus"]
            start += 1
        }
        if let european = european(line, at: start, currency, name) { return european }
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
        while let (rate, next) = rate(line, end) {
            spoken += rate
            end = next
        }
        return Reading(.money, to: end, spoken)
    }

    /// A rate: $20/mo, $15/day.
    private static func rate(_ line: Line, _ i: Int) -> (spoken: [Spoken], end: Int)? {
        // £5pp
        if line.touches(i), line.letters(i) == "pp", line.ends(i + 1) {
            return ([.word("per"), .word("person")], i + 1)
        }
        guard line.joined(i, "/"), line.touches(i + 1), let text = line.letters(i + 1) else { return nil }
        // ($12/mo.)
        if line.joined(i + 2, "."),
            ["mo", "yr", "wk", "hr", "min", "day", "ea", "gal", "lb", "oz", "sq"].contains(text),
            line.joined(i + 3, ")") || line.letters(i + 3)?.first?.isLowercase == true && !line.touches(i + 3)
                || line.joined(i + 3, ","),
            let (spoken, end) = Self.rate(line, i, text)
        {
            return (spoken, end + 1)
        }
        return Self.rate(line, i, text)
    }

    private static func rate(_ line: Line, _ i: Int, _ text: String) -> (spoken: [Spoken], end: Int)? {
        if let measured = MeasureRule.unit(line, i + 1, after: i + 1, plural: false) {
            return ([.word("per")] + measured.words, measured.end)
        }
        if let unit = line.tables.units[text] {
            return ([.word("per")] + [Spoken](cell: unit.one), i + 2)
        }
        if text == "ea" { return ([.word("each")], i + 2) }
        if let span = ["wk": "week", "yr": "year", "pp": "person", "pers": "person", "dy": "day"][text] {
            return ([.word("per"), .word(span)], i + 2)
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
        if let european = groupedComma(line, at: i) ?? shillings(line, at: i) { return european }
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

    /// 3s. 6d., £1 2s.: what a pound had before 1971.
    private static func shillings(_ line: Line, at i: Int) -> Reading? {
        guard let count = line.digits(i), count.utf8.count < 3, line.touches(i + 1), line.letters(i + 1) == "s" else {
            return nil
        }
        let next = line.joined(i + 2, ".") ? i + 3 : i + 2
        let pence = line.digits(next).flatMap {
            line.touches(next + 1) && line.letters(next + 1) == "d" && $0.utf8.count < 3 ? $0 : nil
        }
        guard pence != nil || line.symbol(i - 2, "£") && line.digits(i - 1) != nil else { return nil }
        var words = NumberWords.cardinal(count) + [count == "1" ? "shilling" : "shillings"]
        guard let pence else { return Reading(.money, to: next < line.count ? next : i + 2, words: words) }
        words += NumberWords.cardinal(pence) + [pence == "1" ? "penny" : "pence"]
        let end = next + 2
        return Reading(.money, to: line.joined(end, ".") && end + 1 < line.count ? end + 1 : end, words: words)
    }

    /// 1.234,56 €: full stops between thousands and a decimal comma.
    private static func groupedComma(_ line: Line, at i: Int) -> Reading? {
        guard var whole = line.digits(i), whole.utf8.count < 4 else { return nil }
        var at = i + 1
        while line.joined(at, "."), line.touches(at + 1), let group = line.digits(at + 1), group.utf8.count == 3 {
            whole += group
            at += 2
        }
        guard at > i + 1, line.joined(at, ","), line.touches(at + 1), let cents = line.digits(at + 1),
            cents.utf8.count == 2,
            let (currency, _, end) = currency(line, at + 2), line.ends(end)
        else {
            return nil
        }
        return Reading(.money, to: end, whole: whole, cents: cents, currency)
    }

    /// 20,50 €: a decimal comma.
    private static func decimalComma(_ line: Line, at i: Int) -> Reading? {
        guard let whole = line.digits(i), line.joined(i + 1, ","), line.touches(i + 2), let cents = line.digits(i + 2),
            cents.utf8.count == 2, let (currency, sign, end) = currency(line, i + 3), sign == "€" || sign == "EUR",
            line.ends(end)
        else { return nil }
        return Reading(.money, to: end, whole: whole, cents: cents, currency)
    }

    /// €1.234,56, €12,50 and €1.234: as it is written where the euro is paid.
    private static func european(_ line: Line, at i: Int, _ currency: Tables.Currency, _ sign: String) -> Reading? {
        guard sign == "€" || sign == "EUR", var whole = line.digits(i), whole.utf8.count < 4, whole.first != "0" else {
            return nil
        }
        var at = i + 1
        while line.joined(at, "."), line.touches(at + 1), let group = line.digits(at + 1), group.utf8.count == 3 {
            whole += group
            at += 2
        }
        if line.joined(at, ","), line.touches(at + 1), let cents = line.digits(at + 1), cents.utf8.count == 2,
            line.ends(at + 2)
        {
            return Reading(.money, to: at + 2, whole: whole, cents: cents, currency)
        }
        guard at > i + 1, line.ends(at), !line.joined(at, ",") || !line.touches(at + 1) else { return nil }
        return Reading(.money, to: at, [Spoken](words: NumberWords.cardinal(whole)) + [Spoken](cell: currency.many))
    }

    private static func amount(_ line: Line, at i: Int, _ currency: Tables.Currency) -> (spoken: [Spoken], end: Int)? {
        guard let number = line.number(i) else { return nil }
        // PHP 8.2.1 is a version.
        if number.fraction == nil, line.joined(number.end, "."), line.touches(number.end + 1),
            line.digits(number.end + 1) != nil
        {
            return nil
        }
        if let scale = line.scale(number.end, letters: true) {
            let words = line.quantity(number, and: false) + [scale.word]
            return ([Spoken](words: words) + [Spoken](cell: currency.many), scale.end)
        }
        guard
            line.ends(number.end) || line.isDash(number.end) || line.joined(number.end, "/")
                || line.letters(number.end) == "pp"
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

extension Reading {
    /// An amount and its hundredths.
    fileprivate init(_ category: ExpansionClass, to end: Int, whole: String, cents: String, _ currency: Tables.Currency)
    {
        var spoken =
            [Spoken](words: NumberWords.cardinal(whole)) + [Spoken](cell: whole == "1" ? currency.one : currency.many)
        if let n = Int(cents), n > 0 {
            spoken +=
                [Spoken](words: NumberWords.cardinal(n))
                + [Spoken](cell: n == 1 ? currency.smallOne : currency.smallMany)
        }
        self.init(category, to: end, spoken)
    }
}
