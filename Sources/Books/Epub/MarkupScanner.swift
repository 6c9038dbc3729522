import TextFrontend

/// Reads XML and HTML as a sequence of tags and texts. Forgiving: what is not a tag is text, an unknown entity stays as
/// it is written, DTDs are skipped and never followed.
struct MarkupScanner: Sequence, IteratorProtocol {
    enum Token: Equatable {
        case start(String, [String: String], isClosed: Bool)
        case end(String)
        case text(String)
    }

    private let bytes: [UInt8]
    private var at = 0
    /// A tag whose content is not markup; it ends at its end tag.
    private var raw: String?

    /// The longest run of attributes that is kept.
    private static let mostAttributes = 64

    init(_ bytes: [UInt8]) { self.bytes = Self.decoded(bytes) }

    /// UTF-16 with a byte-order mark becomes UTF-8.
    private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
        let isLittle = bytes.starts(with: [0xFF, 0xFE])
        guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else { return bytes }
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { i in
            isLittle ? UInt16(bytes[i]) | UInt16(bytes[i + 1]) << 8 : UInt16(bytes[i]) << 8 | UInt16(bytes[i + 1])
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    mutating func next() -> Token? {
        if let name = raw {
            raw = nil
            skipRaw(name)
        }
        while at < bytes.count {
            if bytes[at] != UInt8(ascii: "<") { return text() }
            if matches("<!--") {
                skip(past: "-->")
            } else if matches("<![CDATA[") {
                let start = at + 9
                skip(past: "]]>")
                let end = Swift.max(start, Swift.min(at, bytes.count) - 3)
                return .text(
                    String(decoding: bytes[Swift.min(start, bytes.count)..<Swift.min(end, bytes.count)], as: UTF8.self))
            } else if matches("<!") {
                skipDeclaration()
            } else if matches("<?") {
                skip(past: "?>")
            } else if let tag = tag() {
                return tag
            } else {
                at += 1
                return .text("<")
            }
        }
        return nil
    }

    private func matches(_ pattern: StaticString, at place: Int? = nil) -> Bool {
        let place = place ?? at
        guard place + pattern.utf8CodeUnitCount <= bytes.count else { return false }
        for i in 0..<pattern.utf8CodeUnitCount where bytes[place + i] != pattern.utf8Start[i] { return false }
        return true
    }

    private mutating func skip(past pattern: StaticString) {
        while at < bytes.count, !matches(pattern) { at += 1 }
        at = Swift.min(bytes.count, at + pattern.utf8CodeUnitCount)
    }

    /// <!DOCTYPE …>, with an internal subset if there is one.
    private mutating func skipDeclaration() {
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ">") where depth <= 0:
                at += 1
                return
            default: break
            }
            at += 1
        }
    }

    private mutating func skipRaw(_ name: String) {
        let pattern = Array(name.utf8)
        while at + 2 + pattern.count <= bytes.count {
            if bytes[at] == UInt8(ascii: "<"), bytes[at + 1] == UInt8(ascii: "/"),
                bytes[(at + 2)..<(at + 2 + pattern.count)].elementsEqual(pattern, by: { $0 | 32 == $1 | 32 })
            {
                return
            }
            at += 1
        }
        at = bytes.count
    }

    private mutating func text() -> Token {
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "<") { at += 1 }
        return .text(Self.unescaped(bytes[start..<at]))
    }

    /// Text with its entities replaced.
    static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var i = 0
        while i < bytes.count {
            let byte = bytes[bytes.startIndex + i]
            if byte == UInt8(ascii: "&"), let (scalar, end) = Entity.parse(bytes, at: i) {
                result += Array(String(Character(scalar)).utf8)
                i = end
            } else {
                result.append(byte)
                i += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 32) >= 97 && (byte | 32) <= 122 || byte >= 48 && byte <= 57 || byte >= 0x80
            || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".")
    }

    private mutating func name() -> String {
        let start = at
        while at < bytes.count, isNameByte(bytes[at]) { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self).lowercased()
    }

    private mutating func skipBlanks() { while at < bytes.count, bytes[at] <= 32 { at += 1 } }

    /// The tag at `at`, or nil where "<" begins none.
    private mutating func tag() -> Token? {
        let start = at
        let isEnd = matches("</")
        at += isEnd ? 2 : 1
        let name = name()
        guard !name.isEmpty else {
            at = start
            return nil
        }
        if isEnd {
            while at < bytes.count, bytes[at] != UInt8(ascii: ">") { at += 1 }
            at = Swift.min(bytes.count, at + 1)
            return .end(Self.local(name))
        }
        var attributes: [String: String] = [:]
        var isClosed = false
        while true {
            skipBlanks()
            guard at < bytes.count else { break }
            if bytes[at] == UInt8(ascii: ">") {
                at += 1
                break
            }
            if bytes[at] == UInt8(ascii: "/") {
                isClosed = true
                at += 1
                continue
            }
            let key = self.name()
            guard !key.isEmpty else {
                at += 1
                continue
            }
            isClosed = false
            let value = value()
            if attributes.count < Self.mostAttributes { attributes[key] = value }
        }
        let local = Self.local(name)
        if local == "script" || local == "style", !isClosed { raw = local }
        return .start(local, attributes, isClosed: isClosed)
    }

    /// ="…", ='…' or =… at `at`.
    private mutating func value() -> String {
        skipBlanks()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else { return "" }
        at += 1
        skipBlanks()
        guard at < bytes.count else { return "" }
        let quote = bytes[at]
        let start: Int
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            at += 1
            start = at
            while at < bytes.count, bytes[at] != quote { at += 1 }
            defer { at = Swift.min(bytes.count, at + 1) }
            return Self.unescaped(bytes[start..<at])
        }
        start = at
        while at < bytes.count, bytes[at] > 32, bytes[at] != UInt8(ascii: ">") { at += 1 }
        return Self.unescaped(bytes[start..<at])
    }

    /// dc:title → title
    private static func local(_ name: String) -> String {
        name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    }
}
