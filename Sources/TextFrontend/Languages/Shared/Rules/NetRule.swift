/// Addresses of the net: ana@ejemplo.com, www.ejemplo.es/ayuda, @nombre, #tema, 192.168.0.1, informe.pdf.
enum NetRule {
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        if line.symbol(i, "@") || line.symbol(i, "#") { return name(line, at: i) }
        guard line.kind(i) != .symbol, line.touches(i + 1), line.kind(i + 1) == .symbol else { return nil }
        // Whatever is written without a blank.
        var end = i + 1
        while line.touches(end), end - i < 120, isPart(line, end) { end += 1 }
        while end > i + 1, line.kind(end - 1) == .symbol, !line.symbol(end - 1, "/") { end -= 1 }
        guard end - i >= 3, isAddress(line, i, end) else { return nil }
        return Reading(.electronic, to: end, spoken(line, i, end))
    }

    private static func isPart(_ line: LanguageLine, _ i: Int) -> Bool {
        if line.kind(i) == .letters || line.kind(i) == .digits { return true }
        return ".-_@/:?&=%+#~".unicodeScalars.contains { line.symbol(i, $0) }
    }

    private static func isAddress(_ line: LanguageLine, _ start: Int, _ end: Int) -> Bool {
        let texts = (start..<end).map { line.tokens[$0] }
        // scheme://
        if texts.count > 4, texts[0].kind == .letters, line.symbol(start + 1, ":"), line.symbol(start + 2, "/"),
            line.symbol(start + 3, "/")
        {
            return true
        }
        if texts[0].text.lowercased() == "www", line.symbol(start + 1, ".") { return true }
        // name@host
        if let at = texts.firstIndex(where: { $0.symbol == 64 }) {
            return at + 1 < texts.count && texts[at + 1].kind != .symbol && texts[0].kind != .symbol
        }
        // 192.168.0.1
        let dots = (start..<end).filter { line.symbol($0, ".") }
        if texts.count == 7, dots.count == 3,
            texts.allSatisfy({ $0.symbol == 46 || $0.kind == .digits && Int($0.text) ?? 256 < 256 })
        {
            // 1.000.000.000 is a number.
            return !texts.dropFirst().allSatisfy { $0.symbol == 46 || $0.text.utf8.count == 3 }
        }
        // host.label, perhaps with a path; a file with an extension.
        let host = (start..<end).prefix { !line.symbol($0, "/") && !line.symbol($0, ":") && !line.symbol($0, "?") }
        guard let last = host.last, line.kind(last) == .letters, line.symbol(last - 1, "."), last - 1 > start,
            host.allSatisfy({
                line.kind($0) != .symbol || line.symbol($0, ".") || line.symbol($0, "-") || line.symbol($0, "_")
            })
        else { return false }
        let label = line.tokens[last].text
        return line.labels.contains(label)
            && host.contains { line.kind($0) == .letters && $0 != last && line.tokens[$0].text.utf8.count > 1 }
    }

    /// @nombre, #DíaDelLibro
    private static func name(_ line: LanguageLine, at i: Int) -> Reading? {
        guard line.touches(i + 1), line.begins(i), line.kind(i + 1) == .letters else { return nil }
        var end = i + 2
        while line.touches(end),
            line.kind(end) != .symbol || line.symbol(end, "_") && line.touches(end + 1)
                || line.symbol(end, ".") && line.touches(end + 1) && line.kind(end + 1) == .letters
        { end += 1 }
        let sign = line.symbol(i, "@") ? line.words.at : line.words.hash
        return Reading(.electronic, to: end, [Spoken](words: sign) + spoken(line, i + 1, end))
    }

    private static func spoken(_ line: LanguageLine, _ start: Int, _ end: Int) -> [Spoken] {
        var spoken: [Spoken] = []
        let words = line.words
        for i in start..<end {
            let token = line.tokens[i]
            switch token.kind {
            case .digits:
                let isPlain = token.text.utf8.count < 5 && token.text.utf8.first != 48
                spoken += (isPlain ? line.numbers.cardinal(token.text, .alone) : line.numbers.digits(token.text)).map(
                    Spoken.word)
            case .letters: spoken += label(line, token.text, isLast: i + 1 == end || line.symbol(i + 1, "/"))
            case .symbol, .foreign:
                let name: String? =
                    switch token.symbol {
                    case 46: words.dot
                    case 45: words.dash
                    case 95: words.underscore
                    case 64: words.at
                    case 47: words.slash
                    case 58: words.colon
                    case 35: words.hash
                    default: line.tables.symbols[token.symbol]
                    }
                if let name { spoken += [Spoken](words: name) }
            }
        }
        return spoken
    }

    /// A label as words, or its letters.
    private static func label(_ line: LanguageLine, _ text: String, isLast: Bool) -> [Spoken] {
        if let known = line.tables.electronic[text.lowercased()] { return [Spoken](words: known) }
        return ElectronicRule.camelPieces(text).flatMap { piece -> [Spoken] in
            if let known = line.tables.electronic[piece.lowercased()] { return [Spoken](words: known) }
            let isShort = piece.unicodeScalars.count < 2 || piece.unicodeScalars.count < 4 && isLast
            let isSaid = piece.unicodeScalars.contains { "aeiouyáéíóúàèìòùâêîôûäëïöü".unicodeScalars.contains($0) }
            if line.tables.lexicon[piece.lowercased()] == nil, isShort || !isSaid && piece.utf8.count < 6 {
                return [.letters(piece.uppercased())]
            }
            return [.word(piece.lowercased())]
        }
    }
}
