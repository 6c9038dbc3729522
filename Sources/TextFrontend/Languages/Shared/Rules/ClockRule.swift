/// Times of the day: 13:45, 8:30 p. m., 9 a. m., 13.45 h, 13h45.
enum ClockRule {
    private static func time(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let text = line.digits(i), text.utf8.count <= 2, let hour = Int(text), hour <= 24, !line.joined(i, ",")
        else { return nil }
        if line.joined(i + 1, ":"), let (minute, at) = two(line, i + 2) {
            var (second, end): (Int?, Int) = (nil, at)
            if line.joined(at, ":"), let (value, next) = two(line, at + 1) { (second, end) = (value, next) }
            guard line.ends(end) || line.letters(end) != nil else { return nil }
            return reading(line, hour, minute, second, end)
        }
        // 13.45 h: only with the hour's sign.
        if line.joined(i + 1, "."), let (minute, at) = two(line, i + 2), let sign = line.lower(at),
            ["h", "hs", "hrs", "horas"].contains(sign) || period(line, at) != nil
        {
            return reading(line, hour, minute, nil, at)
        }
        // 13h45, 9h
        if line.touches(i + 1), line.lower(i + 1) == "h", let (minute, end) = two(line, i + 2) {
            // 12h02m00s
            if line.lower(end) == "m", line.touches(end), let (second, last) = two(line, end + 1),
                line.lower(last) == "s"
            {
                return reading(line, hour, minute, second, last + 1)
            }
            return reading(line, hour, minute, nil, end)
        }
        // 8 a. m.
        if hour > 0, hour <= 12, let (period, end) = period(line, i + 1) {
            return Reading(
                .time, to: end, words: line.numbers.clock(hour: hour, minute: 0, second: nil, period: period))
        }
        return nil
    }

    /// The time, and the zone after it: 20:00 GMT-3.
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        guard var reading = time(line, at: i), let zone = line.letters(reading.end), zones.contains(zone.lowercased()),
            line.tables.lexicon[zone] == nil
        else {
            return time(line, at: i)
        }
        reading.end += 1
        reading.spoken.append(.letters(zone.uppercased()))
        let isMinus = line.symbol(reading.end, "-")
        guard isMinus || line.symbol(reading.end, "+"), line.touches(reading.end + 1),
            let digits = line.digits(reading.end + 1), let hours = Int(digits), hours < 15
        else { return reading }
        reading.end += 2
        let minutes = line.joined(reading.end, ":") ? two(line, reading.end + 1) : nil
        if let minutes { reading.end = minutes.end }
        reading.spoken.append(.word(isMinus ? line.words.minus : line.words.plus))
        reading.spoken += line.numbers.cardinal(hours, minutes == nil ? .alone : .before(.feminine)).map(Spoken.word)
        if let minutes { reading.spoken += line.numbers.cardinal(minutes.value, .alone).map(Spoken.word) }
        return reading
    }

    /// "est" in small letters is a word of French.
    private static let zones: Set<String> = ["utc", "gmt", "cet", "cest", "est", "edt", "pst", "pdt", "cst", "cdt"]

    private static func two(_ line: LanguageLine, _ i: Int) -> (value: Int, end: Int)? {
        guard line.touches(i), let text = line.digits(i), text.utf8.count == 2, let value = Int(text), value < 60 else {
            return nil
        }
        return (value, i + 1)
    }

    private static func reading(_ line: LanguageLine, _ hour: Int, _ minute: Int, _ second: Int?, _ end: Int) -> Reading
    {
        var end = end
        var mark: String?
        if let found = period(line, end) {
            (mark, end) = (found.period, found.end)
        } else if let sign = line.lower(end), ["h", "hs", "hrs"].contains(sign) {
            (mark, end) = ("h", end + 1)
            // "h." with its own full stop, within a sentence.
            if line.joined(end, "."), end + 1 < line.count { end += 1 }
        }
        return Reading(
            .time, to: end, words: line.numbers.clock(hour: hour, minute: minute, second: second, period: mark))
    }

    /// a. m., a.m., am, p. m.: "am" or "pm".
    private static func period(_ line: LanguageLine, _ i: Int) -> (period: String, end: Int)? {
        guard let text = line.lower(i) else { return nil }
        if text == "am" || text == "pm" { return (text, i + 1) }
        guard text == "a" || text == "p", line.joined(i + 1, "."), line.lower(i + 2) == "m" else { return nil }
        // The last full stop may be the sentence's, too.
        let end = line.joined(i + 3, ".") && i + 4 < line.count ? i + 4 : i + 3
        return (text + "m", end)
    }
}
