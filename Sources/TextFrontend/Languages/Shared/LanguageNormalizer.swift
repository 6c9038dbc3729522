import SpeechSignal

/// Turns the tokens of one sentence into spoken units, in a language other than English: tries the language's own rules and
/// then the shared classes, in a fixed order.
struct LanguageNormalizer: Sendable {
    let rules: any LanguageRules
    let unicode: UnicodeTable
    let emoji: EmojiNames
    /// Last labels of hosts and extensions of files.
    let labels: Set<String>

    func units(_ text: CleanText, lexicon: LexiconStack?) -> [Unit] {
        let tokens = Lexer.tokens(text, letters: rules.letters)
        let line = LanguageLine(tokens: tokens, rules: rules, labels: labels, lexicon: lexicon)
        var result: [Unit] = []
        result.reserveCapacity(line.count)
        var markups = text.markups.makeIterator()
        var i = 0
        while i < line.count {
            let token = line.tokens[i]
            if token.symbol == CleanText.markup, let markup = markups.next() {
                result += units(markup, in: token, lexicon: lexicon)
                i += 1
                continue
            }
            if let (phonemes, end) = lexicon?.phrase(line, at: i) {
                let range = token.start..<line.tokens[end - 1].end
                result.append(
                    Unit(content: .phonemes(phonemes), range: range, spaceBefore: token.spaceBefore, category: .lexicon)
                )
                i = end
                continue
            }
            if let reading = read(line, at: i) {
                let range = token.start..<line.tokens[reading.end - 1].end
                result.append(
                    Unit(
                        content: reading.spoken.isEmpty ? .silent : .spoken(reading.spoken), range: range,
                        spaceBefore: token.spaceBefore, category: reading.category))
                i = reading.end
                continue
            }
            let (unit, next) = PlainRule.unit(line, at: i)
            result.append(unit)
            i = next
        }
        return result
    }

    /// What is read in place of mark-up; all of it has the mark-up's place.
    private func units(_ markup: Markup, in token: Token, lexicon: LexiconStack?) -> [Unit] {
        var unit = Unit(content: .silent, range: token.start..<token.end, spaceBefore: token.spaceBefore, category: nil)
        switch markup {
        case .phonemes(let phonemes): unit.content = .phonemes(phonemes)
        case .pause(let milliseconds): unit.content = .pause(milliseconds: milliseconds)
        case .sayAs(let request):
            guard let reading = request.reading(rules) else {
                return units(.substitute(request.rewritten), in: token, lexicon: lexicon)
            }
            unit.content = .spoken(reading.spoken)
            unit.category = reading.category
        case .substitute(let text):
            let bytes = Array(text.utf8)
            let clean = bytes.withUnsafeBufferPointer { CleanText($0, base: 0, table: unicode, literal: true) }
            return units(clean, lexicon: lexicon).enumerated().map { number, inner in
                var inner = inner
                inner.range = unit.range
                if number == 0 { inner.spaceBefore = unit.spaceBefore }
                if case .word = inner.content { inner.category = inner.category ?? .markup }
                return inner
            }
        }
        return [unit]
    }

    private func read(_ line: LanguageLine, at i: Int) -> Reading? {
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
