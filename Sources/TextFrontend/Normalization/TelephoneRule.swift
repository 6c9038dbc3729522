/// Phone numbers, IP addresses, social security and card numbers: digits one by one, a pause between the groups.
enum TelephoneRule {
    static func read(_ line: Line, at i: Int) -> Reading? {
        if let address = internetAddress(line, at: i) { return address }
        var at = i
        var spoken: [Spoken] = []
        if line.symbol(at, "+"), line.touches(at + 1), line.digits(at + 1) != nil {
            spoken.append(.word("plus"))
            at += 1
        }
        guard var group = group(line, at, first: true) else { return nil }
        var groups: [String] = []
        var letters = false
        let international = !spoken.isEmpty
        var shapes: [Int] = []
        var touching = true
        var hasPoint = false
        while true {
            groups.append(group.text)
            letters = letters || group.letters
            shapes.append(group.text.utf8.count)
            at = group.end
            // A separator: -, ., blank; one hyphen at most.
            var next = at
            let dashed = line.joined(next, "-") || line.joined(next, ".") || line.joined(next, "–")
            let isPoint = line.joined(next, ".")
            if dashed { next += 1 }
            guard
                dashed
                    ? line.touches(next) : !line.touches(next) || line.symbol(next, "(") || line.symbol(next - 1, ")"),
                let following = self.group(line, next, first: false)
            else { break }
            hasPoint = hasPoint || isPoint
            if !dashed { touching = touching && line.symbol(next, "(") }
            group = following
            if groups.count > 7 { return nil }
        }
        // 275.2949 is a decimal.
        if groups.count == 2, hasPoint, !international { return nil }
        // 978–1016 are years.
        if groups.count == 2, line.symbol(i + 1, "–") { return nil }
        guard
            isNumber(
                shapes, international: international, letters: letters, first: groups[0], touching: touching,
                line: line, at: i)
        else { return nil }
        var extensionDigits: String?
        if line.lower(at) == "x" || line.lower(at) == "ext",
            let digits = line.digits(at + (line.joined(at + 1, ".") ? 2 : 1)),
            digits.utf8.count < 6
        {
            extensionDigits = digits
        }
        guard line.ends(at) || extensionDigits != nil || line.lower(at) == "x" || line.joined(at, "/") else {
            return nil
        }
        for (k, text) in groups.enumerated() {
            if k > 0 { spoken.append(.comma) }
            spoken += read(group: text, first: k == 0)
            if k == 0, international, groups.count > 1 { continue }
        }
        if let extensionDigits {
            spoken += [.comma, .word("extension")] + [Spoken](words: NumberWords.digits(extensionDigits))
            at += line.joined(at + 1, ".") ? 3 : 2
        }
        return Reading(.telephone, to: at, spoken)
    }

    /// One group of digits, perhaps in parentheses, or of capital letters ("GO", "HAUL") after the first.
    private static func group(_ line: Line, _ i: Int, first: Bool) -> (text: String, end: Int, letters: Bool)? {
        if line.symbol(i, "("), line.touches(i + 1), let digits = line.digits(i + 1),
            (2...5).contains(digits.utf8.count) || digits == "0", line.joined(i + 2, ")"),
            first || digits.utf8.count != 4 || digits.first == "0"
        {
            return (digits, i + 3, false)
        }
        if let digits = line.digits(i), digits.utf8.count <= 5 || !first && digits.utf8.count <= 8 {
            return (digits, i + 1, false)
        }
        if !first, line.touches(i), let text = line.letters(i), text.utf8.count >= 2,
            text.utf8.allSatisfy({ $0 >= 65 && $0 <= 90 })
        {
            return (text, i + 1, true)
        }
        return nil
    }

    private static func isNumber(
        _ shapes: [Int], international: Bool, letters: Bool, first: String, touching: Bool, line: Line, at i: Int
    ) -> Bool {
        if letters {
            return first == "1" || first == "800" || first.utf8.count == 3 && shapes.count > 1 && first.first == "8"
        }
        let total = shapes.reduce(0, +)
        if international { return (shapes.count > 1 || total > 9) && (7...15).contains(total) }
        if first.hasPrefix("00"), shapes.count > 2 { return (9...17).contains(total) }
        let parenthesis = line.symbol(i, "(")
        switch shapes {
        case [3, 3, 4], [1, 3, 3, 4], [3, 3, 4, 1], [3, 3, 4, 2], [3, 3, 4, 3]:
            return touching || parenthesis || shapes.count == 3
        case [3, 7], [3, 6], [2, 8], [4, 7], [4, 6], [5, 5], [2, 4, 4], [2, 3, 4], [2, 4, 3], [2, 2, 2, 2, 2],
            [3, 2, 2, 2, 2]:
            return first.first == "0"
        case [3, 2, 4]: return touching
        case [3, 4]: return touching && !parenthesis
        case [4, 4, 4, 4], [5, 3, 3], [4, 3, 4], [3, 4, 4], [5, 6], [4, 3, 3], [3, 8]:
            return first.first == "0" || shapes.count > 3 || parenthesis
        default: return false
        }
    }

    private static func read(group: String, first: Bool) -> [Spoken] {
        guard group.utf8.first.map({ $0 < 58 }) ?? false else { return [.word(group)] }
        if first, group.hasPrefix("0"), group.hasSuffix("00"), group.utf8.count == 4, group != "0000" {
            let middle = NumberWords.digits(group.dropFirst().prefix(1))
            return [Spoken](words: ["zero"] + middle + ["hundred"])
        }
        if group.hasSuffix("00"), group.utf8.count == 3, group.first != "0" {
            return [Spoken](words: NumberWords.cardinal(String(group.prefix(1))) + ["hundred"])
        }
        return [Spoken](words: NumberWords.digits(group))
    }

    /// 123.123.0.40
    private static func internetAddress(_ line: Line, at i: Int) -> Reading? {
        var spoken: [Spoken] = []
        var at = i
        for part in 0..<4 {
            if part > 0 {
                guard line.joined(at, "."), line.touches(at + 1) else { return nil }
                at += 1
                spoken.append(.word("dot"))
            }
            guard let digits = line.digits(at), digits.utf8.count <= 3, Int(digits) ?? 999 < 256 else { return nil }
            spoken += [Spoken](words: NumberWords.digits(digits))
            at += 1
        }
        // Its port.
        if line.joined(at, ":"), line.touches(at + 1), let port = line.digits(at + 1), line.ends(at + 2) {
            return Reading(
                .electronic, to: at + 2, spoken + [.word("colon")] + [Spoken](words: NumberWords.digits(port)))
        }
        // Its subnet.
        if line.joined(at, "/"), line.touches(at + 1), let bits = line.digits(at + 1), line.ends(at + 2) {
            return Reading(
                .electronic, to: at + 2, spoken + [.word("slash")] + [Spoken](words: NumberWords.cardinal(bits)))
        }
        return line.ends(at) || line.joined(at, "/") ? Reading(.electronic, to: at, spoken) : nil
    }
}
