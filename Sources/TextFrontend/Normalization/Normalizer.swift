import SpeechSignal

/// One written unit and how it is spoken.
struct Unit {
    enum Content {
        /// A word as written, perhaps a hyphenated compound.
        case word(String)
        case spoken([Spoken])
        case phonemes(Phonemes)
        case pause(milliseconds: Int)
        case punctuation(Phoneme)
        case silent
    }

    var content: Content
    /// Positions in the clean text.
    var range: Range<Int>
    var spaceBefore: Bool
    /// What kind of expansion this is; nil where the text is read as written.
    var category: ExpansionClass?
}

/// Turns the tokens of one sentence into spoken units: tries each class of rules where its first token calls for it.
struct Normalizer: SentenceNormalizer, Sendable {
    let tables: Tables
    let unicode: UnicodeTable
    let lexicon: Lexicon
    var emoji: EmojiNames

    func units(_ text: CleanText, accent: Accent, lexicon: LexiconStack? = nil) -> [Unit] {
        units(text, Line(tokens: Lexer.tokens(text), tables: tables, accent: accent, lexicon: lexicon))
    }

    func line(_ text: CleanText, like line: Line) -> Line {
        Line(tokens: Lexer.tokens(text), tables: tables, accent: line.accent, lexicon: line.lexicon)
    }

    func reading(_ request: SayAs, in line: Line) -> Reading? { request.reading(tables, accent: line.accent) }

    func read(_ line: Line, at i: Int) -> Reading? {
        switch line.tokens[i].kind {
        case .letters: readLetters(line, at: i)
        case .digits: readDigits(line, at: i)
        case .symbol: readSymbol(line, at: i)
        case .foreign: Reading(.foreign, to: i + 1, [])
        }
    }

    typealias Rule = @Sendable (Line, Int) -> Reading?

    /// Rules that begin with a digit, the first that fits wins.
    private static let digitRules: [Rule] = [
        { ChatRule.read($0, at: $1) },
        { CodeRule.read($0, at: $1) }, { ElectronicRule.read($0, at: $1) }, { LabelRule.readDigits($0, at: $1) },
        { TelephoneRule.read($0, at: $1) },
        { SerialRule.readPlan($0, at: $1) }, { CalendarRule.readNumeric($0, at: $1) },
        { StrokeDateRule.read($0, at: $1) }, { SlashRule.read($0, at: $1) }, { VerseRule.readBook($0, at: $1) },
        { DurationRule.read($0, at: $1) }, { TemperatureRule.read($0, at: $1) }, { TimeRule.read($0, at: $1) },
        { MoneyRule.read($0, at: $1) },
        { OrdinalRule.read($0, at: $1) }, { AddressRule.read($0, at: $1) }, { SerialRule.readPlural($0, at: $1) },
        { FractionRule.read($0, at: $1) },
        { ComparisonRule.readScientific($0, at: $1) }, { CardinalRule.readScaled($0, at: $1) },
        { MeasureRule.read($0, at: $1) }, { MathRule.readRange($0, at: $1) }, { SerialRule.readDigits($0, at: $1) },
        { CardinalRule.read($0, at: $1) },
    ]

    /// Rules that begin with letters.
    private static let letterRules: [Rule] = [
        { CalendarRule.readMonth($0, at: $1) }, { WeekdayRule.read($0, at: $1) }, { VersionRule.read($0, at: $1) },
        { VersionRule.readStandard($0, at: $1) },
        { DurationRule.readOffset($0, at: $1) }, { LabelRule.readPostcode($0, at: $1) },
        { AddressRule.readName($0, at: $1) }, { AbbreviationRule.read($0, at: $1) }, { LetterRule.read($0, at: $1) },
        { RomanRule.read($0, at: $1) },
        { MathRule.readVariable($0, at: $1) }, { MathRule.readProduct($0, at: $1) }, { MathRule.readTimes($0, at: $1) },
        { RateRule.read($0, at: $1) },
    ]

    /// Rules that begin with a sign.
    private static let symbolRules: [Rule] = [
        { LaTeXRule.read($0, at: $1) }, { ComparisonRule.read($0, at: $1) }, { MoneyRule.read($0, at: $1) },
        { CodeRule.read($0, at: $1) }, { ElectronicRule.read($0, at: $1) },
        { PathRule.read($0, at: $1) }, { FractionRule.read($0, at: $1) },
        { MathRule.readMinus($0, at: $1) }, { MathRule.readPower($0, at: $1) }, { MathRule.readOperator($0, at: $1) },
        { MathRule.readDivision($0, at: $1) },
        { SymbolRule.read($0, at: $1) },
    ]

    private func first(_ rules: [Rule], _ line: Line, _ i: Int) -> Reading? {
        for rule in rules { if let reading = rule(line, i) { return reading } }
        return nil
    }

    private func readDigits(_ line: Line, at i: Int) -> Reading? { first(Self.digitRules, line, i) }

