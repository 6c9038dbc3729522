import FoundationEssentials

/// Whether a stressed e or o without a mark is open (bela, porta) or closed (cabelo, boca): words, and endings of words.
///
/// data/frontend/pt/quality.tsv: open or closed, then words and endings ("-ela") apart by blanks. The longest ending that fits
/// decides; a word decides before any ending. A plural is as its singular unless the table has it.
struct PortugueseQuality: Sendable {
    private var words: [String: Bool] = [:]
    private var endings: [String: Bool] = [:]
    private var longest = 0

    /// - Throws: `FrontendError` naming the file that is missing or damaged
    init(folder: URL) throws(FrontendError) {
        var words: [String: Bool] = [:]
        var endings: [String: Bool] = [:]
        try Tables.rows(folder, "quality.tsv", columns: 2) { row in
            for entry in row[1].split(separator: " ") {
                if entry.hasPrefix("-") {
                    endings[String(entry.dropFirst())] = row[0] == "open"
                } else {
                    words[String(entry)] = row[0] == "open"
                }
            }
        }
        (self.words, self.endings) = (words, endings)
        longest = endings.keys.map(\.count).max() ?? 0
    }

    /// - Parameter word: small letters
    func isOpen(_ word: String, stressed: Unicode.Scalar) -> Bool {
        guard stressed == "e" || stressed == "o" else { return false }
        if let known = known(word) { return known }
        // vozes, mulheres, hotéis; devem as deve, levam as leva.
        for (ending, replacement) in [("es", ""), ("s", ""), ("am", "a"), ("em", "e")] where word.hasSuffix(ending) {
            if let known = known(word.dropLast(ending.count) + replacement) { return known }
        }
        // Foreign words that end in a stop: top, web, Elizabeth.
        return word.hasSuffix("th") || word.unicodeScalars.last.map(Self.stops.contains) == true
    }

    private static let stops = Set("bcdfgkptv".unicodeScalars)

    private func known(_ word: some StringProtocol) -> Bool? {
        let word = String(word)
        if let known = words[word] { return known }
        for count in stride(from: min(longest, word.count), to: 1, by: -1) {
            if let known = endings[String(word.suffix(count))] { return known }
        }
        return nil
    }
}
