import Files

/// The id of an item, which names its file: 1 to 200 ASCII letters, digits, '-', '_' and '.', the first a letter, digit
/// or '_'.
public struct ItemName: Sendable, Hashable, CustomStringConvertible {
    public static let longest = 200

    public let text: String
    /// From SHA-256 of the id: the same on every machine, and even over shards.
    public let spread: UInt64

    /// - Returns: nil if the text is not an id.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...Self.longest).contains(bytes.count) else { return nil }
        for (place, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                continue
            case UInt8(ascii: "-"), UInt8(ascii: "."): if place == 0 { return nil }
            default: return nil
            }
        }
        self.text = text
        spread = UInt64(Digest.sha256(bytes).prefix(16), radix: 16) ?? 0
    }

    public var description: String { text }
}
