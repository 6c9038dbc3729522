/// Names out of programs, whose parts stand together by dots and underscores: numpy.array, binary_sensor.front_door,
/// os.path.join.
enum IdentifierRule {
    static func read(_ line: Line, at i: Int) -> Reading? {
        guard line.touches(i + 1), line.symbol(i + 1, ".") || line.symbol(i + 1, "_"),
            !line.touches(i) || line.kind(i - 1) == .symbol,
            !line.symbol(i - 1, ".")
        else { return nil }
        var spoken = part(line, i)
        var end = i + 1
        var dots = 0
        while let (isDot, next) = separator(line, end), line.kind(next) == .letters || line.kind(next) == .digits {
            if isDot {
                spoken.append(.word("dot"))
                dots += 1
            }
            spoken += part(line, next)
            end = next + 1
            while line.touches(end),
                line.kind(end) == .digits || line.kind(end) == .letters && line.kind(end - 1) == .digits
            {
                spoken += part(line, end)
                end += 1
            }
        }
        guard end > i + 1,
            line.ends(end) || line.joined(end, "(") || line.joined(end, "[") || line.joined(end, "=")
                || line.joined(end, "/")
        else { return nil }
        let hasUnderscore = (i..<end).contains { line.symbol($0, "_") }
        guard dots == 0 ? hasUnderscore : hasUnderscore || isCode(line, i, end, dots) else { return nil }
        return Reading(.electronic, to: end, spoken)
    }

    /// The dot or the underscores at `i`, and the token after them.
    private static func separator(_ line: Line, _ i: Int) -> (isDot: Bool, next: Int)? {
        guard line.touches(i), line.touches(i + 1) else { return nil }
        if line.symbol(i, ".") { return (true, i + 1) }
        guard line.symbol(i, "_") else { return nil }
        var next = i + 1
        while line.joined(next, "_") { next += 1 }
        return line.touches(next) ? (false, next) : nil
    }

    /// "came.They" has lost its blank; "numpy.array", "torch.nn.Linear" and "pd.DataFrame" are names.
    private static func isCode(_ line: Line, _ i: Int, _ end: Int, _ dots: Int) -> Bool {
        let parts = (i..<end).compactMap { line.letters($0) }
        guard parts.count > 1, let last = parts.last, !parts.dropFirst().contains(where: { ordinary.contains($0) })
        else { return false }
        if dots == 1, last.first?.isUppercase == true {
            return ElectronicRule.camelPieces(last).count > 1 || line.joined(end, "(")
        }
        // "e.g" and "p.m" are not names: one part has three letters.
        return parts.contains { $0.utf8.count > 2 } && (parts[0].utf8.count > 1 || line.joined(end, "("))
    }

    /// Words that begin a sentence after a missing blank.
    private static let ordinary: Set<String> = [
        "the", "and", "but", "it", "he", "she", "they", "we", "you", "i", "a", "in", "on", "so", "then", "this", "that",
        "there", "thanks", "please", "my", "his", "her", "if", "when", "what", "not", "no", "yes", "just", "also",
        "i'm", "it's", "don't",
    ]

    private static func part(_ line: Line, _ k: Int) -> [Spoken] {
        if let digits = line.digits(k) {
            return [Spoken](words: digits.first == "0" ? NumberWords.digits(digits) : NumberWords.cardinal(digits))
        }
        guard let text = line.letters(k) else { return [] }
        return ElectronicRule.camelPieces(text).map { piece in
            let isWord = piece.utf8.contains { [97, 101, 105, 111, 117, 121].contains($0 | 32) }
            return piece.utf8.count == 1 || !isWord || piece == "io" || piece == "os" || piece == "nn"
                ? .letters(piece.uppercased()) : .word(piece)
        }
    }
}
