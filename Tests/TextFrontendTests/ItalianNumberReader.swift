/// Reads Italian number words back, independently of the code that wrote them: what a listener understands.
struct ItalianNumberReader {
    private var words: [String]
    private var at = 0

    init(_ text: String) {
        words = text.lowercased().split { " ,.!?".contains($0) }.map(String.init)
    }

    var isAtEnd: Bool { at == words.count }
    var rest: String { words[at...].joined(separator: " ") }

    mutating func take(_ expected: String) -> Bool {
        let wanted = expected.split(separator: " ").map(String.init)
        guard at + wanted.count <= words.count, Array(words[at..<at + wanted.count]) == wanted else { return false }
        at += wanted.count
        return true
    }

    static let months = [
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
        "novembre",
        "dicembre",
    ]

    private static let atoms: [(String, Int)] = [
        ("diciassette", 17), ("diciannove", 19), ("quattordici", 14), ("diciotto", 18), ("undici", 11), ("dodici", 12),
        ("tredici", 13),
        ("quindici", 15), ("sedici", 16), ("quattro", 4), ("cinque", 5), ("sette", 7), ("dieci", 10), ("zero", 0),
        ("nove", 9),
        ("otto", 8), ("uno", 1), ("una", 1), ("un", 1), ("due", 2), ("tré", 3), ("tre", 3), ("sei", 6),
    ]
    /// Tens with the vowel that they lose before uno and otto.
    private static let tens: [(String, Int)] = [
        ("vent", 20), ("trent", 30), ("quarant", 40), ("cinquant", 50), ("sessant", 60), ("settant", 70),
        ("ottant", 80), ("novant", 90),
    ]

    private static func unit(_ word: Substring) -> Int? { atoms.first { $0.0 == word }?.1 }

    /// 0 to 99 in one word.
    private static func belowHundred(_ word: Substring) -> Int? {
        if let value = unit(word) { return value }
        for (stem, value) in tens where word.hasPrefix(stem) {
            let rest = word.dropFirst(stem.count)
            if rest == (value == 20 ? "i" : "a") { return value }
            let vowelless = unit(rest)
            if vowelless == 1 || vowelless == 8 { return value + vowelless! }
            guard rest.first == (value == 20 ? "i" : "a"), let low = unit(rest.dropFirst()), (2...9).contains(low),
                low != 8
            else { return nil }
            // The accent of ventitré is written.
            return low == 3 && !rest.hasSuffix("tré") ? nil : value + low
        }
        return nil
    }

    private static func hundreds(_ word: Substring) -> Int? {
        guard word.hasSuffix("cento") else { return nil }
        let count = word.dropLast(5)
        return count.isEmpty ? 100 : unit(count).flatMap { (2...9).contains($0) ? $0 * 100 : nil }
    }

    /// A group of words below a thousand, and whether its last word was a thousand's.
    private mutating func group() -> (value: Int, thousands: Bool)? {
        guard at < words.count else { return nil }
        var value = 0
        var seen = false
        while at < words.count {
            var word = Substring(words[at])
            let isThousand = word.hasSuffix("mila")
            if isThousand {
                word = word.dropLast(4)
                if word.hasSuffix("tre"), word.count > 3 { word = word.dropLast(3) + "tré" }
            }
            if word.isEmpty, isThousand { return nil }
            if let hundred = Self.hundreds(word), !seen {
                value = hundred
            } else if let low = Self.belowHundred(word), !seen || value % 100 == 0 && value > 0 && low > 0 {
                value += low
                at += 1
                return (value, isThousand)
            } else {
                break
            }
            seen = true
            at += 1
            if isThousand { return (value, true) }
        }
        return seen ? (value, false) : nil
    }

    private static let scales: [String: Int] = [
        "milione": 1_000_000, "milioni": 1_000_000, "miliardo": 1_000_000_000, "miliardi": 1_000_000_000,
        "bilione": 1_000_000_000_000, "bilioni": 1_000_000_000_000,
    ]

    /// A whole number in words: un milione duecento trentamila cinque.
    mutating func cardinal() -> Int? {
        var total = 0
        var pending: Int?
        var seen = false
        while at < words.count {
            if let scale = Self.scales[words[at]], let count = pending {
                total += count * scale
                pending = nil
                at += 1
            } else if words[at] == "mille", pending == nil {
                total += 1000
                at += 1
            } else if pending == nil || pending! % 1000 == 0, let (value, thousands) = group() {
                pending = (pending ?? 0) + (thousands ? value * 1000 : value)
            } else {
                break
            }
            seen = true
        }
        return seen ? total + (pending ?? 0) : nil
    }

    /// tre virgola zero cinque, as the digits before and behind the comma.
    mutating func decimal() -> (whole: Int, fraction: String)? {
        guard let whole = cardinal() else { return nil }
        guard take("virgola") else { return (whole, "") }
        var fraction = ""
        while take("zero") { fraction += "0" }
        // One number to three digits, or digits one by one.
        let start = at
        if let value = cardinal() {
            if at - start > 1 || at == words.count || Self.belowHundred(Substring(words[at])) == nil {
                return (whole, fraction + "\(value)")
            }
            at = start
        }
        while at < words.count, let digit = Self.unit(Substring(words[at])), digit < 10 {
            fraction += "\(digit)"
            at += 1
        }
        return fraction.isEmpty ? nil : (whole, fraction)
    }

    private static let ordinals = [
        "", "primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo",
    ]

    /// primo, ventitreesima: the value, and whether it is feminine.
    mutating func ordinal() -> (value: Int, isFeminine: Bool)? {
        guard at < words.count else { return nil }
        let word = words[at]
        guard let last = word.last, "oaie".contains(last) else { return nil }
        let isFeminine = last == "a" || last == "e"
        if let value = Self.ordinals.firstIndex(of: word.dropLast() + "o"), value > 0 {
            at += 1
            return (value, isFeminine)
        }
        guard word.dropLast().hasSuffix("esim") else { return nil }
        let stem = String(word.dropLast(5))
        // The vowel that the ending has taken.
        for vowel in ["", "o", "e", "i", "a"] {
            var whole = stem + vowel
            if whole.hasSuffix("tre"), whole.count > 3 { whole = whole.dropLast(3) + "tré" }
            for cut in stride(from: 0, through: whole.count, by: 1) {
                // Hundreds precede the rest: cento|ventitré.
                let head = whole.prefix(cut)
                let tail = whole.dropFirst(cut)
                let high = head.isEmpty ? 0 : Self.hundreds(head)
                let low = tail.isEmpty ? 0 : Self.belowHundred(tail)
                if let high, let low, high + low > 10, head.isEmpty || !tail.isEmpty || high > 0 {
                    at += 1
                    return (high + low, isFeminine)
                }
            }
        }
        return nil
    }

    mutating func month() -> Int? {
        guard at < words.count, let index = Self.months.firstIndex(of: words[at]) else { return nil }
        at += 1
        return index + 1
    }

    /// quindici agosto duemila ventitré; the first is "primo".
    mutating func date() -> (day: Int, month: Int, year: Int)? {
        guard let day = take("primo") ? 1 : cardinal(), let month = month(), let year = cardinal() else { return nil }
        return (day, month, year)
    }

    /// tredici e quarantacinque, otto e mezza, cinque e un quarto, nove e zero cinque.
    mutating func clock() -> (hour: Int, minute: Int)? {
        guard let hour = cardinal() else { return nil }
        guard take("e") else { return (hour, 0) }
        if take("mezza") { return (hour, 30) }
        if take("un quarto") { return (hour, 15) }
        _ = take("zero")
        return cardinal().map { (hour, $0) }
    }
}
