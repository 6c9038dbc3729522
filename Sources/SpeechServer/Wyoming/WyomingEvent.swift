import NIOCore

/// An event of the Wyoming protocol: a line of JSON, then as many bytes of further JSON and of payload as the line
/// says.
struct WyomingEvent: Sendable, Equatable {
    var type: String
    var data: [String: JSON] = [:]
    var payload: [UInt8] = []

    /// The bytes on the wire. Data goes after the line, as the protocol's own library writes it.
    func write(to buffer: inout ByteBuffer) {
        let body = data.isEmpty ? [] : JSON.object(data).bytes()
        var head: [String: JSON] = ["type": .string(type)]
        if !body.isEmpty { head["data_length"] = JSON(body.count) }
        if !payload.isEmpty { head["payload_length"] = JSON(payload.count) }
        buffer.writeBytes(JSON.object(head).bytes())
        buffer.writeInteger(UInt8(ascii: "\n"))
        buffer.writeBytes(body)
        buffer.writeBytes(payload)
    }
}

/// Takes events out of a stream of bytes.
struct WyomingDecoder {
    /// Bytes of a line, of data, of a payload.
    private let limit: Int
    private var buffer = ByteBuffer()
    private var head: (event: WyomingEvent, data: Int, payload: Int)?

    init(limit: Int) { self.limit = limit }

    mutating func append(_ more: ByteBuffer) {
        var more = more
        buffer.writeBuffer(&more)
    }

    /// The next event that is complete, or nil while more bytes are needed.
    ///
    /// - Throws: `ServerError.badEvent`, after which the stream cannot be read on.
    mutating func next() throws(ServerError) -> WyomingEvent? {
        if head == nil {
            guard let line = try line() else { return nil }
            head = try Self.parse(line, limit: limit)
        }
        guard let (opened, data, payload) = head, buffer.readableBytes >= data + payload else { return nil }
        head = nil
        var event = opened
        if data > 0, let bytes = buffer.readBytes(length: data) {
            guard let json = try? JSON(parsing: bytes), case .object(let fields) = json else {
                throw .badEvent(reason: "its data is not a JSON object")
            }
            event.data.merge(fields) { $1 }
        }
        if payload > 0 { event.payload = buffer.readBytes(length: payload) ?? [] }
        buffer.discardReadBytes()
        return event
    }

    private mutating func line() throws(ServerError) -> [UInt8]? {
        guard let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else {
            if buffer.readableBytes > limit { throw .badEvent(reason: "its line is longer than \(limit) bytes") }
            return nil
        }
        let count = end - buffer.readerIndex
        guard count <= limit else { throw .badEvent(reason: "its line is longer than \(limit) bytes") }
        defer { buffer.moveReaderIndex(forwardBy: 1) }
        return buffer.readBytes(length: count)
    }

    private static func parse(_ line: [UInt8], limit: Int) throws(ServerError) -> (WyomingEvent, Int, Int) {
        guard let json = try? JSON(parsing: line), case .object(let fields) = json else {
            throw .badEvent(reason: "its line is not a JSON object")
        }
        guard let type = fields["type"]?.string else { throw .badEvent(reason: "it has no type") }
        var event = WyomingEvent(type: type)
        if case .object(let data) = fields["data"] { event.data = data }
        func length(_ key: String) throws(ServerError) -> Int {
            switch fields[key] {
            case nil, .null: return 0
            case .integer(let count) where (0...Int64(limit)).contains(count): return Int(count)
            default: throw .badEvent(reason: "its \(key) is not from 0 to \(limit)")
            }
        }
        return (event, try length("data_length"), try length("payload_length"))
    }
}
