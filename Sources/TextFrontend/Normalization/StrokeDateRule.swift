import SpeechSignal

/// Dates of two numbers: 2021/22, 12/2026, exp 09/27.
enum StrokeDateRule {
    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.digits(i), line.joined(i + 1, "/"), line.touches(i + 2), let second = line.digits(i + 2),
            line.begins(i), line.ends(i + 3) || line.isDash(i + 3), let a = Int(first), let b = Int(second)
        else { return nil }
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
        case (1...2, 2) where expires(line, i) && (1...12).contains(a):
            words = [CalendarRule.months[a - 1]] + CalendarRule.shortYear(second)
        case (1...2, 1...2) where isDated(line, i): words = day(line, a, b)
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

    /// Tue 3/5, on 5/12
    private static func isDated(_ line: Line, _ i: Int) -> Bool {
        let before = line.symbol(i - 1, ",") || line.symbol(i - 1, ".") ? i - 2 : i - 1
        guard let word = line.lower(before), line.lower(i + 3) != "of" else { return false }
        return word == "on" && before == i - 1 || word == "dated" || WeekdayRule.isDay(word)
    }

    private static let ending: Set<String> = [
        "exp", "expires", "expired", "expiry", "expiration", "expiring", "valid", "thru",
    ]

    private static func expires(_ line: Line, _ i: Int) -> Bool {
        (max(0, i - 4)..<i).contains { line.lower($0).map(ending.contains) == true }
    }
}
