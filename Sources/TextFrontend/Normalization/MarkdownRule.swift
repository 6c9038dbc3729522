/// Links left over from Markdown: [text](address) is its text, ![text](address) too.
enum MarkdownRule {
    private static let reach = 60

    static func read(_ line: Line, at i: Int) -> Reading? {
        if line.symbol(i, "!"), line.joined(i + 1, "["), closing(line, from: i + 1) != nil {
            return Reading(.markup, to: i + 2, [])
        }
        if line.symbol(i, "["), closing(line, from: i) != nil { return Reading(.markup, to: i + 1, []) }
        guard line.symbol(i, "]"), line.joined(i + 1, "("), let end = addressEnd(line, from: i + 1) else { return nil }
        // Only where the bracket was one of ours.
        var k = i - 1
        while k >= max(0, i - reach), !line.symbol(k, "[") { k -= 1 }
        guard line.symbol(k, "[") else { return nil }
        return Reading(.markup, to: end, [])
    }

    /// The rest of a terminal's color, ESC[31m, whose first character is a blank by now.
    static func readTerminal(_ line: Line, at i: Int) -> Reading? {
        var end = i + 1
        while line.touches(end), line.digits(end) != nil || line.symbol(end, ";") { end += 1 }
        guard end > i + 1 || line.touches(i + 1), line.touches(end),
            line.letters(end) == "m" || line.letters(end) == "K",
            line.digits(i + 1) != nil, !line.joined(end + 1, "]")
        else { return nil }
        return Reading(.markup, to: end + 1, [])
    }

    private static func closing(_ line: Line, from i: Int) -> Int? {
        var k = i + 1
        while k < min(line.count, i + reach), !line.symbol(k, "]") {
            if line.symbol(k, "[") { return nil }
            k += 1
        }
        guard line.symbol(k, "]"), line.joined(k + 1, "("), addressEnd(line, from: k + 1) != nil else { return nil }
        return k
    }

    /// The end of "(address)": no blank inside, and something no word has.
    private static func addressEnd(_ line: Line, from i: Int) -> Int? {
        var isAddress = false
        var k = i + 1
        while k < min(line.count, i + 200), line.touches(k), !line.symbol(k, ")") {
            if line.symbol(k, "/") || line.symbol(k, ".") || line.symbol(k, "#") { isAddress = true }
            k += 1
        }
        return isAddress && line.joined(k, ")") ? k + 1 : nil
    }
}
