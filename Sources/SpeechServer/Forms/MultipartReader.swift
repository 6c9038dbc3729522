import Foundation

/// Reads multipart/form-data (RFC 7578) as its bytes come in, strictly: what it takes is a complete form and nothing
/// else.
///
/// ```swift
/// var reader = try MultipartReader(contentType: "multipart/form-data; boundary=xyz", limits: limits)
/// for try await piece in body { try reader.feed(piece.readableBytesView) }
/// let parts = try reader.finish()
/// ```
/// It holds the parts and one piece of the body, and stops at the limits before it holds more.
package struct MultipartReader: Sendable {
    package struct Limits: Sendable {
        /// Bytes of the whole body.
        package var bytes: Int
        /// Parts with a file name.
        package var files: Int
        /// Parts without.
        package var texts = 32
        /// Bytes of a part without a file name.
        package var text = 16 << 10

        package init(bytes: Int, files: Int) { (self.bytes, self.files) = (bytes, files) }
    }

    private enum State {
        /// Before the first delimiter.
        case opening
        /// Behind a delimiter: the next part or the end.
        case behindDelimiter
        case headers
        case content
        /// Behind the closing delimiter.
        case closed
    }

    /// CR LF -- boundary.
    private let delimiter: [UInt8]
    private let limits: Limits
    private var state = State.opening
    /// What was not understood yet; little more than the last piece.
    private var pending: [UInt8]
    private var parts: [FormPart] = []
    /// Bytes fed.
    package private(set) var count = 0

    /// Bytes of the lines in front of a part's content.
    private static let longestHeaders = 8 << 10
    private static let lineEnd: [UInt8] = [13, 10]

    /// - Parameter contentType: the header's value
    /// - Throws: `FormError.noBoundary`
    package init(contentType: String, limits: Limits) throws(FormError) {
        guard let parameters = try? HeaderParameters(contentType), parameters.value == "multipart/form-data",
            let boundary = parameters["boundary"], Self.isBoundary(boundary)
        else { throw .noBoundary }
        delimiter = Self.lineEnd + Array("--\(boundary)".utf8)
        self.limits = limits
        // The first delimiter stands at the start, as if after a line's end.
        pending = Self.lineEnd
    }

    /// RFC 2046: 1 to 70 characters, no blank at the end.
    private static func isBoundary(_ text: String) -> Bool {
        (1...70).contains(text.utf8.count) && !text.hasSuffix(" ")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "'()+_,-./:=? ".utf8.contains(byte)
                }
            }
    }

    /// Takes the next bytes.
    ///
    /// - Throws: `FormError`; the reader is of no more use then.
    package mutating func feed(_ bytes: some Collection<UInt8>) throws(FormError) {
        count += bytes.count
        guard count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        pending += bytes
        while try advance() {}
    }

    /// - Returns: the parts of the form, which is complete
    /// - Throws: `FormError.unfinished`
    package mutating func finish() throws(FormError) -> [FormPart] {
        guard state == .closed else { throw .unfinished }
        return parts
    }

    /// - Returns: whether there may be more to do without further bytes
    private mutating func advance() throws(FormError) -> Bool {
        switch state {
        case .opening:
            let known = min(pending.count, delimiter.count)
            guard pending[..<known].elementsEqual(delimiter[..<known]) else {
                throw .malformed(reason: "it does not begin with its boundary")
            }
            guard known == delimiter.count else { return false }
            pending.removeFirst(known)
            state = .behindDelimiter
            return true
        case .behindDelimiter: return try readDelimiterEnd()
        case .headers: return try readHeaders()
        case .content: return try readContent()
        case .closed:
            guard pending.allSatisfy({ $0 == 13 || $0 == 10 || $0 == 32 || $0 == 9 }) else {
                throw .malformed(reason: "something follows the last boundary")
            }
            pending.removeAll()
            return false
        }
    }

    /// Blanks, then a line's end before a part, or two hyphens at the end of everything.
    private mutating func readDelimiterEnd() throws(FormError) -> Bool {
        let hyphen = UInt8(ascii: "-")
        if pending.first == hyphen {
            guard pending.count >= 2 else { return false }
            guard pending[1] == hyphen else { throw .malformed(reason: "a boundary is followed by something else") }
            pending.removeFirst(2)
            state = .closed
            return true
        }
        let blanks = pending.prefix { $0 == 32 || $0 == 9 }.count
        guard blanks <= 64 else { throw .malformed(reason: "a boundary is followed by too many spaces") }
        let end = pending[blanks...].prefix(2)
        guard Self.lineEnd.starts(with: end) else {
            throw .malformed(reason: "a boundary is followed by something else")
        }
        guard end.count == 2 else { return false }
        // A line's end stays, so that the empty line is found also where there are no headers.
        pending.removeFirst(blanks)
        state = .headers
        return true
    }

    private mutating func readHeaders() throws(FormError) -> Bool {
        guard let end = Self.find(Self.lineEnd + Self.lineEnd, in: pending) else {
            guard pending.count < Self.longestHeaders + 4 else {
                throw .malformed(reason: "a part's headers are too long")
            }
            return false
        }
        guard end <= Self.longestHeaders else { throw .malformed(reason: "a part's headers are too long") }
        let part = try FormPart(headers: pending[min(2, end)..<end])
        if part.filename != nil {
            guard parts.count(where: { $0.filename != nil }) < limits.files else {
                throw .tooManyFiles(limit: limits.files)
            }
        } else if parts.count(where: { $0.filename == nil }) >= limits.texts {
            throw .malformed(reason: "there are more than \(limits.texts) fields")
        }
        parts.append(part)
        pending.removeFirst(end + 4)
        state = .content
        return true
    }

    private mutating func readContent() throws(FormError) -> Bool {
        let end = Self.find(delimiter, in: pending)
        // Without a delimiter, all is content but what may be the beginning of one.
        let known = end ?? max(0, pending.count - (delimiter.count - 1))
        let last = parts.count - 1
        if parts[last].filename == nil, parts[last].bytes.count + known > limits.text {
            throw .fieldTooLong(name: parts[last].name, limit: limits.text)
        }
        parts[last].bytes.append(contentsOf: pending[..<known])
        pending.removeFirst(known + (end == nil ? 0 : delimiter.count))
        guard end != nil else { return false }
        state = .behindDelimiter
        return true
    }

    /// The place of the first occurrence.
    private static func find(_ pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { bytes in
            pattern.withUnsafeBytes { pattern in
                guard let base = bytes.baseAddress, let wanted = pattern.baseAddress else { return nil }
                var place = 0
                while place + pattern.count <= bytes.count {
                    let room = bytes.count - pattern.count + 1 - place
                    guard let found = memchr(base + place, Int32(pattern[0]), room) else { return nil }
                    place = base.distance(to: UnsafeRawPointer(found))
                    if memcmp(found, wanted, pattern.count) == 0 { return place }
                    place += 1
                }
                return nil
            }
        }
    }
}
