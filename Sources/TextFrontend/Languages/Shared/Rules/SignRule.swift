/// Signs by their names, signs of arithmetic, and what is left over from markup.
enum SignRule {
    /// Tags: <br/>, </em>; they are silent.
    static func readTag(_ line: LanguageLine, at i: Int) -> Reading? {
        guard line.symbol(i, "<"), line.touches(i + 1), line.kind(i + 1) == .letters || line.symbol(i + 1, "/") else {
            return nil
        }
        for k in (i + 2)..<max(i + 2, min(line.count, i + 40)) {
            if line.symbol(k, ">") { return Reading(.markup, to: k + 1, []) }
            if line.symbol(k, "<") { return nil }
        }
        return nil
    }

    /// −5, +3 °C: a sign before a number that nothing touches on its left.
    static func readSigned(_ line: LanguageLine, at i: Int) -> Reading? {
        guard line.begins(i), line.touches(i + 1), line.digits(i + 1) != nil else { return nil }
        let sign: String
        if line.symbol(i, "-") || line.symbol(i, "–") {
            sign = line.words.minus
        } else if line.symbol(i, "+") {
            sign = line.words.plus
        } else {
            return nil
        }
        let rest =
            PartRule.read(line, at: i + 1) ?? AmountRule.read(line, at: i + 1) ?? QuantityRule.read(line, at: i + 1)
            ?? NumberRule.read(line, at: i + 1)
        return rest.map { Reading($0.category, to: $0.end, [.word(sign)] + $0.spoken) }
    }

    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        let isBetween = isOperand(line, i - 1) && isOperand(line, i + 1)
        let name: String?
        switch Unicode.Scalar(line.tokens[i].symbol) {
        case "+": name = line.words.plus
        case "=": name = line.words.equals
        case "×": name = line.words.times
        case "÷": name = line.words.dividedBy
        case "*": name = isBetween ? line.words.times : nil
        case "-":
            name =
                isBetween && !line.touches(i) && line.digits(i - 1) != nil && line.holdsEquation
                ? line.words.minus : nil
        case "/":
            name =
                isBetween && line.digits(i - 1) != nil && line.digits(i + 1) != nil
                ? line.touches(i) ? line.words.slash : line.words.dividedBy : nil
        case "^": name = isBetween ? line.words.power : nil
        case "<", ">": name = line.digits(i + 1) != nil || isBetween ? line.tables.symbols[line.tokens[i].symbol] : nil
        case "#": name = line.digits(i + 1) != nil && line.touches(i + 1) ? line.words.number : nil
        case "~": name = line.digits(i + 1) != nil ? line.tables.symbols[line.tokens[i].symbol] : nil
        case ":":
            name =
                isBetween && line.touches(i) && line.touches(i + 1) && line.digits(i - 1) != nil
                    && line.digits(i + 1) != nil
                ? line.words.to : nil
        case "\\", "|", "_", "`", "\"", "'", ".", ",", ";", "!", "?", "(", ")", "[", "]", "{", "}", "…", "—", "–":
            name = nil
        default: name = line.tables.symbols[line.tokens[i].symbol]
        }
        return name.map { Reading(isBetween ? .math : .symbol, to: i + 1, [Spoken](words: $0)) }
    }

    private static func isOperand(_ line: LanguageLine, _ i: Int) -> Bool {
        line.digits(i) != nil || line.letters(i).map { $0.unicodeScalars.count == 1 } == true || line.symbol(i, "(")
            || line.symbol(i, ")")
    }
}

extension LanguageLine {
    /// An equals sign stands in it.
    var holdsEquation: Bool { tokens.contains { $0.symbol == 61 } }
}
