/// Street addresses: house numbers in pairs, compass letters, states and postal codes.
enum AddressRule {
    private static let compass = [
        "N": "north", "S": "south", "E": "east", "W": "west", "NE": "northeast", "NW": "northwest", "SE": "southeast",
        "SW": "southwest",
    ]
    private static let streets: Set<String> = [
        "st", "street", "ave", "avenue", "blvd", "boulevard", "rd", "road", "ln", "lane", "dr", "drive", "way", "expy",
        "expressway", "pkwy", "parkway", "hwy", "highway", "pl", "place", "ct", "court", "sq", "square", "ter",
        "terrace", "circle", "cir", "freeway", "fwy",
    ]
    private static let common: Set<String> = [
        "I", "The", "It", "He", "She", "We", "They", "You", "A", "An", "In", "On", "At", "But", "And", "This", "That",
        "There", "When", "If", "As", "Then", "So", "What", "Who", "His", "Her", "My", "Our", "Their", "Its", "No",
        "Yes", "For", "To", "Of", "By", "With", "From", "Or", "Not", "After", "Before", "One", "Two", "Some", "All",
        "Now", "Here", "These", "Those", "Why", "How", "Where", "Which",
    ]

    static func isCommonWord(_ text: String) -> Bool { common.contains(text) }

