/// Reads Portuguese number words back, independently of the code that wrote them: what a listener understands.
struct PortugueseNumberReader {
    private let words: [String]
    private var at = 0

    init(_ text: String) {
        words = text.lowercased().split { " ,.!".contains($0) }.map(String.init)
    }

    var isAtEnd: Bool { at == words.count }
    private var word: String? { at < words.count ? words[at] : nil }

    static let months = [
        "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
        "dezembro",
    ]
    private static let units: [String: Int] = [
        "um": 1, "uma": 1, "dois": 2, "duas": 2, "três": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8,
        "nove": 9,
    ]
    private static let teens: [String: Int] = [
        "dez": 10, "onze": 11, "doze": 12, "treze": 13, "catorze": 14, "quinze": 15, "dezesseis": 16, "dezessete": 17,
        "dezoito": 18, "dezenove": 19,
    ]
    private static let tens: [String: Int] = [
        "vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50, "sessenta": 60, "setenta": 70, "oitenta": 80,
        "noventa": 90,
    ]
    private static let hundreds: [String: Int] = {
        var hundreds = ["cento": 100]
        for (stem, n) in [
            ("duzent", 2), ("trezent", 3), ("quatrocent", 4), ("quinhent", 5), ("seiscent", 6), ("setecent", 7),
            ("oitocent", 8), ("novecent", 9),
        ] {
            hundreds[stem + "os"] = 100 * n
            hundreds[stem + "as"] = 100 * n
        }
        return hundreds
    }()
    private static let ordinals = [
        "primeiro": 1, "segundo": 2, "terceiro": 3, "quarto": 4, "quinto": 5, "sexto": 6, "sétimo": 7, "oitavo": 8,
        "nono": 9, "décimo": 10, "vigésimo": 20, "trigésimo": 30, "quadragésimo": 40, "quinquagésimo": 50,
        "sexagésimo": 60, "septuagésimo": 70, "octogésimo": 80, "nonagésimo": 90, "centésimo": 100,
        "ducentésimo": 200, "trecentésimo": 300, "quadringentésimo": 400, "quingentésimo": 500, "sexcentésimo": 600,
        "septingentésimo": 700, "octingentésimo": 800, "noningentésimo": 900,
    ]

    mutating func take(_ expected: String) -> Bool {
        let wanted = expected.split(separator: " ").map(String.init)
        guard at + wanted.count <= words.count, Array(words[at..<at + wanted.count]) == wanted else { return false }
        at += wanted.count
        return true
    }

    private mutating func take(from values: [String: Int]) -> Int? {
        guard let word, let value = values[word] else { return nil }
        at += 1
        return value
    }

    /// 1 to 99: units stand behind tens and "e".
    private mutating func belowHundred() -> Int? {
        if let value = take(from: Self.teens) ?? take(from: Self.units) { return value }
        guard let ten = take(from: Self.tens) else { return nil }
        let start = at
        if take("e"), let unit = take(from: Self.units) { return ten + unit }
        at = start
        return ten
    }

    /// 1 to 999: "cem" alone, "cento" before "e".
    private mutating func belowThousand() -> Int? {
        if take("cem") { return 100 }
        guard let hundred = take(from: Self.hundreds) else { return belowHundred() }
        let start = at
        if take("e"), let rest = belowHundred() { return hundred + rest }
        at = start
        return hundred == 100 ? nil : hundred
    }

    /// A whole number; "e" stands before its last group where that is below a hundred or of hundreds alone.
    mutating func number() -> Int? {
        if take("zero") { return 0 }
        var sum = 0
        var bound = Int.max
        var didJoin = false
        while true {
            let start = at
            let joined = sum > 0 && take("e")
            if sum > 0, didJoin {
                at = start
                return sum
            }
            let count: Int
            if word == "mil" {
                count = 1
            } else if let read = belowThousand() {
                count = read
            } else {
                at = start
                return sum > 0 ? sum : nil
            }
            var size = 1
            for (one, many, value) in [
                ("mil", "mil", 1000), ("milhão", "milhões", 1_000_000), ("bilhão", "bilhões", 1_000_000_000),
                ("trilhão", "trilhões", 1_000_000_000_000),
            ] where word == one || word == many {
                guard value == 1000 || (word == one) == (count == 1) else { return nil }
                size = value
                at += 1
                break
            }
            guard size < bound else {
                at = start
                return sum > 0 ? sum : nil
            }
            if sum > 0, !joined, count < 100 || count % 100 == 0, size == 1 { return nil }
            if joined, !(count < 100 || count % 100 == 0) { return nil }
            didJoin = joined
            sum += count * size
            bound = size
            if size == 1 { return sum }
        }
    }

    /// Digits behind the comma: zeros, and then a number or single digits.
    mutating func decimals() -> String? {
        guard take("vírgula") else { return nil }
        var digits = ""
        while true {
            while take("zero") { digits += "0" }
            guard let next = belowThousand() else { return digits }
            digits += String(next)
        }
    }

    /// An ordinal, and whether it is feminine.
    mutating func ordinal() -> (Int, Bool)? {
        var sum = 0
        var isFeminine = false
        while let word {
            let masculine = word.hasSuffix("a") ? word.dropLast() + "o" : word
            guard let value = Self.ordinals[masculine] else { break }
            isFeminine = word.hasSuffix("a")
            sum += value
            at += 1
        }
        return sum > 0 ? (sum, isFeminine) : nil
    }
}
