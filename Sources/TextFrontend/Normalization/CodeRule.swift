/// Figures and letters that name one thing and mean no number: 0x1F4, #FF8800, fe80::1ff, 00:1A:2B:3C:4D:5E, hashes,
/// 1Z999AA1….
enum CodeRule {
    static func read(_ line: Line, at i: Int) -> Reading? {
        if line.symbol(i, "#") { return color(line, at: i) }
        guard line.kind(i) == .digits || line.kind(i) == .letters, line.begins(i) else { return nil }
        return address(line, at: i) ?? ports(line, at: i) ?? chain(line, at: i)
    }

    /// 8080:80
    private static func ports(_ line: Line, at i: Int) -> Reading? {
        guard let outer = line.digits(i), (4...5).contains(outer.utf8.count), line.joined(i + 1, ":"),
            line.touches(i + 2), let inner = line.digits(i + 2), (2...5).contains(inner.utf8.count), line.ends(i + 3)
        else { return nil }
        return Reading(
            .electronic, to: i + 3, words: NumberWords.digits(outer) + ["colon"] + NumberWords.digits(inner))
    }

    private static func isHex(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 || ($0 | 32) >= 97 && ($0 | 32) <= 102 }
    }

    /// The letters and figures from `i` on that touch each other.
    private static func run(_ line: Line, _ i: Int) -> (text: String, tokens: Int, end: Int)? {
        var text = ""
        var end = i
        while end == i || line.touches(end), line.kind(end) == .letters || line.kind(end) == .digits, end - i < 100 {
            text += line.tokens[end].text
            end += 1
        }
        return end > i ? (text, end - i, end) : nil
    }

    /// Letters by their names, figures one by one.
    private static func spell(_ text: String) -> [Spoken] {
        var spoken: [Spoken] = []
        var letters = ""
        for character in text {
            if character.isNumber {
                if !letters.isEmpty { spoken.append(.letters(letters)) }
                letters = ""
                spoken += [Spoken](words: NumberWords.digits(String(character)))
            } else {
                letters += character.uppercased()
            }
        }
        if !letters.isEmpty { spoken.append(.letters(letters)) }
        return spoken
    }

    /// #FF8800
    private static func color(_ line: Line, at i: Int) -> Reading? {
        guard !line.touches(i) || line.kind(i - 1) == .symbol, line.touches(i + 1),
            let (text, tokens, end) = run(line, i + 1),
            text.utf8.count == 6 || text.utf8.count == 3 || text.utf8.count == 8, isHex(text), line.ends(end),
            line.letters(i + 1) != nil || tokens > 1, tokens > 1 || text == text.uppercased()
        else { return nil }
        return Reading(.serial, to: end, spell(text))
    }

    /// 0x1F4, a hash, a long code.
    private static func chain(_ line: Line, at i: Int) -> Reading? {
        guard let (text, tokens, end) = run(line, i), tokens > 1,
            line.ends(end) || line.isDash(end) || line.joined(end, "(")
        else { return nil }
        if text.hasPrefix("0x") || text.hasPrefix("0X"), text.utf8.count > 2, isHex(String(text.dropFirst(2))) {
            return Reading(.serial, to: end, [.word("zero"), .letters("X")] + spell(String(text.dropFirst(2))))
        }
        if let groups = groups(line, at: i) { return groups }
        guard tokens > 2, text.utf8.count > 6 else { return nil }
        let isHash = isHex(text) && text == text.lowercased() && text.utf8.count(where: { $0 < 58 }) > 1
        let isCode = text == text.uppercased() && text.utf8.count > 7 && !text.contains("X")
        let isLong = text == text.uppercased() && text.utf8.count > 11
        return isHash || isCode || isLong ? Reading(.serial, to: end, spell(text)) : nil
    }

    /// 550e8400-e29b-41d4-a716-446655440000
    private static func groups(_ line: Line, at i: Int) -> Reading? {
        var spoken: [Spoken] = []
        var at = i
        var lengths: [Int] = []
        while let (text, _, end) = run(line, at), isHex(text) {
            if !spoken.isEmpty { spoken.append(.comma) }
            spoken += spell(text)
            lengths.append(text.utf8.count)
            guard line.joined(end, "-"), line.touches(end + 1) else {
                return lengths == [8, 4, 4, 4, 12] && line.ends(end) ? Reading(.serial, to: end, spoken) : nil
            }
            at = end + 1
        }
        return nil
    }

    /// 00:1A:2B:3C:4D:5E, fe80::1ff:fe23:4567:890a: at least three groups, and a letter or an empty group among them.
    private static func address(_ line: Line, at i: Int) -> Reading? {
        var spoken: [Spoken] = []
        var at = i
        var groups = 0
        var isEmpty = false
        var hasLetters = false
        var isPaired = true
        while let (text, _, end) = run(line, at), isHex(text), text.utf8.count < 5 {
            if groups > 0, !isEmpty || spoken.last != .word("colon") { spoken.append(.comma) }
            spoken += spell(text)
            hasLetters = hasLetters || text.utf8.contains { $0 > 57 }
            isPaired = isPaired && text.utf8.count == 2
            groups += 1
            at = end
            let isDashed = line.joined(end, "-") && isPaired
            guard line.joined(end, ":") || isDashed else { break }
            if line.joined(end + 1, ":") {
                isEmpty = true
                spoken += [.word("colon"), .word("colon")]
                at = end + 2
                if !line.touches(at) { break }
            } else if line.touches(end + 1) {
                at = end + 1
            } else {
                break
            }
        }
        guard groups > 1, line.ends(at) || line.joined(at, "/") || line.symbol(at, "%") else { return nil }
        return groups == 6 && isPaired && hasLetters || isEmpty && (hasLetters || groups > 2)
            || groups == 8 && !isPaired
            ? Reading(.electronic, to: at, spoken) : nil
    }
}
