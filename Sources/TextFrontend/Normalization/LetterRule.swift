/// The letter A where it is a name and no article: from A to B, Option A, an A, Q&A, 6(1)(a), a = b.
enum LetterRule {
    /// What is named by a letter: Option A, Hepatitis A.
    private static let labels: Set<String> = [
        "option", "point", "section", "part", "plan", "group", "class", "grade", "vitamin", "hepatitis", "type", "team",
        "block", "gate", "building", "room", "exhibit", "appendix", "annex", "table", "figure", "step", "item",
        "question", "answer", "schedule", "category", "tier", "level", "unit", "suite", "apt", "apartment", "row",
        "terminal", "platform", "zone", "area", "side", "model", "series", "serie", "player", "person", "company",
        "product", "variant", "influenza", "letter", "straight", "triple", "double", "capital", "note", "string",
        "column", "list", "lot", "entrance", "wing", "hall", "paragraph", "clause", "article", "scenario", "case",
        "study", "sample", "node", "line", "bus", "drive", "channel", "size", "cup", "battery", "medicare", "subject",
        "patient", "participant", "condition", "treatment", "method", "set", "box", "bin", "bay", "dock", "ward",
        "flat", "door", "stand", "pier", "bracket", "pool", "division", "league", "stage", "phase", "version", "form",
        "test", "paper", "module", "lane", "exit", "site", "camera", "circle",
    ]
    /// Words that no article precedes.
    private static let unarticled: Set<String> = [
        "to", "or", "and", "is", "was", "are", "has", "then", "from", "through", "vs", "versus", "for", "of", "but",
        "by", "at", "into", "equals", "plus", "minus", "means", "stands", "comes", "goes", "in", "on", "with", "as",
        "if", "because", "gives", "says", "does", "would", "will", "can", "should", "beats", "meets", "must", "becomes",
        "before", "after",
    ]
    /// Words after which the letter is one even before a capital: an A Team.
    private static let marking: Set<String> = [
        "an", "letter", "straight", "triple", "double", "capital", "the", "grade",
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let text = line.letters(i), text == "A" || text == "a" else { return nil }
        let isName = text == "A" ? isName(line, i) : isListed(line, i)
        return isName || isVariable(line, i) ? Reading(.acronym, to: i + 1, [.letters(text)]) : nil
    }

    /// (a), a) at the beginning, and a letter that is all there is.
    private static func isListed(_ line: Line, _ i: Int) -> Bool {
        if line.joined(i + 1, ")") {
            return line.symbol(i - 1, "(") && line.touches(i) || i == 0 || line.symbol(i - 1, ",")
                || line.symbol(i - 1, ";")
        }
        // from a to z, the letter a
        if ["letter", "letters"].contains(line.lower(i - 1) ?? "") { return true }
        if line.lower(i - 1) == "from", line.lower(i + 1) == "to" || line.lower(i + 1) == "through",
            line.letters(i + 2)?.utf8.count == 1
        {
            return true
        }
        return i == 0 && (line.count == 1 || line.count == 2 && line.joined(1, "."))
    }

    /// a = b, x + a
    private static func isVariable(_ line: Line, _ i: Int) -> Bool {
        func isSign(_ k: Int) -> Bool { "=+×÷^²³≠≤≥≈±".unicodeScalars.contains { line.symbol(k, $0) } }
        if isSign(i + 1), i + 2 < line.count || line.symbol(i + 1, "+") { return true }
        return isSign(i - 1) && line.ends(i + 1) && (line.letters(i + 1) == nil)
    }

    private static func isName(_ line: Line, _ i: Int) -> Bool {
        if line.touches(i),
            line.symbol(i - 1, "&") || line.symbol(i - 1, "/") || line.symbol(i - 1, "(") && line.joined(i + 1, ")")
        {
            return true
        }
        guard i + 1 < line.count else { return i == 0 || !line.touches(i) || line.kind(i - 1) == .symbol }
        if line.symbol(i + 1, "&") { return true }
        if line.touches(i + 1), line.kind(i + 1) == .symbol, !line.isDash(i + 1) {
            return ",:;.?!)/+\"'*…]".unicodeScalars.contains { line.symbol(i + 1, $0) }
        }
        if line.isDash(i + 1), line.touches(i + 1) {
            return line.kind(i + 2) != .letters || !line.touches(i + 2) || line.letters(i + 2)?.utf8.count == 1
        }
        let before = line.lower(i - 1)
        if let before, labels.contains(before), !line.touches(i) { return true }
        guard let next = line.letters(i + 1) else { return false }
        let hyphen = line.joined(i + 2, "-") && line.touches(i + 3)
        if unarticled.contains(next), !hyphen { return true }
        guard let before, !line.touches(i) else { return false }
        if marking.contains(before) { return true }
        guard line.letters(i - 1)?.first?.isLowercase == true else { return false }
        return next.first?.isLowercase == true
    }
}
