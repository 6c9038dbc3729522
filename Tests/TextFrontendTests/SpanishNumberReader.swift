/// Reads Spanish number words back, independently of the code that wrote them: what a listener understands.
struct SpanishNumberReader {
    private let words: [String]
    private var at = 0

    init(_ text: String) {
        words = text.lowercased().split { " ,.!¡".contains($0) }.map(String.init)
    }

    var isAtEnd: Bool { at == words.count }

    private static let values: [String: Int] = {
        var values: [String: Int] = [:]
        let small =
            "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
            + "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
            + "veintiocho veintinueve"
        for (n, word) in small.split(separator: " ").enumerated() { values[String(word)] = n }
        let tens = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
        for (n, word) in tens.split(separator: " ").enumerated() { values[String(word)] = 10 * (n + 3) }
        let hundreds = "ciento dosciento tresciento cuatrociento quiniento seisciento seteciento ochociento noveciento"
        for (n, word) in hundreds.split(separator: " ").enumerated() {
            let value = 100 * (n + 1)
            values[String(word)] = value
            values[word + "s"] = value
            values[word.dropLast() + "as"] = value
        }
        for (word, n) in [("un", 1), ("una", 1), ("veintiún", 21), ("veintiuna", 21), ("cien", 100)] {
            values[word] = n
        }
        return values
    }()
    static let months = [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ]

    private var word: String? { at < words.count ? words[at] : nil }

    mutating func take(_ expected: String) -> Bool {
        let wanted = expected.split(separator: " ").map(String.init)
        guard at + wanted.count <= words.count, Array(words[at..<at + wanted.count]) == wanted else { return false }
        at += wanted.count
        return true
    }

    /// One of some words; its place among them.
    mutating func take(oneOf expected: [String]) -> Int? {
        guard let word, let index = expected.firstIndex(of: word) else { return nil }
        at += 1
        return index
    }

    /// 1 to 999, or 0.
    private mutating func belowThousand() -> Int? {
        guard let word, let first = Self.values[word] else { return nil }
        at += 1
        guard first > 0 else { return 0 }
        var sum = first
        if first >= 100, let next = self.word, let rest = Self.values[next], rest > 0, rest < 100, first % 100 == 0 {
            at += 1
            sum += rest
        }
        if sum % 100 >= 30, sum % 10 == 0, at + 1 < words.count, words[at] == "y", let one = Self.values[words[at + 1]],
            (1...9).contains(one)
        {
            at += 2
            sum += one
        }
        return sum
    }

    /// 0 to 999,999.
    private mutating func belowMillion() -> Int? {
        if take("mil") { return 1000 + (belowThousand() ?? 0) }
        guard let first = belowThousand() else { return nil }
        guard first > 0, take("mil") else { return first }
        return 1000 * first + (belowThousand() ?? 0)
    }

    /// A whole number.
    mutating func number() -> Int? {
        guard var part = belowMillion() else { return nil }
        var sum = 0
        for (names, size) in [(["billón", "billones"], 1_000_000_000_000), (["millón", "millones"], 1_000_000)] {
            guard let scale = take(oneOf: names) else { continue }
            guard (scale == 0) == (part == 1) else { return nil }
            sum += part * size
            guard let next = belowMillion() else { return sum }
            part = next
        }
        return sum + part
    }

    /// Digits behind the comma: zeros, and then a number or single digits.
    mutating func decimals() -> String? {
        guard take("coma") else { return nil }
        var digits = ""
        while take("cero") { digits += "0" }
        guard let first = belowThousand() else { return digits }
        digits += String(first)
        // More than three digits come in pairs.
        while true {
            while take("cero") { digits += "0" }
            guard let next = belowThousand() else { return digits }
            guard next < 100 else { return nil }
            digits += String(next)
        }
    }
}
