import SpeechSignal

/// Numbers with units: 12kg, 41,459.00 km³, 2x8 m2, 60 km/h, 5'11", 2°C, 7.2-millimeter, 2-5lb.
enum MeasureRule {
    /// Units whose symbol is also a word or a letter count only where they touch the number.
    private static let touching: Set<String> = [
        "in", "a", "A", "h", "s", "t", "B", "K", "N", "W", "V", "J", "cal", "bar", "ac", "l", "L", "m", "g", "x", "K",
        "min", "sec", "mol", "cd", "pt", "hp", "mo", "ha", "um", "at", "atm", "Pa", "MP", "ms", "C", "MA", "PB", "mi",
        "kn", "IU", "Gy", "lx", "eV", "st", "pp", "pg", "kt", "ly", "karat", "mM", "pc",
    ]
    private static let spaced: Set<String> = [
        "m", "g", "h", "s", "V", "W", "A", "K", "J", "N", "L", "l", "t", "min", "sec", "mi", "ha", "hp", "pt", "cal",
        "bar", "mol", "ms", "atm", "Pa", "in", "mo", "A", "C", "kn", "IU", "Gy", "lx", "eV", "pp", "pg", "kt", "ly",
        "mM",
    ]
    /// First parts of units of two words.
    private static let leading: Set<String> = ["sq", "cu", "fl", "ft", "N", "kN", "Pa", "kW", "mA", "lb"]

    /// The unit at `i`, with its power and its denominator.
    static func unit(_ line: Line, _ i: Int, after number: Int, plural: Bool) -> (words: [Spoken], end: Int)? {
        guard i < line.count else { return nil }
        let adjacent = line.touches(i)
        if line.symbol(i, "°") {
            if let direction = compass(line, i + 1), adjacent {
                return ([.word("degrees"), .word(direction.word)], direction.end)
            }
            if let scale = line.letters(i + 1),
                let unit = line.tables.units["°" + scale.uppercased()], line.ends(i + 2) || line.joined(i + 2, "/"),
                line.touches(i + 1) || scale == "C" || scale == "F"
            {
                return ([Spoken](cell: plural ? unit.many : unit.one), i + 2)
            }
            guard line.ends(i + 1), adjacent else { return nil }
            return ([.word(plural ? "degrees" : "degree")], i + 1)
        }
        if line.symbol(i, "%") || line.symbol(i, "‰") {
            return line.tables.units[line.tokens[i].text].map { ([Spoken](cell: $0.one), i + 1) }
        }
        if line.symbol(i, "Å") || line.letters(i) == "A" && line.symbol(i, "Å") {
            return line.tables.units["Å"].map { ([Spoken](cell: plural ? $0.many : $0.one), i + 1) }
        }
        if let prefix = line.letters(i), line.joined(i + 1, "Ω"), let unit = line.tables.units[prefix + "Ω"] {
            return ([Spoken](cell: plural ? unit.many : unit.one), i + 2)
        }
        if let pair = pair(line, i, plural: plural) { return pair }
        guard let (found, stop) = symbol(line, i), !AddressRule.isHeading(line, i) else { return nil }
        if let text = line.letters(i) {
            if !adjacent, touching.contains(text), !spaced.contains(text) || !stands(line, i, text) { return nil }
            // 1 t. cumin
            if text == "t", !adjacent, line.joined(i + 1, "."), line.letters(i + 2)?.first?.isLowercase == true {
                return nil
            }
            if text == "x", !adjacent || line.joined(i + 1, "^") { return nil }
        }
        var words = [Spoken](cell: plural ? found.many : found.one)
        var end = stop
        if let (power, next) = power(line, end) {
            words.insert(.word(power), at: 0)
            end = next
        }
        end = RateRule.denominators(line, end, into: &words)
        // 30 min. is an abbreviation's stop unless the sentence ends.
        guard line.ends(end) || line.joined(end, "-") || line.joined(end, "/") else { return nil }
        return (words, end)
    }

