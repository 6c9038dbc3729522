import SpeechSignal

/// Turns the tokens of one sentence into spoken units. What every language shares: markup comes first, then the phrases
/// of users' lexicons, then the language's rules; what none of them reads is said as it is written.
protocol SentenceNormalizer {
    associatedtype Line: TokenLine

    var unicode: UnicodeTable { get }

    /// The line of another text, read as this one is.
    func line(_ text: CleanText, like line: Line) -> Line
    /// What a rule makes of the tokens from `i` on; nil where no rule fits.
    func read(_ line: Line, at i: Int) -> Reading?
    /// The word or punctuation at `i` as it is written, and the place after it.
    func plain(_ line: Line, at i: Int) -> (Unit, Int)
    /// How a text is spoken that markup says how to take; nil to read it as it stands.
    func reading(_ request: SayAs, in line: Line) -> Reading?
}

extension SentenceNormalizer {
    /// The units of `line`, whose text is `text`.
    func units(_ text: CleanText, _ line: Line) -> [Unit] {
        var result: [Unit] = []
        result.reserveCapacity(line.count)
        var markups = text.markups.makeIterator()
        var i = 0
        while i < line.count {
            let token = line.tokens[i]
            if token.symbol == CleanText.markup, let markup = markups.next() {
                result += units(markup, in: token, of: line)
                i += 1
            } else if let (phonemes, end) = line.lexicon?.phrase(line, at: i) {
                let range = token.start..<line.tokens[end - 1].end
                result.append(
                    Unit(
                        content: .phonemes(phonemes), range: range, spaceBefore: token.spaceBefore, category: .lexicon))
                i = end
            } else if let reading = read(line, at: i) {
                let content: Unit.Content = reading.spoken.isEmpty ? .silent : .spoken(reading.spoken)
                let range = token.start..<line.tokens[reading.end - 1].end
                result.append(
                    Unit(content: content, range: range, spaceBefore: token.spaceBefore, category: reading.category))
                i = reading.end
            } else {
                let (unit, next) = plain(line, at: i)
                result.append(unit)
                i = next
            }
        }
        return result
    }

    /// What is read in place of markup; all of it has the markup's place.
    private func units(_ markup: Markup, in token: Token, of line: Line) -> [Unit] {
        var unit = Unit(content: .silent, range: token.start..<token.end, spaceBefore: token.spaceBefore, category: nil)
        switch markup {
        case .phonemes(let phonemes): unit.content = .phonemes(phonemes)
        case .pause(let milliseconds): unit.content = .pause(milliseconds: milliseconds)
        case .sayAs(let request):
            guard let reading = reading(request, in: line) else {
                return units(.substitute(request.rewritten), in: token, of: line)
            }
            unit.content = .spoken(reading.spoken)
            unit.category = reading.category
        case .substitute(let text):
            let bytes = Array(text.utf8)
            let clean = bytes.withUnsafeBufferPointer { CleanText($0, base: 0, table: unicode, literal: true) }
            return units(clean, self.line(clean, like: line)).enumerated().map { number, inner in
                var inner = inner
                inner.range = unit.range
                if number == 0 { inner.spaceBefore = unit.spaceBefore }
                if case .word = inner.content { inner.category = inner.category ?? .markup }
                return inner
            }
        }
        return [unit]
    }
}