    private func readLetters(_ line: Line, at i: Int) -> Reading? {
        if let lexicon = line.lexicon, lexicon.holds(Letters(line.tokens[i].text)) { return nil }
        if line.touches(i + 1) {
            if let reading = ChordRule.read(line, at: i) ?? FunctionRule.read(line, at: i) { return reading }
            if let code = CodeRule.read(line, at: i) { return code }
            if let reading = ElectronicRule.read(line, at: i) { return reading }
            if line.symbol(i + 1, ":"), let path = PathRule.read(line, at: i) { return path }
            if let keys = KeyRule.read(line, at: i) ?? ChessRule.read(line, at: i) { return keys }
            if let party = AddressRule.readParty(line, at: i) { return party }
        }
        if line.joined(i + 1, "$") || line.joined(i + 1, "¥") || line.tables.currencies[line.tokens[i].text] != nil,
            let money = MoneyRule.read(line, at: i)
        {
            return money
        }
        if let identifier = IdentifierRule.read(line, at: i) { return identifier }
        return first(Self.letterRules, line, i) ?? besideDigits(line, at: i)
    }

    /// Letters that touch digits: "B2A23C", "ab9453"; longer ones with a vowel stay words ("covid19").
    private func besideDigits(_ line: Line, at i: Int) -> Reading? {
        let before = line.touches(i) && line.kind(i - 1) == .digits
        let after = line.touches(i + 1) && line.kind(i + 1) == .digits
        // 20ish
        if before, line.lower(i) == "ish" { return Reading(.serial, to: i + 1, words: ["ish"]) }
        if let text = line.lower(i), ["log", "sin", "cos", "tan", "max", "min", "row", "day"].contains(text) {
            return nil
        }
        guard before || after, let text = line.letters(i),
            text.utf8.count < 4 || text == text.uppercased() && text.utf8.count < 5,
            before || text.utf8.count < 4 || text == text.uppercased()
        else { return nil }
        return Reading(.serial, to: i + 1, [.letters(text.uppercased())])
    }

    private func readSymbol(_ line: Line, at i: Int) -> Reading? {
        let token = line.tokens[i]
        if line.symbol(i, "!") {
            if let factorial = MathRule.readFactorial(line, at: i) { return factorial }
            if let negation = SymbolRule.read(line, at: i) { return negation }
        }
        if line.symbol(i, "["), let escape = MarkdownRule.readTerminal(line, at: i) { return escape }
        if line.symbol(i, "[") || line.symbol(i, "]") || line.symbol(i, "!") {
            return line.symbol(i, "!") && line.joined(i + 1, "=")
                ? ComparisonRule.read(line, at: i) : MarkdownRule.read(line, at: i)
        }
        if token.symbol < 0x80, Self.quiet[Int(token.symbol)] { return nil }
        if line.symbol(i, "."),
            let reading = ElectronicRule.readDotted(line, at: i) ?? ElectronicRule.readHidden(line, at: i)
                ?? PathRule.read(line, at: i)
        {
            return reading
        }
        if line.symbol(i, "-"), let reading = SymbolRule.readGrade(line, at: i) ?? CommandRule.read(line, at: i) {
            return reading
        }
        if line.symbol(i, "."),
            !(line.touches(i + 1) && line.digits(i + 1) != nil)
                || i > 0 && line.touches(i) && line.kind(i - 1) != .symbol
        {
            return nil
        }
        if line.symbol(i, "'"), let digits = line.digits(i + 1), line.touches(i + 1), digits.utf8.count == 2,
            !line.touches(i) || line.kind(i - 1) == .symbol
        {
            return SerialRule.readPlural(line, at: i + 1) ?? CalendarRule.readNumeric(line, at: i + 1)
                ?? Reading(.date, to: i + 2, words: CalendarRule.shortYear(digits))
        }
        if line.symbol(i, "."), let reading = BareDecimalRule.read(line, at: i) { return reading }
        if let heart = ChatRule.readHeart(line, at: i) { return heart }
        if line.symbol(i, "<"), let end = tagEnd(line, i) { return Reading(.markup, to: end, []) }
        if let reading = SymbolRule.readPicture(line, at: i) ?? emoji.read(line, at: i) { return reading }
        if line.symbol(i, "+") || line.symbol(i, "("), let reading = TelephoneRule.read(line, at: i) { return reading }
        if line.symbol(i, "."), let reading = MoneyRule.read(line, at: i) ?? decimal(line, at: i) { return reading }
        return first(Self.symbolRules, line, i)
    }

    /// The end of a tag left over from some markup: <br/>, </em>, <a href="…">.
    private func tagEnd(_ line: Line, _ i: Int) -> Int? {
        guard line.touches(i + 1), line.kind(i + 1) == .letters || line.symbol(i + 1, "/") else { return nil }
        // #include <stdio.h>
        if line.joined(i + 2, "."), line.lower(i + 3) == "h", line.joined(i + 4, ">") { return nil }
        for k in (i + 2)..<max(i + 2, min(line.count, i + 40)) {
            if line.symbol(k, ">") { return k + 1 }
            if line.symbol(k, "<") { return nil }
        }
        return nil
    }

