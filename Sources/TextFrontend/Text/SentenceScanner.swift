/// Finds where sentences end, looking at no more than a sentence and its neighborhood at a time.
struct SentenceScanner: Sendable {
    /// What a language knows of its full stops.
    let stops: any FullStopRule
    /// Sentences may begin with ¿, ¡, « or a letter beyond ASCII, which in English text are seldom and read as
    /// capitals.
    var readsAccents = false

    /// Sentences longer than this are cut after a clause, or else at a blank.
    static let longest = 1200

    struct Found {
        var range: Range<Int>
        var endsParagraph: Bool
        /// Offset to go on from.
        var next: Int
        /// The sentence was too long, and continues.
        var continues = false
    }

    /// - Parameter marked: what the bytes belong to, if it is not plain text; brackets then are only brackets.
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
        let isPlus =
            first == UInt8(ascii: "+") && next + 2 < bytes.count && bytes[next + 1] == 32
            && (bytes[next + 2] | 32) >= 97 && (bytes[next + 2] | 32) <= 122
        let opens =
            isPlus || first >= 65 && first <= 90 || first >= 48 && first <= 57 || first == UInt8(ascii: "#")
            || first == UInt8(ascii: "*")
            || first == UInt8(ascii: "-") || first == 0xE2
        return opens && at - lineStart < 48 ? false : nil
    }

    /// The end of the sentence whose final mark stands at `at`, if it is one.
    ///
    /// - Parameter inline: brackets may be inline markup.
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
            } else if let end = spacedQuote(bytes, at) {
                at = end
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
        // What follows a pause tells whether the sentence continues.
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
                || readsAccents && opens(bytes, first)
        {
            first += bytes[first] == 0xE2 ? 3 : bytes[first] == 0xC2 ? 2 : 1
        }
        // 3! = 6
        if bytes[next] == UInt8(ascii: "="), next + 1 < bytes.count, bytes[next + 1] == 32 { return nil }
        let small =
            first < bytes.count
            && (bytes[first] >= 97 && bytes[first] <= 122
                || readsAccents && bytes[first] == 0xC3 && first + 1 < bytes.count && bytes[first + 1] >= 0xA0)
        if small { return strong && at == mark ? at : nil }
        if strong || stops > 1 { return at }
        return self.stops.ends(bytes, at: start, begin: begin, next: first) ? at : nil
    }

    /// The end of a » after a blank, as French writes it.
    private func spacedQuote(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
        guard readsAccents else { return nil }
        for blank in [[0x20], [0xC2, 0xA0], [0xE2, 0x80, 0xAF]] as [[UInt8]]
        where matches(bytes, at, blank + [0xC2, 0xBB]) { return at + blank.count + 2 }
        return nil
    }

    /// ¿, ¡ or « stands here.
    private func opens(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Bool {
        bytes[at] == 0xC2 && at + 1 < bytes.count && [0xBF, 0xA1, 0xAB].contains(bytes[at + 1])
    }

    private func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ pattern: [UInt8]) -> Bool {
        guard at + pattern.count <= bytes.count else { return false }
        for (i, byte) in pattern.enumerated() where bytes[at + i] != byte { return false }
        return true
    }
}
