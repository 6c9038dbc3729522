import FoundationEssentials

/// A file of code points (hex) and texts, ascending, one a line, apart by a tab. Kept as it is; looked up by bisection.
struct CodePointTable: Sendable {
    private let text: [UInt8]
    private let entries: [(code: UInt32, start: Int32, end: Int32)]

    init(folder: URL, name: String) throws(FrontendError) {
        let url = folder.appendingPathComponent(name)
        guard let data = try? Data(contentsOf: url) else { throw .missing(file: url.path) }
        text = [UInt8](data)
        var entries: [(code: UInt32, start: Int32, end: Int32)] = []
        entries.reserveCapacity(text.count / 8)
        var at = 0
        while at < text.count {
            var code: UInt32 = 0
            let begin = at
            while at < text.count, let digit = Self.hexDigit(text[at]), at - begin < 6 {
                code = code << 4 | digit
                at += 1
            }
            guard at > begin, at < text.count, text[at] == UInt8(ascii: "\t"), code > entries.last?.code ?? 0 else {
                throw .corrupt(
                    file: url.path, reason: "line \(entries.count + 1) does not begin with the next code point")
            }
            let start = at + 1
            while at < text.count, text[at] != UInt8(ascii: "\n") { at += 1 }
            entries.append((code, Int32(start), Int32(at)))
            at += 1
        }
        self.entries = entries
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 48...57: UInt32(byte) - 48
        case 65...70: UInt32(byte) - 55
        default: nil
        }
    }

    subscript(code: UInt32) -> String? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].code == code {
                return String(decoding: text[Int(entries[middle].start)..<Int(entries[middle].end)], as: UTF8.self)
            }
            if entries[middle].code < code { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}

/// How characters outside ASCII are folded (data/frontend/unicode.tsv).
struct UnicodeTable: Sendable {
    private let table: CodePointTable
    /// What is not folded.
    private(set) var letters = LetterSet.ascii

    init(folder: URL) throws(FrontendError) { table = try CodePointTable(folder: folder, name: "unicode.tsv") }

    /// nil: the character stays.
    func replacement(_ scalar: UInt32) -> [UInt32]? {
        letters.keeps(scalar) ? nil : table[scalar]?.unicodeScalars.map(\.value)
    }

    /// The same table for a language that keeps letters and signs.
    func keeping(_ letters: LetterSet) -> UnicodeTable {
        var copy = self
        copy.letters = letters
        return copy
    }
}

/// A stretch of text after folding: scalars, and where each began in the original.
struct CleanText {
    var scalars: [UInt32] = []
    /// UTF-8 offsets in the original text; one more than scalars, the last being the end.
    var offsets: [Int] = []
    /// What the text says in brackets, in order; each stands in `scalars` as `Self.markup`.
    var markups: [Markup] = []
    /// A private-use character in place of inline markup.
    static let markup: UInt32 = 0xE000

