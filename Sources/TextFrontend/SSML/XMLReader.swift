/// What is wrong with a document, and where.
struct MarkupProblem: Error {
    /// Offset of the mistake in UTF-8.
    var at: Int
    var problem: String
    var remedy: String
}

/// A pull parser for the part of XML 1.0 that speech documents need: elements, attributes, text, CDATA, comments, the
/// five named entities and numeric ones. Document types, and with them all other entities, are refused: nothing in a
/// document can make it larger than it is or name another file. Needs memory only for one tag or one stretch of text at
/// a time.
struct XMLReader {
    struct Attribute {
        var name: String
        var value: String
        var at: Int
    }

    /// A stretch of text: bytes, and where in the document they stand.
    struct Run {
        var text: [UInt8]
        var source: Range<Int>
        /// Byte for byte as in the document.
        var isLiteral: Bool
    }

    enum Event {
        /// `place` is the whole tag.
        case open(name: String, attributes: [Attribute], isEmpty: Bool, place: Range<Int>)
        case close(name: String, place: Range<Int>)
        case text(Run)
        case end
    }

    static let longestName = 128
    static let longestValue = 8192
    static let mostAttributes = 32

    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var at = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        // A byte-order mark is not text.
        if starts(with: "\u{FEFF}") { at = 3 }
    }

    private func fail(_ at: Int, _ problem: String, _ remedy: String) -> MarkupProblem {
        MarkupProblem(at: at, problem: problem, remedy: remedy)
    }

    private func starts(with text: StaticString) -> Bool {
        guard at + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { text in
            for (i, byte) in text.enumerated() where bytes[at + i] != byte { return false }
            return true
        }
    }

    mutating func next() throws(MarkupProblem) -> Event {
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "<") else { return .text(try text()) }
            if starts(with: "<!--") {
                try skip(4, to: "-->", "the comment")
            } else if starts(with: "<![CDATA[") {
                let start = at + 9
                try skip(9, to: "]]>", "the CDATA section")
                if at - 3 > start {
                    let place = start..<at - 3
                    try check(place)
                    return .text(Run(text: Array(bytes[place]), source: place, isLiteral: true))
                }
            } else if starts(with: "<?") {
                try skip(2, to: "?>", "the processing instruction")
            } else if starts(with: "<!") {
                throw fail(
                    at, "a document type or declaration is not accepted", "remove <!…>; entities cannot be defined")
            } else if starts(with: "</") {
                return try closing()
            } else {
                return try opening()
            }
        }
        return .end
    }

    /// Skips past the next `end`.
    private mutating func skip(_ length: Int, to end: StaticString, _ what: String) throws(MarkupProblem) {
        let start = at
        at += length
        while at < bytes.count {
            if starts(with: end) {
                at += end.utf8CodeUnitCount
                return
            }
            at += 1
        }
        throw fail(start, "\(what) that begins here is not closed", "close it with \(end)")
    }

    private func check(_ place: Range<Int>) throws(MarkupProblem) {
        for at in place where bytes[at] < 32 && bytes[at] != 9 && bytes[at] != 10 && bytes[at] != 13 {
            throw fail(at, "the control character \(Unicode.Scalar(bytes[at]).codePoint) is not allowed", "remove it")
        }
    }

    // MARK: Text

    private mutating func text() throws(MarkupProblem) -> Run {
        let start = at
        if bytes[at] == UInt8(ascii: "&") {
            let text = try reference()
            return Run(text: Array(text.utf8), source: start..<at, isLiteral: false)
        }
        while at < bytes.count, bytes[at] != UInt8(ascii: "<"), bytes[at] != UInt8(ascii: "&") { at += 1 }
        try check(start..<at)
        return Run(text: Array(bytes[start..<at]), source: start..<at, isLiteral: true)
    }

    /// The text of the entity at `at`.
    private mutating func reference() throws(MarkupProblem) -> String {
        let start = at
        var end = at + 1
        while end < bytes.count, end - at < 16, bytes[end] != UInt8(ascii: ";"), bytes[end] > 32 { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else {
            throw fail(start, "\"&\" begins an entity without \";\"", "write &amp; for an ampersand")
        }
        let name = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
        at = end + 1
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        if name.hasPrefix("#") {
            let digits = name.dropFirst()
            let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            if let value, let scalar = Unicode.Scalar(value), value >= 32 || [9, 10, 13].contains(value),
                value < 0xFFFE || value > 0xFFFF
            {
                return String(Character(scalar))
            }
            throw fail(start, "&\(name); is not a character", "write a code point such as &#233;")
        }
        throw fail(start, "the entity &\(name); is not defined", "use the character itself, or a number such as &#233;")
    }

    // MARK: Tags

    private mutating func name() throws(MarkupProblem) -> String {
        let start = at
        while at < bytes.count, Self.isName(bytes[at]) { at += 1 }
        guard at > start, !(48...57).contains(bytes[start]), bytes[start] != 45, bytes[start] != 46 else {
            throw fail(start, "a name is missing here", "write &lt; for a \"<\" in the text")
        }
        guard at - start <= Self.longestName else {
            throw fail(start, "a name has \(at - start) bytes", "use at most \(Self.longestName)")
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        (byte | 32) >= 97 && (byte | 32) <= 122 || byte >= 48 && byte <= 58 || byte == 45 || byte == 46 || byte == 95
            || byte >= 0x80
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 32 || bytes[at] == 9 || bytes[at] == 10 || bytes[at] == 13 { at += 1 }
    }

    private mutating func closing() throws(MarkupProblem) -> Event {
        let start = at
        at += 2
        let name = try name()
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: ">") else {
            throw fail(start, "the tag </\(name) is not closed", "close it with \">\"")
        }
        at += 1
        return .close(name: name, place: start..<at)
    }

    private mutating func opening() throws(MarkupProblem) -> Event {
        let start = at
        at += 1
        let name = try name()
        var attributes: [Attribute] = []
        while true {
            let before = at
            skipSpace()
            guard at < bytes.count else { throw fail(start, "the tag <\(name) is not closed", "close it with \">\"") }
            if bytes[at] == UInt8(ascii: ">") {
                at += 1
                return .open(name: name, attributes: attributes, isEmpty: false, place: start..<at)
            }
            if starts(with: "/>") {
                at += 2
                return .open(name: name, attributes: attributes, isEmpty: true, place: start..<at)
            }
            guard at > before else {
                throw fail(
                    at, "<\(name) contains something other than attributes", "write attributes as name=\"value\"")
            }
            let attribute = try attribute(of: name)
            if attributes.contains(where: { $0.name == attribute.name }) {
                throw fail(attribute.at, "<\(name)> has two attributes \(attribute.name)", "remove one")
            }
            guard attributes.count < Self.mostAttributes else {
                throw fail(attribute.at, "<\(name)> has more than \(Self.mostAttributes) attributes", "remove some")
            }
            attributes.append(attribute)
        }
    }

    private mutating func attribute(of element: String) throws(MarkupProblem) -> Attribute {
        let start = at
        guard Self.isName(bytes[at]) else {
            throw fail(
                at, "<\(element) contains something other than attributes", "write attributes as name=\"value\"")
        }
        let name = try name()
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else {
            throw fail(start, "the attribute \(name) of <\(element)> has no value", "write \(name)=\"value\"")
        }
        at += 1
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") else {
            throw fail(at, "the value of \(name) in <\(element)> is not quoted", "write \(name)=\"value\"")
        }
        let quote = bytes[at]
        let open = at
        at += 1
        var value: [UInt8] = []
        while at < bytes.count, bytes[at] != quote {
            if bytes[at] == UInt8(ascii: "<") {
                throw fail(at, "the value of \(name) contains \"<\"", "write &lt;, or close the value with a quote")
            }
            if bytes[at] == UInt8(ascii: "&") {
                value += try reference().utf8
            } else {
                try check(at..<at + 1)
                value.append(bytes[at] < 32 ? 32 : bytes[at])
                at += 1
            }
            guard value.count <= Self.longestValue else {
                throw fail(start, "the value of \(name) is longer than \(Self.longestValue) bytes", "shorten it")
            }
        }
        guard at < bytes.count else { throw fail(open, "the value of \(name) is not closed", "close it with a quote") }
        at += 1
        return Attribute(name: name, value: String(decoding: value, as: UTF8.self), at: start)
    }
}
