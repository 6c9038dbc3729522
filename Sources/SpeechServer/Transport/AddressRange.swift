import Foundation

/// Addresses that may connect: one, or a network such as `192.168.1.0/24`.
public struct AddressRange: Sendable, Equatable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    private let bytes: [UInt8]
    /// Leading bits that count.
    private let bits: Int

    /// - Parameter text: an IP address as numbers, perhaps with the length of a prefix
    /// - Throws: `ServerError.badAddressRange`
    public init(_ text: String) throws(ServerError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let bytes = Self.bytes(of: String(parts[0])) else {
            throw .badAddressRange(text)
        }
        let most = 8 * bytes.count
        guard let bits = parts.count == 1 ? most : Int(parts[1]), (0...most).contains(bits) else {
            throw .badAddressRange(text)
        }
        (description, self.bytes, self.bits) = (text, bytes, bits)
    }

    /// Whether an address as numbers lies in the range.
    public func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
        return zip(bytes, other).enumerated().allSatisfy { index, pair in
            let counted = min(8, max(0, bits - 8 * index))
            return (pair.0 ^ pair.1) >> (8 - counted) == 0
        }
    }

    /// 4 or 16 bytes; a zone (`fe80::1%eth0`) is not part of the address.
    private static func bytes(of text: String) -> [UInt8]? {
        let text = String(text.prefix { $0 != "%" })
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var six = in6_addr()
        if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: six) { Array($0) } }
        return nil
    }
}