    /// - Parameters:
    ///   - bytes: valid UTF-8.
    ///   - base: offset of the first byte in the original text.
    ///   - literal: brackets are only brackets.
    ///   - items: what is not read as written, places counted like `base`.
    init(
        _ bytes: UnsafeBufferPointer<UInt8>, base: Int, table: UnicodeTable, literal: Bool = false,
        items: ArraySlice<MarkedText.Item> = []
    ) {
        var items = items
        scalars.reserveCapacity(bytes.count)
        offsets.reserveCapacity(bytes.count + 1)
        var at = 0
        while at < bytes.count {
            if let item = items.first, item.range.lowerBound <= base + at {
                items.removeFirst()
                scalars.append(Self.markup)
                offsets.append(base + at)
                markups.append(item.markup)
                at = max(at, min(item.range.upperBound - base, bytes.count))
                continue
            }
            let byte = bytes[at]
            if byte == UInt8(ascii: "\\"), !literal, at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "[") {
                scalars.append(UInt32(UInt8(ascii: "[")))
                offsets.append(base + at)
                at += 2
                continue
            }
            if byte == UInt8(ascii: "["), !literal, let (markup, end) = Markup.parse(bytes, at: at) {
                scalars.append(Self.markup)
                offsets.append(base + at)
                markups.append(markup)
                at = end
                continue
            }
            if byte == UInt8(ascii: "&"), !literal, let (scalar, end) = Entity.parse(bytes, at: at) {
                append(scalar.value, at: base + at, table)
                at = end
                continue
            }
            // A terminal's color.
            if byte == 27, at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "[") {
                var end = at + 2
                while end < bytes.count, end - at < 16, bytes[end] >= 0x30, bytes[end] < 0x40 { end += 1 }
                at = end < bytes.count && bytes[end] >= 0x40 && bytes[end] < 0x7F ? end + 1 : end
                continue
            }
            if byte < 0x80 {
                // Control characters separate words.
                scalars.append(byte < 32 || byte == 127 ? 32 : UInt32(byte))
                offsets.append(base + at)
                at += 1
                continue
            }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            var scalar = UInt32(byte) & (length == 4 ? 0x07 : length == 3 ? 0x0F : length == 2 ? 0x1F : 0x7F)
            for i in 1..<max(length, 2) where at + i < bytes.count && length > 1 {
                scalar = scalar << 6 | UInt32(bytes[at + i] & 0x3F)
            }
            if let last = scalars.last, let whole = table.letters.composed(last, scalar) {
                scalars[scalars.count - 1] = whole
            } else if let lone = Self.lone(scalar, bytes, before: at, after: at + length),
                !table.letters.isLetter(scalar)
            {
                scalars.append(lone)
                offsets.append(base + at)
            } else {
                append(scalar, at: base + at, table)
            }
            at += length
        }
        for item in items {
            scalars.append(Self.markup)
            offsets.append(base + bytes.count)
            markups.append(item.markup)
        }
        offsets.append(base + bytes.count)
    }

    /// Appends a scalar as the table folds it.
    private mutating func append(_ scalar: UInt32, at offset: Int, _ table: UnicodeTable) {
        if scalar >= 0x80, let replacement = table.replacement(scalar) {
            for folded in replacement {
                scalars.append(folded)
                offsets.append(offset)
            }
        } else {
            let isBlank = scalar < 32 || scalar >= 127 && scalar < 0xA0 || scalar == Self.markup
            scalars.append(isBlank ? 32 : scalar)
            offsets.append(offset)
        }
    }

    /// A Greek letter that stands alone is a sign (π, Ω, α-helix) and is not spelled in Latin letters; so is Å after a
    /// number, and what is typed for a degree sign.
    private static func lone(
        _ scalar: UInt32, _ bytes: UnsafeBufferPointer<UInt8>, before: Int, after: Int
    ) -> UInt32? {
        switch scalar {
        // The ring and the ordinal that are typed for a degree sign.
        case 0x2DA: return 0xB0
        case 0xBA:
            let digit = before > 0 && bytes[before - 1] == 32 ? before - 2 : before - 1
            let next = after < bytes.count && bytes[after] == 32 ? after + 1 : after
            guard digit >= 0, bytes[digit] >= 48, bytes[digit] <= 57, next < bytes.count,
                [67, 70].contains(bytes[next])
            else {
                return nil
            }
            return 0xB0
        case 0x391...0x3A9, 0x3B1...0x3C9, 0x2126:
            let greek: ClosedRange<UInt8> = 0xCD...0xCF
            if before > 1, greek.contains(bytes[before - 2]) || before > 2 && bytes[before - 3] == 0xE1 { return nil }
            if after < bytes.count, greek.contains(bytes[after]) || bytes[after] == 0xE1 { return nil }
            return scalar == 0x2126 ? 0x3A9 : scalar == 0x3BC ? 0xB5 : scalar
        case 0xC5, 0x212B:
            // A letter follows: a word.
            if after < bytes.count, bytes[after] >= 0x80 || (bytes[after] | 32) >= 97 && (bytes[after] | 32) <= 122 {
                return nil
            }
            let digit = before > 0 && bytes[before - 1] == 32 ? before - 2 : before - 1
            return digit >= 0 && bytes[digit] >= 48 && bytes[digit] <= 57 ? 0xC5 : nil
        default: return nil
        }
    }
}
