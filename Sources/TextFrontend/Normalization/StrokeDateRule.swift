import SpeechSignal

/// Dates of two numbers: 2021/22, 12/2026, exp 09/27.
enum StrokeDateRule {
    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.digits(i), line.joined(i + 1, "/"), line.touches(i + 2), let second = line.digits(i + 2),
            line.begins(i), line.ends(i + 3) || line.isDash(i + 3), let a = Int(first), let b = Int(second)
        else { return nil }
        // The odds are 3/1.
        if (max(0, i - 3)..<i).contains(where: { line.lower($0) == "odds" }) {
            return Reading(.score, to: i + 3, words: NumberWords.cardinal(a) + ["to"] + NumberWords.cardinal(b))
        }
        let words: [String]?
        switch (first.utf8.count, second.utf8.count) {
        case (4, 2) where (1000...2099).contains(a) && b == (a + 1) % 100:
            words = NumberWords.year(a) + (b == 0 ? NumberWords.year(a + 1) : CalendarRule.shortYear(second))
        case (4, 4) where (1000...2099).contains(a) && b == a + 1:
            words = NumberWords.year(a) + NumberWords.year(b)
        case (_, 4) where (1900...2099).contains(b) && isNumbered(line, i):
            words = NumberWords.cardinal(a) + NumberWords.year(b)
        case (1...2, 4)
        where (1...12).contains(a) && (1900...2099).contains(b) && (first.utf8.count == 2 || expires(line, i)):
            words = [CalendarRule.months[a - 1]] + NumberWords.year(b)
        case (2, 2) where expires(line, i) && (1...12).contains(a):
            words = [CalendarRule.months[a - 1]] + CalendarRule.shortYear(second)
        case (1...2, 1...2) where isDated(line, i) || isDay(line, i, a, b):
            if let last = last(line, i, a, b) {
                guard let from = day(line, a, b), let to = day(line, last.a, last.b) else { return nil }
                return Reading(.range, to: i + 7, words: from + ["to"] + to)
            }
            words = day(line, a, b)
        case (2, 2) where first.first == "0" && a > 0: words = day(line, a, b)
        default: words = nil
        }
        return words.map { Reading(.date, to: i + 3, words: $0) }
    }

    /// 09/27 alone: a numerator has no zero before it.
    private static func day(_ line: Line, _ a: Int, _ b: Int) -> [String]? {
        let dayFirst = line.accent == .british && (1...12).contains(b) || a > 12
        let (month, day) = dayFirst ? (b, a) : (a, b)
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        return CalendarRule.date(day: day, month: month - 1, dayFirst: dayFirst)
    }

    /// Case no. 77/2021, Regulation 216/2008
    private static func isNumbered(_ line: Line, _ i: Int) -> Bool {
        let numbered = ["no", "number", "case", "resolution", "regulation", "directive", "file"]
        return line.lower(line.symbol(i - 1, ".") ? i - 2 : i - 1).map(numbered.contains) == true
    }

    /// Words that a day follows, whatever fraction it looks like.
    private static let dating: Set<String> = [
        "on", "due", "dated", "deadline", "ends", "end", "ended", "ending", "starts", "start", "started", "starting",
        "begins", "began", "beginning", "opens", "opening", "closes", "closing", "until", "till", "thru", "through",
        "since", "arrives", "arriving", "departs", "departing", "leaving", "returns", "returning", "born", "posted",
        "updated", "delivered", "ships", "shipped", "scheduled", "rescheduled", "released", "effective", "sent",
        "received", "issued", "closed", "today", "tomorrow", "yesterday", "tonight", "filed", "signed", "recorded",
        "arrived", "departed", "returned", "date", "rsvp", "created", "modified", "edited", "revised", "back", "seen",
        "paid", "booked",
    ]
    /// What has its day: the 4/20 event.
    private static let events: Set<String> = [
        "event", "meeting", "game", "show", "parade", "deadline", "class", "party", "concert", "call", "session",
        "release", "episode", "update", "storm", "attack", "attacks", "election", "report", "issue", "email",
        "fireworks", "flight", "trip",
    ]
    /// What a day has: the week of 3/4, your email of 3/4.
    private static let dated: Set<String> = [
        "week", "as", "night", "day", "morning", "evening", "afternoon", "weekend", "email", "letter", "message",
        "mail", "note", "invoice", "events", "order", "statement", "report", "meeting",
    ]
    /// Words that a day or a number may follow.
    private static let joining: Set<String> = [
        "by", "from", "between", "before", "after", "to", "for", "and", "or", "the", "until", "this", "next", "was",
        "is",
    ]

    /// Tue 3/5, on 5/12, the week of 3/4
    private static func isDated(_ line: Line, _ i: Int) -> Bool {
        let before = line.symbol(i - 1, ",") || line.symbol(i - 1, ".") || line.symbol(i - 1, ":") ? i - 2 : i - 1
        guard let word = line.lower(before), !isQuantity(line, i) else { return false }
        if word == "of" { return line.lower(before - 1).map(dated.contains) == true }
        return dating.contains(word) && (before == i - 1 || !line.symbol(i - 1, "."))
            || WeekdayRule.isDay(word) && line.tokens[before].isCapitalized
    }

    /// What 3/4 there is of is no day.
    private static func isQuantity(_ line: Line, _ i: Int) -> Bool {
        line.lower(i + 3) == "of" || MeasureRule.unit(line, i + 3, after: i + 3, plural: true) != nil
            || line.letters(i + 3).map { line.touches(i + 3) && !$0.isEmpty } == true
    }

    /// A day and no fraction by its figures alone, or by a word before it: 11/30, to 4/12.
    private static func isDay(_ line: Line, _ i: Int, _ a: Int, _ b: Int) -> Bool {
        guard !isQuantity(line, i), !SlashRule.isCounted(line, i), day(line, a, b) != nil, line.kind(i - 1) != .digits,
            !FractionRule.isIdiom(String(a), String(b))
        else { return false }
        let next = line.lower(i + 3) ?? ""
        if b == 1, a < 13, !["odds", "of", "ratio"].contains(line.lower(i - 1) ?? ""),
            !["odds", "scale", "ratio", "chance", "match"].contains(next)
        {
            return true
        }
        if line.lower(i - 1) == "the", events.contains(next) { return true }
        // 5/6 at 7pm, 11/7
        if next == "at" || line.symbol(i + 3, "@"), line.digits(i + 4) != nil { return true }
        if a > b, a < 13, b == 7 || b == 9 { return true }
        let isFraction = a <= b && [2, 3, 4, 5, 6, 8, 10].contains(b)
        if let last = last(line, i, a, b) {
            return !isFraction || last.a > last.b || ![2, 3, 4, 5, 6, 8, 10].contains(last.b)
        }
        if a < 13, (13...31).contains(b), a == 1 ? ![16, 20, 24, 25, 30].contains(b) : b != 16 && b != 20 {
            return true
        }
        guard let word = line.lower(i - 1), joining.contains(word) else { return false }
        // RSVP by 8/10
        if word == "by", next != "of",
            ["rsvp", "done", "due", "in", "back", "here", "out", "respond", "reply", "apply", "register", "pay"]
                .contains(line.lower(i - 2) ?? "")
        {
            return true
        }
        if !isFraction { return word != "the" || a < b }
        // between 3/1 and 3/8
        guard ["and", "to", "or"].contains(word), line.symbol(i - 3, "/"),
            let c = line.digits(i - 4).flatMap({ Int($0) }),
            let d = line.digits(i - 2).flatMap({ Int($0) })
        else { return false }
        return isDated(line, i - 4) || isDay(line, i - 4, c, d)
    }

    /// The second day of 3/1-3/15.
    private static func last(_ line: Line, _ i: Int, _ a: Int, _ b: Int) -> (a: Int, b: Int)? {
        guard line.isDash(i + 3), line.touches(i + 3) == line.touches(i + 4), let first = line.digits(i + 4),
            line.joined(i + 5, "/"), line.touches(i + 6), let second = line.digits(i + 6), first.utf8.count < 3,
            second.utf8.count < 3, line.ends(i + 7), let c = Int(first), let d = Int(second), day(line, c, d) != nil
        else { return nil }
        return (c, d)
    }

    private static let ending: Set<String> = [
        "exp", "expires", "expired", "expiry", "expiration", "expiring", "valid", "thru",
    ]

    private static func expires(_ line: Line, _ i: Int) -> Bool {
        (max(0, i - 4)..<i).contains { line.lower($0).map(ending.contains) == true }
    }
}
