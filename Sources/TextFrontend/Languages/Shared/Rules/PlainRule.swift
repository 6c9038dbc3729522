import SpeechSignal

/// What no rule reads: a word as it is written, a compound, or punctuation.
enum PlainRule {
    static func unit(_ line: LanguageLine, at i: Int) -> (Unit, Int) {
        let token = line.tokens[i]
        var unit = Unit(content: .silent, range: token.start..<token.end, spaceBefore: token.spaceBefore, category: nil)
        guard token.kind == .letters else { return punctuation(line, at: i, unit) }
        var text = token.text
        var next = i + 1
        while line.joined(next, "-"), line.touches(next + 1), line.kind(next + 1) == .letters, text.utf8.count < 60,
            line.tables.abbreviations[line.tokens[next + 1].text] == nil
        {
            text += "-" + line.tokens[next + 1].text
            next += 2
        }
        unit.content = .word(text)
        unit.range = token.start..<line.tokens[next - 1].end
        return (unit, next)
    }

    private static func punctuation(_ line: LanguageLine, at i: Int, _ unit: Unit) -> (Unit, Int) {
        var unit = unit
        guard let scalar = Unicode.Scalar(line.tokens[i].symbol) else { return (unit, i + 1) }
        switch scalar {
        case ".", "!", "?", "…":
            let (mark, next) = line.sentenceEnd(i)
            unit.range = line.tokens[i].start..<line.tokens[next - 1].end
            unit.content = mark
            return (unit, next)
        case ",", ";", ":": unit.content = Phoneme(symbol: scalar).map(Unit.Content.punctuation) ?? .silent
        case "(", "[", "{": unit.content = .punctuation("(")
        case ")", "]", "}": unit.content = .punctuation(")")
        case "—", "–":
            // The dash before a turn of dialogue is not a pause.
            if i > 0 { unit.content = .punctuation("—") }
        case "-":
            var next = i + 1
            while line.joined(next, "-") { next += 1 }
            let isSpaced = line.tokens[i].spaceBefore && next < line.count && !line.touches(next)
            if next > i + 1 || isSpaced, i > 0, next < line.count { unit.content = .punctuation("—") }
            unit.range = line.tokens[i].start..<line.tokens[next - 1].end
            return (unit, next)
        default: break
        }
        return (unit, i + 1)
    }
}
