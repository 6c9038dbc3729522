/// Numbers in Italian words. Thousands, hundreds and the rest are words of their own (mille novecento ottantaquattro),
/// as they are stressed in speech.
struct ItalianNumbers: NumberGrammar {
    /// January first.
    let months: [String]

    private static let small = [
        "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici",
        "tredici", "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove",
    ]
    private static let tens = [
        "", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta",
    ]

    func cardinal(_ n: Int, _ form: NumberForm) -> [String] {
        guard n >= 1000 else { return below1000(n, form) }
        for (size, one, many) in [
            (1_000_000_000_000, "bilione", "bilioni"), (1_000_000_000, "miliardo", "miliardi"),
            (1_000_000, "milione", "milioni"),
        ] where n >= size {
            let count = n / size
            let scale = (count == 1 ? ["un"] : cardinal(count, .before(.masculine))) + [count == 1 ? one : many]
            return n % size == 0 ? scale : scale + cardinal(n % size, form)
        }
        let count = n / 1000
        var words = ["mille"]
        if count > 1 {
            words = below1000(count, .alone)
            words.append((words.popLast().map(Self.joint) ?? "") + "mila")
        }
        return words + (n % 1000 == 0 ? [] : below1000(n % 1000, form))
    }

    /// The last word before "mila", without the accent: ventitremila.
    private static func joint(_ word: String) -> String { word.hasSuffix("tré") ? word.dropLast() + "e" : word }

    private func below1000(_ n: Int, _ form: NumberForm) -> [String] {
        guard n >= 100 else { return [below100(n, form)] }
        let hundred = (n / 100 == 1 ? "" : Self.small[n / 100]) + "cento"
        return [hundred] + (n % 100 == 0 ? [] : [below100(n % 100, n % 100 == 1 ? .alone : form)])
    }

    private func below100(_ n: Int, _ form: NumberForm) -> String {
        if n == 1, case .before(let gender) = form { return gender == .feminine ? "una" : "un" }
        guard n >= 20 else { return Self.small[n] }
        let ten = Self.tens[n / 10]
        switch n % 10 {
        case 0: return ten
        case 1, 8: return ten.dropLast() + Self.small[n % 10]
        case 3: return ten + "tré"
        default: return ten + Self.small[n % 10]
        }
    }

    private static let ordinals = [
        "", "primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo",
    ]

    func ordinal(_ n: Int, _ gender: Gender, isBefore: Bool) -> [String] {
        let word: String
        if n <= 10 {
            word = Self.ordinals[n]
        } else {
            // In one word: centoventitreesimo; the last vowel goes, but of tre and sei.
            let whole = cardinal(n, .alone).joined()
            if whole.hasSuffix("tré") {
                word = whole.dropLast() + "eesimo"
            } else if whole.hasSuffix("tre") || whole.hasSuffix("sei") {
                word = whole + "esimo"
            } else if whole.hasSuffix("mila") || whole.hasSuffix("mille") {
                word = whole.dropLast(whole.hasSuffix("mila") ? 3 : 4) + "illesimo"
            } else {
                word = whole.dropLast() + "esimo"
            }
        }
        return [gender == .feminine ? word.dropLast() + "a" : word]
    }

    func plural(ordinal word: String) -> String { word.dropLast() + (word.hasSuffix("a") ? "e" : "i") }

    func decimal(_ whole: String, _ fraction: String, _ form: NumberForm) -> [String] {
        cardinal(whole, .alone) + ["virgola"] + decimals(fraction)
    }

    /// Up to three digits make a number; zeros in front, and longer ones, are said one by one.
    private func decimals(_ digits: String) -> [String] {
        let zeros = digits.prefix { $0 == "0" }
        let rest = digits.dropFirst(zeros.count)
        guard rest.utf8.count <= 3 else { return self.digits(digits) }
        return self.digits(String(zeros)) + (rest.isEmpty ? [] : cardinal(String(rest), .alone))
    }

    func fraction(_ numerator: Int, _ denominator: Int, isMixed: Bool) -> [String]? {
        if isMixed, (numerator, denominator) == (1, 2) { return ["e", "mezzo"] }
        let part = denominator == 2 ? "mezzo" : ordinal(denominator, .masculine, isBefore: false).joined()
        let words =
            cardinal(numerator, .before(.masculine)) + [
                numerator == 1 ? part : part == "mezzo" ? "mezzi" : plural(ordinal: part)
            ]
        return isMixed ? ["e"] + words : words
    }

    func year(_ n: Int) -> [String] { cardinal(n, .alone) }

    func date(day: Int?, month: Int?, year: Int?) -> [String] {
        var words: [String] = []
        if let day { words += day == 1 && month != nil ? ["primo"] : cardinal(day, .alone) }
        if let month { words.append(months[month - 1]) }
        if let year { words += self.year(year) }
        return words
    }

    /// "le tredici e quarantacinque"; "e mezza" and "e un quarto" to twelve o'clock.
    func clock(hour: Int, minute: Int, second: Int?, period: String?) -> [String] {
        var words = hour == 1 ? ["una"] : cardinal(hour, .alone)
        let isSpoken = (1...12).contains(hour) && second == nil && period != "h"
        if let second, second > 0 {
            let minutes = cardinal(minute, .before(.masculine)) + [minute == 1 ? "minuto" : "minuti"]
            words += (minute > 0 ? ["e"] + minutes : []) + ["e"] + cardinal(second, .before(.masculine))
            return words + [second == 1 ? "secondo" : "secondi"]
        }
        switch minute {
        case 0: if period == "h" { words.append(hour == 1 ? "ora" : "ore") }
        case 15 where isSpoken: words += ["e", "un", "quarto"]
        case 30 where isSpoken: words += ["e", "mezza"]
        case 1..<10: words += (isSpoken ? ["e"] : ["e", "zero"]) + cardinal(minute, .alone)
        default: words += ["e"] + cardinal(minute, .alone)
        }
        switch period {
        case "am": return words + (hour == 12 ? ["di", "notte"] : ["di", "mattina"])
        case "pm": return words + (hour == 12 ? [] : hour >= 6 ? ["di", "sera"] : ["di", "pomeriggio"])
        default: return words
        }
    }

    /// Two digits as a number, others one by one.
    func telephone(group: String) -> [String] {
        group.utf8.count == 2 && group.utf8.first != 48 ? cardinal(group, .alone) : digits(group)
    }
}
