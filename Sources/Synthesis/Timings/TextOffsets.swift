/// Turns places in UTF-8 bytes into UTF-16 units and code points. Walks from the place asked for last, so that places
/// in about the order of the text cost one pass over it.
struct TextOffsets: Sendable {
    struct Place: Sendable, Equatable {
        var utf8 = 0
        var utf16 = 0
        var scalars = 0
    }

    private var text: String
    private var last = Place()

    init(_ text: String) {
        self.text = text
        self.text.makeContiguousUTF8()
    }

    /// Takes in what follows the text.
    mutating func append(_ more: String) {
        text += more
        text.makeContiguousUTF8()
    }

    mutating func places(of range: Range<Int>) -> (utf16: Range<Int>, scalars: Range<Int>) {
        let (start, end) = (place(of: range.lowerBound), place(of: range.upperBound))
        return (start.utf16..<end.utf16, start.scalars..<end.scalars)
    }

    /// - Parameter offset: where a code point begins, or the end; others count as the next such place.
    mutating func place(of offset: Int) -> Place {
        last =
            text.utf8.withContiguousStorageIfAvailable { bytes in
                var place = last
                let offset = min(max(0, offset), bytes.count)
                while place.utf8 < offset {
                    Self.count(bytes[place.utf8], 1, &place)
                    place.utf8 += 1
                }
                while place.utf8 > offset {
                    place.utf8 -= 1
                    Self.count(bytes[place.utf8], -1, &place)
                }
                return place
            } ?? last
        return last
    }

    /// Every code point is counted at its first byte; those of four bytes are two units of UTF-16.
    private static func count(_ byte: UInt8, _ step: Int, _ place: inout Place) {
        guard byte & 0xC0 != 0x80 else { return }
        place.scalars += step
        place.utf16 += byte >= 0xF0 ? 2 * step : step
    }
}
