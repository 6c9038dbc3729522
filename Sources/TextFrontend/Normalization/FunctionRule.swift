/// Functions before their bracket: sin(30°), log2(8), f(x).
enum FunctionRule {
    private static let names: [String: [String]] = [
        "sin": ["sine"], "cos": ["cosine"], "tan": ["tangent"], "cot": ["cotangent"], "arcsin": ["arc", "sine"],
        "arccos": ["arc", "cosine"], "arctan": ["arc", "tangent"], "log": ["log"], "ln": ["natural", "log"],
        "sqrt": ["square", "root"],
    ]
    private static let greek: Set<String> = ["alpha", "beta", "gamma", "theta", "phi", "omega", "pi"]

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard line.begins(i), let text = line.letters(i) else { return nil }
        let base = text == "log" && line.touches(i + 1) ? line.digits(i + 1) : nil
        let bracket = base == nil ? i + 1 : i + 2
        guard line.joined(bracket, "("), line.touches(bracket + 1), isArgument(line, bracket + 1) else { return nil }
        if let words = names[text] {
            return Reading(
                .math, to: bracket, words: words + (base.map { NumberWords.cardinal($0) } ?? []) + ["of"])
        }
        guard ["f", "g", "h"].contains(text), line.joined(bracket + 2, ")") else { return nil }
        return Reading(.math, to: bracket, [.letters(text.uppercased()), .word("of")])
    }

    /// A number, a variable or what begins a sum; "log(s)" is a plural.
    private static func isArgument(_ line: Line, _ i: Int) -> Bool {
        if let text = line.letters(i) {
            return text.utf8.count == 1 && text != "s" || greek.contains(text) || names[text] != nil
        }
        return line.digits(i) != nil || line.symbol(i, "-") || line.symbol(i, "π") || line.symbol(i, "√")
    }
}
