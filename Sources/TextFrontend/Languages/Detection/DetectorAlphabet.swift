/// The letters that language detection uses, each a code of six bits: a–z and those with accents, in small letters.
enum DetectorAlphabet {
    enum Kind { case letter, apostrophe, sign, mark, none }

    /// What stands at a place of a text.
    struct Found {
        var kind: Kind
        /// 0 if language detection ignores it.
        var code: UInt8 = 0
        /// Bytes.
        var length: Int
        var isCapital = false
    }

    /// Bits of a code.
    static let bits = 6
    /// Letters that a key has room for.
    static let longestKey = 64 / bits

    private static let all = Array("_'¿¡abcdefghijklmnopqrstuvwxyzáéíóúüñàèìòùâêîôûëïœæçÿãõ".unicodeScalars)
    /// Stands at both ends of a word.
    static let edge = code("_")

    /// 0 for a sign that is not a letter here.
    static func code(_ scalar: Unicode.Scalar) -> UInt8 { UInt8((all.firstIndex(of: scalar) ?? -1) + 1) }

    static func key(_ codes: [UInt8]) -> UInt64 { codes.reduce(0) { $0 << bits | UInt64($1) } }

    /// Codes of ASCII and Latin-1, capitals as small letters.
    private static let latin: [UInt8] = (0..<256).map { value -> UInt8 in
        let isCapital = value >= 65 && value <= 90 || value >= 0xC0 && value <= 0xDE && value != 0xD7
        guard let scalar = Unicode.Scalar(UInt32(isCapital ? value + 32 : value)) else { return 0 }
        return scalar == "_" ? 0 : code(scalar)
    }
    private static let (ligature, diaeresis, apostrophe) = (code("œ"), code("ÿ"), code("'"))

    /// What stands at a place of UTF-8.
    static func letter(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, end: Int) -> Found {
        let byte = bytes[at]
        if byte < 0x80 {
            if byte == UInt8(ascii: "'") { return Found(kind: .apostrophe, code: apostrophe, length: 1) }
            let code = latin[Int(byte)]
            return Found(
                kind: code > 0 ? .letter : .none, code: code, length: 1, isCapital: byte >= 65 && byte <= 90)
        }
        guard byte >= 0xC0, at + 1 < end else { return Found(kind: .none, length: 1) }
        let next = bytes[at + 1]
        switch byte {
        case 0xC2:
            let isSign = next == 0xBF || next == 0xA1
            return Found(kind: isSign ? .sign : .none, code: isSign ? latin[Int(next)] : 0, length: 2)
        case 0xC3:
            let code = latin[Int(next & 0x3F) + 0xC0]
            return Found(kind: code > 0 ? .letter : .none, code: code, length: 2, isCapital: next < 0x9F)
        case 0xC5 where next == 0x92 || next == 0x93:
            return Found(kind: .letter, code: ligature, length: 2, isCapital: next == 0x92)
        case 0xC5 where next == 0xB8: return Found(kind: .letter, code: diaeresis, length: 2, isCapital: true)
        // Accents that follow their letter, which then counts without.
        case 0xCC: return Found(kind: .mark, length: 2)
        case 0xE2 where next == 0x80 && at + 2 < end && bytes[at + 2] == 0x99:
            return Found(kind: .apostrophe, code: apostrophe, length: 3)
        default: return Found(kind: .none, length: byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2)
        }
    }
}
