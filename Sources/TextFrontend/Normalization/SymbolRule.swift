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
            if !isOpen, line.touches(k),
                line.kind(k - 1) == .digits || (0xBC...0xBE).contains(line.tokens[k - 1].symbol)
            {
                continue
            }
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
        if let stars = stars(line, at: i) { return stars }
        if let sign = accidentals[line.tokens[i].symbol] {
            guard line.touches(i), line.letters(i - 1)?.utf8.count == 1 else { return nil }
            return Reading(.symbol, to: i + 1, words: [sign])
        }
        let isTyped = line.symbol(i, "<") && line.touches(i + 1) && line.digits(i + 1) == "3"
        // <3 u all
        if isTyped, i == 0, ["u", "you", "ya", "this", "it", "her", "him", "my"].contains(line.lower(i + 2) ?? "") {
            return Reading(.symbol, to: i + 2, words: ["love"])
        }
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

    /// 4.5★, ★★★★☆
    private static func stars(_ line: Line, at i: Int) -> Reading? {
        func isStar(_ k: Int) -> Bool { line.symbol(k, "★") || line.symbol(k, "☆") }
        guard isStar(i) else { return nil }
        var end = i
        while end == i || line.touches(end), isStar(end) { end += 1 }
        if end == i + 1, line.symbol(i, "★"), let digits = line.digits(i - 1) {
            let isOne = digits == "1" && !line.symbol(i - 2, ".")
            let isSingle = line.letters(end)?.first?.isLowercase == true
            return Reading(.symbol, to: end, words: [isOne || isSingle ? "star" : "stars"])
        }
        // ★ 4.8
        if end == i + 1, line.symbol(i, "★"), let number = line.number(end), number.whole.utf8.count == 1,
            line.ends(number.end)
        {
            return Reading(.symbol, to: number.end, words: line.quantity(number) + [number.isOne ? "star" : "stars"])
        }
        guard end > i + 1 else { return nil }
        let full = (i..<end).count { line.symbol($0, "★") }
        return Reading(.symbol, to: end, words: NumberWords.cardinal(full) + [full == 1 ? "star" : "stars"])
    }

    /// Rh-, HIV+: what a test found.
    private static func finding(_ line: Line, at i: Int) -> Reading? {
        guard line.touches(i), line.ends(i + 1), let test = line.letters(i - 1),
            ["Rh", "HIV", "HPV", "HER", "ER", "PCR", "EGFR", "CD"].contains(test), !line.touches(i - 1)
        else { return nil }
        return Reading(.symbol, to: i + 1, words: [line.symbol(i, "+") ? "positive" : "negative"])
    }

    private static let commands: Set<String> = [
        "sudo", "git", "npm", "npx", "pip", "cd", "ls", "docker", "curl", "python", "cat", "brew", "apt", "make", "ssh",
        "echo", "export", "node", "yarn", "cargo", "go", "swift", "kubectl", "mkdir", "rm", "cp", "mv", "chmod", "wget",
        "conda", "source", "vim", "nano", "grep", "tar", "systemctl", "java", "uv", "pytest", "starling",
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        if line.symbol(i, "-") || line.symbol(i, "+"), let finding = finding(line, at: i) { return finding }
        // $ sudo apt update: a terminal's prompt
        if i == 0, line.symbol(i, "$"), !line.touches(1), line.letters(1).map(commands.contains) == true {
            return Reading(.markup, to: 1, [])
        }
        // a && !b
        if line.symbol(i, "!"), line.touches(i + 1), line.kind(i + 1) == .letters, i > 0,
            line.symbol(i - 1, "(") || line.symbol(i - 1, "&") || line.symbol(i - 1, "|")
        {
            return Reading(.symbol, to: i + 1, words: ["not"])
        }
        // Q1-Q3
        if line.isDash(i), line.touches(i), line.touches(i + 1), line.digits(i - 1) != nil, line.letters(i - 2) == "Q",
            line.letters(i + 1) == "Q", line.touches(i + 2), line.digits(i + 2) != nil
        {
            return Reading(.range, to: i + 1, words: ["to"])
        }
        // LHR–JFK, the 1980s–early 1990s
        if line.symbol(i, "–"), line.touches(i), line.touches(i + 1), let from = line.letters(i - 1),
            let to = line.letters(i + 1),
            from.utf8.count == 3 && to.utf8.count == 3 && from == from.uppercased() && to == to.uppercased()
                || from == "s" && line.kind(i - 2) == .digits && ["early", "mid", "late"].contains(to)
        {
            return Reading(.range, to: i + 1, words: ["to"])
        }
        // the '90s–'00s
        if line.isDash(i), line.touches(i), line.touches(i + 1), line.letters(i - 1) == "s",
            line.kind(i - 2) == .digits,
            line.symbol(i + 1, "'"), line.touches(i + 2), line.digits(i + 2) != nil
        {
            return Reading(.range, to: i + 1, words: ["to"])
        }
        // Jan. 1st - Mar. 31st
        if line.symbol(i, "-"), !line.touches(i), i + 1 < line.count, !line.touches(i + 1),
            line.tokens[i + 1].isCapitalized, let month = line.lower(i + 1), CalendarRule.month(month) != nil,
            (max(0, i - 4)..<i).contains(where: { k in
                line.tokens[k].isCapitalized && line.lower(k).map { CalendarRule.month($0) != nil } == true
            })
        {
            return Reading(.range, to: i + 1, words: ["to"])
        }
        // &&, ||, ->, =>, &c.
        if line.touches(i + 1), !line.touches(i) || line.kind(i - 1) != .symbol {
            if line.symbol(i, "&"), line.symbol(i + 1, "&") { return Reading(.symbol, to: i + 2, words: ["and"]) }
            if line.symbol(i, "|"), line.symbol(i + 1, "|"), i > 0, i + 2 < line.count {
                return Reading(.symbol, to: i + 2, words: ["or"])
            }
            if line.symbol(i, "-") || line.symbol(i, "="), line.symbol(i + 1, ">"), i > 0, i + 2 < line.count,
                !line.touches(i + 2) || line.kind(i + 2) != .symbol
            {
                return Reading(.symbol, to: i + 2, words: ["to"])
            }
            if line.symbol(i, "&"), line.letters(i + 1) == "c", !line.touches(i), line.ends(i + 2) {
                let end = line.joined(i + 2, ".") && i + 3 < line.count ? i + 3 : i + 2
                return Reading(.abbreviation, to: end, words: ["et", "cetera"])
            }
        }
        let token = line.tokens[i]
        guard let scalar = Unicode.Scalar(token.symbol), let name = line.tables.symbols[token.symbol] else {
            return nil
        }
        let between = line.touches(i) && line.touches(i + 1)
        switch scalar {
        case "*", "_", "~", "^", "|", "\\", "`", "#":
            // Dial *67
            if scalar == "*", !line.touches(i), line.touches(i + 1), line.kind(i + 1) == .digits,
                ["dial", "press", "enter", "call", "text", "dialing", "punch"].contains(line.lower(i - 1) ?? "")
            {
                return Reading(.symbol, to: i + 1, words: ["star"])
            }
            // Markup and rules are silent, an operator between digits is not.
            // Conf. # QX7
            if scalar == "#", !line.touches(i), i > 0, i + 1 < line.count, !line.touches(i + 1),
                line.kind(i + 1) == .digits || line.tokens[i + 1].text == line.tokens[i + 1].text.uppercased(),
                line.kind(i - 1) == .letters || line.symbol(i - 1, ".")
            {
                return Reading(.symbol, to: i + 1, words: ["number"])
            }
            // My # is 12.
            if scalar == "#", !line.touches(i), line.letters(i - 1) != nil,
                ["is", "of", "for", "was"].contains(line.letters(i + 1) ?? "")
            {
                return Reading(.symbol, to: i + 1, words: ["number"])
            }
            guard
                between && line.kind(i - 1) == .digits && line.kind(i + 1) == .digits
                    || scalar == "#" && line.letters(i - 1)?.utf8.count == 1 && line.touches(i)
                    || scalar == "~" && between && line.kind(i - 1) == .letters && line.kind(i + 1) == .digits
            else { return nil }
            return Reading(.symbol, to: i + 1, [Spoken](cell: scalar == "#" ? "sharp" : name))
        case "/":
            if between, let over = line.digits(i - 1), let under = line.digits(i + 1) {
                // 347/12 stands alone; FY2023/24, post-9/11 and 31/31/100 go on.
                let isPair = !line.touches(i - 1) && line.ends(i + 2) && !FractionRule.isIdiom(over, under)
                return isPair ? Reading(.symbol, to: i + 1, words: ["slash"]) : nil
            }
            if between, line.kind(i - 1) == .digits || line.kind(i + 1) == .digits { return nil }
            // yes/no, S/M/L: both are said, the stroke is not.
            if between, line.kind(i - 1) == .letters, line.kind(i + 1) == .letters, RateRule.readPer(line, at: i) == nil
            {
                return Reading(.symbol, to: i + 1, [])
            }
            if line.letters(i - 1) == "and", line.letters(i + 1) == "or" {
                return Reading(.symbol, to: i + 1, [])
            }
            if separates(line, i) { return nil }
            if between, let rate = RateRule.readPer(line, at: i) { return rate }
            return i > 0 && i + 1 < line.count && line.kind(i - 1) != .symbol
                ? Reading(.symbol, to: i + 1, words: ["slash"]) : nil
        case "=":
            // A row of them is a rule.
            if line.joined(i + 1, "=") || line.joined(i, "=") && line.symbol(i - 1, "=") {
                guard i > 0, !line.symbol(i - 1, "="), !line.symbol(i + 2, "="), i + 2 < line.count else { return nil }
                return Reading(.symbol, to: i + 2, words: ["is", "equal", "to"])
            }
            return Reading(.symbol, to: i + 1, words: [name])
        case "<", ">":
            return nil
        case "§" where line.joined(i + 1, "§"), "¶" where line.joined(i + 1, "¶"):
            return Reading(.symbol, to: i + 2, words: [name + "s"])
        case "+":
            // A list's mark.
            if i == 0, !line.touches(1), line.kind(1) == .letters { return Reading(.markup, to: 1, []) }
            return Reading(.symbol, to: i + 1, words: ["plus"])
        default:
            return Reading(.symbol, to: i + 1, [Spoken](cell: name))
        }
    }
}