    /// The unit of the table at `i`: km, µg, Ω.
    static func symbol(_ line: Line, _ i: Int) -> (unit: Tables.Unit, end: Int)? {
        if let text = line.letters(i) {
            let name = text == "bps" && isBitRate(line, i) ? "bit/s" : text == "kt" && isGold(line, i) ? "karat" : text
            if text == "pc", line.accent != .british { return nil }
            return line.tables.units[name].map { ($0, i + 1) }
        }
        guard line.symbol(i, "µ") || line.symbol(i, "Ω") else { return nil }
        let rest = line.touches(i + 1) ? line.letters(i + 1) : nil
        return line.tables.units[line.tokens[i].text + (rest ?? "")].map { ($0, rest == nil ? i + 1 : i + 2) }
    }

    private static let digital: Set<String> = [
        "baud", "modem", "modems", "data", "bitrate", "bit", "bits", "link", "serial", "uart", "bandwidth", "stream",
        "codec", "audio", "downlink", "uplink",
    ]

    /// "bps" are basis points, unless the line speaks of data or the number is a modem's: 9600 bps.
    private static func isBitRate(_ line: Line, _ i: Int) -> Bool {
        if let digits = line.digits(i - 1), digits.utf8.count > 3 || line.symbol(i - 2, ",") { return true }
        return (max(0, i - 6)..<min(line.count, i + 4)).contains { line.lower($0).map(digital.contains) == true }
    }

    /// 18 kt gold, but 12 kt of wind.
    private static func isGold(_ line: Line, _ i: Int) -> Bool {
        (max(0, i - 4)..<min(line.count, i + 4)).contains { line.lower($0) == "gold" }
    }

    /// sq ft, cu. in., fl oz.
    private static func pair(_ line: Line, _ i: Int, plural: Bool) -> (words: [Spoken], end: Int)? {
        guard let first = line.letters(i), leading.contains(first) else { return nil }
        let second = line.joined(i + 1, ".") ? i + 2 : i + 1
        guard let text = line.letters(second), let unit = line.tables.units[first + " " + text] else { return nil }
        let stop = line.joined(second + 1, ".") && second + 2 < line.count
        guard line.ends(second + 1) || line.joined(second + 1, "-") else { return nil }
        return ([Spoken](cell: plural ? unit.many : unit.one), stop ? second + 2 : second + 1)
    }

    /// N, S, E or W after degrees and minutes.
    private static func compass(_ line: Line, _ i: Int) -> (word: String, end: Int)? {
        guard let text = line.letters(i), line.ends(i + 1) else { return nil }
        switch text {
        case "N": return ("north", i + 1)
        case "S": return ("south", i + 1)
        case "E": return ("east", i + 1)
        case "W": return ("west", i + 1)
        default: return nil
        }
    }

    /// 40°42'46"N
    private static func position(_ line: Line, _ number: Line.Number) -> Reading? {
        guard line.joined(number.end, "°") else { return nil }
        var words = line.quantity(number) + ["degrees"]
        var at = number.end + 1
        guard let minutes = line.number(at), line.joined(minutes.end, "'") else { return nil }
        words += line.quantity(minutes) + [minutes.isOne ? "minute" : "minutes"]
        at = minutes.end + 1
        if let seconds = line.number(at), line.joined(seconds.end, "\"") {
            words += line.quantity(seconds) + [seconds.isOne ? "second" : "seconds"]
            at = seconds.end + 1
        }
        if let direction = compass(line, at) {
            words.append(direction.word)
            at = direction.end
        }
        return Reading(.measure, to: at, words: words)
    }

    private static let determiners: Set<String> = ["a", "an"]
    private static let definite: Set<String> = [
        "the", "this", "that", "each", "every", "another", "his", "her", "its", "their", "our", "my", "your", "one",
    ]
    /// What follows a quantity that is the whole noun phrase.
    static let following: Set<String> = [
        "is", "was", "are", "were", "be", "and", "or", "but", "in", "on", "of", "to", "for", "that", "which", "who",
        "he", "she", "it", "we", "they", "i", "you", "had", "has", "have", "from", "at", "by", "with", "a", "an", "the",
        "will", "would", "can", "could", "as", "than", "if", "when", "while", "so", "per", "each", "into", "out", "up",
        "off", "more", "less", "over", "under", "away", "long", "tall", "wide", "high", "deep", "down", "back", "not",
        "today", "here", "there", "went", "came", "goes", "comes", "should", "may", "might", "must", "do", "does",
        "did", "my", "your", "his", "her", "its", "our", "their", "this", "these", "those", "because", "before",
        "after", "between", "above", "below", "ago", "later", "now", "then", "only", "apart", "left", "just", "about",
        "until", "x", "million", "billion", "trillion", "thousand", "hundred", "usd", "us", "square", "extra", "worth",
        "plus",
    ]

