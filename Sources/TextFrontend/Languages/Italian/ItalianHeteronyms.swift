import FoundationEssentials

/// Words whose spelling has two stresses, by their neighbors: prìncipi and princìpi, sùbito and subìto.
///
/// data/frontend/it/heteronyms.tsv has them, and classes of words (articles, auxiliaries) that precede them.
struct ItalianHeteronyms: Sendable {
    private struct Case: Sendable {
        var marked: String
        var before: Neighbors
        var after: Neighbors
    }

    /// Words, and endings of words ("-ato").
    private struct Neighbors: Sendable {
        var words: Set<String> = []
        var endings: [String] = []

        func contains(_ word: String) -> Bool { words.contains(word) || endings.contains(where: word.hasSuffix) }
    }

    private struct Entry: Sendable {
        var usual: String
        var cases: [Case] = []
    }

    private let entries: [String: Entry]

    /// - Throws: `FrontendError` naming the file that is missing or damaged
    init(folder: URL) throws(FrontendError) {
        var classes: [String: Set<String>] = [:]
        var entries: [String: Entry] = [:]
        try Tables.rows(folder, "heteronyms.tsv", columns: 2) { row in
            if row[0].hasPrefix("@") {
                classes[row[0]] = Set(row[1].split(separator: " ").map(String.init))
                return
            }
            var entry = entries[row[0]] ?? Entry(usual: row[1])
            if row.count > 4 {
                let neighbors = row[3...4].map { cell in
                    cell.split(separator: " ").map(String.init).reduce(into: Neighbors()) { neighbors, word in
                        if word.hasPrefix("-") {
                            neighbors.endings.append(String(word.dropFirst()))
                        } else {
                            neighbors.words.formUnion(classes[word] ?? [word])
                        }
                    }
                }
                entry.cases.append(Case(marked: row[2], before: neighbors[0], after: neighbors[1]))
            }
            entries[row[0]] = entry
        }
        self.entries = entries
    }

    /// The word at `i` as a dictionary marks it; nil where it is no heteronym.
    ///
    /// - Parameter words: small letters; nil for punctuation
    func marked(_ words: [String?], at i: Int) -> String? {
        guard let word = words[i] else { return nil }
        // dell'ancora, l'ambito
        let bare =
            word.utf8.contains(UInt8(ascii: "'")) ? word.split(separator: "'").last.map(String.init) ?? word : word
        guard let entry = entries[bare] else { return nil }
        let isElided = bare.utf8.count < word.utf8.count
        let before = isElided ? String(word.dropLast(bare.count)) : i > 0 ? words[i - 1] ?? "" : ""
        let after = i + 1 < words.count ? words[i + 1] ?? "" : ""
        let chosen = entry.cases.first { $0.before.contains(before) || $0.after.contains(after) }?.marked ?? entry.usual
        return isElided ? before.replacing("'", with: "") + chosen : chosen
    }
}
