/// Reads the plain part of JSON in one pass: objects, arrays, strings without escapes, small whole numbers. Everything
/// else, valid or not, is refused, and left to a decoder that knows it all.
struct PlainJSON {
    private let bytes: [UInt8]
    private var place = 0

    /// - Parameter bytes: UTF-8
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether nothing but white space is left.
    mutating func isAtEnd() -> Bool {
        skipSpace()
        return place == bytes.count
    }

    /// Reads an object.
    ///
    /// - Parameter member: reads the value of a key; false refuses it.
    /// - Returns: whether all of it was read.
    mutating func object(_ member: (_ key: String, _ json: inout PlainJSON) -> Bool) -> Bool {
        list(from: "{", to: "}") { json in
            guard let key = json.string(), json.take(":") else { return false }
            return member(String(decoding: key, as: UTF8.self), &json)
        }
    }

    /// Reads an array.
    ///
    /// - Parameter element: reads one element; false refuses it.
    /// - Returns: whether all of it was read.
    mutating func array(_ element: (_ json: inout PlainJSON) -> Bool) -> Bool { list(from: "[", to: "]", element) }

    /// The bytes of a string.
    mutating func string() -> ArraySlice<UInt8>? {
        guard take("\"") else { return nil }
        let start = place
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                place += 1
                return bytes[start..<place - 1]
            case 0..<0x20, UInt8(ascii: "\\"): return nil
            default: place += 1
            }
        }
        return nil
    }

    /// A whole number from 1 to 9,999; what follows it has to be checked by the caller, as objects and arrays do.
    mutating func number() -> Int? {
        skipSpace()
        let digits = bytes[place...].prefix(4).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let first = digits.first, first != UInt8(ascii: "0") else { return nil }
        place += digits.count
        return digits.reduce(0) { 10 * $0 + Int($1 - UInt8(ascii: "0")) }
    }

    private mutating func list(
        from open: Unicode.Scalar, to close: Unicode.Scalar, _ element: (inout PlainJSON) -> Bool
    ) -> Bool {
        guard take(open) else { return false }
        if take(close) { return true }
        repeat {
            guard element(&self) else { return false }
        } while take(",")
        return take(close)
    }

    /// Takes a character after white space, if it is there.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[place]) { place += 1 }
    }
}
