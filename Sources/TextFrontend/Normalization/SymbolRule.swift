/// Signs read by name where they stand for a word.
enum SymbolRule {
    /// A quotation mark at `i` that closes one opened before it in the line.
    static func closesQuote(_ line: Line, _ i: Int) -> Bool {
        guard i < line.count else { return false }
        let symbol = line.tokens[i].symbol
        var isOpen = false
        for k in max(0, i - 400)..<i where line.tokens[k].symbol == symbol {
            // Figures before it: a sign for feet or inches.
            if !isOpen, line.touches(k), line.kind(k - 1) == .digits { continue }
            isOpen.toggle()
        }
        return isOpen
    }

    /// A- and B-: a mark with its minus.
    static func readGrade(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, "-"), let letter = line.letters(i - 1), line.touches(i), letter.utf8.count == 1,
            "ABCDEO".contains(letter), line.ends(i + 1), !line.isDash(i + 1), !line.touches(i - 1),
            ["grade", "grades", "a", "an", "straight", "got", "rated", "type"].contains(line.lower(i - 2) ?? "a")
                && (i > 1 || i + 1 == line.count)
        else { return nil }
        return Reading(.symbol, to: i + 1, words: ["minus"])
    }

    /// I ♥ NY
    static func readHeart(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, "♥") || line.symbol(i, "❤"), let who = line.lower(i - 1),
            ["i", "we", "you", "they"].contains(who), line.letters(i + 1) != nil
        else { return nil }
        return Reading(.symbol, to: i + 1, words: ["love"])
    }

    static func read(_ line: Line, at i: Int) -> Reading? {
        let token = line.tokens[i]
        guard let scalar = Unicode.Scalar(token.symbol), let name = line.tables.symbols[token.symbol] else {
            return nil
        }
        let between = line.touches(i) && line.touches(i + 1)
        switch scalar {
        case "*", "_", "~", "^", "|", "\\", "`", "#":
            // Mark-up and rules are silent, an operator between digits is not.
            guard
                between && line.kind(i - 1) == .digits && line.kind(i + 1) == .digits
                    || scalar == "#" && line.letters(i - 1)?.utf8.count == 1 && line.touches(i)
            else { return nil }
            return Reading(.symbol, to: i + 1, [Spoken](cell: scalar == "#" ? "sharp" : name))
        case "/":
            if between, line.kind(i - 1) == .digits || line.kind(i + 1) == .digits { return nil }
            if line.letters(i - 1) == "and", line.letters(i + 1) == "or" {
                return Reading(.symbol, to: i + 1, [])
            }
            if !line.touches(i), !line.touches(i + 1) { return nil }
            return i > 0 && i + 1 < line.count && line.kind(i - 1) != .symbol
                ? Reading(.symbol, to: i + 1, words: ["slash"]) : nil
        case "<", ">", "=":
            return nil
        case "+":
            guard i + 1 < line.count || line.touches(i) else { return nil }
            return Reading(.symbol, to: i + 1, words: ["plus"])
        default:
            return Reading(.symbol, to: i + 1, [Spoken](cell: name))
        }
    }
}
