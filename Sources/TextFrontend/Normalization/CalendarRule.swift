import SpeechSignal

/// Dates: ISO, with slashes or dots, with month names; decades.
enum CalendarRule {
    static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    private static let monthByName: [String: Int] = {
        var result: [String: Int] = ["sept": 8]
        for (i, month) in months.enumerated() {
            result[month] = i
            result[String(month.prefix(3))] = i
        }
        return result
    }()

    static func month(_ text: String?) -> Int? { text.flatMap { monthByName[$0.lowercased()] } }

    /// Read a date that begins with digits.
    static func readNumeric(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.digits(i) else { return nil }
        if let reading = separated(line, at: i) { return reading }
        if let reading = decade(line, at: i, digits: first) { return reading }
        return dayMonth(line, at: i, digits: first)
    }

    /// 2016/07/03, 01.10.2010, 1998-2-30, 7/25/12.
    private static func separated(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.digits(i), line.touches(i + 1), line.kind(i + 1) == .symbol,
            let separator = Unicode.Scalar(line.tokens[i + 1].symbol),
            separator == "/" || separator == "." || separator == "-",
            line.touches(i + 2), let second = line.digits(i + 2), line.joined(i + 3, separator), line.touches(i + 4),
            let third = line.digits(i + 4), line.ends(i + 5) || line.letters(i + 5) == "T"
        else { return nil }
        guard let a = Int(first), let b = Int(second), let c = Int(third), second.utf8.count <= 2,
            separator != "." || third.utf8.count == 4 || isDotted(line, i, first, second)
        else { return nil }
        let yearWords: [String]
        let month: Int
        let day: Int
        var dayFirst = false
        if first.utf8.count == 4, third.utf8.count <= 2 {
            (month, day, yearWords) = (b, c, NumberWords.year(a))
        } else if first.utf8.count <= 2, third.utf8.count == 4 || third.utf8.count == 2 && separator != "-" {
            dayFirst = a > 12 || line.accent == .british && b <= 12
            (month, day) = dayFirst ? (b, a) : (a, b)
            yearWords = third.utf8.count == 4 ? NumberWords.year(c) : fullYear(third)
        } else {
            return nil
        }
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        var spoken = [Spoken](words: date(day: day, month: month - 1, dayFirst: dayFirst) + yearWords)
        // 2024-03-15T14:30:00Z
        if line.letters(i + 5) == "T", line.touches(i + 6), let clock = TimeRule.plainClock(line, at: i + 6) {
            spoken += [.comma] + [Spoken](words: clock.words)
            let isUniversal = line.touches(clock.end) && line.letters(clock.end) == "Z"
            if isUniversal { spoken.append(.letters("UTC")) }
            // +00:00
            if line.joined(clock.end, "+"), line.digits(clock.end + 1) == "00", line.joined(clock.end + 2, ":"),
                line.digits(clock.end + 3) == "00", line.ends(clock.end + 4)
            {
                return Reading(.date, to: clock.end + 4, spoken + [.letters("UTC")])
            }
            return Reading(.date, to: isUniversal ? clock.end + 1 : clock.end, spoken)
        }
        return Reading(.date, to: i + 5, spoken)
    }

    /// 01.10.23: in dots, two figures each; 3.10.12 is a version or a section, and so is what a name precedes.
    private static func isDotted(_ line: Line, _ i: Int, _ first: String, _ second: String) -> Bool {
        guard first.utf8.count == 4 || first.utf8.count == 2 && second.utf8.count == 2 else { return false }
        guard let before = line.letters(i - 1), !line.touches(i) else { return true }
        return [
            "on", "from", "to", "by", "until", "till", "since", "dated", "the", "before", "after", "between", "and",
            "of",
        ]
        .contains(before.lowercased()) || WeekdayRule.isDay(before.lowercased()) || before.lowercased() == "date"
    }

    static func date(day: Int, month: Int, dayFirst: Bool) -> [String] {
        dayFirst
            ? ["the"] + NumberWords.ordinal(day) + ["of", months[month]] : [months[month]] + NumberWords.ordinal(day)
    }

