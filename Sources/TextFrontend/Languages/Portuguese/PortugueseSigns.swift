/// What Portuguese writes in ways of its own: 8h, 1° lugar, Silva & Filhos, anos 80.
enum PortugueseSigns {
    /// 8h, 14h: the hour alone.
    static func hours(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let digits = line.digits(i), digits.utf8.count < 3, let hour = Int(digits), hour < 25,
            line.touches(i + 1), line.letters(i + 1) == "h", !line.touches(i + 2) || line.ends(i + 2)
        else { return nil }
        return Reading(.time, to: i + 2, words: line.numbers.clock(hour: hour, minute: 0, second: nil, period: "h"))
    }

    /// o 1° lugar, n° 5: a degree sign in place of º.
    static func degree(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.joined(i + 1, "°") || line.joined(i + 1, "º") else { return nil }
        if line.lower(i) == "n" { return Reading(.abbreviation, to: i + 2, words: [line.words.number]) }
        guard line.joined(i + 1, "°"), let digits = line.digits(i), let n = Int(digits), (1...9999).contains(n),
            let noun = line.letters(i + 2), !line.touches(i + 2), PortugueseNouns.gender(noun) != nil,
            line.rules.genderOf(article: line.lower(i - 1) ?? "") != nil
        else { return nil }
        return Reading(.ordinal, to: i + 2, words: line.numbers.ordinal(n, .masculine, isBefore: true))
    }

    /// R. Augusta, R. das Flores: a street, unless names stand around it (José R. da Silva).
    static func street(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.letters(i) == "R", line.joined(i + 1, "."), i == 0 || !line.tokens[i - 1].startsUpper,
            !(line.symbol(i - 1, ".") && i > 1 && line.letters(i - 2)?.utf8.count == 1)
        else { return nil }
        let isJoined =
            line.lower(i + 2).map(particles.contains) == true && line.letters(i + 2)?.first?.isLowercase == true
        let name = isJoined ? i + 3 : i + 2
        guard name < line.count, line.tokens[name].startsUpper, line.letters(name)?.utf8.count ?? 0 > 1 else {
            return nil
        }
        return Reading(.abbreviation, to: i + 2, words: ["rua"])
    }

    private static let particles: Set<String> = ["de", "da", "do", "das", "dos"]

    /// D. Pedro, D. Maria: by the name.
    static func title(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.letters(i) == "D", line.joined(i + 1, "."), i == 0 || !line.tokens[i - 1].startsUpper,
            let name = line.letters(i + 2), line.tokens[i + 2].startsUpper, name.utf8.count > 2
        else { return nil }
        let isLady = name.lowercased().hasSuffix("a") || ladies.contains(name.lowercased())
        return Reading(.abbreviation, to: i + 2, words: [isLady ? "dona" : "dom"])
    }

    private static let ladies: Set<String> = [
        "isabel", "beatriz", "leonor", "inês", "carmem", "carmen", "raquel", "ester", "ruth", "rute", "nair", "lourdes",
        "judite", "irene", "ivone", "marlene", "rosário", "conceição", "mercedes", "edith", "edite",
    ]

    /// Silva & Filhos
    static func ampersand(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.symbol(i, "&"), !line.touches(i) || line.letters(i - 1)?.utf8.count == 1 else { return nil }
        return Reading(.symbol, to: i + 1, words: ["e"])
    }

    /// anos '80
    static func decade(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.symbol(i, "'"), line.touches(i + 1), let digits = line.digits(i + 1), digits.utf8.count == 2,
            line.begins(i), line.ends(i + 2)
        else { return nil }
        return Reading(.date, to: i + 2, words: line.numbers.cardinal(digits, .alone))
    }
}
