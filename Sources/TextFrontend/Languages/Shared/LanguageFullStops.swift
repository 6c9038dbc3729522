/// Full stops by the abbreviations of a language.
struct LanguageFullStops: FullStopRule {
    let tables: LanguageTables

    func ends(_ bytes: UnsafeBufferPointer<UInt8>, at stop: Int, begin: Int, next: Int) -> Bool {
        var start = stop
        while start > begin, isWordByte(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: ".") && start - 1 > begin
        {
            start -= 1
        }
        guard start < stop, stop - start <= 24 else { return true }
        let word = String(decoding: bytes[start..<stop], as: UTF8.self)
        var end = next
        while end < bytes.count, end - next < 16, isWordByte(bytes[end]) { end += 1 }
        let digitFollows =
            next < bytes.count && bytes[next] >= 48 && bytes[next] <= 57
            || NumberWords.roman(String(decoding: bytes[next..<end], as: UTF8.self)) != nil
        // "1." begins a list; "en 1999." ends a sentence.
        if word.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) { return start != begin || word.utf8.count > 3 }
        if tables.continuations[word]?.contains(bytes[next]) == true { return false }
        if let candidates = tables.abbreviations[word] ?? tables.abbreviations[word.lowercased()] {
            return candidates.allSatisfy { candidate in
                switch candidate.place {
                case .number: !digitFollows
                default: candidate.endsSentence
                }
            }
        }
        // An initial before a name: "J. Borges"; "EE. UU." is in the table as a whole.
        if word.unicodeScalars.count == 1, word != word.lowercased() { return false }
        let lower = word.lowercased()
        if digitFollows,
            tables.months[lower] != nil && !tables.monthNames.contains(lower)
                || tables.weekdays[lower] != nil && !tables.weekdayNames.contains(lower)
        {
            return false
        }
        return true
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        (byte | 32) >= 97 && (byte | 32) <= 122 || byte >= 48 && byte <= 57 || byte >= 0x80
    }
}
