/// Clock times: 5pm, 1:59 p.m. EST, 14:10:30.
enum TimeRule {
    private static let zones: Set<String> = [
        "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "gmt", "utc", "bst", "cet", "cest", "ist", "jst", "et",
        "pt", "ct", "aest",
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        if let broadcast = broadcast(line, at: i) { return broadcast }
        if VerseRule.compares(line, i), let ratio = ratio(line, at: i) { return ratio }
        guard let first = single(line, at: i) else {
            return bareRange(line, at: i) ?? VerseRule.read(line, at: i) ?? ratio(line, at: i)
        }
        // Gen. 1:10-12 looks like a clock's time.
        if let verse = VerseRule.read(line, at: i),
            line.symbol(i - 1, ".")
                || verse.end > first.end && !line.joined(verse.end, ":")
                    && halfOfDay(line, verse.end) == nil
        {
            return verse
        }
        // 5pm-7 pm, 9:00–17:30
        if line.isDash(first.end), line.touches(first.end), line.touches(first.end + 1),
            let end = line.lower(first.end + 1), end == "noon" || end == "midnight"
        {
            return Reading(.range, to: first.end + 2, first.spoken + [.word("to"), .word(end)])
        }
        guard line.isDash(first.end), line.touches(first.end + 1) || !line.touches(first.end),
            let last = single(line, at: first.end + 1)
        else { return first }
        return Reading(.range, to: last.end, first.spoken + [.word("to")] + last.spoken)
    }

    /// 8:30/7:30c, 8/7c: the hours of a program on the coast and inland.
    private static func broadcast(_ line: Line, at i: Int) -> Reading? {
        func hour(_ k: Int) -> (words: [String], end: Int)? {
            guard let digits = line.digits(k), let hour = Int(digits), (1...12).contains(hour) else { return nil }
            let words = NumberWords.cardinal(hour)
            guard line.joined(k + 1, ":"), let minutes = line.digits(k + 2), minutes.utf8.count == 2 else {
                return (words, k + 1)
            }
            return (minutes == "00" ? words : words + NumberWords.cardinal(minutes), k + 3)
        }
        guard line.begins(i), let first = hour(i), line.joined(first.end, "/"), line.touches(first.end + 1),
            let last = hour(first.end + 1), line.touches(last.end), line.lower(last.end) == "c",
            line.ends(last.end + 1)
        else { return nil }
        return Reading(
            .time, to: last.end + 1,
            [Spoken](words: first.words) + [.comma] + [Spoken](words: last.words + ["central"]))
    }

    /// 5-7pm: the half of the day is said once.
    private static func bareRange(_ line: Line, at i: Int) -> Reading? {
        guard let digits = line.digits(i), digits.utf8.count <= 2, let hour = Int(digits), (1...12).contains(hour),
            line.isDash(i + 1), line.touches(i + 1), line.touches(i + 2), let last = single(line, at: i + 2)
        else { return nil }
        return Reading(.range, to: last.end, [Spoken](words: NumberWords.cardinal(hour) + ["to"]) + last.spoken)
    }

    /// 16:9, a 3:1 ratio, 1:50,000.
    private static func ratio(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.digits(i), line.joined(i + 1, ":"), line.touches(i + 2), let last = line.number(i + 2),
            last.fraction == nil, !line.joined(last.end, ":"), line.begins(i), first.utf8.count < 4,
            last.whole.utf8.count < 4 || first.utf8.count < 3 && last.whole.utf8.count < 8,
            line.ends(last.end) || line.isDash(last.end)
        else { return nil }
        // 48:30 is a runner's time.
        if let minutes = Int(first), (25...59).contains(minutes), last.whole.utf8.count == 2, let seconds = last.value,
            (1...59).contains(seconds), minutes + seconds != 100,
            !["ratio", "split", "mix", "odds"].contains(line.lower(last.end) ?? "")
        {
            return Reading(
                .time, to: last.end,
                words: NumberWords.cardinal(first) + (seconds < 10 ? ["oh"] : []) + NumberWords.cardinal(seconds))
        }
        return Reading(
            .score, to: last.end, words: NumberWords.cardinal(first) + ["to"] + NumberWords.cardinal(last.whole))
    }

