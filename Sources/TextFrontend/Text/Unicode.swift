import FoundationEssentials

/// How characters outside ASCII are folded (data/frontend/unicode.tsv).
struct UnicodeTable: Sendable {
    private let replacements: [UInt32: [UInt32]]

    init(folder: URL) throws(FrontendError) {
        var replacements: [UInt32: [UInt32]] = [:]
        replacements.reserveCapacity(4096)
        try Tables.rows(folder, "unicode.tsv", columns: 2) {
            if let code = UInt32($0[0], radix: 16) { replacements[code] = $0[1].unicodeScalars.map(\.value) }
        }
        self.replacements = replacements
    }

    /// nil: the character stays.
    func replacement(_ scalar: UInt32) -> [UInt32]? { replacements[scalar] }
}

/// A stretch of text after folding: scalars, and where each began in the original.
struct CleanText {
    var scalars: [UInt32] = []
    /// UTF-8 offsets in the original text; one more than scalars, the last being the end.
    var offsets: [Int] = []
    /// What the text says in brackets, in order; each stands in `scalars` as `Self.markup`.
    var markups: [Markup] = []
    /// A private-use character in place of inline mark-up.
    static let markup: UInt32 = 0xE000

    /// - Parameters:
    ///   - bytes: valid UTF-8.
    ///   - base: offset of the first byte in the original text.
    init(_ bytes: UnsafeBufferPointer<UInt8>, base: Int, table: UnicodeTable) {
        scalars.reserveCapacity(bytes.count)
        offsets.reserveCapacity(bytes.count + 1)
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "["), let (markup, end) = Markup.parse(bytes, at: at) {
                scalars.append(Self.markup)
                offsets.append(base + at)
                markups.append(markup)
                at = end
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
            if let replacement = table.replacement(scalar) {
                for folded in replacement {
                    scalars.append(folded)
                    offsets.append(base + at)
                }
            } else if scalar < 0xA0 || scalar == Self.markup {
                scalars.append(32)
                offsets.append(base + at)
            } else {
                scalars.append(scalar)
                offsets.append(base + at)
            }
            at += length
        }
        offsets.append(base + bytes.count)
    }
}
