/// Numbers in Brazilian Portuguese words.
struct PortugueseNumbers: NumberGrammar {
    /// January first.
    let months: [String]

    private static let small = [
        "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
        "catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove",
    ]
    private static let tens = [
        "", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa",
    ]
    private static let hundreds = [
        "", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos", "oitocentos",
        "novecentos",
    ]
    private static let scales = [
        (1_000_000_000_000, "trilhão", "trilhões"), (1_000_000_000, "bilhão", "bilhões"),
        (1_000_000, "milhão", "milhões"),
    ]

    func cardinal(_ n: Int, _ form: NumberForm) -> [String] {
        guard n > 0 else { return [Self.small[0]] }
        // The groups, with the value of each: "e" stands before the last one if it is short or of hundreds alone.
        var groups: [(words: [String], value: Int)] = []
        for (size, one, many) in Self.scales where n / size % 1000 > 0 {
            let count = n / size % 1000
            groups.append((below1000(count, .before(.masculine)) + [count == 1 ? one : many], count))
        }
        let thousands = n / 1000 % 1000
        if thousands > 0 { groups.append(((thousands == 1 ? [] : below1000(thousands, form)) + ["mil"], thousands)) }
        if n % 1000 > 0 { groups.append((below1000(n % 1000, form), n % 1000)) }
        guard let last = groups.last, groups.count > 1 else { return groups.flatMap(\.words) }
        let joins = last.value < 100 || last.value % 100 == 0
        return groups.dropLast().flatMap(\.words) + (joins ? ["e"] : []) + last.words
    }

    private func below1000(_ n: Int, _ form: NumberForm) -> [String] {
        guard n != 100 else { return ["cem"] }
        let isFeminine = form == .before(.feminine)
        var parts: [String] = []
        if n >= 100 {
            let hundred = Self.hundreds[n / 100]
            parts.append(isFeminine && n >= 200 ? hundred.dropLast(2) + "as" : hundred)
        }
        let rest = n % 100
        if rest >= 20 {
            parts.append(Self.tens[rest / 10])
            if rest % 10 > 0 { parts.append(unit(rest % 10, isFeminine)) }
        } else if rest > 0 {
            parts.append(unit(rest, isFeminine))
        }
        return Array(parts.map { [$0] }.joined(separator: ["e"]))
    }

    private func unit(_ n: Int, _ isFeminine: Bool) -> String {
        isFeminine && n == 1 ? "uma" : isFeminine && n == 2 ? "duas" : Self.small[n]
    }

    private static let ordinals = [
        "", "primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono",
    ]
    private static let tenths = [
        "", "décimo", "vigésimo", "trigésimo", "quadragésimo", "quinquagésimo", "sexagésimo", "septuagésimo",
        "octogésimo", "nonagésimo",
    ]
    private static let hundredths = [
        "", "centésimo", "ducentésimo", "trecentésimo", "quadringentésimo", "quingentésimo", "sexcentésimo",
        "septingentésimo", "octingentésimo", "noningentésimo",
    ]

    func ordinal(_ n: Int, _ gender: Gender, isBefore: Bool) -> [String] {
        guard n < 1_000_000 else { return cardinal(n, .before(gender)) }
        var words: [String] = []
        if n >= 1000 { words += (n < 2000 ? [] : cardinal(n / 1000, .alone)) + ["milésimo"] }
        let parts = [Self.hundredths[n % 1000 / 100], Self.tenths[n % 100 / 10], Self.ordinals[n % 10]]
        words += parts.filter { !$0.isEmpty }
        guard gender == .feminine else { return words }
        return words.map { $0.hasSuffix("imo") || Self.ordinals.contains($0) ? $0.dropLast() + "a" : $0 }
    }

    func plural(ordinal word: String) -> String { word + "s" }

    func decimal(_ whole: String, _ fraction: String, _ form: NumberForm) -> [String] {
        cardinal(whole, form) + ["vírgula"] + decimals(fraction)
    }

    /// Up to three digits make a number, two behind zeros; more are said one by one.
    private func decimals(_ digits: String) -> [String] {
        let zeros = digits.prefix { $0 == "0" }
        let rest = digits.dropFirst(zeros.count)
        guard rest.utf8.count <= (zeros.isEmpty ? 3 : 2) else { return self.digits(digits) }
        return self.digits(String(zeros)) + (rest.isEmpty ? [] : cardinal(String(rest), .alone))
    }

    func fraction(_ numerator: Int, _ denominator: Int, isMixed: Bool) -> [String]? {
        let part: [String]
        switch denominator {
        case 2: part = ["meio"]
        case 3: part = ["terço"]
        case 4...9: part = [Self.ordinals[denominator]]
        case 10, 100, 1000: part = ordinal(denominator, .masculine, isBefore: false)
        case 11...999: part = cardinal(denominator, .alone) + ["avos"]
        default: return (isMixed ? ["e"] : []) + cardinal(numerator, .alone) + ["sobre"] + cardinal(denominator, .alone)
        }
        let isPlural = numerator > 1 && part.last != "avos"
        let words =
            cardinal(numerator, .before(.masculine)) + (isPlural ? part.dropLast() + [(part.last ?? "") + "s"] : part)
        if (numerator, denominator) == (1, 2) { return isMixed ? ["e", "meio"] : ["meio"] }
        return isMixed ? ["e"] + words : words
    }

    func year(_ n: Int) -> [String] { cardinal(n, .alone) }

    func date(day: Int?, month: Int?, year: Int?) -> [String] {
        var words: [String] = []
        if let day { words += day == 1 && month != nil ? ["primeiro"] : cardinal(day, .alone) }
        if let month { words += (words.isEmpty ? [] : ["de"]) + [months[month - 1]] }
        if let year { words += (words.isEmpty ? [] : ["de"]) + self.year(year) }
        return words
    }

    func clock(hour: Int, minute: Int, second: Int?, period: String?) -> [String] {
        var words = cardinal(hour, .before(.feminine))
        let name = hour < 2 ? "hora" : "horas"
        if let second, second > 0 {
            return words + [name] + cardinal(minute, .alone) + [minute == 1 ? "minuto" : "minutos", "e"]
                + cardinal(second, .alone) + [second == 1 ? "segundo" : "segundos"]
        }
        // "zero hora e quinze"; "vinte horas e oito", as "vinte e oito" is 28.
        if hour == 0 && minute > 0 || hour == 20 && (1...9).contains(minute) { words.append(name) }
        switch minute {
        case 0: if period == nil || period == "h" { words.append(name) }
        case 30 where (1...12).contains(hour): words += ["e", "meia"]
        default: words += ["e"] + cardinal(minute, .alone)
        }
        switch period {
        case "am": return words + (hour == 12 ? ["da", "noite"] : ["da", "manhã"])
        case "pm": return words + (hour == 12 || hour < 6 ? ["da", "tarde"] : ["da", "noite"])
        default: return words
        }
    }

    /// Digits one by one; 6 is "meia", half a dozen, so that it is not taken for "três".
    func telephone(group: String) -> [String] { digits(group).map { $0 == "seis" ? "meia" : $0 } }
}