    /// The clock alone, for dates that carry one: 14:30, 14:30:00.
    static func plainClock(_ line: Line, at i: Int) -> (words: [String], end: Int)? {
        guard let h = line.digits(i), let hour = Int(h), hour < 25, h.utf8.count == 2, line.joined(i + 1, ":"),
            line.touches(i + 2),
            let m = line.digits(i + 2), let minute = Int(m), minute < 60, m.utf8.count == 2
        else { return nil }
        var words = NumberWords.cardinal(hour)
        words +=
            minute == 0
            ? ["hundred"] : minute < 10 ? ["oh"] + NumberWords.cardinal(minute) : NumberWords.cardinal(minute)
        var end = i + 3
        if line.joined(end, ":"), line.touches(end + 1), let s = line.digits(end + 1), let second = Int(s), second < 60
        {
            if second > 0 { words += ["and"] + NumberWords.cardinal(second) + [second == 1 ? "second" : "seconds"] }
            end += 2
            if line.joined(end, "."), line.touches(end + 1), line.digits(end + 1) != nil { end += 2 }
        }
        return (words, end)
    }

    private static func single(_ line: Line, at i: Int) -> Reading? {
        guard let first = line.digits(i), first.utf8.count <= 2, let hour = Int(first), hour <= 24 else { return nil }
        if let reading = clock(line, at: i, hour: hour) { return reading }
        guard hour >= 1, hour <= 12, let half = halfOfDay(line, i + 1) else { return nil }
        var spoken = [Spoken](words: NumberWords.cardinal(hour)) + [.letters(half.letters)]
        let end = zone(line, half.end, into: &spoken)
        return Reading(.time, to: end, spoken)
    }

    private static func clock(_ line: Line, at i: Int, hour: Int) -> Reading? {
        let colon = line.joined(i + 1, ":")
        guard colon || line.joined(i + 1, "."), line.touches(i + 2), let second = line.digits(i + 2),
            second.utf8.count == 2, let minute = Int(second), minute < 60
        else { return nil }
        var end = i + 3
        if line.joined(end, ","), line.touches(end + 1), line.digits(end + 1) != nil { return nil }
        if colon, line.joined(end, ":"), line.touches(end + 1), let third = line.digits(end + 1), third.utf8.count == 2,
            let seconds = Int(third), seconds < 60
        {
            return precise(line, hour: hour, minute: minute, seconds: seconds, end: end + 2)
        }
        let half = halfOfDay(line, end)
        // 1.59 is a time only with p.m. after it; 3:2 is a score.
        guard
            half != nil
                || colon && (line.ends(end) || line.isDash(end) || line.touches(end) && line.letters(end) != nil)
        else {
            return nil
        }
        if half == nil,
            line.joined(end, ":") || line.joined(end, ".") && line.touches(end + 1) && line.digits(end + 1) != nil
        {
            return nil
        }
        var spoken = [Spoken](words: NumberWords.cardinal(hour))
        if minute == 0 {
            let isNamed = line.lower(end) == "noon" || line.lower(end) == "midnight"
            if half == nil, !isNamed { spoken.append(.word(hour > 12 || hour == 0 ? "hundred" : "o'clock")) }
        } else {
            spoken += [Spoken](
                words: minute < 10 ? ["oh"] + NumberWords.cardinal(minute) : NumberWords.cardinal(minute))
        }
        if let half {
            spoken.append(.letters(half.letters))
            end = half.end
        }
        end = zone(line, end, into: &spoken)
        guard line.ends(end) || line.isDash(end) || half != nil || line.letters(end) == "ish" else { return nil }
        return Reading(.time, to: end, spoken)
    }

