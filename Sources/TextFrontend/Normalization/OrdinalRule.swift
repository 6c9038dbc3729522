import SpeechSignal

/// 23rd, 1,000th. A suffix that does not fit its number is read apart.
enum OrdinalRule {
    static let suffixes: Set<String> = ["st", "nd", "rd", "th"]

    static func read(_ line: Line, at i: Int) -> Reading? {
        guard let number = line.number(i), number.fraction == nil, line.touches(number.end),
            let suffix = line.lower(number.end),
            line.ends(number.end + 1) || line.isDash(number.end + 1) || line.joined(number.end + 1, "/")
        else { return nil }
        let possessive = suffix.hasSuffix("'s") ? String(suffix.dropLast(2)) : nil
        let plain = possessive ?? suffix
        guard suffixes.contains(plain) else { return nil }
        // 000th is no order.
        if number.whole.utf8.count > 1, number.whole.utf8.allSatisfy({ $0 == 48 }) {
            return Reading(.ordinal, to: number.end + 1, words: NumberWords.digits(number.whole) + ["th"])
        }
        if plain == self.suffix(of: number.whole) {
            var words = NumberWords.ordinal(number.whole)
            if possessive != nil { words[words.count - 1] += "'s" }
            // 1st–5th
            let dash = number.end + 1
            if line.isDash(dash), line.touches(dash), line.touches(dash + 1), let last = read(line, at: dash + 1),
                last.category == .ordinal
            {
                return Reading(.range, to: last.end, [Spoken](words: words + ["to"]) + last.spoken)
            }
            return Reading(.ordinal, to: number.end + 1, words: words)
        }
        // 10st 4lb
        if plain == "st", line.accent == .british || line.letters(number.end + 2).map({ $0.hasPrefix("lb") }) == true {
            return nil
        }
        let words = number.whole.utf8.count > 2 ? NumberWords.digits(number.whole) : NumberWords.cardinal(number.whole)
        return Reading(.ordinal, to: number.end + 1, [Spoken](words: words) + [.letters(plain.uppercased())])
    }

    /// The suffix that belongs to a number.
    static func suffix(of digits: String) -> String {
        let last = digits.utf8.suffix(2).map { Int($0) - 48 }
        let tens = last.count > 1 ? last[0] : 0
        switch (tens, last.last ?? 0) {
        case (1, _): return "th"
        case (_, 1): return "st"
        case (_, 2): return "nd"
        case (_, 3): return "rd"
        default: return "th"
        }
    }
}
