/// A written word as the lexicon sees it: UTF-8, case kept; in English ASCII, diacritics folded away.
typealias Letters = [UInt8]

extension Letters {
    init(_ string: String) { self = Array(string.utf8) }

    var isLower: Bool { !contains { $0 >= 65 && $0 <= 90 } }
    var isUpper: Bool { !contains { $0 >= 97 && $0 <= 122 } }
    /// Only a–z and A–Z, and at least one.
    var isAlphabetic: Bool { !isEmpty && allSatisfy { ($0 | 32) >= 97 && ($0 | 32) <= 122 } }
    var isTitle: Bool { !isEmpty && self[0] >= 65 && self[0] <= 90 && !dropFirst().contains { $0 >= 65 && $0 <= 90 } }

    func lowercased() -> Letters {
        contains { $0 >= 0x80 }
            ? Letters(String(decoding: self, as: UTF8.self).lowercased()) : map { $0 >= 65 && $0 <= 90 ? $0 | 32 : $0 }
    }

    func uppercased() -> Letters {
        contains { $0 >= 0x80 }
            ? Letters(String(decoding: self, as: UTF8.self).uppercased())
            : map { $0 >= 97 && $0 <= 122 ? $0 & 0xDF : $0 }
    }

    func capitalized() -> Letters {
        var result = lowercased()
        if let first = result.first, first >= 97, first <= 122 { result[0] = first & 0xDF }
        return result
    }

    func ends(with suffix: StaticString) -> Bool {
        let length = suffix.utf8CodeUnitCount
        guard count >= length else { return false }
        return suffix.withUTF8Buffer { buffer in
            for i in 0..<length where self[count - length + i] != buffer[i] { return false }
            return true
        }
    }

    func dropping(_ number: Int, adding suffix: String = "") -> Letters { Letters(dropLast(number)) + suffix.utf8 }
}
