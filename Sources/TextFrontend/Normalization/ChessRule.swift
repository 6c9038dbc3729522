/// Moves of chess: Nf3, Bxc6+, exd5, Nbd2.
enum ChessRule {
    private static let pieces: [Character: String] = [
        "K": "king", "Q": "queen", "R": "rook", "B": "bishop", "N": "knight",
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let rank = line.digits(i + 1), rank.utf8.count == 1, rank != "0", rank != "9", line.touches(i + 1),
            !line.touches(i) || line.kind(i - 1) == .symbol, let text = line.letters(i),
            (2...4).contains(text.utf8.count)
        else { return nil }
        var rest = text[...]
        var spoken: [Spoken] = []
        if let first = rest.first, let piece = pieces[first] {
            spoken.append(.word(piece))
            rest.removeFirst()
        }
        guard let file = rest.popLast(), isFile(file) else { return nil }
        let isCapture = rest.last == "x"
        if isCapture { rest.removeLast() }
        guard rest.allSatisfy(isFile), rest.utf8.count < 2, !spoken.isEmpty || isCapture && !rest.isEmpty else {
            return nil
        }
        spoken += rest.map { .letters($0.uppercased()) }
        if isCapture { spoken.append(.word("takes")) }
        spoken += [.letters(file.uppercased())] + [Spoken](words: NumberWords.digits(rank))
        var end = i + 2
        if line.joined(end, "+") || line.joined(end, "#") {
            spoken.append(.word(line.symbol(end, "+") ? "check" : "mate"))
            end += 1
        }
        return line.ends(end) ? Reading(.serial, to: end, spoken) : nil
    }

    private static func isFile(_ letter: Character) -> Bool { "abcdefgh".contains(letter) }
}