    /// An article before `i` and a noun after `end`: the amount between describes the noun and stands in the singular.
    static func isAttributive(_ line: Line, before i: Int, after end: Int) -> Bool {
        guard i > 0, !line.touches(i), let word = line.lower(i - 1) else { return false }
        let hyphen = line.joined(end, "-")
        guard let next = line.letters(hyphen ? end + 1 : end), line.touches(end) == hyphen else { return false }
        if determiners.contains(word) {
            return !["and", "or", "to", "for", "per", "from", "in", "on", "at"].contains(next)
        }
        return definite.contains(word) && next.first?.isLowercase == true && !following.contains(next)
    }

    /// A one-letter unit after a blank is a unit only where a word would make no sense.
    private static func stands(_ line: Line, _ i: Int, _ text: String) -> Bool {
        switch text {
        case "in":
            // 6 in. and 3 ft 4 in, but not "6 in the morning".
            return power(line, i + 1) != nil || i + 1 >= line.count
                || line.joined(i + 1, ".") && line.letters(i + 2) == nil
                || line.joined(i + 1, ")") || line.joined(i + 1, ",")
        // 0.25 pp, but 12 pp. is a book's length.
        case "pp": return line.symbol(i - 2, ".") && !(line.joined(i + 1, ".") && i + 2 < line.count)
        case "at", "a", "mo": return power(line, i + 1) != nil
        // 340 A.D.
        case "A":
            return line.ends(i + 1) && !(line.joined(i + 1, ".") && line.touches(i + 2))
                && line.letters(i + 1)?.first?.isUppercase != true
        default: return true
        }
    }

    static func power(_ line: Line, _ i: Int) -> (String, Int)? {
        if line.joined(i, "²") { return ("square", i + 1) }
        if line.joined(i, "³") { return ("cubic", i + 1) }
        if line.joined(i, "^"), line.touches(i + 1) { return power(line, i + 1) }
        guard line.touches(i), let digits = line.digits(i) else { return nil }
        return digits == "2" ? ("square", i + 1) : digits == "3" ? ("cubic", i + 1) : nil
    }

    /// 21,5 °C and 1,5 kg: a comma that can only be a decimal one, as a unit follows.
    private static func decimalComma(_ line: Line, at i: Int) -> Reading? {
        guard let whole = line.digits(i), line.joined(i + 1, ","), line.touches(i + 2),
            let fraction = line.digits(i + 2),
            fraction.utf8.count < 3, whole.utf8.count < 4, line.begins(i),
            !(i > 1 && line.symbol(i - 1, ",") && line.touches(i)),
            var unit = unit(line, i + 3, after: i + 3, plural: true)
        else { return nil }
        if isAttributive(line, before: i, after: unit.end),
            let single = self.unit(line, i + 3, after: i + 3, plural: false)
        {
            unit = single
        }
        return Reading(.measure, to: unit.end, [Spoken](words: NumberWords.decimal(whole, fraction)) + unit.words)
    }

    /// 35mm film: what is described by its millimeters.
    private static let measured: Set<String> = [
        "film", "lens", "lenses", "camera", "cameras", "format", "projector", "gun", "cannon", "shell", "rounds",
        "pistol", "socket", "wrench", "jack", "cable", "thick", "print", "prints", "headphone", "drill",
    ]

    /// What is told by how much it holds or takes: a 12 oz can.
    static let holders: Set<String> = [
        "can", "cans", "jar", "jars", "package", "packages", "bottle", "bottles", "box", "boxes", "bag", "bags",
        "container", "packet", "pkg", "tin", "tins", "carton", "block", "tub", "pack", "battery", "batteries", "bulb",
        "bulbs", "heater", "charger", "adapter", "outlet", "steak", "mains", "supply", "motor", "engine", "tv",
        "monitor", "screen", "drive", "ssd", "card", "zone", "limit", "plan", "file", "phone", "laptop", "tank", "race",
        "hike", "walk", "flight", "video", "window", "dash", "sprint", "line", "freestyle", "butterfly", "relay",
        "hurdles",
        "pool",
    ]

