import FoundationEssentials

/// How emoji are read.
public enum EmojiReading: String, Sendable, Codable {
    /// Emoji are silent.
    case skip
    /// Emoji are read by their Unicode names.
    case name
}

/// Names of emoji (data/frontend/emoji.tsv), and the rule that reads or skips them.
struct EmojiNames: Sendable {
    var reading = EmojiReading.skip
    private let names: CodePointTable

    init(folder: URL) throws(FrontendError) { names = try CodePointTable(folder: folder, name: "emoji.tsv") }

    /// Whether a scalar is an emoji.
    func contains(_ scalar: UInt32) -> Bool { names[scalar] != nil }

    /// A run of one emoji is read once.
    func read(_ line: Line, at i: Int) -> Reading? {
        let symbol = line.tokens[i].symbol
        guard symbol > 0x2000, let name = names[symbol] else { return nil }
        var end = i + 1
        while end < line.count, line.tokens[end].symbol == symbol { end += 1 }
        return Reading(.emoji, to: end, reading == .skip ? [] : [Spoken](cell: name))
    }
}
