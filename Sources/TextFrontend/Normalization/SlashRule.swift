/// Two figures with a stroke between them that are neither date nor fraction: page 3/12, 10/10, the 80/20 rule, 3/$7,
/// 347/350.
enum SlashRule {
    /// What is counted on its way through a whole.
    private static let counted: Set<String> = [
        "page", "slide", "step", "part", "question", "lap", "level", "day", "episode", "round", "chapter", "stage",
        "photo", "image", "item", "set", "module", "lesson", "test", "game", "match", "week", "tweet", "message",
        "file", "track", "frame", "sheet", "exercise", "wave", "phase", "sprint", "task", "video", "attempt", "try",
        "epoch", "batch", "player", "box", "volume", "card", "section", "quest", "mission", "copy", "print", "number",
        "thread", "pg",
    ]
    /// What a part of a whole does or is.
    private static let done: Set<String> = [
        "complete", "completed", "done", "passed", "passing", "finished", "remaining", "left", "tests", "tasks",
        "files", "items", "steps", "correct", "attended", "votes", "members", "people", "students", "doctors",
        "dentists", "patients", "users", "games", "points", "available", "online", "failed", "wins", "seats", "slots",
        "questions", "stars",
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.digits(i), line.joined(i + 1, "/"), line.touches(i + 2), line.begins(i),
            !(line.touches(i) && line.symbol(i - 1, "/"))
        else { return nil }
        // 24/7/365
        if first == "24", line.digits(i + 2) == "7", line.joined(i + 3, "/"), line.digits(i + 4) == "365",
            line.ends(i + 5)
        {
            return Reading(
                .cardinal, to: i + 5, words: ["twenty", "four", "seven", "three", "sixty", "five"])
        }
        // 3/$7: so many for so much
        if first.utf8.count < 3, line.symbol(i + 2, "$") || line.symbol(i + 2, "£") || line.symbol(i + 2, "€"),
            line.touches(i + 3), line.digits(i + 3) != nil
        {
            return Reading(.cardinal, to: i + 2, words: NumberWords.cardinal(first) + ["for"])
        }
        guard let second = line.digits(i + 2), line.ends(i + 3), let a = Int(first), let b = Int(second),
            !MathRule.isEquation(line, around: i)
        else { return nil }
        func words(_ between: [String]) -> Reading {
            Reading(.score, to: i + 3, words: NumberWords.cardinal(first) + between + NumberWords.cardinal(second))
        }
        if ["level", "pain", "mood", "rating"].contains(line.lower(i - 1) ?? ""), b == 10 {
            return words(["out", "of"])
        }
        if isCounted(line, i) { return words(["of"]) }
        if FractionRule.isIdiom(first, second) { return nil }
        let next = line.lower(i + 3)
        if next == "of" || next == "time" || MeasureRule.unit(line, i + 3, after: i + 3, plural: true) != nil {
            return nil
        }
        // The mixed number 2 3/10 and the blood pressure 120/80 are others' matter.
        if line.kind(i - 1) == .digits || a > b && first.utf8.count == 3 && second.utf8.count == 2 { return nil }
        if a + b == 100, a % 5 == 0, a > 0, b > 0, first.utf8.count == 2 || second.utf8.count == 2 { return words([]) }
        guard a <= b else { return first.utf8.count > 4 || second.utf8.count > 2 ? words(["slash"]) : nil }
        if let next, done.contains(next), b > 1 { return words(["out", "of"]) }
        if b == 10 && a > 1 || b == 100 && a > 1 { return words(["out", "of"]) }
        if a == b, a > 1, line.lower(i - 1) != "a", b != 20 { return words(["out", "of"]) }
        // 28/30 is neither a day nor a part that anyone measures in.
        if a > 12, b > 12, b < 100, ![16, 32, 64].contains(b) { return words(["out", "of"]) }
        return first.utf8.count > 2 && second.utf8.count > 2 && a > 1 ? words(["slash"]) : nil
    }

    /// page 3/12
    static func isCounted(_ line: Line, _ i: Int) -> Bool {
        var before = i - 1
        if line.symbol(before, "#") || line.symbol(before, ":") { before -= 1 }
        guard let word = line.lower(before), counted.contains(word), let a = line.digits(i).flatMap({ Int($0) }),
            let b = line.digits(i + 2).flatMap({ Int($0) })
        else { return false }
        return a <= b
    }
}
