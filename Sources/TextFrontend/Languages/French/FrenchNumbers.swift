import SpeechSignal

/// Numbers in French words, in the spelling before 1990: hyphens below a hundred, "et" without them.
struct FrenchNumbers: NumberGrammar {
    /// January first.
    let months: [String]
    /// France counts on from sixty and eighty; Belgium has "septante" and "nonante", Switzerland "huitante" too.
    let region: Language

    private static let small = [
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
        "treize",
        "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
    ]
    private static let tens = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante"]

    private static let scales: [(size: Int, one: String, many: String)] = [
        (1_000_000_000_000, "billion", "billions"), (1_000_000_000, "milliard", "milliards"),
        (1_000_000, "million", "millions"),
    ]

    /// "million" and the like, which are nouns: "un million d'habitants".
    static func isScale(_ word: String) -> Bool { scales.contains { $0.one == word || $0.many == word } }

    func cardinal(_ n: Int, _ form: NumberForm) -> [String] {
        for scale in Self.scales where n >= scale.size {
            let count = n / scale.size
            let words = cardinal(count, .before(.masculine)) + [count == 1 ? scale.one : scale.many]
            return n % scale.size == 0 ? words : words + cardinal(n % scale.size, form)
        }
        guard n >= 1000 else { return below1000(n, form, isLast: true) }
        // "mille" is not a noun: "deux cent mille", "quatre-vingt mille".
        let count = n / 1000
        let thousands = (count == 1 ? [] : below1000(count, .alone, isLast: false)) + ["mille"]
        return n % 1000 == 0 ? thousands : thousands + below1000(n % 1000, form, isLast: true)
    }

    /// - Parameter isLast: nothing of the number follows: "deux cents", "quatre-vingts".
    private func below1000(_ n: Int, _ form: NumberForm, isLast: Bool) -> [String] {
        guard n >= 100 else { return below100(n, form, isLast: isLast) }
        let count = n / 100
        let isRound = n % 100 == 0
        let hundreds = (count == 1 ? [] : [Self.small[count]]) + [count > 1 && isRound && isLast ? "cents" : "cent"]
        return isRound ? hundreds : hundreds + below100(n % 100, form, isLast: isLast)
    }

    private func below100(_ n: Int, _ form: NumberForm, isLast: Bool) -> [String] {
        let one = form == .before(.feminine) ? "une" : "un"
        if n == 1 { return [one] }
        guard n >= 20 else { return [Self.small[n]] }
        let (ten, rest) = tens(of: n)
        switch rest {
        case 0: return [ten == "quatre-vingt" && isLast ? "quatre-vingts" : ten]
        case 1 where ten != "quatre-vingt": return [ten, "et", one]
        case 11 where ten == "soixante": return [ten, "et", "onze"]
        case 1: return ["\(ten)-\(one)"]
        default: return ["\(ten)-\(Self.small[rest])"]
        }
    }

    /// The word for the tens, and what is added to it: 0 to 19.
    private func tens(of n: Int) -> (word: String, rest: Int) {
        switch n {
        case 70..<80 where region != .french: ("septante", n - 70)
        case 90..<100 where region != .french: ("nonante", n - 90)
        case 80..<90 where region == .swissFrench: ("huitante", n - 80)
        case 80...: ("quatre-vingt", n - 80)
        case 60...: ("soixante", n - 60)
        default: (Self.tens[n / 10], n % 10)
        }
    }

    func ordinal(_ n: Int, _ gender: Gender, isBefore: Bool) -> [String] {
        if n == 1 { return [gender == .feminine ? "première" : "premier"] }
        var words = cardinal(n, .alone)
        guard let last = words.popLast() else { return [] }
        // "deux cent millionième", "quatre-vingtième", "vingt et unième".
        let stem: String
        switch last {
        case "cinq": stem = "cinqu"
        case "neuf": stem = "neuv"
        case "cents", "quatre-vingts", "millions", "milliards", "billions": stem = String(last.dropLast())
        default:
            stem =
                last.hasSuffix("-cinq")
                ? last + "u"
                : last.hasSuffix("-neuf") ? last.dropLast() + "v" : last.hasSuffix("e") ? String(last.dropLast()) : last
        }
        return words + [stem + "ième"]
    }

    func plural(ordinal word: String) -> String { word + "s" }

    func decimal(_ whole: String, _ fraction: String, _ form: NumberForm) -> [String] {
        cardinal(whole, .alone) + ["virgule"] + decimals(fraction)
    }

    /// Zeros in front are said; up to three digits make a number, four make two; longer ones are said one by one.
    private func decimals(_ digits: String) -> [String] {
        let zeros = digits.prefix { $0 == "0" }
        let rest = digits.dropFirst(zeros.utf8.count)
        if digits.utf8.count == 4, zeros.isEmpty {
            return [digits.prefix(2), digits.suffix(2)].flatMap { decimals(String($0)) }
        }
        guard rest.utf8.count <= 3 else { return self.digits(digits) }
        return self.digits(String(zeros)) + (rest.isEmpty ? [] : cardinal(String(rest), .alone))
    }

    func fraction(_ numerator: Int, _ denominator: Int, isMixed: Bool) -> [String]? {
        var words = isMixed ? ["et"] : []
        if isMixed, numerator == 1, denominator == 2 { return words + ["demi"] }
        words += cardinal(numerator, .before(.masculine))
        let part: [String]
        switch denominator {
        case 2: part = ["demi"]
        case 3: part = ["tiers"]
        case 4: part = ["quart"]
        case 5...12, 16, 100, 1000: part = ordinal(denominator, .masculine, isBefore: false)
        default: return words + ["sur"] + cardinal(denominator, .alone)
        }
        guard numerator > 1, let last = part.last, !last.hasSuffix("s") else { return words + part }
        return words + part.dropLast() + [last + "s"]
    }

    func year(_ n: Int) -> [String] { cardinal(n, .alone) }

    func date(day: Int?, month: Int?, year: Int?) -> [String] {
        var words: [String] = []
        if let day { words += day == 1 && month != nil ? ["premier"] : cardinal(day, .alone) }
        if let month { words.append(months[month - 1]) }
        if let year { words += self.year(year) }
        return words
    }

    func clock(hour: Int, minute: Int, second: Int?, period: String?) -> [String] {
        var words = cardinal(hour, .before(.feminine)) + [hour < 2 ? "heure" : "heures"]
        if minute > 0 || second != nil { words += cardinal(minute, .before(.feminine)) }
        if let second, second > 0 {
            words += [minute < 2 ? "minute" : "minutes", "et"] + cardinal(second, .before(.feminine))
            words.append(second == 1 ? "seconde" : "secondes")
        }
        switch period {
        case "am": words += ["du", "matin"]
        case "pm": words += hour < 6 ? ["de", "l'après-midi"] : ["du", "soir"]
        default: break
        }
        return words
    }

    func telephone(group: String) -> [String] {
        guard group.utf8.count < 4 else {
            return [group.prefix(2), group.dropFirst(2)].flatMap { telephone(group: String($0)) }
        }
        let zeros = group.prefix { $0 == "0" }
        let rest = group.dropFirst(zeros.utf8.count)
        return digits(String(zeros)) + (rest.isEmpty ? [] : cardinal(String(rest), .alone))
    }
}