    /// 12/02/25 was in twenty twenty-five, 12/31/99 in ninety-nine.
    private static func fullYear(_ digits: String) -> [String] {
        guard let n = Int(digits), (10...39).contains(n) else { return shortYear(digits) }
        return NumberWords.year(2000 + n)
    }

    static func shortYear(_ digits: String) -> [String] {
        digits.first == "0" ? ["oh"] + NumberWords.digits(digits.dropFirst()) : NumberWords.cardinal(digits)
    }

    /// 1980s, '80s, 80s; also the owner's form 1980's.
    private static func decade(_ line: Line, at i: Int, digits: String) -> Reading? {
        let isNamed = ["the", "early", "mid", "late"].contains(line.lower(i - 1) ?? "")
        guard let n = Int(digits),
            digits.utf8.count == 4 && n >= 1000 || digits.utf8.count == 2 && n >= 10
                || digits.utf8.count == 3 && n >= 100 && isNamed, n % 10 == 0
        else { return nil }
        var end = i + 1
        if line.joined(end, "'") { end += 1 }
        // the 1980 s
        guard line.touches(end) || isNamed && digits.utf8.count == 4, line.letters(end) == "s",
            line.ends(end + 1) || line.joined(end + 1, "-") || line.joined(end + 1, "/")
        else {
            return nil
        }
        if digits.utf8.count == 2,
            ["timer", "countdown", "delay", "interval", "clip", "video", "break", "rest"].contains(
                line.lower(end + 1) ?? "")
        {
            return nil
        }
        let words =
            n % 1000 == 0
            ? NumberWords.cardinal(digits)
            : digits.utf8.count == 3
                ? NumberWords.paired(digits)
                : digits.utf8.count == 4 ? NumberWords.year(n) : NumberWords.cardinal(digits)
        let decade = NumberWords.pluralized(words)
        let dash = end + 1
        if line.isDash(dash), line.touches(dash), line.touches(dash + 1), let last = line.digits(dash + 1),
            let following = self.decade(line, at: dash + 1, digits: last)
        {
            return Reading(.range, to: following.end, [Spoken](words: decade + ["to"]) + following.spoken)
        }
        return Reading(.date, to: end + 1, words: decade)
    }

    /// 25 July 2012, 25th of July, the 4th of July.
    private static func dayMonth(_ line: Line, at i: Int, digits: String) -> Reading? {
        guard let day = Int(digits), (1...31).contains(day), digits.utf8.count <= 2 else { return nil }
        // 4-6 July
        if line.isDash(i + 1), line.touches(i + 1), line.touches(i + 2), let last = line.digits(i + 2),
            let to = Int(last),
            to > day, !line.touches(i + 3), month(line.letters(i + 3)) != nil, line.tokens[i + 3].isCapitalized,
            let rest = dayMonth(line, at: i + 2, digits: last)
        {
            let article = i > 0 && line.lower(i - 1) == "the" ? [] : ["the"]
            return Reading(
                .date, to: rest.end, [Spoken](words: article + NumberWords.ordinal(day) + ["to"]) + rest.spoken)
        }
        var at = i + 1
        if line.touches(at), let suffix = line.lower(at), OrdinalRule.suffixes.contains(suffix) { at += 1 }
        if line.touches(at), !line.symbol(at, "-") { return nil }
        if line.joined(at, "-") { at += 1 }
        if line.lower(at) == "of" { at += 1 }
        guard let month = month(line.letters(at)) else { return nil }
        if line.lower(at) == "may" || line.lower(at) == "march" || line.lower(at) == "mar" || line.lower(at) == "dec",
            line.letters(at)?.first?.isLowercase == true, line.digits(at + 1) == nil
        {
            return nil
        }
        at += 1
        at = skipStop(line, at, after: at - 1)
        let hasArticle = i > 0 && line.lower(i - 1) == "the"
        var words = date(day: day, month: month, dayFirst: true)
        if hasArticle { words.removeFirst() }
        var spoken = [Spoken](words: words)
        at = year(line, at, into: &spoken)
        // 1 Jan–3 Feb
        if isRange(line, at), let last = line.digits(at + 1), let rest = dayMonth(line, at: at + 1, digits: last) {
            return Reading(.date, to: rest.end, spoken + [.word("to")] + rest.spoken)
        }
        return Reading(.date, to: at, spoken)
    }

