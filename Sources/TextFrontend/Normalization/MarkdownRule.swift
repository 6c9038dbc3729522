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
