/// Lengths of time and hours in other notations: 1h 30m, 3m20s, 16h30, 0800 hours, UTC+2.
enum DurationRule {
    private static let parts = [("h", "hour"), ("m", "minute"), ("s", "second")]

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
            let k = parts.firstIndex(where: { unit == $0.0 || unit == $0.1.prefix(3) && unit.utf8.count == 3 }),
            k >= next
        {
            words += line.quantity(number) + [number.isOne ? parts[k].1 : parts[k].1 + "s"]
            at = number.end + 1
            next = k + 1
            count += 1
        }
        guard count > 1, line.ends(at) else { return nil }
        return Reading(.time, to: at, words: words)
    }

    /// 0800 hours, 1430 hrs.
    private static func military(_ line: Line, at i: Int) -> Reading? {
        guard let digits = line.digits(i), digits.utf8.count == 4, !line.touches(i), let n = Int(digits), n < 2400,
            n % 100 < 60, let unit = line.letters(i + 1), unit == "hours" || unit == "hrs" || unit == "h",
            line.tokens[i + 1].spaceBefore
        else { return nil }
        let (hour, minute) = (n / 100, n % 100)
        guard digits.first == "0" || minute > 0 else { return nil }
        var words = hour < 10 ? ["zero"] + NumberWords.cardinal(hour) : NumberWords.cardinal(hour)
        words +=
            minute == 0
            ? ["hundred"] : minute < 10 ? ["oh"] + NumberWords.cardinal(minute) : NumberWords.cardinal(minute)
        return Reading(.time, to: i + 2, words: words + ["hours"])
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
