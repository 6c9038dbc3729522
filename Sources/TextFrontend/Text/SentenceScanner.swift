/// Finds where sentences end, looking at no more than a sentence and its neighbourhood at a time.
struct SentenceScanner: Sendable {
    let tables: Tables

    /// Sentences longer than this are cut behind a clause, or else at a blank.
    static let longest = 1200

    struct Found {
        var range: Range<Int>
        var endsParagraph: Bool
        /// Offset to go on from.
        var next: Int
        /// The sentence was too long, and goes on.
        var continues = false
    }

    /// - Parameter marked: what the bytes belong to, if it is no plain text; brackets then are only brackets.
    func next(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, marked: MarkedText? = nil) -> Found? {
        var begin = start
        while begin < bytes.count, isSpace(bytes[begin]) { begin += 1 }
        guard begin < bytes.count else { return nil }
        var at = begin
        var lineStart = begin
        var lastBlank: Int?
        let isWhole = marked?.isWhole(begin) ?? false
        var lastClause: Int?
        while at < bytes.count {
            if let end = marked?.itemEnd(at: at) {
                at = end
                continue
            }
            let byte = bytes[at]
            if at - begin > Self.longest, let cut = lastClause ?? lastBlank {
                var found = found(begin, cut, false, bytes)
                found.continues = !found.endsParagraph
                return found
            }
            if at - begin > 2 * Self.longest {
                while at > begin + 1, bytes[at] & 0xC0 == 0x80 { at -= 1 }
                return found(begin, at, false, bytes)
            }
            switch byte {
            case UInt8(ascii: "\\") where marked == nil && at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "["):
                at += 2
                continue
            case UInt8(ascii: "[") where marked == nil:
                if let (markup, end) = Markup.parse(bytes, at: at) {
                    // A pause before anything is said stands for itself.
                    if case .pause = markup, at == begin { return found(begin, end, false, bytes) }
                    at = end
                    continue
                }
            case UInt8(ascii: "\n"):
                if let end = lineEnd(bytes, at: at, lineStart: lineStart) { return found(begin, at, end, bytes) }
                lineStart = at + 1
                lastBlank = at
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                lastBlank = at
                if at - begin > Self.longest / 3, [44, 58, 59].contains(bytes[at - 1]) { lastClause = at }
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), 0xE2, 0xE3, 0xEF:
                if !isWhole, let end = sentenceEnd(bytes, at: at, begin: begin, inline: marked == nil) {
                    return found(begin, end, false, bytes)
                }
            default: break
            }
            at += 1
        }
        return Found(range: begin..<trimmed(begin, bytes.count, bytes), endsParagraph: true, next: bytes.count)
    }

    private func found(_ begin: Int, _ end: Int, _ paragraph: Bool, _ bytes: UnsafeBufferPointer<UInt8>) -> Found {
        var at = end
        var newlines = 0
        while at < bytes.count, isSpace(bytes[at]) {
            if bytes[at] == 10 { newlines += 1 }
            at += 1
        }
        return Found(
            range: begin..<trimmed(begin, end, bytes), endsParagraph: paragraph || newlines > 1 || at == bytes.count,
            next: at)
    }

    private func trimmed(_ begin: Int, _ end: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var end = end
        while end > begin, isSpace(bytes[end - 1]) { end -= 1 }
        return end
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte >= 9 && byte <= 13 }

    /// Whether a line break ends the sentence: nil: no; true: with its paragraph.
    private func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, lineStart: Int) -> Bool? {
        var next = at + 1
        while next < bytes.count, bytes[next] == 32 || bytes[next] == 9 || bytes[next] == 13 { next += 1 }
        guard next < bytes.count else { return true }
        if bytes[next] == 10 { return true }
        // A short line before a capital, a figure or a bullet: a heading, a verse, a list.
        let first = bytes[next]
        let opens =
            first >= 65 && first <= 90 || first >= 48 && first <= 57 || first == UInt8(ascii: "#")
            || first == UInt8(ascii: "*")
            || first == UInt8(ascii: "-") || first == 0xE2
        return opens && at - lineStart < 48 ? false : nil
    }

    /// The end of the sentence whose final mark stands at `at`, if it is one.
    ///
    /// - Parameter inline: brackets may be inline mark-up.
    private func sentenceEnd(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, begin: Int, inline: Bool) -> Int? {
        var at = start
        var stops = 0
        var strong = false
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: ".") {
                stops += 1
                at += 1
            } else if bytes[at] == UInt8(ascii: "!") || bytes[at] == UInt8(ascii: "?") {
                strong = true
                at += 1
            } else if matches(bytes, at, [0xE2, 0x80, 0xA6]) {  // …
                stops += 3
                at += 3
            } else if matches(bytes, at, [0xE3, 0x80, 0x82]) || matches(bytes, at, [0xEF, 0xBC, 0x81])
                || matches(bytes, at, [0xEF, 0xBC, 0x9F])
            {
                return at + 3  // 。！？ need no blank
            } else {
                break
            }
        }
        guard stops > 0 || strong else { return nil }
        let mark = at
        while at < bytes.count {
            if [34, 39, 41, 93, 125, 42, 95].contains(bytes[at]) {
                at += 1
            } else if matches(bytes, at, [0xE2, 0x80, 0x9D]) || matches(bytes, at, [0xE2, 0x80, 0x99]) {  // ” ’
                at += 3
            } else if matches(bytes, at, [0xC2, 0xBB]) {  // »
                at += 2
            } else {
                break
            }
        }
        guard at < bytes.count else { return at }
        guard isSpace(bytes[at]) else { return nil }
        var next = at
        while next < bytes.count, isSpace(bytes[next]) { next += 1 }
        // What follows a pause tells whether the sentence goes on.
        while inline, next < bytes.count, bytes[next] == UInt8(ascii: "["),
            case (.pause, let behind)? = Markup.parse(bytes, at: next)
        {
            next = behind
            while next < bytes.count, isSpace(bytes[next]) { next += 1 }
        }
        guard next < bytes.count else { return at }
        var first = next
        while first < bytes.count,
            [34, 39, 40, 91, 42, 95].contains(bytes[first])
                || bytes[first] == 0xE2 && first + 2 < bytes.count && bytes[first + 1] == 0x80
        {
            first += bytes[first] == 0xE2 ? 3 : 1
        }
        // 3! = 6
        if bytes[next] == UInt8(ascii: "="), next + 1 < bytes.count, bytes[next + 1] == 32 { return nil }
        let small = first < bytes.count && bytes[first] >= 97 && bytes[first] <= 122
        if small { return strong && at == mark ? at : nil }
        if strong || stops > 1 { return at }
        return stopEnds(bytes, at: start, begin: begin, next: first) ? at : nil
    }

    private func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ pattern: [UInt8]) -> Bool {
        guard at + pattern.count <= bytes.count else { return false }
        for (i, byte) in pattern.enumerated() where bytes[at + i] != byte { return false }
        return true
    }

    /// A single full stop before a capital, a figure or a sign: abbreviation or end?
    private func stopEnds(_ bytes: UnsafeBufferPointer<UInt8>, at stop: Int, begin: Int, next: Int) -> Bool {
        var start = stop
        while start > begin, isWordByte(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: ".") && start - 1 > begin
        { start -= 1 }
        guard start < stop, stop - start <= 16 else { return true }
        let word = String(decoding: bytes[start..<stop], as: UTF8.self)
        var end = next
        while end < bytes.count, end - next < 16, isWordByte(bytes[end]) { end += 1 }
        let following = String(decoding: bytes[next..<end], as: UTF8.self)
        let opensSentence = AddressRule.isCommonWord(following) || SentenceOpeners.words.contains(following)
        if ["a.m", "p.m", "A.M", "P.M"].contains(word) {
            return bytes[next] >= 65 && bytes[next] <= 90 && !SentenceOpeners.followsClock(following)
        }
        if word.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) { return start != begin || word.utf8.count > 3 }
        let digitFollows = next < bytes.count && bytes[next] >= 48 && bytes[next] <= 57
        if word.utf8.count == 1, digitFollows,
            tables.abbreviations[word]?.contains(where: { $0.place == .number }) == true
        {
            return false
        }
        // 3s. 6d.
        if digitFollows, word.hasSuffix("s"), following.hasSuffix("d"),
            word.dropLast().utf8.allSatisfy({ $0 >= 48 && $0 <= 57 })
        {
            return false
        }
        if word == "v", bytes[next] >= 65, bytes[next] <= 90 { return false }
        if word.utf8.count == 1, word != "I" { return opensSentence || word.first?.isLowercase == true }
        let lower = word.lowercased()
        let title = lower.prefix(1).uppercased() + lower.dropFirst()
        if digitFollows, CalendarRule.month(word) != nil, word.utf8.count < 5 { return false }
        guard let candidates = tables.abbreviations[word] ?? tables.abbreviations[title] ?? tables.abbreviations[lower]
        else {
            return !word.contains(".") || opensSentence || word.utf8.count > 7
        }
        if SentenceOpeners.companies.contains(word), goesOn(bytes, behind: end, following) { return true }
        var answer = true
        for candidate in candidates {
            switch candidate.place {
            case .name: answer = answer && opensSentence && candidates.count > 1
            case .number:
                let romanFollows = following != "I" && NumberWords.roman(following) != nil
                answer = answer && !digitFollows && !romanFollows && !isCode(bytes, next)
            case .verse: answer = answer && !digitFollows
            case .any where !candidate.endsSentence: answer = false
            case .any, .street, .state: answer = answer && opensSentence
            }
        }
        return answer
    }

    /// A verb in small letters behind a single name: "Apple Inc. Mary works", but not "Apple Inc. Chairman said".
    private func goesOn(_ bytes: UnsafeBufferPointer<UInt8>, behind end: Int, _ following: String) -> Bool {
        guard following.first?.isUppercase == true, following.dropFirst().contains(where: \.isLowercase),
            !SentenceOpeners.roles.contains(following), end + 1 < bytes.count, bytes[end] == 32,
            bytes[end + 1] >= 97, bytes[end + 1] <= 122
        else { return false }
        var stop = end + 1
        while stop < bytes.count, isWordByte(bytes[stop]) { stop += 1 }
        return !["of", "and", "the", "in", "for", "at", "on"].contains(
            String(decoding: bytes[end + 1..<stop], as: UTF8.self))
    }

    /// A code of capitals and figures begins at `start`: no. SN-0042.
    private func isCode(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        var at = start
        while at < bytes.count, at - start < 6, bytes[at] >= 65 && bytes[at] <= 90 || bytes[at] == UInt8(ascii: "-") {
            at += 1
        }
        return at > start && at < bytes.count && bytes[at] >= 48 && bytes[at] <= 57
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        (byte | 32) >= 97 && (byte | 32) <= 122 || byte >= 48 && byte <= 57 || byte >= 0x80 || byte == 39
    }
}
