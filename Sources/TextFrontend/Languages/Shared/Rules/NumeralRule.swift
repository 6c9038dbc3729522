/// Roman numerals: siglo XXI, Felipe VI, capítulo IV, II Guerra Mundial.
enum NumeralRule {
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        let token = line.tokens[i]
        guard token.kind == .letters, token.text.utf8.count < 12 else { return nil }
        guard token.isUpper else { return small(line, at: i) }
        guard !line.isShouted, let n = NumberWords.roman(token.text), n > 0 else { return nil }
        // XXe, IIIª
        if token.text.utf8.count > 1 || "IVX".contains(token.text), line.touches(i + 1),
            let ending = OrdinalSignRule.ending(line, i + 1), line.kind(i + 1) == .symbol
        {
            return OrdinalSignRule.reading(line, n, ending, to: i + 2, .roman)
        }
        guard !line.touches(i + 1) || line.ends(i + 1) || line.isDash(i + 1) else { return nil }
        if let before = context(line, i), !before.isAfter { return reading(line, n, before, i) }
        if let after = line.lower(i + 1).flatMap({ line.tables.roman[$0] }), after.isAfter {
            return reading(line, n, after, i)
        }
        return line.rules.genderOf(article: line.lower(i - 1) ?? "").flatMap { gender in
            // "el XI apóstol"
            guard line.letters(i + 1) != nil, !line.touches(i + 1), line.rules.form(line, before: i + 1) != .alone
            else {
                return nil
            }
            return reading(line, n, .init(isOrdinal: true, isAfter: true, gender: gender), i)
        }
    }

    /// "siglo xix": small letters, after a word that numerals follow, unless they are a word.
    private static func small(_ line: LanguageLine, at i: Int) -> Reading? {
        guard let before = line.letters(i - 1), before.first?.isLowercase == true,
            let context = line.tables.roman[before],
            !context.isAfter, before.utf8.count > 2, !["mi", "di", "vi", "mil", "ci"].contains(line.tokens[i].text),
            !line.touches(i + 1) || line.ends(i + 1), let n = NumberWords.roman(line.tokens[i].text.uppercased())
        else { return nil }
        return reading(line, n, context, i)
    }

    /// What the word before says; a name in a list or a chain of numerals ("siglos XV y XVI", "siglos XV-XVI") passes
    /// it on.
    private static func context(_ line: LanguageLine, _ i: Int) -> LanguageTables.RomanContext? {
        var at = i - 1
        var steps = 0
        while at >= 0, steps < 4 {
            guard let word = line.letters(at) else {
                // A list or a span of numerals, or the full stop of "s." and "cap.".
                guard line.isDash(at) || line.symbol(at, ",") && steps > 0 || line.joined(at, ".") else { return nil }
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

    private static func reading(_ line: LanguageLine, _ n: Int, _ context: LanguageTables.RomanContext, _ i: Int)
        -> Reading
    {
        let words =
            line.rules.isOrdinal(roman: n, context)
            ? line.numbers.ordinal(n, context.gender, isBefore: context.isAfter && context.gender == .masculine)
            : line.numbers.cardinal(n, context.isAfter ? .before(context.gender) : .alone)
        guard line.touches(i + 1), line.isDash(i + 1), let next = line.letters(i + 2).flatMap(NumberWords.roman) else {
            return Reading(.roman, to: i + 1, words: words)
        }
        let last =
            line.rules.isOrdinal(roman: next, context)
            ? line.numbers.ordinal(next, context.gender, isBefore: false) : line.numbers.cardinal(next, .alone)
        return Reading(.roman, to: i + 3, words: words + [line.words.range] + last)
    }
}