    /// A house number at `i`: a street's name and word follow within four tokens.
    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let digits = line.digits(i), digits.utf8.count <= 5, line.kind(i + 1) != nil else { return nil }
        // 90210-1234
        if digits.utf8.count == 5, line.begins(i), line.joined(i + 1, "-"), line.touches(i + 2),
            let more = line.digits(i + 2), more.utf8.count == 4, line.ends(i + 3)
        {
            let spoken = [Spoken](words: NumberWords.digits(digits)) + [.comma]
            return Reading(.address, to: i + 3, spoken + [Spoken](words: NumberWords.digits(more)))
        }
        // 221B Baker Street
        let hasLetter =
            line.touches(i + 1) && line.letters(i + 1)?.utf8.count == 1 && line.tokens[i + 1].isCapitalized
            && !line.touches(i + 2)
        guard !line.touches(i + 1) || hasLetter else { return nil }
        var k = hasLetter ? i + 2 : i + 1
        var names = 0
        while k < min(line.count, i + 6) {
            let token = line.tokens[k]
            if names > 0, token.kind == .letters, streets.contains(token.text.lowercased()) {
                let letter: [Spoken] = hasLetter ? [.letters(line.tokens[i + 1].text)] : []
                return Reading(
                    .address, to: hasLetter ? i + 2 : i + 1, [Spoken](words: NumberWords.paired(digits)) + letter)
            }
            // 1 TB drive
            if token.text.utf8.count > 1, compass[token.text] == nil, line.tables.units[token.text] != nil {
                return nil
            }
            if token.kind == .symbol, !line.symbol(k, ".") || token.spaceBefore { return nil }
            if token.kind == .letters, !token.isCapitalized, !OrdinalRule.suffixes.contains(token.text) { return nil }
            names += 1
            k += 1
        }
        return nil
    }

    /// A street's name follows (E. 42nd St., N Main Street), or its word precedes (Pennsylvania Ave NW).
    private static func isCompass(_ line: Line, _ i: Int) -> Bool {
        if i > 1, line.ends(i + 1), !line.touches(i) {
            let word = line.symbol(i - 1, ".") ? i - 2 : i - 1
            if let street = line.lower(word), streets.contains(street), line.tokens[word].isCapitalized,
                line.letters(i)!.utf8.count == 2 || line.kind(i + 1) != .letters
            {
                return true
            }
        }
        var k = line.joined(i + 1, ".") ? i + 2 : i + 1
        guard k < line.count, !line.touches(k) || line.symbol(k - 1, ".") else { return false }
        let first = k
        while k < min(line.count, first + 5) {
            let token = line.tokens[k]
            if k > first, token.kind == .letters, streets.contains(token.text.lowercased()),
                token.isCapitalized || token.text == "st"
            {
                return true
            }
            guard
                token.isCapitalized || token.kind == .digits && k == first
                    || OrdinalRule.suffixes.contains(token.text) && line.touches(k)
            else { return false }
            k += 1
        }
        return false
    }

    private static let roads: Set<String> = ["us", "i", "route", "highway", "hwy", "interstate", "exit", "sr"]
    private static let bearings: Set<String> = [
        "wind", "winds", "gusts", "breeze", "heading", "headed", "bound", "corner", "of", "coast", "asia", "london",
        "england", "portland", "washington",
    ]

    /// US-101 N, 5 km NW of the town, winds SE: a direction, no unit.
    static func isHeading(_ line: Line, _ i: Int) -> Bool {
        guard let text = line.letters(i), compass[text] != nil, !line.touches(i), line.ends(i + 1) else {
            return false
        }
        // 10 mph W
        if ["mph", "kt", "kts", "knots", "kph"].contains(line.lower(i - 1) ?? "") { return true }
        if line.kind(i - 1) == .digits {
            return (line.isDash(i - 2) ? line.lower(i - 3) : line.lower(i - 2)).map(roads.contains) == true
        }
        if line.lower(i + 1) == "of" { return text.utf8.count == 2 || line.lower(i - 1) != "by" }
        guard text.utf8.count == 2 else { return ["wind", "winds", "heading"].contains(line.lower(i - 1) ?? "") }
        let before = line.symbol(i - 1, ":") ? i - 2 : i - 1
        return line.lower(before).map(bearings.contains) == true || line.lower(i + 1).map(bearings.contains) == true
    }

    private static let parties: Set<String> = ["D", "R", "I"]

    /// (D-CA), R-TX: a party's letter and a state.
    static func readParty(_ line: Line, at i: Int) -> Reading? {
        guard line.joined(i + 1, "-"), line.touches(i + 2), line.symbol(i - 1, "(") || line.symbol(i - 1, ","),
            let party = line.letters(i), parties.contains(party),
            let code = line.letters(i + 2),
            let state = line.tables.states[code]
                ?? line.tables.abbreviations[code]?.first(where: { $0.place == .state })?.spoken,
            line.ends(i + 3)
        else { return nil }
        return Reading(
            .address, to: line.joined(i + 3, ".") && i + 4 < line.count ? i + 4 : i + 3,
            [.letters(party)] + [Spoken](cell: state))
    }

    /// Compass letters beside a number or street, states after a comma, and postal codes after states.
    static func readName(_ line: Line, at i: Int) -> Reading? {
        guard let text = line.letters(i), text.utf8.count == 2 || text.utf8.count == 1, text == text.uppercased() else {
            return nil
        }
        if let direction = compass[text], line.begins(i), isCompass(line, i) || isHeading(line, i) {
            return Reading(
                .address, to: line.joined(i + 1, ".") && i + 2 < line.count ? i + 2 : i + 1, words: [direction])
        }
        // N 45° W
        if let direction = compass[text], line.digits(i + 1) != nil, line.joined(i + 2, "°"), !line.touches(i) {
            return Reading(.address, to: i + 1, words: [direction])
        }
        if let direction = compass[text], i > 0, line.kind(i - 1) == .digits, line.tokens[i].spaceBefore,
            line.kind(i + 1) == .digits || line.tokens.indices.contains(i + 1) && line.tokens[i + 1].isCapitalized,
            read(line, at: i - 1) != nil
        {
            return Reading(.address, to: line.joined(i + 1, ".") ? i + 2 : i + 1, words: [direction])
        }
        guard text.utf8.count == 2, let state = line.tables.states[text], i > 1, line.symbol(i - 1, ","),
            line.tokens[i - 2].isCapitalized,
            line.ends(i + 1), line.tokens[i].spaceBefore
        else { return nil }
        // Dr. Jones, MD
        let titles: Set<String> = ["dr", "doctor", "mr", "mrs", "ms", "prof", "professor"]
        if line.digits(i + 1) == nil,
            (max(0, i - 6)..<i).contains(where: { line.lower($0).map(titles.contains) == true })
        {
            return nil
        }
        var spoken = [Spoken](cell: state)
        var end = i + 1
        if let code = line.digits(end), code.utf8.count == 5 {
            spoken += [Spoken](words: NumberWords.digits(code))
            end += 1
            if line.joined(end, "-"), line.touches(end + 1), let more = line.digits(end + 1), more.utf8.count == 4 {
                spoken += [.comma] + [Spoken](words: NumberWords.digits(more))
                end += 2
            }
        }
        return Reading(.address, to: end, spoken)
    }
}
