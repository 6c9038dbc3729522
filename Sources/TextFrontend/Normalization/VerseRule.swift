/// Books of the Bible: Gen. 1:1-3, 1 Cor. 13:4, 2 Kings 2:11.
enum VerseRule {
    /// Books of which there is more than one.
    private static let numbered: Set<String> = [
        "Samuel", "Sam", "Kings", "Kgs", "Chronicles", "Chron", "Chr", "Corinthians", "Cor", "Thessalonians", "Thess",
        "Timothy", "Tim", "Peter", "Pet", "John", "Jn", "Maccabees", "Macc",
    ]

    /// The number of a book at `i`, before its name, chapter and verse: first Corinthians.
    static func readBook(_ line: Line, at i: Int) -> Reading? {
        guard let digits = line.digits(i), digits.utf8.count == 1, let n = Int(digits), (1...4).contains(n),
            let name = line.letters(i + 1), numbered.contains(name), !line.touches(i + 1), line.begins(i),
            line.digits(line.joined(i + 2, ".") ? i + 3 : i + 2) != nil
        else { return nil }
        return Reading(.ordinal, to: i + 1, words: NumberWords.ordinal(n))
    }

    /// Chapter and verse at `i`: 13:4.
    static func isVerse(_ line: Line, _ i: Int) -> Bool {
        line.digits(i) != nil && line.joined(i + 1, ":") && line.touches(i + 2) && line.digits(i + 2) != nil
    }

    private static let comparing: Set<String> = [
        "ratio", "ratios", "scale", "odds", "dilute", "diluted", "dilution", "mix", "aspect", "solution",
    ]

    /// Dilute 1:10, a ratio of 1:12, odds of 2:15: no clock and no verse.
    static func compares(_ line: Line, _ i: Int) -> Bool {
        guard line.joined(i + 1, ":") else { return false }
        return [i - 2, i - 1, i + 3].contains { line.lower($0).map(comparing.contains) == true }
    }

    /// A book's name, whole or abbreviated, precedes `i`.
    static func follows(_ line: Line, _ i: Int) -> Bool {
        guard i > 0, !line.touches(i) else { return false }
        if line.symbol(i - 1, ".") {
            return line.letters(i - 2).flatMap { line.tables.abbreviations[$0] }?
                .contains { $0.place == .verse || $0.place == .number } == true && line.tokens[i - 2].isCapitalized
        }
        let name = line.tokens[i - 1]
        return name.isCapitalized && !AddressRule.isCommonWord(name.text) && !comparing.contains(name.text.lowercased())
    }

    /// 3:16, 5:3-12: chapter and verses.
    static func read(_ line: Line, at i: Int) -> Reading? {
        guard isVerse(line, i), let chapter = line.digits(i), chapter.utf8.count < 4, follows(line, i),
            let verse = line.digits(i + 2), verse.utf8.count < 4, !line.joined(i + 3, ":"),
            line.ends(i + 3) || line.isDash(i + 3)
        else { return nil }
        // Ps. 119:105
        let isLong = chapter.utf8.count == 3
        let words =
            isLong
            ? NumberWords.paired(chapter) + NumberWords.paired(verse)
            : NumberWords.cardinal(chapter) + NumberWords.cardinal(verse)
        guard line.isDash(i + 3), line.touches(i + 3), line.touches(i + 4), let last = line.digits(i + 4),
            line.ends(i + 5)
        else { return Reading(.serial, to: i + 3, words: words) }
        return Reading(.serial, to: i + 5, words: words + ["to"] + NumberWords.cardinal(last))
    }
}
