import SpeechSignal

/// The tokens of a sentence, with the questions that rules of every language ask of them.
protocol TokenLine {
    var tokens: [Token] { get }
    /// The words of users.
    var lexicon: LexiconStack? { get }
}

extension TokenLine {
    var count: Int { tokens.count }

    func kind(_ i: Int) -> Token.Kind? { tokens.indices.contains(i) ? tokens[i].kind : nil }

    /// Token `i` is there and touches the one before it.
    func touches(_ i: Int) -> Bool { i > 0 && i < tokens.count && !tokens[i].spaceBefore }

    func digits(_ i: Int) -> String? { kind(i) == .digits ? tokens[i].text : nil }
    func letters(_ i: Int) -> String? { kind(i) == .letters ? tokens[i].text : nil }
    func lower(_ i: Int) -> String? { letters(i)?.lowercased() }

    func symbol(_ i: Int, _ character: Unicode.Scalar) -> Bool {
        tokens.indices.contains(i) && tokens[i].symbol == character.value
    }

    /// The symbol is there and touches what precedes it.
    func joined(_ i: Int, _ character: Unicode.Scalar) -> Bool { touches(i) && symbol(i, character) }

    /// A dash; also the tilde of 20~30.
    func isDash(_ i: Int) -> Bool {
        symbol(i, "-") || symbol(i, "–") || symbol(i, "—")
            || symbol(i, "~") && touches(i) && touches(i + 1) && digits(i - 1) != nil && digits(i + 1) != nil
    }

    /// Nothing touches token `i - 1` on its right but closing punctuation.
    func ends(_ i: Int) -> Bool {
        guard touches(i) else { return true }
        guard let symbol = Unicode.Scalar(tokens[i].symbol), tokens[i].kind == .symbol else { return false }
        switch symbol {
        case ".", ",", ":", ";", "!", "?", ")", "]", "}", "\"", "'", "…", "—", "–", "<", "*", "`": return true
        default: return false
        }
    }

    /// A blank, the text's edge or an opening sign precedes token `i`.
    func begins(_ i: Int) -> Bool {
        guard touches(i) else { return true }
        return kind(i - 1) == .symbol && !symbol(i - 1, ".") && !isDash(i - 1)
    }

    /// The strongest of the stops, question and exclamation marks that touch each other from token `i` on, several
    /// stops being an ellipsis, and the token after them.
    func sentenceEnd(_ i: Int) -> (mark: Unit.Content, next: Int) {
        var strongest: Unicode.Scalar = "."
        var stops = 0
        var next = i
        while next == i || touches(next), kind(next) == .symbol, let mark = Unicode.Scalar(tokens[next].symbol),
            Phoneme(symbol: mark).map(PhonemeSet.sentenceEnds.contains) == true
        {
            if mark == "?" || mark == "!" && strongest != "?" { strongest = mark }
            if mark == "." { stops += 1 }
            if mark == "…", strongest == "." { strongest = mark }
            next += 1
        }
        if strongest == ".", stops > 1 { strongest = "…" }
        return (Phoneme(symbol: strongest).map(Unit.Content.punctuation) ?? .silent, next)
    }
}
