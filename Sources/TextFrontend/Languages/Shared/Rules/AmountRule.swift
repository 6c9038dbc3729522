/// Money: 12,50 €, $1.250,50, EUR 20, 5 millones de euros, 3 M€.
enum AmountRule {
    /// A number and the currency after it.
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let number = line.number(i) else { return nil }
        if let (scale, behind) = line.scale(number.end), case let end = line.behindJoint(behind),
            let code = code(line, end), let currency = line.tables.currencies[code]
        {
            return reading(line, number, scale: scale, currency, to: end + length(line, end))
        }
        // 3 M€: the scale and the sign in one.
        if let letters = line.letters(number.end), letters == "M" || letters == "k",
            let scale = line.tables.scales[letters],
            line.touches(number.end + 1), let code = code(line, number.end + 1),
            let currency = line.tables.currencies[code]
        {
            return reading(line, number, scale: scale, currency, to: number.end + 1 + length(line, number.end + 1))
        }
        guard let code = code(line, number.end), let currency = line.tables.currencies[code] else { return nil }
        let end = number.end + length(line, number.end)
        guard !line.touches(end) || line.ends(end) || line.symbol(end, "/") else { return nil }
        return reading(line, number, scale: nil, currency, to: end)
    }

    /// The currency's sign or code at token `i`.
    static func code(_ line: LanguageLine, _ i: Int) -> String? {
        if let letters = line.letters(i) {
            // US$, R$
            if line.joined(i + 1, "$") {
                let code = letters.uppercased() + "$"
                if line.tables.currencies[code] != nil { return code }
            }
            if line.tables.currencies[letters] != nil { return letters }
            // Codes in small letters, unless they are words.
            guard letters.utf8.count == 3 else { return nil }
            let code = letters.uppercased()
            return line.tables.currencies[code] != nil && !line.words.notCodes.contains(letters) ? code : nil
        }
        guard line.kind(i) == .symbol, let sign = Unicode.Scalar(line.tokens[i].symbol) else { return nil }
        let text = String(Character(sign))
        return line.tables.currencies[text] != nil ? text : nil
    }

    private static func length(_ line: LanguageLine, _ i: Int) -> Int {
        line.kind(i) == .letters && line.joined(i + 1, "$") ? 2 : 1
    }

    /// A sign before the number: $5, €1.200.
    static func readSign(_ line: LanguageLine, at i: Int) -> Reading? {
        guard line.kind(i) == .symbol else { return nil }
        return readCode(line, at: i)
    }

    /// A code before the number: US$ 5, EUR 20.
    static func readCode(_ line: LanguageLine, at i: Int) -> Reading? {
        let place = i + length(line, i)
        guard line.kind(place) == .digits, let code = code(line, i), let currency = line.tables.currencies[code],
            let number = line.number(place)
        else { return nil }
        // $20.000 pesos: the word says which.
        if let name = line.letters(number.end), name.utf8.count > 3, line.tables.currencies[name] != nil {
            return read(line, at: place)
        }
        // A letter and a number, as in "B 5", are no money.
        if code.utf8.count == 1, line.kind(i) == .letters { return nil }
        if let (scale, end) = line.scale(number.end) {
            return reading(line, number, scale: scale, currency, to: end)
        }
        return reading(line, number, scale: nil, currency, to: number.end)
    }

    private static func reading(
        _ line: LanguageLine, _ number: LanguageLine.Number, scale: LanguageTables.Scale?,
        _ currency: LanguageTables.Currency, to end: Int
    ) -> Reading {
        var amount = Amount(number: [], isOne: false, currency: currency)
        if let scale {
            let scaled = NumberRule.scaled(line, number, .before(currency.gender), scale)
            amount.number = scaled.words
            amount.scaleJoint = scaled.joins ? line.rules.scaleJoint : nil
        } else if let fraction = number.fraction, !currency.smallOne.isEmpty, fraction.utf8.count <= 2 {
            let cents = Int(fraction).map { fraction.utf8.count == 1 ? 10 * $0 : $0 } ?? 0
            amount.cents = cents > 0 ? cents : nil
            amount.isOne = number.whole == "1"
            amount.number = line.numbers.cardinal(number.whole, .before(currency.gender))
            if number.whole.allSatisfy({ $0 == "0" }), cents > 0 {
                // 0,50 €: the smaller unit alone.
                let small = line.numbers.cardinal(cents, .before(currency.smallGender))
                let name = cents == 1 ? currency.smallOne : currency.smallMany
                return Reading(.money, to: end, words: small + name.split(separator: " ").map(String.init))
            }
        } else {
            amount.number = line.spoken(number, .before(currency.gender))
            amount.isOne = number.isOne
            // 1.000.000 €: "un millón de euros".
            if number.fraction == nil, number.whole.hasSuffix("000000"), number.whole.utf8.count < 16 {
                amount.scaleJoint = line.rules.scaleJoint
            }
        }
        var words = line.rules.money(amount)
        var end = end
        // 5 €/kg
        if line.joined(end, "/"), line.touches(end + 1), let unit = QuantityRule.unit(line, end + 1) {
            words += [line.words.per] + unit.one
            end = unit.end
        }
        return Reading(.money, to: end, words: words)
    }
}
