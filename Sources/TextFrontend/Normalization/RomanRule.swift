/// Roman numerals after the words that call for them.
enum RomanRule {
    private static let counted: Set<String> = [
        "chapter", "part", "act", "scene", "section", "volume", "vol", "book", "phase", "article", "war", "mark",
        "type", "level", "stage",
        "class", "grade", "bowl", "apollo", "gemini", "fantasy", "episode", "round", "rocky", "figure", "table",
        "appendix", "title", "canto",
        "psalm", "lesson", "unit", "division", "category", "factor", "corps", "number", "no", "page", "plate", "verse",
        "schedule", "tier", "version",
        "saturn", "explorer", "windows", "series", "season", "paragraph", "clause", "step", "group", "element",
        "exhibit", "amendment",
    ]
    private static let ruling: Set<String> = [
        "pope", "king", "queen", "henry", "louis", "edward", "george", "william", "charles", "james", "richard",
        "elizabeth", "napoleon", "pius",
        "benedict", "leo", "paul", "ramses", "frederick", "philip", "alexander", "nicholas", "peter", "catherine",
        "ivan", "umberto", "emmanuel",
        "gustav", "christian", "ferdinand", "mary", "john", "gregory", "clement", "innocent", "urban", "boniface",
        "francis", "carlos", "juan",
        "albert", "leopold", "otto", "wilhelm", "haakon", "harald", "olav", "harold", "malcolm", "robert", "david",
        "constantine", "ptolemy", "cleopatra",
        "thutmose", "amenhotep", "darius", "cyrus", "xerxes", "theodore", "rama", "murad", "selim", "mehmed", "franz",
        "karl", "friedrich", "joseph",
    ]

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let text = line.letters(i), text.utf8.count <= 8, !line.touches(i), line.ends(i + 1),
            !line.joined(i + 1, "'"), i > 0,
            let before = line.letters(i - 1), let value = NumberWords.roman(text)
        else { return nil }
        let lower = before.lowercased()
        if counted.contains(lower) {
            if text == "I", line.letters(i + 1) != nil, !line.touches(i + 1), lower != "war",
                line.letters(i + 1)?.first?.isLowercase == true
            {
                return nil
            }
            return Reading(.roman, to: i + 1, words: NumberWords.cardinal(value))
        }
        guard line.tokens[i - 1].isCapitalized, value < 40 else { return nil }
        if ruling.contains(lower) {
            if text == "I", line.letters(i + 1)?.first?.isLowercase == true, !isVerb(line.letters(i + 1)) { return nil }
            return Reading(.roman, to: i + 1, words: ["the"] + NumberWords.ordinal(value))
        }
        // Another name with II, III, IV…; single letters may be initials.
        guard text.utf8.count > 1, text != "MIX", text != "DIM", before != before.uppercased(),
            !AddressRule.isCommonWord(before)
        else { return nil }
        return Reading(.roman, to: i + 1, words: NumberWords.ordinal(value))
    }

    private static func isVerb(_ text: String?) -> Bool {
        [
            "was", "is", "had", "of", "and", "died", "became", "reigned", "ruled", "to", "in", "who", "made", "has",
            "succeeded",
        ].contains(text ?? "")
    }
}
