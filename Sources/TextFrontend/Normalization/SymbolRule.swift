import SpeechSignal

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

    /// I ♥ NY, I <3 you; C♯, E♭.
    static func readPicture(_ line: Line, at i: Int) -> Reading? {
        if let sign = accidentals[line.tokens[i].symbol] {
            guard line.touches(i), line.letters(i - 1)?.utf8.count == 1 else { return nil }
            return Reading(.symbol, to: i + 1, words: [sign])
        }
        let isTyped = line.symbol(i, "<") && line.touches(i + 1) && line.digits(i + 1) == "3"
        guard isTyped || line.symbol(i, "♥") || line.symbol(i, "❤"), let who = line.lower(i - 1),
            ["i", "we", "you", "they"].contains(who)
        else { return nil }
        var end = isTyped ? i + 2 : i + 1
        // The sign that asks for its picture.
        if end < line.count, line.tokens[end].symbol == 0xFE0F { end += 1 }
        return line.letters(end) == nil ? nil : Reading(.symbol, to: end, words: ["love"])
    }

    private static let accidentals: [UInt32: String] = [0x266D: "flat", 0x266E: "natural", 0x266F: "sharp"]

    /// "PT / 6 p.m. ET": a stroke between blanks is a pause, unless it joins two plain words.
    static func separates(_ line: Line, _ i: Int) -> Bool {
        guard i > 0, i + 1 < line.count, !line.touches(i), !line.touches(i + 1) else { return false }
        func isPlain(_ k: Int) -> Bool { line.letters(k)?.first?.isLowercase == true }
        return !(isPlain(i - 1) && isPlain(i + 1))
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
            // My # is 12.
            if scalar == "#", !line.touches(i), line.letters(i - 1) != nil,
                ["is", "of", "for", "was"].contains(line.letters(i + 1) ?? "")
            {
                return Reading(.symbol, to: i + 1, words: ["number"])
            }
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
            if separates(line, i) { return nil }
            if between, let rate = RateRule.readPer(line, at: i) { return rate }
            return i > 0 && i + 1 < line.count && line.kind(i - 1) != .symbol
                ? Reading(.symbol, to: i + 1, words: ["slash"]) : nil
        case "=":
            // MAX=5, a = b
            return line.touches(i) == line.touches(i + 1) && i > 0 && line.kind(i - 1) != .symbol
                && i + 1 < line.count && line.kind(i + 1) != .symbol
                ? Reading(.symbol, to: i + 1, words: [name]) : nil
        case "<", ">":
            return nil
        case "§" where line.joined(i + 1, "§"), "¶" where line.joined(i + 1, "¶"):
            return Reading(.symbol, to: i + 2, words: [name + "s"])
        case "+":
            guard i + 1 < line.count || line.touches(i) else { return nil }
            return Reading(.symbol, to: i + 1, words: ["plus"])
        default:
            return Reading(.symbol, to: i + 1, [Spoken](cell: name))
        }
    }
}
