/// Numbers in Spanish words.
struct SpanishNumbers: NumberGrammar {
    /// January first.
    let months: [String]

    private static let small = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
        "trece",
        "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós",
        "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
    ]
    private static let tens = [
        "", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
    ]
    private static let hundreds = [
        "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
        "ochocientos", "novecientos",
    ]

    func cardinal(_ n: Int, _ form: NumberForm) -> [String] {
        guard n >= 1000 else { return below1000(n, form) }
        for (size, one, many) in [(1_000_000_000_000, "billón", "billones"), (1_000_000, "millón", "millones")]
        where n >= size {
            let count = n / size
            let scale = (count == 1 ? ["un"] : cardinal(count, .before(.masculine))) + [count == 1 ? one : many]
            return n % size == 0 ? scale : scale + cardinal(n % size, form)
        }
        // "mil" is not a noun: hundreds before it agree with what is counted, "un" does not.
        let count = n / 1000
        var thousands = count == 1 ? [] : below1000(count, .before(.masculine))
        if form == .before(.feminine) { thousands = thousands.map(Self.feminineHundreds) }
        return thousands + ["mil"] + (n % 1000 == 0 ? [] : below1000(n % 1000, form))
    }

    private func below1000(_ n: Int, _ form: NumberForm) -> [String] {
        guard n >= 100 else { return below100(n, form) }
        if n == 100 { return ["cien"] }
        let hundred = Self.hundreds[n / 100]
        return [form == .before(.feminine) ? Self.feminineHundreds(hundred) : hundred]
            + (n % 100 == 0 ? [] : below100(n % 100, form))
    }

    private static func feminineHundreds(_ word: String) -> String {
        word.hasSuffix("cientos") || word == "quinientos" ? word.dropLast(2) + "as" : word
    }

    private func below100(_ n: Int, _ form: NumberForm) -> [String] {
        if n >= 30 {
            return [Self.tens[n / 10]] + (n % 10 == 0 ? [] : ["y"] + below100(n % 10, form))
        }
        switch (n, form) {
        case (1, .before(.masculine)): return ["un"]
        case (1, .before(.feminine)): return ["una"]
        case (21, .before(.masculine)): return ["veintiún"]
        case (21, .before(.feminine)): return ["veintiuna"]
        default: return [Self.small[n]]
        }
    }

    private static let ordinals = [
        "", "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo",
        "undécimo", "duodécimo", "decimotercero", "decimocuarto", "decimoquinto", "decimosexto", "decimoséptimo",
        "decimoctavo", "decimonoveno",
    ]
    private static let tenths = [
        "", "", "vigésimo", "trigésimo", "cuadragésimo", "quincuagésimo", "sexagésimo", "septuagésimo", "octogésimo",
        "nonagésimo",
    ]
    private static let hundredths = [
        "", "centésimo", "ducentésimo", "tricentésimo", "cuadringentésimo", "quingentésimo", "sexcentésimo",
        "septingentésimo", "octingentésimo", "noningentésimo",
    ]

    func ordinal(_ n: Int, _ gender: Gender, isBefore: Bool) -> [String] {
        guard n < 1_000_000 else { return cardinal(n, gender == .feminine ? .before(.feminine) : .alone) }
        var words: [String] = []
        if n >= 1000 { words.append(Self.thousandth(n / 1000)) }
        if n % 1000 >= 100 { words.append(Self.hundredths[n % 1000 / 100]) }
        let rest = n % 100
        if (21...29).contains(rest) {
            words.append("vigesimo" + (rest == 27 ? "séptimo" : Self.ordinals[rest % 10]))
            if rest == 28 { words[words.count - 1] = "vigesimoctavo" }
        } else if rest >= 20 {
            words.append(Self.tenths[rest / 10])
            if rest % 10 > 0 { words.append(Self.ordinals[rest % 10]) }
        } else if rest > 0 {
            words.append(Self.ordinals[rest])
        }
        if gender == .feminine { return words.map { $0.dropLast() + "a" } }
        if isBefore, let last = words.popLast() {
            words.append(last.hasSuffix("primero") || last.hasSuffix("tercero") ? String(last.dropLast()) : last)
        }
        return words
    }

    /// "milésimo", "diezmilésimo": in one word.
    private static func thousandth(_ thousands: Int) -> String {
        thousands == 1
            ? "milésimo" : joined(SpanishNumbers(months: []).cardinal(thousands, .before(.masculine))) + "milésimo"
    }

    /// Number words in one: "treintaidós".
    private static func joined(_ words: [String]) -> String { words.map { $0 == "y" ? "i" : $0 }.joined() }

    func plural(ordinal word: String) -> String { word.hasSuffix("r") ? word + "os" : word + "s" }

    func decimal(_ whole: String, _ fraction: String, _ form: NumberForm) -> [String] {
        let feminine: NumberForm = form == .before(.feminine) ? form : .alone
        return cardinal(whole, feminine) + ["coma"] + decimals(fraction, form)
    }

    /// Up to three digits make a number, two after zeros; more are said in pairs: "catorce dieciséis".
    private func decimals(_ digits: String, _ form: NumberForm) -> [String] {
        let zeros = digits.prefix { $0 == "0" }
        let rest = digits.dropFirst(zeros.count)
        if rest.utf8.count <= (zeros.isEmpty ? 3 : 2) {
            return self.digits(String(zeros)) + (rest.isEmpty ? [] : cardinal(String(rest), form))
        }
        var words: [String] = []
        var left = Substring(digits)
        while !left.isEmpty {
            let pair = left.prefix(2)
            left = left.dropFirst(2)
            let form = left.isEmpty ? form : .alone
            if pair.first == "0" {
                words.append("cero")
                if pair.utf8.count == 2 { words += cardinal(String(pair.suffix(1)), form) }
            } else {
                words += cardinal(String(pair), form)
            }
        }
        return words
    }

    func fraction(_ numerator: Int, _ denominator: Int, isMixed: Bool) -> [String]? {
        if isMixed {
            if (numerator, denominator) == (1, 2) { return ["y", "medio"] }
            if (numerator, denominator) == (1, 4) { return ["y", "cuarto"] }
        }
        let part: String
        switch denominator {
        case 2: part = "medio"
        case 3: part = "tercio"
        case 4...10: part = Self.ordinals[denominator]
        case 1_000_000: part = "millonésimo"
        case _ where denominator < 1000 && denominator % 100 == 0: part = Self.hundredths[denominator / 100]
        case _ where denominator < 1_000_000 && denominator % 1000 == 0: part = Self.thousandth(denominator / 1000)
        case 11...99:
            // "doceavo", "treintaidosavo"
            let stem = Self.plain(Self.joined(cardinal(denominator, .alone)))
            part = (stem.hasSuffix("uno") ? String(stem.dropLast()) : stem) + (stem.hasSuffix("a") ? "vo" : "avo")
        default: return (isMixed ? ["y"] : []) + cardinal(numerator, .alone) + ["sobre"] + cardinal(denominator, .alone)
        }
        let words = cardinal(numerator, .before(.masculine)) + [numerator == 1 ? part : part + "s"]
        return isMixed ? ["y"] + words : words
    }

    /// The stem that -avo is put to: onceavo, dieciseisavo, veintidosavo, veinteavo, treintavo.
    private static func plain(_ word: String) -> String {
        String(word.map { $0 == "é" ? "e" : $0 == "ó" ? "o" : $0 })
    }

    func year(_ n: Int) -> [String] { cardinal(n, .alone) }

    func date(day: Int?, month: Int?, year: Int?) -> [String] {
        var words: [String] = []
        if let day { words += day == 1 && month != nil ? ["primero"] : cardinal(day, .alone) }
        if let month { words += (words.isEmpty ? [] : ["de"]) + [months[month - 1]] }
        if let year { words += (words.isEmpty ? [] : ["de"]) + self.year(year) }
        return words
    }

    func clock(hour: Int, minute: Int, second: Int?, period: String?) -> [String] {
        var words = cardinal(hour, .before(.feminine))
        if let second, second > 0 {
            // A duration, or a time to the second.
            return words + [hour == 1 ? "hora" : "horas"] + cardinal(minute, .before(.masculine))
                + [minute == 1 ? "minuto" : "minutos", "y"] + cardinal(second, .before(.masculine))
                + [second == 1 ? "segundo" : "segundos"]
        }
        if period == "h", minute == 0 { return words + [hour == 1 ? "hora" : "horas"] }
        // From 13 on figures are read as they stand; before, as people say them.
        let isSpoken = (1...12).contains(hour)
        switch minute {
        case 0: break
        case 15 where isSpoken: words += ["y", "cuarto"]
        case 30 where isSpoken: words += ["y", "media"]
        default:
            words += (isSpoken ? ["y"] : []) + (minute < 10 && !isSpoken ? ["cero"] : []) + cardinal(minute, .alone)
        }
        guard period == "am" || period == "pm" else { return words }
        if period == "am" { return words + (hour == 12 ? ["de", "la", "noche"] : ["de", "la", "mañana"]) }
        return words + (hour == 12 ? ["del", "mediodía"] : hour >= 8 ? ["de", "la", "noche"] : ["de", "la", "tarde"])
    }

    func telephone(group: String) -> [String] {
        group.utf8.count == 2 && group.utf8.first != 48 ? cardinal(group, .alone) : digits(group)
    }
}
