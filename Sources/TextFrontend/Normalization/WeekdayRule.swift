/// Days of the week and months without a day: Mon., Fri, 13 Oct; Mon–Fri; Jan-Mar 2020; Monday-Friday.
enum WeekdayRule {
    private static let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    private static let short: [String: Int] = [
        "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5,
        "sun": 6,
    ]

    /// The day or month at `i`, capitalized, with its full stop if it has one.
    private static func name(_ line: Line, _ i: Int) -> (full: String, isShort: Bool, isDay: Bool, end: Int)? {
        guard let text = line.letters(i), line.tokens[i].isCapitalized else { return nil }
        let lower = text.lowercased()
        if days.contains(lower) { return (lower, false, true, i + 1) }
        let stop = line.joined(i + 1, ".") && i + 2 < line.count
        if let day = short[lower] { return (days[day], true, true, stop ? i + 2 : i + 1) }
        guard let month = CalendarRule.month(lower) else { return nil }
        let isShort = CalendarRule.months[month] != lower
        return (CalendarRule.months[month], isShort, false, stop && isShort ? i + 2 : i + 1)
    }

    /// - Parameter text: in lower case.
    static func isDay(_ text: String) -> Bool { days.contains(text) || short[text] != nil }

    private static func isJoin(_ line: Line, _ i: Int) -> Bool {
        line.symbol(i, ",") || line.symbol(i, "&") || line.lower(i) == "and"
    }

    static func read(_ line: Line, at i: Int) -> Reading? {
        // M-F 9–5
        if line.letters(i) == "M", line.isDash(i + 1), line.touches(i + 1), line.touches(i + 2),
            line.letters(i + 2) == "F",
            line.ends(i + 3),
            line.digits(i + 3) != nil || line.symbol(i + 3, ",") || line.symbol(i + 3, ":")
                || i > 2 && i + 3 == line.count
        {
            return Reading(.date, to: i + 3, words: ["monday", "to", "friday"])
        }
        guard let first = name(line, i) else { return nil }
        if line.isDash(first.end), line.touches(first.end) == line.touches(first.end + 1),
            line.touches(first.end) || !line.symbol(first.end, "-"), let last = name(line, first.end + 1),
            last.isDay == first.isDay, !line.isDash(last.end)
        {
            // The last full stop may close the sentence.
            return Reading(.date, to: last.end, words: [first.full, "to", last.full])
        }
        // Jan/Feb, Tues/Thurs
        if first.isShort,
            line.joined(first.end, "/") && name(line, first.end + 1) != nil
                || line.touches(i) && line.symbol(i - 1, "/") && name(line, i - 2) != nil
        {
            return Reading(.date, to: first.end, words: [first.full])
        }
        // Sat., 6/21
        if first.isShort, first.isDay, first.end == i + 2, line.symbol(i + 2, ","), line.digits(i + 3) != nil,
            line.joined(i + 4, "/")
        {
            return Reading(.date, to: first.end, words: [first.full])
        }
        // Mon-Sat every 15 min, Sun. hourly
        if first.isShort, first.isDay, first.end == i + 2, line.symbol(i - 1, ",") || line.symbol(i - 1, ";"),
            (0..<i).contains(where: { line.lower($0).map(isDay) == true && line.tokens[$0].isCapitalized })
        {
            return Reading(.date, to: first.end, words: [first.full])
        }
        guard first.isShort, first.isDay, first.end == i + 1 else { return nil }
        let next = line.symbol(i + 1, ",") ? i + 2 : i + 1
        // SAT 1480 is a score.
        let isTest = line.tokens[i].text == first.full.prefix(3).uppercased() && line.digits(next)?.utf8.count ?? 0 > 2
        let isBeforeDate =
            line.digits(next) != nil && !line.touches(next) && !isTest
            || line.letters(next).map { CalendarRule.month($0) != nil && line.tokens[next].isCapitalized } == true
        let isListed =
            next == i + 2 && name(line, next)?.isDay == true
            || line.joined(i + 1, "/") && name(line, i + 2)?.isDay == true
            || line.joined(i - 1, "/") && name(line, i - 2)?.isDay == true
        let closesList =
            i > 1 && isJoin(line, i - 1) && name(line, i - 2)?.isDay == true
            || isJoin(line, i + 1) && !line.symbol(i + 1, ",") && name(line, i + 2)?.isDay == true
        // 6pm Sat, next Tue, Sat: 10–2
        let isNamed =
            ["pm", "am", "next", "every", "until", "till", "on", "m"].contains(
                line.lower(line.symbol(i - 1, ".") ? i - 2 : i - 1) ?? "")
            && (line.kind(i + 1) != .letters || line.tokens[i + 1].isCapitalized == false)
            || i > 2 && line.kind(i - 1) == .digits && line.isDash(i - 2) && line.kind(i - 3) == .digits
                && !line.touches(i) && line.kind(i + 1) != .letters
        let isHours =
            line.joined(i + 1, ":") && !line.touches(i + 2)
            && (line.digits(i + 2) != nil || ["closed", "open", "noon"].contains(line.lower(i + 2) ?? ""))
        guard isBeforeDate || isListed || closesList || isNamed || isHours else { return nil }
        return Reading(.date, to: i + 1, words: [first.full])
    }
}

/// Opening hours: "Monday-Friday 9-5".
enum WeekdayHours {
    private static let opening: Set<String> = [
        "open", "hours", "daily", "weekdays", "weekends", "friday", "saturday", "sunday",
    ]

    static func follows(_ line: Line, _ i: Int) -> Bool {
        guard i > 0, let word = line.lower(line.symbol(i - 1, ":") ? i - 2 : i - 1) else { return false }
        return opening.contains(word) || WeekdayRule.isDay(word)
    }
}