    /// 10yr 4.21 %, a 30yr mortgage
    private static func isTermed(_ line: Line, _ i: Int) -> Bool {
        [
            "bond", "note", "treasury", "mortgage", "rate", "yield", "fixed", "term", "warranty", "loan", "high", "low",
            "plan", "gilt", "old", "lease",
        ].contains(line.lower(i) ?? "")
    }

    static func read(_ line: Line, at i: Int) -> Reading? {
        if let decimal = decimalComma(line, at: i) { return decimal }
        // q6h: every six hours
        if line.touches(i), line.lower(i - 1) == "q", let hours = line.digits(i), line.touches(i + 1),
            line.letters(i + 1) == "h"
        {
            return Reading(.serial, to: i + 2, [Spoken](words: NumberWords.cardinal(hours)) + [.letters("H")])
        }
        // w00t
        if line.touches(i), line.kind(i - 1) == .letters { return nil }
        guard let number = line.number(i) else { return nil }
        if let range = MathRule.readSignedRange(line, at: i) { return range }
        if let feet = FeetRule.read(line, number, at: i) ?? position(line, number) { return feet }
        if let reading = karat(line, number) ?? TimesRule.dimensions(line, number) { return reading }
        // 12/kg → twelve per kilogram.
        if line.joined(number.end, "/"), line.touches(number.end + 1), let text = line.letters(number.end + 1),
            text.utf8.count > 1 || text != "f", let unit = line.tables.units[text], line.ends(number.end + 2)
        {
            return Reading(
                .measure, to: number.end + 2,
                [Spoken](words: line.quantity(number)) + [.word("per")] + [Spoken](cell: unit.one))
        }
        // 4.5/5 stars
        if number.fraction != nil, line.joined(number.end, "/"), line.touches(number.end + 1),
            let best = line.number(number.end + 1), line.ends(best.end),
            best.fraction == nil ? ["5", "10", "20", "100"].contains(best.whole) : ["0", "00"].contains(best.fraction)
        {
            return Reading(
                .score, to: best.end, words: line.quantity(number) + ["out", "of"] + line.quantity(best))
        }
        // A range takes its unit at its end: 2-5lb, 1234-123kg, 20–25 °C.
        if line.isDash(number.end), line.touches(number.end), line.touches(number.end + 1),
            line.begins(i) || line.kind(i - 1) == .symbol, let last = line.number(number.end + 1),
            let unit = unit(line, last.end, after: last.end, plural: true), unit.end > last.end
        {
            return Reading(
                .measure, to: unit.end,
                [Spoken](words: line.quantity(number) + ["to"] + line.quantity(last)) + unit.words)
        }
        // 7 l/100 km
        if let text = line.letters(number.end), let above = line.tables.units[text], line.joined(number.end + 1, "/"),
            line.touches(number.end + 2), let below = line.number(number.end + 2),
            let unit = unit(line, below.end, after: below.end, plural: !below.isOne)
        {
            // 175ml/250ml, 8GB/128GB, 12.5kg/27.6lb: one beside the other
            if isBeside(text, line.letters(below.end)) {
                let many = [Spoken](cell: number.isOne ? above.one : above.many)
                return Reading(
                    .measure, to: unit.end,
                    [Spoken](words: line.quantity(number)) + many + [.comma]
                        + [Spoken](words: line.quantity(below)) + unit.words)
            }
            return Reading(
                .measure, to: unit.end,
                [Spoken](words: line.quantity(number)) + [Spoken](cell: number.isOne ? above.one : above.many)
                    + [.word("per")] + [Spoken](words: line.quantity(below)) + unit.words)
        }
        if let every = per(line, number) { return every }
        if let times = TimesRule.multiple(line, number) { return times }
        // 1080p, 4K: no units.
        if line.touches(number.end), number.fraction == nil, let text = line.letters(number.end),
            line.ends(number.end + 1)
        {
            if text == "p" || text == "i", number.whole.utf8.count > 2, number.whole.utf8.count < 5 {
                return Reading(
                    .serial, to: number.end + 1,
                    [Spoken](words: NumberWords.paired(number.whole)) + [.letters(text.uppercased())])
            }
            if text == "K" {
                return Reading(.serial, to: number.end + 1, [Spoken](words: line.quantity(number)) + [.letters("K")])
            }
        }
        if line.touches(number.end), line.letters(number.end) == "ac" { return nil }
        if let scale = line.scale(number.end, letters: false),
            let unit = unit(line, scale.end, after: scale.end, plural: true)
        {
            return Reading(
                .measure, to: unit.end, [Spoken](words: line.quantity(number, and: false) + [scale.word]) + unit.words)
        }
        let hyphen = line.joined(number.end, "-")
        let at = hyphen ? number.end + 1 : number.end
        if hyphen, !line.touches(at) || !line.begins(i) && line.symbol(i - 1, "-") { return nil }
        if hyphen, let text = line.letters(at), text.utf8.count < 2 { return nil }
        guard var unit = unit(line, at, after: number.end, plural: !(hyphen || number.isOne)) else { return nil }
        let noun = line.joined(unit.end, ".") ? unit.end + 1 : unit.end
        let isSized =
            line.letters(at) == "mm" && line.lower(noun).map(measured.contains) == true && line.lower(noun) != "thick"
        // 1 (14.5 oz) can, 12 V battery
        let held = line.symbol(i - 1, "(") && line.joined(unit.end, ")") ? unit.end + 1 : noun
        let isTerm =
            line.letters(at) == "yr" && line.touches(at) && (line.kind(held) == .digits || isTermed(line, held))
        let isHeld = isTerm || line.lower(held).map(holders.contains) == true && !line.touches(held)
        if isHeld, let single = self.unit(line, at, after: number.end, plural: false) { unit = single }
        if isSized || isAttributive(line, before: i, after: noun), !line.touches(noun),
            let single = self.unit(line, at, after: number.end, plural: false)
        {
            unit = single
        }
        var end = unit.end
        // 0.25 in., and so on
        if line.joined(end, "."), line.joined(end + 1, ",") { end += 1 }
        // The full stop of "5 in." belongs to the unit when the sentence continues in lower case.
        if line.joined(end, "."), end + 1 < line.count, let next = line.letters(end + 1),
            line.tokens[end + 1].spaceBefore,
            next.first?.isLowercase == true || AddressRule.isHeading(line, end + 1)
        {
            end += 1
        }
        return Reading(.measure, to: end, [Spoken](words: line.quantity(number)) + unit.words)
    }

