/// Reads English number words back, independently of the code that wrote them: what a listener understands.
struct NumberReader {
    private var words: [String]
    private var at = 0

    init(_ text: String) {
        words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "-" || $0 == "." || $0 == "!" }.map(
            String.init)
    }

    var isAtEnd: Bool { at == words.count }
    var rest: String { words[at...].joined(separator: " ") }

    private static let small: [String: Int] = [
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
        "eighteen": 18, "nineteen": 19,
    ]
    private static let tens: [String: Int] = [
        "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    ]
    static let scales: [String: Int] = [
        "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 1_000_000_000_000,
    ]
    static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    mutating func take(_ expected: String) -> Bool {
        let wanted = expected.split(separator: " ").map(String.init)
        guard at + wanted.count <= words.count, Array(words[at..<at + wanted.count]) == wanted else { return false }
        at += wanted.count
        return true
    }

    private func peek(_ offset: Int = 0) -> String? { words.indices.contains(at + offset) ? words[at + offset] : nil }

    /// 0 to 99.
    private mutating func belowHundred() -> Int? {
        guard let word = peek() else { return nil }
        if let value = Self.small[word] {
            at += 1
            return value
        }
        guard let value = Self.tens[word] else { return nil }
        at += 1
        if let next = peek(), let one = Self.small[next], (1...9).contains(one) {
            at += 1
            return value + one
        }
        return value
    }

    /// 0 to 9999 as "x hundred (and) y", where x may be above nine: fifteen hundred.
    private mutating func belowThousand() -> Int? {
        guard let first = belowHundred() else { return nil }
        guard peek() == "hundred" else { return first }
        at += 1
        let hasAnd = peek() == "and"
        let start = at
        if hasAnd { at += 1 }
        if let low = belowHundred(), low > 0 { return first * 100 + low }
        at = start
        return first * 100
    }

    /// A whole number in words: one million two hundred thousand and five.
    mutating func cardinal() -> Int? {
        guard var total = belowThousand() else { return nil }
        guard let word = peek(), var scale = Self.scales[word] else { return total }
        at += 1
        total *= scale
        while true {
            let start = at
            if peek() == "and" { at += 1 }
            guard let group = belowThousand() else {
                at = start
                break
            }
            if let word = peek(), let next = Self.scales[word], next < scale {
                at += 1
                total += group * next
                scale = next
            } else {
                total += group
                break
            }
        }
        return total
    }

    /// A number however it may be said: in full, digit by digit, or in pairs (nineteen oh five).
    mutating func number() -> Int? {
        let start = at
        // Digit by digit.
        var digits: [Int] = []
        while let word = peek(), let digit = word == "oh" ? 0 : Self.small[word], digit < 10 {
            digits.append(digit)
            at += 1
        }
        if digits.count > 1, !(peek().map { Self.scales[$0] != nil || $0 == "hundred" } ?? false) {
            return digits.reduce(0) { $0 * 10 + $1 }
        }
        at = start
        guard let first = cardinal() else { return nil }
        guard (1...99).contains(first) else { return first }
        if peek() == "oh", let next = peek(1), let low = Self.small[next], low < 10 {
            at += 2
            return first * 100 + low
        }
        let pair = at
        if let low = belowHundred(), low > 9 { return first * 100 + low }
        at = pair
        return first
    }

    /// 3.14 as the digits before and after the point.
    mutating func decimal() -> (whole: Int, fraction: String)? {
        let start = at
        let whole = peek() == "point" ? 0 : cardinal()
        guard let whole else {
            at = start
            return nil
        }
        guard take("point") else { return (whole, "") }
        var fraction = ""
        while let word = peek(), let digit = Self.small[word], digit < 10 {
            fraction += "\(digit)"
            at += 1
        }
        return fraction.isEmpty ? nil : (whole, fraction)
    }

    mutating func scale() -> Int {
        guard let word = peek(), let scale = Self.scales[word] else { return 1 }
        at += 1
        return scale
    }

    private static let ordinals: [String: String] = [
        "first": "one", "second": "two", "third": "three", "fifth": "five", "eighth": "eight", "ninth": "nine",
        "twelfth": "twelve",
        "twentieth": "twenty", "thirtieth": "thirty", "fortieth": "forty", "fiftieth": "fifty", "sixtieth": "sixty",
        "seventieth": "seventy", "eightieth": "eighty", "ninetieth": "ninety",
    ]

    private static func plain(_ word: String) -> String? {
        if let known = ordinals[word] { return known }
        guard word.hasSuffix("th") else { return nil }
        return String(word.dropLast(2))
    }

    /// twenty first, one hundred and third; also the plural of parts (three twenty firsts).
    mutating func ordinal(plural: Bool = false) -> Int? {
        let start = at
        var end = at
        while end < words.count {
            let word = plural && words[end].hasSuffix("s") ? String(words[end].dropLast()) : words[end]
            if let base = Self.plain(word) {
                var inner = NumberReader((Array(words[start..<end]) + [base]).joined(separator: " "))
                guard let value = inner.cardinal(), inner.isAtEnd else { return nil }
                at = end + 1
                return value
            }
            end += 1
        }
        return nil
    }

    /// A part's name: half, quarters, twenty firsts.
    mutating func part() -> Int? {
        guard let word = peek() else { return nil }
        switch word {
        case "half", "halves":
            at += 1
            return 2
        case "quarter", "quarters":
            at += 1
            return 4
        default: return ordinal(plural: true)
        }
    }

    mutating func month() -> Int? {
        guard let word = peek(), let index = Self.months.firstIndex(of: word) else { return nil }
        at += 1
        return index + 1
    }

    /// All digits to the end: nine nine five, eight hundred.
    mutating func digits() -> String? {
        var result = ""
        while let word = peek() {
            guard let value = word == "oh" ? 0 : Self.small[word], value < 10 else { break }
            result += "\(value)"
            at += 1
            if peek() == "hundred" {
                result += "00"
                at += 1
            }
        }
        return result.isEmpty ? nil : result
    }
}

extension NumberReader {
    /// A decimal before a scale: the scale is not part of it.
    mutating func decimalOnly() -> (whole: Int, fraction: String)? {
        let words = rest.split(separator: " ").map(String.init)
        let end = words.firstIndex { Self.scales[$0] != nil } ?? words.count
        var inner = NumberReader(words[..<end].joined(separator: " "))
        guard let value = inner.decimal(), inner.isAtEnd else { return nil }
        return take(words[..<end].joined(separator: " ")) ? value : nil
    }

    /// Hours and minutes: nine oh five, fourteen hundred, nine o'clock.
    mutating func clock(hour: Int, minute: Int) -> Bool {
        guard minute > 0 else {
            guard belowHundredValue() == hour else { return false }
            _ = take("o'clock") || take("hundred")
            return true
        }
        guard belowHundredValue() == hour else { return false }
        if minute < 10 { return take("oh") && belowHundredValue() == minute }
        return belowHundredValue() == minute
    }

    private mutating func belowHundredValue() -> Int? {
        let words = rest.split(separator: " ").map(String.init)
        for length in [2, 1] where words.count >= length {
            var inner = NumberReader(words[..<length].joined(separator: " "))
            if let value = inner.cardinal(), inner.isAtEnd, value < 100, length == 1 || value > 20 {
                return take(words[..<length].joined(separator: " ")) ? value : nil
            }
        }
        return nil
    }
}
