/// Numbers as English words. Digits come as strings, so any length works.
enum NumberWords {
    private static let ones = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    private static let scales = [
        "", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion", "septillion",
        "octillion", "nonillion", "decillion",
    ]
    private static let irregularOrdinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]

    static func digits(_ digits: some StringProtocol) -> [String] {
        digits.utf8.compactMap { $0 >= 48 && $0 <= 57 ? ones[Int($0) - 48] : nil }
    }

    private static func belowHundred(_ n: Int) -> [String] {
        if n < 20 { return [ones[n]] }
        return n % 10 == 0 ? [tens[n / 10]] : [tens[n / 10], ones[n % 10]]
    }

    /// 123 → one hundred and twenty three. "and" stands only before the last two digits of numbers below a million.
    static func cardinal(_ digits: some StringProtocol, and: Bool = true) -> [String] {
        let digits = String(digits.drop { $0 == "0" })
        if digits.isEmpty { return ["zero"] }
        if digits.utf8.count > 3 * scales.count { return self.digits(digits) }
        let values = digits.utf8.map { Int($0) - 48 }
        let groups = (values.count + 2) / 3
        var words: [String] = []
        for group in (0..<groups).reversed() {
            let end = values.count - 3 * group
            let value = values[max(0, end - 3)..<end].reduce(0) { 10 * $0 + $1 }
            if value == 0 { continue }
            if value >= 100 { words += [ones[value / 100], "hundred"] }
            if value % 100 > 0 {
                if and, group == 0, groups < 3, !words.isEmpty { words.append("and") }
                words += belowHundred(value % 100)
            }
            if group > 0 { words.append(scales[group]) }
        }
        return words
    }

    static func cardinal(_ n: Int) -> [String] { cardinal(String(n)) }

    /// 121 → one hundred twenty first.
    static func ordinal(_ digits: some StringProtocol) -> [String] {
        var words = cardinal(digits, and: false)
        let last = words.removeLast()
        return words + [ordinalWord(last)]
    }

    static func ordinal(_ n: Int) -> [String] { ordinal(String(n)) }

    private static func ordinalWord(_ word: String) -> String {
        if let irregular = irregularOrdinals[word] { return irregular }
        return word.hasSuffix("y") ? word.dropLast() + "ieth" : word + "th"
    }

    /// 1905 → nineteen oh five; 2005 → two thousand five; 2012 → twenty twelve.
    static func year(_ n: Int) -> [String] {
        let high = n / 100
        let low = n % 100
        if n < 1000 || high % 10 == 0 && low < 10 || n > 9999 { return cardinal(String(n), and: false) }
        if low == 0 { return belowHundred(high) + ["hundred"] }
        return belowHundred(high) + (low < 10 ? ["oh", ones[low]] : belowHundred(low))
    }

    /// House numbers and the like: 1428 → fourteen twenty eight, 123 → one twenty three, 2000 → two thousand.
    static func paired(_ digits: String) -> [String] {
        guard let n = Int(digits), digits.first != "0", n < 10_000, n >= 100 else {
            return digits.utf8.count > 4 || digits.first == "0" ? self.digits(digits) : cardinal(digits)
        }
        if n % 1000 == 0 { return cardinal(digits) }
        let low = n % 100
        if low == 0 { return cardinal(n / 100) + ["hundred"] }
        return belowHundred(n / 100) + (low < 10 ? ["oh", ones[low]] : belowHundred(low))
    }

    /// 3.14 → three point one four; .5 → point five.
    static func decimal(_ whole: String, _ fraction: String) -> [String] {
        (whole.isEmpty ? [] : cardinal(whole)) + ["point"] + digits(fraction)
    }

    /// Plural of the last word: nineteen eighty → nineteen eighties.
    static func pluralized(_ words: [String]) -> [String] {
        guard let last = words.last else { return words }
        let plural = last.hasSuffix("y") ? last.dropLast() + "ies" : last.hasSuffix("x") ? last + "es" : last + "s"
        return words.dropLast() + [plural]
    }

    /// The name of a fraction's part: 4 → quarter(s), 32 → thirty second(s).
    static func part(_ denominator: String, plural: Bool) -> [String] {
        switch denominator.drop(while: { $0 == "0" }) {
        case "2": return [plural ? "halves" : "half"]
        case "4": return [plural ? "quarters" : "quarter"]
        default:
            let words = ordinal(denominator)
            return plural ? words.dropLast() + [(words.last ?? "") + "s"] : words
        }
    }

    /// The value of a Roman numeral in capitals, if it is a regular one.
    static func roman(_ text: String) -> Int? {
        let table: [UInt8: Int] = [73: 1, 86: 5, 88: 10, 76: 50, 67: 100, 68: 500, 77: 1000]
        var total = 0
        var previous = Int.max
        let values = text.utf8.map { table[$0] ?? 0 }
        guard !values.isEmpty, values.count < 16, !values.contains(0) else { return nil }
        for (i, value) in values.enumerated() {
            total += i + 1 < values.count && values[i + 1] > value ? -value : value
            previous = min(previous, value)
        }
        return total > 0 && romanNumeral(total) == text ? total : nil
    }

    private static func romanNumeral(_ n: Int) -> String {
        let steps = [
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
            (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        var rest = n
        var result = ""
        for (value, symbol) in steps {
            while rest >= value {
                result += symbol
                rest -= value
            }
        }
        return result
    }
}
