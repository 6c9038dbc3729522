import FoundationEssentials
import SpeechSignal

/// The pronunciation dictionary: one mapped file of sorted, front-coded words (layout:
/// Training/frontend/compile_lexicon.py).
///
/// Look-up is a binary search over blocks of 16 words and a scan of one block: O(log n), no allocation but the
/// answer's.
struct Lexicon: Sendable {
    /// One word's pronunciations in one accent.
    struct Entry: Sendable {
        /// From the dictionary checked by hand ("gold"), not the generated one ("silver").
        var checked: Bool
        /// (key, phonemes); empty phonemes say that the letters are read out. The first is the default one.
        var variants: [(tag: LexiconTag, phonemes: Phonemes)]

        var standard: Phonemes { variants.first { $0.tag == .standard }?.phonemes ?? variants.first?.phonemes ?? [] }

        func phonemes(for tag: Tag, phraseFinal: Bool) -> Phonemes {
            if variants.count == 1 { return variants[0].phonemes }
            if phraseFinal, let final = variants.first(where: { $0.tag == .phraseFinal }) { return final.phonemes }
            for candidate in LexiconTag.candidates(tag) {
                if let found = variants.first(where: { $0.tag == candidate }) { return found.phonemes }
            }
            return standard
        }
    }

    let count: Int
    private let data: Data
    private let blockCount: Int
    private let indexOffset: Int
    private let recordsOffset: Int

    private static let magic = "STARLEX1"
    private static let headerLength = 64

