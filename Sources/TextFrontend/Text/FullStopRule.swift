/// Whether a full stop ends its sentence or belongs to an abbreviation, a number or an initial.
protocol FullStopRule: Sendable {
    /// - Parameters:
    ///   - stop: a single full stop, before a blank and then no small letter
    ///   - begin: where the sentence begins
    ///   - next: the first letter, figure or sign after the blank
    func ends(_ bytes: UnsafeBufferPointer<UInt8>, at stop: Int, begin: Int, next: Int) -> Bool
}

/// Full stops of English.
struct EnglishFullStops: FullStopRule {
    let tables: Tables

    func ends(_ bytes: UnsafeBufferPointer<UInt8>, at stop: Int, begin: Int, next: Int) -> Bool {
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
        // the 3rd c. B.C.
        if word == "c", ["A", "B", "AD", "BC", "BCE", "CE"].contains(following) { return false }
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

    /// A verb in small letters after a single name: "Apple Inc. Mary works", but not "Apple Inc. Chairman said".
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