    private func decimal(_ line: Line, at i: Int) -> Reading? {
        if let measure = MeasureRule.read(line, at: i) { return measure }
        return CardinalRule.read(line, at: i)
    }

    /// Punctuation that no rule but inline markup begins with.
    private static let quiet: [Bool] = {
        var table = [Bool](repeating: false, count: 128)
        for character in ",;:!?)]}\"{`".utf8 { table[Int(character)] = true }
        return table
    }()

    /// A word, a compound, or punctuation.
    func plain(_ line: Line, at i: Int) -> (Unit, Int) {
        let token = line.tokens[i]
        var unit = Unit(content: .silent, range: token.start..<token.end, spaceBefore: token.spaceBefore, category: nil)
        guard token.kind == .letters else {
            return punctuation(line, at: i, unit)
        }
        var text = token.text
        var next = i + 1
        while line.joined(next, "-"), line.touches(next + 1), line.kind(next + 1) == .letters, text.utf8.count < 60,
            !(line.tables.abbreviations[line.tokens[next + 1].text] != nil
                && line.tokens[next + 1].text.first?.isUppercase == true)
        {
            text += "-" + line.tokens[next + 1].text
            next += 2
        }
        if let (whole, end) = broken(line, text, next) {
            unit.content = .word(whole)
            unit.category = .markup
            unit.range = token.start..<line.tokens[end - 1].end
            return (unit, end)
        }
        // 'em, 'tis: the reader drops the apostrophe where the lexicon has no such word.
        if line.symbol(i - 1, "'"), !token.spaceBefore { text = "'" + text }
        unit.content = .word(text)
        // "Dr." is read as the user says, and the full stop is the abbreviation's own.
        if next == i + 1, next + 1 < line.count, line.joined(next, "."), line.tables.abbreviations[text] != nil,
            line.lexicon?.holds(Letters(text)) == true
        {
            next += 1
        }
        unit.range = token.start..<line.tokens[next - 1].end
        return (unit, next)
    }

    /// A word that the end of a line broke: "exam-" and "ple".
    private func broken(_ line: Line, _ text: String, _ i: Int) -> (whole: String, end: Int)? {
        guard line.joined(i, "-"), i + 1 < line.count, !line.touches(i + 1), let rest = line.letters(i + 1),
            text.utf8.count > 1, rest.utf8.count > 1,
            rest.utf8.allSatisfy({ $0 >= 97 && $0 <= 122 || $0 == 39 }),
            isWord(Letters((text + rest).lowercased()), line.accent)
        else { return nil }
        return (text + rest, i + 2)
    }

    private func isWord(_ word: Letters, _ accent: Accent) -> Bool {
        let isKnown = { (stem: Letters) in lexicon.entry(stem, accent: accent) != nil }
        return isKnown(word)
            || [Stems.plural(word, isKnown), Stems.past(word, isKnown), Stems.progressive(word, isKnown)].contains {
                $0 != nil
            }
    }

    private func punctuation(_ line: Line, at i: Int, _ unit: Unit) -> (Unit, Int) {
        var unit = unit
        guard let scalar = Unicode.Scalar(line.tokens[i].symbol) else { return (unit, i + 1) }
        switch scalar {
        case ".", "!", "?", "…":
            let (mark, next) = line.sentenceEnd(i)
            unit.range = line.tokens[i].start..<line.tokens[next - 1].end
            unit.content = mark
            return (unit, next)
        case ",", ";", ":":
            unit.content = Phoneme(symbol: scalar).map(Unit.Content.punctuation) ?? .silent
        case "(" where line.joined(i + 1, ")"), "[" where line.symbol(i + 1, "]"), "{" where line.joined(i + 1, "}"):
            // A function's empty brackets.
            unit.range = line.tokens[i].start..<line.tokens[i + 1].end
            return (unit, i + 2)
        case "(", "[", "{":
            unit.content = .punctuation("(")
        case ")", "]", "}":
            unit.content = .punctuation(")")
        case "|":
            // Cells of a table.
            if i > 0, i + 1 < line.count, !line.touches(i), line.kind(i - 1) != .symbol || !line.symbol(i - 1, "|") {
                unit.content = .punctuation(",")
            }
        case "/":
            // 3 p.m. PT / 6 p.m. ET
            if SymbolRule.separates(line, i) {
                unit.content = .punctuation(",")
            }
        case "—", "–":
            unit.content = .punctuation("—")
        case "-":
            var next = i + 1
            while line.joined(next, "-") { next += 1 }
            let spaced = line.tokens[i].spaceBefore && next < line.count && !line.touches(next)
            if next > i + 1 || spaced, i > 0, next < line.count { unit.content = .punctuation("—") }
            unit.range = line.tokens[i].start..<line.tokens[next - 1].end
            return (unit, next)
        default: break
        }
        return (unit, i + 1)
    }
}
