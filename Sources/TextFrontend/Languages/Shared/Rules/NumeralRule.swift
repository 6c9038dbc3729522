/// Roman numerals: siglo XXI, Felipe VI, capítulo IV, II Guerra Mundial.
enum NumeralRule {
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        let token = line.tokens[i]
        guard token.kind == .letters, token.isUpper, token.text.utf8.count < 9, !line.isShouted,
            let n = NumberWords.roman(token.text), n > 0
        else { return nil }
        // XXe, IIIª
        if line.touches(i + 1), let ending = OrdinalSignRule.ending(line, i + 1), line.kind(i + 1) == .symbol {
            return OrdinalSignRule.reading(line, n, ending, to: i + 2, .roman)
        }
        guard !line.touches(i + 1) || line.ends(i + 1) || line.isDash(i + 1) else { return nil }
        if let before = context(line, i), !before.isAfter { return reading(line, n, before, i) }
        if let after = line.lower(i + 1).flatMap({ line.tables.roman[$0] }), after.isAfter {
            return reading(line, n, after, i)
        }
        return nil
    }

    /// What the word before says; a name in a list or a chain of numerals ("siglos XV y XVI", "siglos XV-XVI") passes it on.
    private static func context(_ line: LanguageLine, _ i: Int) -> LanguageTables.RomanContext? {
        var at = i - 1
        var steps = 0
        while at >= 0, steps < 4 {
            guard let word = line.letters(at) else {
                guard line.isDash(at) || line.symbol(at, ",") || line.symbol(at, "."), steps > 0 || !line.symbol(at, ",") else {
                    return nil
                }
                at -= 1
                steps += 1
                continue
            }
            if let context = line.tables.roman[word] ?? line.tables.roman[word.lowercased()] { return context }
            let isLink = line.rules.singleLetterWords.contains(word) || word == "al" || NumberWords.roman(word) != nil
            guard isLink else { return nil }
            at -= 1
            steps += 1
        }
        return nil
    }

    private static func reading(_ line: LanguageLine, _ n: Int, _ context: LanguageTables.RomanContext, _ i: Int) -> Reading {
        let words =
            line.rules.isOrdinal(roman: n, context)
            ? line.numbers.ordinal(n, context.gender, isBefore: context.isAfter && context.gender == .masculine)
            : line.numbers.cardinal(n, context.isAfter ? .before(context.gender) : .alone)
        return Reading(.roman, to: i + 1, words: words)
    }
}
