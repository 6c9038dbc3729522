/// Lengths of time and hours in other notations: 1h 30m, 3m20s, 16h30, 0800 hours, UTC+2.
enum DurationRule {
    private static let parts = [("w", "week"), ("d", "day"), ("h", "hour"), ("m", "minute"), ("s", "second")]
    private static let clipped = ["hr": "h", "hrs": "h", "mins": "m", "secs": "s", "wk": "w", "wks": "w", "days": "d"]

    static func read(_ line: Line, at i: Int) -> Reading? {
        if let reading = military(line, at: i) { return reading }
        guard line.digits(i) != nil, !line.touches(i) || line.kind(i - 1) == .symbol else { return nil }
        // 16h30
        if let hour = line.digits(i), let h = Int(hour), h < 25, line.touches(i + 1), line.letters(i + 1) == "h",
            line.touches(i + 2), let minute = line.digits(i + 2), minute.utf8.count == 2, let m = Int(minute), m < 60,
            line.ends(i + 3)
        {
            let tail = m == 0 ? ["hundred"] : m < 10 ? ["oh"] + NumberWords.cardinal(m) : NumberWords.cardinal(m)
            return Reading(.time, to: i + 3, words: NumberWords.cardinal(h) + tail)
        }
        var words: [String] = []
        var at = i
        var next = 0
        var count = 0
        while let number = line.number(at), line.touches(number.end), let unit = line.letters(number.end),
            let k = parts.firstIndex(where: {
                (clipped[unit] ?? unit) == $0.0 || unit == $0.1.prefix(3) && unit.utf8.count == 3
            }), k >= next
        {
            words += line.quantity(number) + [number.isOne ? parts[k].1 : parts[k].1 + "s"]
            at = number.end + 1
            next = k + 1
            count += 1
        }
        guard count > 1 || isTimed(line, i, at), line.ends(at) else { return nil }
        // a 45m timer
        if count == 1, line.lower(at).map(held.contains) == true { words[words.count - 1] = "minute" }
        return Reading(.time, to: at, words: words)
    }

    private static let timing: Set<String> = [
        "timer", "timers", "duration", "remaining", "eta", "wait", "waited", "waiting", "cook", "bake", "simmer",
        "delay", "delayed", "snooze", "snoozed", "alarm", "session", "nap", "sleep", "slept", "elapsed", "left",
        "runtime", "uptime", "every", "boil", "rest", "break", "prep", "time", "cooktime", "length", "idle",
    ]
    private static let held: Set<String> = [
        "timer", "break", "nap", "session", "video", "episode", "delay", "meeting", "call", "workout", "read",
        "cooldown", "interval", "walk",
    ]
    private static let timed: Set<String> = [
        "ago", "left", "remaining", "later", "timer", "timers", "break", "nap", "session", "video", "episode", "delay",
        "early", "late", "meeting", "call", "workout", "read", "elapsed", "cooldown", "interval", "intervals",
        "overdue", "walk",
    ]

    /// Timer: 45m, on for 45m, 10m ago: a lone m that stands for minutes.
    private static func isTimed(_ line: Line, _ i: Int, _ end: Int) -> Bool {
        guard end > i + 1, line.letters(end - 1) == "m", line.touches(end - 1) else { return false }
        if line.lower(end).map(timed.contains) == true { return true }
        if (max(0, i - 3)..<i).contains(where: { line.lower($0).map(timing.contains) == true }) { return true }
        guard let before = line.lower(i - 1) else { return false }
        if before == "in" { return line.kind(end) != .letters }
        return before == "for"
            && (max(0, i - 6)..<i).contains {
                [
                    "on", "off", "been", "down", "up", "active", "set", "online", "offline", "running", "open",
                    "paused", "muted",
                ]
                .contains(line.lower($0) ?? "")
            }
    }

    private static let traveling: Set<String> = [
        "dep", "arr", "departs", "arrives", "departing", "arriving", "etd", "eta",
    ]

    /// 0800 hours, 1430 hrs, dep 0715.
    private static func military(_ line: Line, at i: Int) -> Reading? {
        guard let digits = line.digits(i), digits.utf8.count == 4, !line.touches(i), let n = Int(digits), n < 2400,
            n % 100 < 60
        else { return nil }
        let isTravel =
            line.lower(line.symbol(i - 1, ".") ? i - 2 : i - 1).map(traveling.contains) == true && line.ends(i + 1)
        let unit = line.letters(i + 1)
        let isNamed = unit == "hours" || unit == "hrs" || unit == "h"
        guard isTravel || isNamed && line.tokens[i + 1].spaceBefore else { return nil }
        let (hour, minute) = (n / 100, n % 100)
        guard digits.first == "0" || minute > 0 || isTravel else { return nil }
        var words = hour < 10 ? ["zero"] + NumberWords.cardinal(hour) : NumberWords.cardinal(hour)
        words +=
            minute == 0
            ? ["hundred"] : minute < 10 ? ["oh"] + NumberWords.cardinal(minute) : NumberWords.cardinal(minute)
        return isNamed
            ? Reading(.time, to: i + 2, words: words + ["hours"]) : Reading(.time, to: i + 1, words: words)
    }

    /// UTC+2, GMT-5, UTC+05:30.
    static func readOffset(_ line: Line, at i: Int) -> Reading? {
        guard let zone = line.letters(i), zone == "UTC" || zone == "GMT",
            line.joined(i + 1, "+") || line.joined(i + 1, "-"), line.touches(i + 2), let hours = line.digits(i + 2),
            let h = Int(hours), h < 15
        else { return nil }
        var spoken: [Spoken] = [.letters(zone), .word(line.symbol(i + 1, "+") ? "plus" : "minus")]
        spoken += [Spoken](words: NumberWords.cardinal(h))
        var end = i + 3
        if line.joined(end, ":"), line.touches(end + 1), let minutes = line.digits(end + 1), let m = Int(minutes),
            m < 60
        {
            if m > 0 { spoken += [Spoken](words: NumberWords.cardinal(m)) }
            end += 2
        }
        return Reading(.time, to: end, spoken)
    }
}
