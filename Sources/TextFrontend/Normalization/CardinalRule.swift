/// Plain numbers: quantities, years, identifiers.
enum CardinalRule {
    static func read(_ line: Line, at i: Int) -> Reading? {
        // 3,00 and 1,50: no thousands have two figures.
        if let whole = line.digits(i), whole.utf8.count < 4, line.joined(i + 1, ","), line.touches(i + 2),
            let rest = line.digits(i + 2),
            rest.utf8.count == 2, rest.hasSuffix("0") || rest.hasSuffix("5"), !line.touches(i), line.ends(i + 3),
            !(line.joined(i + 3, ",") && line.touches(i + 4)),
            line.lower(i - 1)?.hasSuffix("s") != true || line.lower(i - 1) == "vs"
        {
            return Reading(.decimal, to: i + 3, words: NumberWords.decimal(whole, rest))
        }
        guard let number = line.number(i) else { return nil }
        if let fraction = number.fraction {
            // 1.5B, but not 0.1 B.
            if line.touches(number.end), let scale = line.scale(number.end, letters: true) {
                let words = NumberWords.decimal(number.whole, fraction) + [scale.word]
                return Reading(.decimal, to: scale.end, words: words)
            }
            return Reading(.decimal, to: number.end, words: NumberWords.decimal(number.whole, fraction))
        }
        // 80s, 12's
        if line.touches(number.end), line.letters(number.end) == "s", line.ends(number.end + 1) {
            return Reading(.cardinal, to: number.end + 1, words: NumberWords.pluralized(words(line, number, at: i)))
        }
        if line.joined(number.end, "'"), line.touches(number.end + 1), line.letters(number.end + 1) == "s",
            line.ends(number.end + 2)
        {
            var words = words(line, number, at: i)
            words[words.count - 1] += "'s"
            return Reading(.cardinal, to: number.end + 2, words: words)
        }
        let year = isYear(line, number, at: i)
        return Reading(year ? .date : .cardinal, to: number.end, words: words(line, number, at: i))
    }

    private static let crowds: Set<String> = [
        "people", "users", "views", "followers", "subscribers", "downloads", "copies", "workers", "jobs", "homes",
        "votes",
    ]

    /// 5M users, 7bn people, 10k steps.
    static func readScaled(_ line: Line, at i: Int) -> Reading? {
        // 1-2M, 10-20K
        if line.begins(i), let low = line.number(i), line.isDash(low.end), line.touches(low.end),
            line.touches(low.end + 1),
            let high = line.number(low.end + 1), line.touches(high.end), let letters = line.letters(high.end),
            ["K", "k", "M", "B", "bn"].contains(letters), let scale = line.scale(high.end, letters: true),
            line.ends(scale.end)
        {
            return Reading(
                .range, to: scale.end,
                words: line.quantity(low, and: false) + ["to"] + line.quantity(high, and: false) + [scale.word])
        }
        // 3,5 million
        if line.begins(i), let whole = line.digits(i), whole.utf8.count < 4, line.joined(i + 1, ","),
            line.touches(i + 2),
            let fraction = line.digits(i + 2), fraction.utf8.count < 3,
            let scale = line.scale(i + 3, letters: false), scale.word != "hundred", scale.word != "thousand",
            !line.touches(i + 3), !line.symbol(i - 1, ",")
        {
            return Reading(.decimal, to: scale.end, words: NumberWords.decimal(whole, fraction) + [scale.word])
        }
        // 10M+ downloads, 3 bn
        if line.begins(i), let number = line.number(i), let letters = line.letters(number.end),
            let scale = line.scale(number.end, letters: true), letters.utf8.count < 4
        {
            let isOpen = line.touches(number.end) && line.joined(scale.end, "+") && letters != "m" && letters != "T"
            if isOpen || ["bn", "mn", "tn"].contains(letters) && line.ends(scale.end) && !line.touches(i) {
                return Reading(.cardinal, to: scale.end, words: line.quantity(number, and: false) + [scale.word])
            }
        }
        guard line.begins(i), let number = line.number(i), line.touches(number.end),
            let scale = line.scale(number.end, letters: true), let next = line.letters(scale.end),
            next.first?.isLowercase == true, line.tokens[scale.end].spaceBefore, let letters = line.letters(number.end)
        else { return nil }
        // 120k mi
        if letters.lowercased() == "k", next == "mi" || next == "km", let unit = line.tables.units[next] {
            return Reading(
                .measure, to: scale.end + 1,
                [Spoken](words: line.quantity(number, and: false) + [scale.word]) + [Spoken](cell: unit.many))
        }
        let isCrowd = crowds.contains(next)
        guard
            isCrowd || letters.utf8.count == 2 && letters != "mm"
                || letters != "m" && letters != "mm" && next.hasSuffix("s") && next.utf8.count > 3
        else { return nil }
        return Reading(.cardinal, to: scale.end, words: line.quantity(number, and: false) + [scale.word])
    }

