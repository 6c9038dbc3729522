/// Telephone numbers: +34 912 345 678, tel. 600123456, 91 234 56 78.
enum PhoneRule {
    static func read(_ line: LanguageLine, at i: Int) -> Reading? {
        let isInternational = line.symbol(i, "+") && line.touches(i + 1) && line.digits(i + 1) != nil
        let start = isInternational ? i + 1 : i
        guard isInternational || line.symbol(i, "(") || line.digits(i) != nil, line.begins(i) else { return nil }
        var groups: [String] = []
        var at = start
        var end = start
        while at < line.count, groups.count < 8 {
            if let group = line.digits(at) {
                // +55 21 98765-4321: behind the country's number and the area's, too.
                let isHead = groups.count < (isInternational ? 3 : 2)
                guard group.utf8.count <= 4 || isHead && group.utf8.count <= 12 else { break }
                groups.append(group)
                at += 1
                end = at
            } else if line.symbol(at, "("), line.digits(at + 1) != nil, line.symbol(at + 2, ")") {
                groups.append(line.tokens[at + 1].text)
                at += 3
                end = at
            } else if line.touches(at), line.touches(at + 1), line.digits(at + 1) != nil,
                line.symbol(at, "-") || line.symbol(at, ".") || line.symbol(at, "/")
            {
                at += 1
            } else {
                break
            }
        }
        let count = groups.reduce(0) { $0 + $1.utf8.count }
        guard !groups.isEmpty, line.ends(end) else { return nil }
        guard
            isInternational && (8...15).contains(count)
                || (3...15).contains(count) && isCued(line, i) && isPlain(groups)
                || !isPointed(line, i, end) && line.rules.isTelephone(groups)
        else { return nil }
        var spoken: [Spoken] = isInternational ? [.word(line.words.plus)] : []
        for (number, group) in groups.flatMap(split).enumerated() {
            if number > 0 { spoken.append(.comma) }
            spoken += line.numbers.telephone(group: group).map(Spoken.word)
        }
        return Reading(.telephone, to: end, spoken)
    }

    /// 635.368.695: points make a number of it.
    private static func isPointed(_ line: LanguageLine, _ i: Int, _ end: Int) -> Bool {
        line.joined(i + 1, ".") && line.number(i)?.isGrouped == true && line.number(i)?.end == end
    }

    /// A word such as "teléfono" stands just before.
    private static func isCued(_ line: LanguageLine, _ i: Int) -> Bool {
        var at = i - 1
        var steps = 0
        while at >= 0, steps < 4 {
            if let word = line.lower(at) {
                if line.rules.telephoneCues.contains(word) { return true }
                if word.utf8.count > 3 { return false }
            } else if line.digits(at) != nil {
                return false
            }
            at -= 1
            steps += 1
        }
        return false
    }

    /// No thousands: 1.500 after "teléfono" may be one.
    private static func isPlain(_ groups: [String]) -> Bool {
        groups.count != 2 || groups[1].utf8.count != 3 || groups[0].utf8.count > 1
    }

    /// Long groups in threes or twos, so that they can be followed.
    private static func split(_ group: String) -> [String] {
        guard group.utf8.count > 4 else { return [group] }
        let size = group.utf8.count % 3 == 0 ? 3 : 2
        var rest = Substring(group)
        var parts: [String] = []
        while !rest.isEmpty {
            // An odd digit goes into the first part.
            let length = parts.isEmpty && size == 2 && rest.utf8.count % 2 == 1 ? 3 : size
            parts.append(String(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return parts
    }
}