    /// 14:10:30 → fourteen hours ten minutes and thirty seconds.
    private static func precise(_ line: Line, hour: Int, minute: Int, seconds: Int, end: Int) -> Reading {
        func part(_ n: Int, _ unit: String) -> [String] { NumberWords.cardinal(n) + [n == 1 ? unit : unit + "s"] }
        let words = part(hour, "hour") + part(minute, "minute") + ["and"] + part(seconds, "second")
        var spoken = [Spoken](words: words)
        var end = end
        if let half = halfOfDay(line, end) {
            spoken.append(.letters(half.letters))
            end = half.end
        }
        end = zone(line, end, into: &spoken)
        return Reading(.time, to: end, spoken)
    }

    /// am, p.m., A.M. at `i`.
    static func halfOfDay(_ line: Line, _ i: Int) -> (letters: String, end: Int)? {
        guard let text = line.lower(i) else { return nil }
        if text == "am" || text == "pm" {
            // "I am": only touching or after a clock's digits.
            guard line.ends(i + 1) || line.isDash(i + 1) else { return nil }
            return (text.uppercased(), i + 1)
        }
        if text == "a" || text == "p", line.touches(i), isHalf(line, i) { return (text.uppercased() + "M", i + 1) }
        guard text == "a" || text == "p", line.joined(i + 1, "."), line.touches(i + 2), let second = line.lower(i + 2),
            second.hasPrefix("m")
        else { return nil }
        guard second == "m" else { return nil }
        // The last full stop also closes the sentence when nothing follows or a capital does.
        var end = i + 3
        if line.joined(end, ".") {
            let closes = end + 1 == line.count
            if !closes { end += 1 }
        }
        return ((text + "m").uppercased(), end)
    }

    /// 6:05a, 9a–5p, at 7p: a letter alone for the half of the day.
    private static func isHalf(_ line: Line, _ i: Int) -> Bool {
        guard line.digits(i - 1) != nil, line.ends(i + 1) || line.isDash(i + 1) || line.joined(i + 1, "/") else {
            return false
        }
        let isShort = line.joined(i + 1, ".") && line.touches(i + 2)
        if isShort { return false }
        if ["et", "pt", "ct", "mt", "est", "pst", "cst", "edt", "pdt", "gmt"].contains(line.lower(i + 1) ?? "") {
            return true
        }
        if line.symbol(i - 2, ":"), line.touches(i - 1) { return true }
        func isHalf(_ k: Int) -> Bool { ["a", "p", "am", "pm"].contains(line.lower(k) ?? "") && line.touches(k) }
        // 8a–noon
        if line.isDash(i + 1), ["noon", "midnight"].contains(line.lower(i + 2) ?? "") { return true }
        if line.isDash(i + 1), line.digits(i + 2) != nil {
            return isHalf(i + 3) || line.symbol(i + 3, ":") && isHalf(i + 5)
        }
        if line.isDash(i - 2), line.digits(i - 3) != nil || isHalf(i - 3) {
            return isHalf(i - 3) || line.lower(i) == "p"
        }
        return ["at", "from", "until", "till", "by"].contains(line.lower(i - 2) ?? "") || line.symbol(i - 2, "@")
    }

    private static func zone(_ line: Line, _ i: Int, into spoken: inout [Spoken]) -> Int {
        let unmistakable: Set<String> = [
            "est", "edt", "cst", "cdt", "pst", "pdt", "mdt", "gmt", "utc", "bst", "cet", "cest",
        ]
        // 04:00Z
        if line.touches(i), line.letters(i) == "Z" {
            spoken.append(.letters("UTC"))
            return i + 1
        }
        if let text = line.lower(i), zones.contains(text),
            line.letters(i) == text.uppercased() || line.touches(i) || unmistakable.contains(text)
        {
            spoken.append(.letters(text.uppercased()))
            return i + 1
        }
        // e.s.t
        guard let a = line.lower(i), a.utf8.count == 1, line.joined(i + 1, "."), let b = line.lower(i + 2),
            line.touches(i + 2),
            line.joined(i + 3, "."), line.touches(i + 4), let c = line.lower(i + 4), zones.contains(a + b + c)
        else { return i }
        spoken.append(.letters((a + b + c).uppercased()))
        return line.joined(i + 5, ".") && i + 6 < line.count ? i + 6 : i + 5
    }
}
