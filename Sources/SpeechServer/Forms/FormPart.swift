package import Foundation

/// One field of a form: a text, or a file.
package struct FormPart: Sendable, Equatable {
    /// The field's name.
    package var name: String
    /// The file name that the client sent, nil for a field that is not a file. Never to be used as a path.
    package var filename: String?
    package var contentType: String?
    package var bytes = Data()

    /// Reads the lines in front of a part's content.
    ///
    /// - Throws: `FormError.malformed`
    init(headers: some Collection<UInt8>) throws(FormError) {
        guard let text = String(validating: headers, as: UTF8.self) else {
            throw .malformed(reason: "a part's header is not UTF-8")
        }
        var disposition: String?
        let lines = text.isEmpty ? [] : text.components(separatedBy: "\r\n")
        guard lines.count <= Self.mostHeaders else { throw .malformed(reason: "a part has more than 16 headers") }
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), Self.isToken(line[..<colon]) else {
                throw .malformed(reason: "a part's header is not \"Name: value\"")
            }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: Self.blanks)
            guard !value.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7f }) else {
                throw .malformed(reason: "a part's header has control characters")
            }
            switch line[..<colon].lowercased() {
            case "content-disposition":
                guard disposition == nil else { throw .malformed(reason: "a part has two Content-Dispositions") }
                disposition = value
            case "content-type": contentType = value
            case "content-transfer-encoding":
                // RFC 7578 does away with it; what was meant by it cannot be ignored.
                guard ["binary", "7bit", "8bit"].contains(value.lowercased()) else {
                    throw .malformed(reason: "a part is encoded as \(value.prefix(40)); send its bytes as they are")
                }
            default: break
            }
        }
        guard let disposition else { throw .malformed(reason: "a part has no Content-Disposition") }
        let parameters = try HeaderParameters(disposition)
        guard parameters.value == "form-data" else { throw .malformed(reason: "a part is not form-data") }
        guard let name = parameters["name"] else { throw .malformed(reason: "a part has no name") }
        self.name = Self.unescaped(name)
        filename = parameters["filename"].map(Self.unescaped)
    }

    private static let mostHeaders = 16
    private static let blanks = CharacterSet(charactersIn: " \t")

    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(HeaderParameters.isToken)
    }

    /// Browsers write quotes and line ends in names as %22, %0D and %0A, and nothing else.
    private static func unescaped(_ text: String) -> String {
        guard text.contains("%") else { return text }
        return text.replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
    }
}

/// A header's value with parameters after it: `form-data; name="recording"; filename="ann.wav"`.
struct HeaderParameters {
    /// What precedes the first semicolon, in lower case.
    let value: String
    private var parameters: [String: String] = [:]

    /// A parameter by its name in lower case.
    subscript(name: String) -> String? { parameters[name] }

    init(_ header: String) throws(FormError) {
        var rest = Array(header.utf8)[...]
        value = String(decoding: Self.trimmed(rest.prefix { $0 != UInt8(ascii: ";") }), as: UTF8.self).lowercased()
        rest = rest.drop { $0 != UInt8(ascii: ";") }
        while rest.first == UInt8(ascii: ";") {
            rest = Self.withoutBlanks(rest.dropFirst())
            // A semicolon at the end is harmless.
            if rest.isEmpty { break }
            let name = rest.prefix(while: Self.isToken)
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.first == UInt8(ascii: "=") else {
                throw .malformed(reason: "a header's parameter is not name=value")
            }
            rest = rest.dropFirst()
            let content = try Self.content(&rest)
            let key = String(decoding: name, as: UTF8.self).lowercased()
            guard parameters.updateValue(content, forKey: key) == nil else {
                throw .malformed(reason: "a header has \(key) twice")
            }
            rest = Self.withoutBlanks(rest)
        }
        guard rest.isEmpty else { throw .malformed(reason: "a header's parameters are not separated by semicolons") }
    }

    /// A token, or a quoted string whose backslashes precede quotes and backslashes only: in front of anything else
    /// they are part of a path that an old browser sent.
    private static func content(_ rest: inout ArraySlice<UInt8>) throws(FormError) -> String {
        let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        guard rest.first == quote else {
            let token = rest.prefix(while: isToken)
            guard !token.isEmpty else { throw .malformed(reason: "a header's parameter is empty") }
            rest = rest.dropFirst(token.count)
            return String(decoding: token, as: UTF8.self)
        }
        rest = rest.dropFirst()
        var bytes: [UInt8] = []
        while var byte = rest.popFirst() {
            if byte == quote { return String(decoding: bytes, as: UTF8.self) }
            if byte == backslash, let next = rest.first, next == quote || next == backslash {
                byte = next
                rest = rest.dropFirst()
            }
            bytes.append(byte)
        }
        throw .malformed(reason: "a header's quotes are not closed")
    }

    private static func withoutBlanks(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = withoutBlanks(bytes)
        while let last = bytes.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { bytes.removeLast() }
        return bytes
    }

    /// RFC 9110's tchar.
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
