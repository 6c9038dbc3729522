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

    /// 1/2 xícara, ½ hora, 1 xícara e 1/2: "meia" beside a feminine noun.
    static func half(_ line: LanguageLine, _ i: Int) -> Reading? {
        let isSign = line.symbol(i, "½")
        let isWritten = line.digits(i) == "1" && line.joined(i + 1, "/") && line.digits(i + 2) == "2"
        guard isSign || isWritten && line.touches(i + 2), line.begins(i), line.digits(i - 1) == nil else { return nil }
        let end = isSign ? i + 1 : i + 3
        guard !line.touches(end) || line.ends(end) else { return nil }
        let isBehind = line.lower(i - 1) == "e" && line.digits(i - 3) != nil
        guard line.rules.form(line, before: isBehind ? i - 2 : end) == .before(.feminine) else { return nil }
        return Reading(.fraction, to: end, words: ["meia"])
    }

    /// 3 x 1 is a score, 4x4 and 1920 x 1080 are sizes, 12x is how often; 5 x 6 = 30.
    static func times(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let digits = line.digits(i), line.begins(i), line.lower(i + 1) == "x" else { return nil }
        let isTouched = line.touches(i + 1)
        let first = line.numbers.cardinal(digits, .alone)
        guard let second = line.digits(i + 2), line.touches(i + 2) == isTouched else {
            guard isTouched, !line.touches(i + 2) || line.ends(i + 2) else { return nil }
            return Reading(.cardinal, to: i + 2, words: line.numbers.cardinal(digits, .before(.feminine)) + ["vezes"])
        }
        guard line.ends(i + 3) else { return nil }
        let isScore = digits.utf8.count < 3 && second.utf8.count < 3 && (!isTouched || isAboutMatch(line, i))
        let words =
            first + [line.holdsEquation ? line.words.times : isScore ? "a" : "por"]
            + line.numbers.cardinal(second, .alone)
        return Reading(.math, to: i + 3, words: words)
    }

    /// Words before a score that is written without blanks: placar de 3x2.
    private static let matchCues: Set<String> = [
        "placar", "jogo", "partida", "venceu", "vencer", "venceram", "ganhou", "ganhar", "ganharam", "perdeu", "perder",
        "perderam", "empatou", "empate", "vitória", "derrota", "goleada", "goleou", "resultado", "final",
    ]

    /// A match is spoken of in the words before: o placar foi 3x2; or teams stand at both sides: Flamengo 3x1 Vasco.
    private static func isAboutMatch(_ line: LanguageLine, _ i: Int) -> Bool {
        let isBetweenNames =
            i > 0 && line.tokens[i - 1].startsUpper && i + 3 < line.count && line.tokens[i + 3].startsUpper
        return isBetweenNames || (max(0, i - 8)..<i).contains { line.lower($0).map(matchCues.contains) == true }
    }

    /// 1m80: meters and centimeters.
    static func meters(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let whole = line.digits(i), line.begins(i), line.touches(i + 1), line.letters(i + 1) == "m",
            line.touches(i + 2), let rest = line.digits(i + 2), rest.utf8.count == 2, line.ends(i + 3)
        else { return nil }
        let name = whole == "1" ? "metro" : "metros"
        let words = line.numbers.cardinal(whole, .alone) + [name, "e"] + line.numbers.cardinal(rest, .alone)
        return Reading(.measure, to: i + 3, words: words)
    }

    /// 22 mil pessoas: thousands agree with what is counted.
    static func thousands(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let number = line.number(i), number.fraction == nil, line.begins(i), line.lower(number.end) == "mil",
            let (scale, end) = line.scale(number.end), line.rules.form(line, before: end) == .before(.feminine)
        else { return nil }
        return Reading(.cardinal, to: end, words: NumberRule.scaled(line, number, .before(.feminine), scale).words)
    }

    /// Words before a day.
    private static let dayCues: Set<String> = ["dia", "dias", "em", "de", "até", "desde", "entre", "no", "a", "ao"]

    /// dia 31/12, em 07/09, dia 5/3: a day and a month. Both have two figures unless "dia" stands before them; and what is no
    /// fraction, with a leading zero or more days than months, needs no word.
    static func dayAndMonth(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let day = line.digits(i), day.utf8.count < 3, line.begins(i), line.joined(i + 1, "/"),
            line.touches(i + 2),
            let month = line.digits(i + 2), month.utf8.count < 3, line.ends(i + 3), line.lower(i + 3) != "avos",
            let dayNumber = Int(day), (1...31).contains(dayNumber), let monthNumber = Int(month),
            (1...12).contains(monthNumber)
        else { return nil }
        let cue = line.lower(i - 1) ?? ""
        let isLong = day.utf8.count == 2 && month.utf8.count == 2
        let isNoFraction = day.hasPrefix("0") || month.hasPrefix("0") || dayNumber > monthNumber
        guard cue == "dia" || cue == "dias" || isLong && (isNoFraction || dayCues.contains(cue)) else { return nil }
        return Reading(.date, to: i + 3, words: line.numbers.date(day: dayNumber, month: monthNumber, year: nil))
    }
}
