/// Reads French number words back, independently of the code that wrote them: what a listener of any region
/// understands.
struct FrenchNumberReader {
    private var words: [String]
    private var at = 0

    init(_ text: String) {
        // "un million d'euros": what joins says nothing.
        words = text.lowercased().replacing("d'", with: "").split { " ,.!?-".contains($0) }.map(String.init).filter {
            $0 != "de"
        }
    }

    var isAtEnd: Bool { at == words.count }
    var rest: String { words[at...].joined(separator: " ") }

    mutating func take(_ expected: String) -> Bool {
        let wanted = expected.split { " -".contains($0) }.map(String.init)
        guard at + wanted.count <= words.count, Array(words[at..<at + wanted.count]) == wanted else { return false }
        at += wanted.count
        return true
    }

    static let months = [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ]
    private static let units: [String: Int] = [
        "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
        "dix": 10,
        "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    ]
    private static let tens: [String: Int] = [
        "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80,
        "nonante": 90,
    ]
    private static let scales: [String: Int] = [
        "million": 1_000_000, "millions": 1_000_000, "milliard": 1_000_000_000, "milliards": 1_000_000_000,
        "billion": 1_000_000_000_000, "billions": 1_000_000_000_000,
    ]

    /// 1 to 19; "dix-sept" is ten and seven.
    private mutating func small() -> Int? {
        guard at < words.count, let value = Self.units[words[at]] else { return nil }
        at += 1
        if value == 10, at < words.count, let more = Self.units[words[at]], (7...9).contains(more) {
            at += 1
            return 10 + more
        }
        return value
    }

    /// 1 to 99: what is not followed by hundreds, such as six in "six cents" of a dollar.
    mutating func belowHundred() -> Int? {
        // quatre-vingt(s): four twenties.
        if at + 1 < words.count, words[at] == "quatre", words[at + 1] == "vingt" || words[at + 1] == "vingts" {
            let isRound = words[at + 1] == "vingts"
            at += 2
            return 80 + (isRound ? 0 : small() ?? 0)
        }
        if at < words.count, let ten = Self.tens[words[at]] {
            at += 1
            let start = at
            let hasAnd = take("et")
            guard let rest = small() else {
                at = start
                return ten
            }
            // One and eleven are joined by "et", the others are not; only sixty counts on beyond nine.
            guard hasAnd == (rest == 1 || rest == 11), rest < 10 || ten == 60 else {
                at = start
                return ten
            }
            return ten + rest
        }
        return small()
    }

    /// 1 to 999. - Returns: nil, nothing taken, where no number stands
    private mutating func belowThousand() -> Int? {
        let start = at
        if at < words.count, words[at] == "cent" {
            at += 1
            return 100 + (belowHundred() ?? 0)
        }
        guard let first = belowHundred() else { return nil }
        if at < words.count, (2...9).contains(first), words[at] == "cent" || words[at] == "cents", at == start + 1 {
            let isRound = words[at] == "cents"
            at += 1
            return first * 100 + (isRound ? 0 : belowHundred() ?? 0)
        }
        return first
    }

    /// A whole number in words.
    mutating func cardinal() -> Int? {
        if take("zéro") { return 0 }
        var total = 0
        var seen = false
        while at < words.count {
            let start = at
            var group = belowThousand()
            if at < words.count, words[at] == "mille" {
                at += 1
                group = (group ?? 1) * 1000 + (belowThousand() ?? 0)
            }
            guard let value = group else { break }
            if at < words.count, let scale = Self.scales[words[at]] {
                at += 1
                total += value * scale
                seen = true
                continue
            }
            if seen, value >= 1_000_000 {
                at = start
                break
            }
            return total + value
        }
        return seen ? total : nil
    }

    /// trois virgule zéro cinq, as the digits before and behind the comma.
    mutating func decimal() -> (whole: Int, fraction: String)? {
        guard let whole = cardinal() else { return nil }
        guard take("virgule") else { return (whole, "") }
        var fraction = ""
        while at < words.count {
            if take("zéro") {
                fraction += "0"
            } else if let value = cardinal() {
                fraction += "\(value)"
            } else {
                break
            }
        }
        return fraction.isEmpty ? nil : (whole, fraction)
    }

    private static let ordinalStems: [String: String] = [
        "cinqu": "cinq", "neuv": "neuf", "quatr": "quatre", "onz": "onze", "douz": "douze", "treiz": "treize",
        "quatorz": "quatorze", "quinz": "quinze", "seiz": "seize", "mill": "mille", "trent": "trente",
        "quarant": "quarante",
        "cinquant": "cinquante", "soixant": "soixante", "septant": "septante", "huitant": "huitante",
        "nonant": "nonante",
    ]

    /// premier, vingt et unième: the value.
    mutating func ordinal() -> Int? {
        if take("premier") || take("première") { return 1 }
        guard let place = words[at...].firstIndex(where: { $0.hasSuffix("ième") }) else { return nil }
        let stem = String(words[place].dropLast("ième".count))
        words[place] = Self.ordinalStems[stem] ?? stem
        return cardinal()
    }

    /// sept heures cinq.
    mutating func clock() -> (hour: Int, minute: Int)? {
        guard let hour = cardinal(), take(hour < 2 ? "heure" : "heures") else { return nil }
        return (hour, isAtEnd ? 0 : cardinal() ?? 0)
    }

    /// premier mai deux mille trois.
    mutating func date() -> (day: Int, month: Int, year: Int)? {
        let first = take("premier")
        guard let day = first ? 1 : cardinal(), at < words.count, let month = Self.months.firstIndex(of: words[at])
        else { return nil }
        at += 1
        return cardinal().map { (day, month + 1, $0) }
    }
}
