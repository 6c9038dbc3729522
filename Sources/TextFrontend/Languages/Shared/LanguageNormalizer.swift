import SpeechSignal

/// Turns the tokens of one sentence into spoken units, in a language other than English: tries the language's own rules
/// and then the shared classes, in a fixed order.
struct LanguageNormalizer: SentenceNormalizer, Sendable {
    let rules: any LanguageRules
    let unicode: UnicodeTable
    let emoji: EmojiNames
    /// Last labels of hosts and extensions of files.
    let labels: Set<String>

    func units(_ text: CleanText, lexicon: LexiconStack?) -> [Unit] {
        units(text, line(text, lexicon: lexicon))
    }

    func line(_ text: CleanText, like line: LanguageLine) -> LanguageLine { self.line(text, lexicon: line.lexicon) }

    private func line(_ text: CleanText, lexicon: LexiconStack?) -> LanguageLine {
        LanguageLine(
            tokens: Lexer.tokens(text, letters: rules.letters), rules: rules, labels: labels, lexicon: lexicon)
    }

    func reading(_ request: SayAs, in line: LanguageLine) -> Reading? { request.reading(rules) }

    func plain(_ line: LanguageLine, at i: Int) -> (Unit, Int) { PlainRule.unit(line, at: i) }

    func read(_ line: LanguageLine, at i: Int) -> Reading? {
        let token = line.tokens[i]
        if token.kind == .foreign { return Reading(.foreign, to: i + 1, []) }
        if token.kind == .letters, let lexicon = line.lexicon, lexicon.holds(Letters(token.text)) { return nil }
        for rule in rules.ownRules { if let reading = rule(line, i) { return reading } }
        switch token.kind {
        case .digits: return first(Self.digitRules, line, i)
        case .letters:
            // Most words are words: only what has a sign, a digit or a capital at it, or is in a table, is looked at.
            return first(Self.letterRules, line, i)
        case .symbol:
            if token.symbol > 0x2000, emoji.contains(token.symbol) { return Reading(.emoji, to: i + 1, []) }
            return first(Self.symbolRules, line, i)
        case .foreign: return nil
        }
    }

    private func first(_ rules: [LanguageRule], _ line: LanguageLine, _ i: Int) -> Reading? {
        for rule in rules { if let reading = rule(line, i) { return reading } }
        return nil
    }

    /// Rules that begin with a digit; the first that fits wins.
    private static let digitRules: [LanguageRule] = [
        { NetRule.read($0, at: $1) }, { PhoneRule.read($0, at: $1) }, { DateRule.readNumeric($0, at: $1) },
        { DateRule.readNamed($0, at: $1) }, { ClockRule.read($0, at: $1) }, { OrdinalSignRule.read($0, at: $1) },
        { PartRule.read($0, at: $1) },
        { SerialCodeRule.readVersion($0, at: $1) }, { SpanRule.read($0, at: $1) }, { AmountRule.read($0, at: $1) },
        { QuantityRule.read($0, at: $1) },
        { SerialCodeRule.readDigits($0, at: $1) }, { NumberRule.read($0, at: $1) },
    ]

    /// Rules that begin with letters.
    private static let letterRules: [LanguageRule] = [
        { NetRule.read($0, at: $1) }, { AmountRule.readCode($0, at: $1) }, { NumeralRule.read($0, at: $1) },
        { ShortFormRule.read($0, at: $1) }, { DateRule.readShort($0, at: $1) },
        { SerialCodeRule.readLetters($0, at: $1) },
        { LetterNameRule.read($0, at: $1) },
    ]

    /// Rules that begin with a sign.
    private static let symbolRules: [LanguageRule] = [
        { SignRule.readTag($0, at: $1) }, { PartRule.read($0, at: $1) }, { NetRule.read($0, at: $1) },
        { AmountRule.readSign($0, at: $1) },
        { PhoneRule.read($0, at: $1) }, { SignRule.readSigned($0, at: $1) }, { SignRule.read($0, at: $1) },
    ]
}