    /// What is measured in one of these is also measured in the others.
    private static let alike: [Set<String>] = [
        ["kg", "g", "lb", "lbs", "oz", "st"], ["km", "m", "cm", "mm", "mi", "ft", "in", "yd"],
        ["ml", "mL", "cl", "l", "L", "oz", "gal", "pt"], ["V", "A", "W", "Hz", "kW", "kVA"], ["kph", "mph"],
        ["W", "kW", "hp", "PS"],
    ]

    private static func isBeside(_ first: String, _ second: String?) -> Bool {
        guard let second else { return false }
        return first == second || alike.contains { $0.contains(first) && $0.contains(second) }
    }

    /// 14k gold
    private static func karat(_ line: Line, _ number: Line.Number) -> Reading? {
        guard let value = number.value, value <= 24, line.touches(number.end), line.lower(number.end) == "k",
            let metal = line.lower(number.end + 1), ["gold", "white", "yellow", "rose", "solid"].contains(metal)
        else { return nil }
        return Reading(.measure, to: number.end + 1, words: line.quantity(number) + ["karat"])
    }

    /// 5/day
    private static func per(_ line: Line, _ number: Line.Number) -> Reading? {
        guard line.joined(number.end, "/"), line.touches(number.end + 1), let text = line.letters(number.end + 1),
            ["day", "week", "month", "year", "hour", "night", "minute", "second", "person", "mile"].contains(text),
            line.ends(number.end + 2)
        else { return nil }
        return Reading(.measure, to: number.end + 2, words: line.quantity(number) + ["per", text])
    }
}
