/// The name of a voice: 1 to 64 ASCII letters, digits, '-' and '_', the first a letter or digit.
///
/// A name is also a folder's name and part of a mix expression, so nothing else is allowed: no dots, slashes, colons,
/// plus signs or spaces.
public struct VoiceName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name itself.
    public let text: String

    /// - Throws: `VoiceStoreError.badName`
    public init(_ text: String) throws(VoiceStoreError) {
        guard Self.isValid(text.utf8) else { throw .badName(text) }
        self.text = text
    }

    /// For names already checked.
    init(checked text: String) { self.text = text }

    static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        guard (1...64).contains(bytes.count), let first = bytes.first, isAlphanumeric(first) else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// The name itself.
    public var description: String { text }

    /// In the order of their text.
    public static func < (a: VoiceName, b: VoiceName) -> Bool { a.text < b.text }

    /// The names most like a misspelt one, best first, at most three.
    static func closest(to wrong: String, among names: some Sequence<VoiceName>) -> [String] {
        let wrong = String(wrong.prefix(64)).lowercased()
        let limit = max(1, (wrong.count + 1) / 3)
        return names.compactMap { name -> (Int, String)? in
            let candidate = name.text.lowercased()
            let distance = editDistance(Array(wrong.utf8), Array(candidate.utf8))
            if distance <= limit { return (distance, name.text) }
            let related = wrong.count >= 2 && (candidate.contains(wrong) || wrong.contains(candidate))
            return related ? (limit + distance, name.text) : nil
        }
        .sorted { $0 < $1 }.prefix(3).map(\.1)
    }

    /// Levenshtein's distance in bytes.
    private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(diagonal + (x == y ? 0 : 1), above + 1, row[j] + 1)
                diagonal = above
            }
        }
        return row[b.count]
    }
}
