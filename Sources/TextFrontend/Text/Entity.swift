/// Named and numbered character references (&amp; &#8217;) left over from HTML, and what EPUB texts are full of.
public enum Entity {
    private static let names: [String: UInt32] = [
        "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "nbsp": 0x20, "ensp": 0x20, "emsp": 0x20,
        "thinsp": 0x20, "shy": 0xAD, "ndash": 0x2013, "mdash": 0x2014, "lsquo": 0x2018, "rsquo": 0x2019,
        "sbquo": 0x201A,
        "ldquo": 0x201C, "rdquo": 0x201D, "bdquo": 0x201E, "laquo": 0xAB, "raquo": 0xBB, "hellip": 0x2026,
        "bull": 0x2022,
        "middot": 0xB7, "copy": 0xA9, "reg": 0xAE, "trade": 0x2122, "deg": 0xB0, "plusmn": 0xB1, "times": 0xD7,
        "divide": 0xF7, "frac12": 0xBD, "frac14": 0xBC, "frac34": 0xBE, "pound": 0xA3, "euro": 0x20AC, "yen": 0xA5,
        "cent": 0xA2, "sect": 0xA7, "para": 0xB6, "prime": 0x2032, "Prime": 0x2033, "minus": 0x2212, "ne": 0x2260,
        "le": 0x2264, "ge": 0x2265, "asymp": 0x2248, "infin": 0x221E, "radic": 0x221A, "sup1": 0xB9, "sup2": 0xB2,
        "sup3": 0xB3, "micro": 0xB5, "rarr": 0x2192, "larr": 0x2190, "zwj": 0x200D, "zwnj": 0x200C, "iexcl": 0xA1,
        "iquest": 0xBF, "szlig": 0xDF, "agrave": 0xE0, "aacute": 0xE1, "acirc": 0xE2, "atilde": 0xE3, "auml": 0xE4,
        "aring": 0xE5, "aelig": 0xE6, "ccedil": 0xE7, "egrave": 0xE8, "eacute": 0xE9, "ecirc": 0xEA, "euml": 0xEB,
        "igrave": 0xEC, "iacute": 0xED, "icirc": 0xEE, "iuml": 0xEF, "ntilde": 0xF1, "ograve": 0xF2, "oacute": 0xF3,
        "ocirc": 0xF4, "otilde": 0xF5, "ouml": 0xF6, "oslash": 0xF8, "ugrave": 0xF9, "uacute": 0xFA, "ucirc": 0xFB,
        "uuml": 0xFC, "yacute": 0xFD, "yuml": 0xFF, "oelig": 0x153, "OElig": 0x152, "Agrave": 0xC0, "Aacute": 0xC1,
        "Acirc": 0xC2, "Atilde": 0xC3, "Auml": 0xC4, "Aring": 0xC5, "AElig": 0xC6, "Ccedil": 0xC7, "Egrave": 0xC8,
        "Eacute": 0xC9, "Ecirc": 0xCA, "Euml": 0xCB, "Iacute": 0xCD, "Ntilde": 0xD1, "Oacute": 0xD3, "Ouml": 0xD6,
        "Oslash": 0xD8, "Uacute": 0xDA, "Uuml": 0xDC, "scaron": 0x161, "Scaron": 0x160,
    ]

    /// The longest reference, "&" and ";" included.
    private static let longest = 12

    /// - Parameter start: place of an "&" in UTF-8 text.
    /// - Returns: the character and the place after its reference; nil where the sign is only a sign.
    public static func parse(_ bytes: some RandomAccessCollection<UInt8>, at start: Int) -> (
        scalar: Unicode.Scalar, end: Int
    )? {
        let base = bytes.startIndex
        func byte(_ i: Int) -> UInt8 { bytes[bytes.index(base, offsetBy: i)] }
        guard start + 3 < bytes.count, byte(start) == UInt8(ascii: "&") else { return nil }
        var end = start + 1
        while end < bytes.count, end - start < longest, byte(end) != UInt8(ascii: ";"), byte(end) > 32, byte(end) < 127
        { end += 1 }
        guard end < bytes.count, end > start + 1, byte(end) == UInt8(ascii: ";") else { return nil }
        let name = String(decoding: (start + 1..<end).map(byte), as: UTF8.self)
        let value: UInt32?
        if name.hasPrefix("#x") || name.hasPrefix("#X") {
            value = UInt32(name.dropFirst(2), radix: 16)
        } else if name.hasPrefix("#") {
            value = UInt32(name.dropFirst())
        } else {
            value = names[name]
        }
        guard let value, value >= 32, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, end + 1)
    }
}
