/// What is counted by a unit, with or without a number before it: mg/kg/day, km/h, in km², cups/day.
enum RateRule {
    /// What a rate may be counted by besides units: 5 mg/kg/day.
    private static let spans: Set<String> = [
        "second", "minute", "hour", "day", "night", "week", "month", "year", "person", "capita", "dose", "mile",
    ]

    /// "/kg/day" at `i`: per kilogram per day.
    static func denominators(_ line: Line, _ i: Int, into words: inout [Spoken]) -> Int {
        var end = i
        while line.joined(end, "/"), line.touches(end + 1) {
            if let text = line.letters(end + 1), spans.contains(text) {
                words += [.word("per"), .word(text)]
                end += 2
                continue
            }
            guard let (below, stop) = MeasureRule.symbol(line, end + 1) else { break }
            let spoken =
                line.letters(end + 1) == "s" && line.letters(end - 1) == "cc"
                ? [.letters("S")] : [Spoken](cell: below.one)
            words.append(.word("per"))
            end = stop
            guard let (power, next) = MeasureRule.power(line, end) else {
                words += spoken
                continue
            }
            // Meters per second squared, but kilograms per square meter.
            let isTime = below.one == "second" || below.one == "hour"
            words += isTime ? spoken + [.word(power == "square" ? "squared" : "cubed")] : [.word(power)] + spoken
            end = next
        }
        return end
    }

    /// people/km², cups/day: things counted by a unit.
    static func readPer(_ line: Line, at i: Int) -> Reading? {
        guard let things = line.letters(i - 1), things.utf8.count > 3, things.first?.isLowercase == true,
            things.hasSuffix("s") || things == "people"
        else { return nil }
        var words: [Spoken] = []
        let end = denominators(line, i, into: &words)
        return end > i && line.ends(end) ? Reading(.measure, to: end, words) : nil
    }

    private static let singular: Set<String> = ["per", "each", "every", "one", "a", "an"]

    /// What no word looks like: cents per kWh.
    private static let alone: Set<String> = ["kWh", "MWh", "GWh", "mAh", "kHz", "MHz", "GHz", "Mbps", "Gbps"]

    /// A unit without a number: km/h, m/s², in km², per m³.
    static func read(_ line: Line, at i: Int) -> Reading? {
        if let text = line.letters(i), alone.contains(text), line.ends(i + 1), let unit = line.tables.units[text],
            !line.touches(i)
        {
            let isSingle = line.lower(i - 1).map(singular.contains) == true
            return Reading(.measure, to: i + 1, [Spoken](cell: isSingle ? unit.one : unit.many))
        }
        guard line.touches(i + 1), line.kind(i + 1) != .letters, let text = line.letters(i),
            let above = line.tables.units[text], line.begins(i)
        else { return nil }
        let before = line.lower(i - 1)
        let isSingle = before.map(singular.contains) == true
        let isNamed = isSingle || before == "in" || before == "of"
        var words = [Spoken](cell: isSingle ? above.one : above.many)
        var end = i + 1
        if line.kind(end) == .symbol, let (power, next) = MeasureRule.power(line, end), isNamed || text.utf8.count > 1 {
            words.insert(.word(power), at: 0)
            end = next
        }
        let stop = denominators(line, end, into: &words)
        if stop > end, end == i + 1, !isNamed {
            guard text.utf8.count > 1 || text == "m" || text == "g", let below = line.letters(i + 2),
                rated.contains(below)
            else {
                return nil
            }
        }
        guard stop > i + 1, line.ends(stop) else { return nil }
        return Reading(.measure, to: stop, words)
    }

    private static let rated: Set<String> = ["h", "hr", "s", "L", "kg", "m", "mL", "dL", "min", "gal", "cm"]
}