    /// A dash that joins two dates: touching both, or between blanks where it is no hyphen.
    private static func isRange(_ line: Line, _ i: Int) -> Bool {
        line.isDash(i) && i + 1 < line.count && line.touches(i) == line.touches(i + 1)
            && (line.touches(i) || !line.symbol(i, "-"))
    }

    /// A date that begins with a month's name: July 25, 2012; Jan-15; May 2020.
    static func readMonth(_ line: Line, at i: Int) -> Reading? {
        guard let text = line.letters(i), text.utf8.count >= 3, let month = month(text) else { return nil }
        // "may" and "march" are verbs, too.
        let capital = line.tokens[i].isCapitalized
        var at = skipStop(line, i + 1, after: i)
        // Feb '24
        if capital, line.symbol(at, "'"), line.touches(at + 1), let short = line.digits(at + 1), short.utf8.count == 2,
            line.ends(at + 2)
        {
            return Reading(.date, to: at + 2, words: [months[month]] + shortYear(short))
        }
        if line.joined(at, "-") || line.joined(at, "–") { at += 1 }
        guard let digits = line.digits(at), let n = Int(digits),
            at == i + 1 || !line.touches(at) || line.isDash(at - 1) || line.symbol(at - 1, ".")
        else { return nil }
        if !capital, text == "may" || text == "march" || text == "mar", digits.utf8.count != 4,
            line.digits(at + 1) == nil
        {
            return nil
        }
        var spoken: [Spoken] = [.word(months[month])]
        var next = at + 1
        if digits.utf8.count == 4, n >= 1000, line.ends(next) {
            spoken += [Spoken](words: NumberWords.year(n))
            return Reading(.date, to: next, spoken)
        }
        guard (1...31).contains(n), digits.utf8.count <= 2 else { return nil }
        if line.touches(next), let suffix = line.lower(next) {
            guard OrdinalRule.suffixes.contains(suffix) else { return nil }
            next += 1
        }
        if line.joined(next, ":") || line.joined(next, "/") || line.joined(next, "%")
            || line.joined(next, ".") && line.digits(next + 1) != nil && line.touches(next + 1)
        {
            return nil
        }
        spoken += [Spoken](words: NumberWords.ordinal(n))
        // July 4-6: the second day joins in.
        if line.isDash(next), line.touches(next), line.touches(next + 1), let last = line.digits(next + 1),
            let m = Int(last), m > n, m <= 31,
            line.ends(next + 2)
        {
            spoken += [.word("to")] + [Spoken](words: NumberWords.ordinal(m))
            next += 2
        }
        next = year(line, next, into: &spoken)
        if isRange(line, next), let rest = readMonth(line, at: next + 1) {
            return Reading(.date, to: rest.end, spoken + [.word("to")] + rest.spoken)
        }
        return Reading(.date, to: next, spoken)
    }

    /// "Jan." loses its full stop unless the sentence ends there.
    private static func skipStop(_ line: Line, _ at: Int, after month: Int) -> Int {
        guard line.joined(at, "."), let text = line.letters(month), text.utf8.count <= 4, at + 1 < line.count else {
            return at
        }
        return at + 1
    }

    /// ", 2012" or "2012" at `at`.
    private static func year(_ line: Line, _ at: Int, into spoken: inout [Spoken]) -> Int {
        let comma = line.joined(at, ",")
        let next = comma ? at + 1 : at
        guard let digits = line.digits(next), digits.utf8.count == 4, let n = Int(digits), n >= 1000,
            line.ends(next + 1), !line.touches(next),
            !(line.joined(next + 1, ",") && line.touches(next + 2)),
            !(line.joined(next + 1, ":") && line.touches(next + 2))
        else { return at }
        if comma { spoken.append(.comma) }
        spoken += [Spoken](words: NumberWords.year(n))
        return next + 1
    }
}
