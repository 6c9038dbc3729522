/// Chords by their letters: Am7, F#m7, Gmaj7, Bbsus4.
enum ChordRule {
    /// Kinds of chords, the figures that may follow and their word.
    private static let kinds: [(name: String, figures: Set<String>, word: String)] = [
        ("maj", ["7", "9"], "major"), ("min", ["7", "9"], "minor"), ("m", ["6", "7", "9", "11"], "minor"),
        ("dim", ["7"], "diminished"), ("aug", ["7"], "augmented"), ("sus", ["2", "4"], "suspended"),
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard line.begins(i), let text = line.letters(i), let root = text.first, "ABCDEFG".contains(root) else {
            return nil
        }
        var kind = text.dropFirst()
        var spoken: [Spoken] = [.letters(String(root))]
        var end = i + 1
        if kind.first == "b" {
            kind = kind.dropFirst()
            spoken.append(.word("flat"))
        } else if kind.isEmpty, line.joined(end, "#"), line.touches(end + 1), let rest = line.letters(end + 1) {
            kind = rest[...]
            spoken.append(.word("sharp"))
            end += 2
        }
        guard let (_, figures, word) = kinds.first(where: { kind == $0.name }), line.touches(end),
            let figure = line.digits(end), figures.contains(figure), line.ends(end + 1) || line.joined(end + 1, "/")
        else { return nil }
        return Reading(.serial, to: end + 1, spoken + [Spoken](words: [word] + NumberWords.cardinal(figure)))
    }
}