    init(contentsOf url: URL) throws(FrontendError) {
        let file = url.path
        guard let data = try? Data(contentsOf: url, options: .alwaysMapped) else { throw .missing(file: file) }
        guard data.count >= Self.headerLength else {
            throw .corrupt(file: file, reason: "\(data.count) bytes are too few for its header")
        }
        let found = String(decoding: data.prefix(8), as: UTF8.self)
        guard found.hasPrefix("STARLEX") else {
            throw .corrupt(file: file, reason: "it does not begin with \(Self.magic)")
        }
        guard found == Self.magic else { throw .version(file: file, found: found, expected: Self.magic) }
        let header = data.withUnsafeBytes { bytes in
            (0..<6).map { Int(bytes.loadUnaligned(fromByteOffset: 8 + 4 * $0, as: UInt32.self)) }
        }
        guard header[5] == data.count else {
            throw .corrupt(file: file, reason: "it has \(data.count) bytes, but its header says \(header[5])")
        }
        let symbolBytes = data.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: 40, as: UInt32.self)) }
        guard header[1] == 16, header[2] == (header[0] + 15) / 16, Self.headerLength + symbolBytes <= header[3],
            header[3] + 4 * header[2] == header[4], header[4] <= data.count, header[0] > 0
        else { throw .corrupt(file: file, reason: "the offsets in its header are inconsistent") }
        let expected = data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 32, as: UInt64.self) }
        guard Self.checksum(data) == expected else { throw .corrupt(file: file, reason: "its checksum does not match") }
        let symbols = String(decoding: data[Self.headerLength..<Self.headerLength + symbolBytes], as: UTF8.self)
        guard symbols.unicodeScalars.elementsEqual(Phoneme.alphabet) else {
            throw .version(file: file, found: "another phoneme alphabet", expected: "that of symbols.json")
        }
        self.data = data
        count = header[0]
        blockCount = header[2]
        indexOffset = header[3]
        recordsOffset = header[4]
    }

    /// The entry of exactly `word` (ASCII, case counts) in an accent.
    func entry(_ word: [UInt8], accent: Accent) -> Entry? {
        guard !word.isEmpty, word.count < 256 else { return nil }
        return data.withUnsafeBytes { bytes in
            word.withUnsafeBufferPointer { word in
                var low = 0
                var high = blockCount
                while high - low > 1 {
                    let middle = (low + high) / 2
                    let at = block(middle, bytes)
                    let order = Self.compare(bytes, at + 2, Int(bytes[at + 1]), word)
                    if order <= 0 { low = middle } else { high = middle }
                }
                return scan(from: block(low, bytes), last: low == blockCount - 1, bytes, word, accent)
            }
        }
    }

    private func block(_ index: Int, _ bytes: UnsafeRawBufferPointer) -> Int {
        recordsOffset + Int(bytes.loadUnaligned(fromByteOffset: indexOffset + 4 * index, as: UInt32.self))
    }

    /// Walks one block, keeping the number of leading bytes that agree with `word`.
    private func scan(
        from start: Int, last: Bool, _ bytes: UnsafeRawBufferPointer, _ word: UnsafeBufferPointer<UInt8>,
        _ accent: Accent
    ) -> Entry? {
        var at = start
        var agreeing = 0
        let records = last ? count - 16 * (blockCount - 1) : 16
        for _ in 0..<records {
            let shared = Int(bytes[at])
            let suffix = Int(bytes[at + 1])
            let payload = at + 2 + suffix + 2
            if shared < agreeing { return nil }
            if shared == agreeing {
                var i = 0
                while i < suffix, agreeing < word.count, bytes[at + 2 + i] == word[agreeing] {
                    i += 1
                    agreeing += 1
                }
                if i == suffix, agreeing == word.count {
                    return decode(flags: bytes[payload - 2], at: payload, bytes, accent)
                }
            }
            at = payload + Int(bytes[payload - 1])
        }
        return nil
    }

    private func decode(flags: UInt8, at start: Int, _ bytes: UnsafeRawBufferPointer, _ accent: Accent) -> Entry? {
        let american = accent == .american
        guard flags & (american ? 1 : 4) != 0 else { return nil }
        var at = start
        let shares = flags & 16 != 0
        if !american, flags & 1 != 0, !shares { skip(&at, variants: flags & 32 != 0, bytes) }
        let hasVariants = flags & (american || shares ? 32 : 64) != 0
        var entry = Entry(checked: flags & (american ? 2 : 8) != 0, variants: [])
        if hasVariants {
            let number = Int(bytes[at])
            at += 1
            for _ in 0..<number {
                let tag = LexiconTag(rawValue: bytes[at]) ?? .standard
                at += 1
                entry.variants.append((tag, read(&at, bytes)))
            }
        } else {
            entry.variants = [(.standard, read(&at, bytes))]
        }
        return entry
    }

    private func read(_ at: inout Int, _ bytes: UnsafeRawBufferPointer) -> Phonemes {
        let start = at
        while at < bytes.count, bytes[at] != 0 { at += 1 }
        defer { at += 1 }
        return bytes[start..<at].compactMap(Phoneme.init(rawValue:))
    }

    private func skip(_ at: inout Int, variants: Bool, _ bytes: UnsafeRawBufferPointer) {
        var remaining = 1
        if variants {
            remaining = Int(bytes[at])
            at += 1
        }
        while remaining > 0 {
            if variants { at += 1 }
            while at < bytes.count, bytes[at] != 0 { at += 1 }
            at += 1
            remaining -= 1
        }
    }

    private static func compare(
        _ bytes: UnsafeRawBufferPointer, _ at: Int, _ length: Int, _ word: UnsafeBufferPointer<UInt8>
    ) -> Int {
        for i in 0..<min(length, word.count) where bytes[at + i] != word[i] {
            return bytes[at + i] < word[i] ? -1 : 1
        }
        return length - word.count
    }

    /// A multiply-rotate hash over the 8-byte words after the header.
    private static func checksum(_ data: Data) -> UInt64 {
        data.withUnsafeBytes { bytes in
            var state: UInt64 = 0x9E37_79B9_7F4A_7C15
            var at = headerLength
            while at < bytes.count {
                var word: UInt64 = 0
                if at + 8 <= bytes.count {
                    word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                } else {
                    for i in at..<bytes.count { word |= UInt64(bytes[i]) << UInt64(8 * (i - at)) }
                }
                state = (state ^ word) &* 0xFF51_AFD7_ED55_8CCD
                state = (state << 29) | (state >> 35)
                at += 8
            }
            return state
        }
    }
}