    /// How a whole number is read at its place.
    static func words(_ line: Line, _ number: Line.Number, at i: Int) -> [String] {
        if number.fraction != nil { return line.quantity(number) }
        let digits = number.whole
        if number.grouped { return NumberWords.cardinal(digits, and: digits.utf8.count < 7) }
        let count = digits.utf8.count
        if digits.first == "0", count > 1 { return NumberWords.digits(digits) }
        if isIdentifier(line, number, at: i) { return NumberWords.digits(digits) }
        if isYear(line, number, at: i) { return NumberWords.year(Int(digits) ?? 0) }
        return NumberWords.cardinal(digits)
    }

    /// A word before the number says that it is a label.
    static func isSpelledLabel(_ line: Line, at i: Int) -> Bool {
        (max(0, i - 3)..<i).contains { line.lower($0).map(identifying.contains) == true }
    }

    /// Words after which a long number is a quantity.
    private static let measuring: Set<String> = [
        "about", "over", "nearly", "almost", "around", "approximately", "roughly", "than", "population", "least",
        "most", "under", "some", "total", "worth", "paid", "of", "only", "exactly", "reached", "minus",
    ]

    private static let identifying: Set<String> = [
        "code", "pin", "otp", "ending", "account", "id", "zip", "password", "serial", "extension", "ext", "card",
        "passcode", "confirmation", "verification", "tracking", "pincode", "barcode", "sku",
    ]

    /// Long runs without commas, and numbers that a word before them says are labels.
    private static func isIdentifier(_ line: Line, _ number: Line.Number, at i: Int) -> Bool {
        let count = number.whole.utf8.count
        if count >= 4 {
            for k in max(0, i - 3)..<i where line.lower(k).map(identifying.contains) == true { return true }
        }
        if count < 5 { return false }
        // 1000000000
        if number.whole.hasSuffix("000000") { return false }
        if count > 6 { return true }
        if i > 0, let before = line.lower(i - 1), measuring.contains(before) { return false }
        // 13000 cars is a quantity; 13000 on its own, or 95051 after a name, is a label.
        guard let next = line.letters(number.end), !line.touches(number.end) else { return true }
        return number.whole.hasSuffix("00") ? false : next.first?.isUppercase == true
    }

    private static let dating: Set<String> = ["in", "by", "until", "year", "since", "before", "after"]
    private static let counting: Set<String> = [
        "people", "men", "women", "children", "feet", "miles", "percent", "times", "sheep", "fish",
    ]
    private static let notPlural: Set<String> = [
        "was", "is", "has", "as", "its", "his", "this", "us", "thus", "yes", "does", "series", "plus", "perhaps",
        "towards", "always", "census", "less",
    ]

    static func isYear(_ line: Line, _ number: Line.Number, at i: Int) -> Bool {
        guard number.fraction == nil, !number.grouped, number.whole.utf8.count == 4, let n = Int(number.whole),
            (1000...2099).contains(n)
                || (2100...2999).contains(n) && i > 0 && line.lower(i - 1).map(dating.contains) == true
        else { return false }
        if line.symbol(i - 1, "=") { return false }
        if i > 0, let before = line.tables.currencies[line.tokens[i - 1].text], !before.one.isEmpty { return false }
        guard let next = line.letters(number.end), line.tokens[number.end].spaceBefore else { return true }
        // Q3 2024 results, the 2016 elections
        if line.kind(i - 1) == .digits, line.touches(i - 1), let part = line.letters(i - 2), part == "Q" || part == "H"
        {
            return true
        }
        if (1900...2040).contains(n), n % 100 != 0, line.lower(i - 1) == "the", !counting.contains(next) { return true }
        if counting.contains(next) { return n % 100 == 0 && n % 1000 != 0 }
        let plural =
            next.hasSuffix("s") && next.utf8.count > 3 && next.first?.isLowercase == true && !notPlural.contains(next)
        return !plural || n % 100 == 0 && n % 1000 != 0
    }
}
