/// Figures that Portuguese reads in ways of its own: CPF 123.456.789-09, 1/2 xícara, 3 x 1, 22 mil pessoas, dia 31/12.
enum PortugueseFigures {
    /// How the digits of CPF, CNPJ and CEP are grouped, and the signs between.
    private static let documents: [(sizes: [Int], signs: [Unicode.Scalar])] = [
        ([3, 3, 3, 2], [".", ".", "-"]), ([2, 3, 3, 4, 2], [".", ".", "/", "-"]), ([5, 3], ["-"]),
        ([2, 3, 3], [".", "-"]),
    ]

    /// The number of a document or a postal code: digit by digit, with a pause between groups.
    static func document(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.digits(i) != nil, line.begins(i) else { return nil }
        for (sizes, signs) in documents {
            let end = i + 2 * sizes.count - 1
            guard line.ends(end),
                sizes.indices.allSatisfy({ line.digits(i + 2 * $0)?.utf8.count == sizes[$0] }),
                signs.indices.allSatisfy({ line.joined(i + 2 * $0 + 1, signs[$0]) && line.touches(i + 2 * $0 + 2) })
            else { continue }
            var spoken: [Spoken] = []
            for k in sizes.indices {
                if k > 0 { spoken.append(.comma) }
                spoken += line.numbers.telephone(group: line.tokens[i + 2 * k].text).map(Spoken.word)
            }
            return Reading(.serial, to: end, spoken)
        }
        return nil
    }

    /// 1/2 xícara, ½ hora: "meia" before a feminine noun.
    static func half(_ line: LanguageLine, _ i: Int) -> Reading? {
        let isSign = line.symbol(i, "½")
        let isWritten = line.digits(i) == "1" && line.joined(i + 1, "/") && line.digits(i + 2) == "2"
        guard isSign || isWritten && line.touches(i + 2), line.begins(i), line.digits(i - 1) == nil else { return nil }
        let end = isSign ? i + 1 : i + 3
        guard !line.touches(end), line.rules.form(line, before: end) == .before(.feminine) else { return nil }
        return Reading(.fraction, to: end, words: ["meia"])
    }

    /// 3 x 1 is a score, 4x4 and 1920 x 1080 are sizes, 12x is how often.
    static func times(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let digits = line.digits(i), line.begins(i), line.lower(i + 1) == "x" else { return nil }
        let isTouched = line.touches(i + 1)
        let first = line.numbers.cardinal(digits, .alone)
        guard let second = line.digits(i + 2), line.touches(i + 2) == isTouched else {
            guard isTouched, !line.touches(i + 2) || line.ends(i + 2) else { return nil }
            return Reading(.cardinal, to: i + 2, words: line.numbers.cardinal(digits, .before(.feminine)) + ["vezes"])
        }
        guard line.ends(i + 3) else { return nil }
        let isScore = !isTouched && digits.utf8.count < 3 && second.utf8.count < 3
        let words = first + [isScore ? "a" : "por"] + line.numbers.cardinal(second, .alone)
        return Reading(.math, to: i + 3, words: words)
    }

    /// 22 mil pessoas: thousands agree with what is counted.
    static func thousands(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let number = line.number(i), number.fraction == nil, line.begins(i), line.lower(number.end) == "mil",
            let (scale, end) = line.scale(number.end), line.rules.form(line, before: end) == .before(.feminine)
        else { return nil }
        return Reading(.cardinal, to: end, words: NumberRule.scaled(line, number, .before(.feminine), scale).words)
    }

    /// Words before a day.
    private static let dayCues: Set<String> = ["dia", "dias", "em", "de", "até", "desde", "entre"]

    /// dia 31/12, em 07/09: a day and a month, both with two figures.
    static func dayAndMonth(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let day = line.digits(i), day.utf8.count == 2, line.begins(i), line.joined(i + 1, "/"),
            line.touches(i + 2), let month = line.digits(i + 2), month.utf8.count == 2, line.ends(i + 3),
            let cue = line.lower(i - 1), dayCues.contains(cue), let dayNumber = Int(day), (1...31).contains(dayNumber),
            let monthNumber = Int(month), (1...12).contains(monthNumber), line.lower(i + 3) != "avos"
        else { return nil }
        return Reading(.date, to: i + 3, words: line.numbers.date(day: dayNumber, month: monthNumber, year: nil))
    }
}
