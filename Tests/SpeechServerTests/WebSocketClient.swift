import Foundation

/// A WebSocket client over a raw connection, which can break every rule of RFC 6455.
final class WebSocketClient {
    enum Message {
        case event(Event)
        case sound(Data)
        /// The last frame: code and reason.
        case closed(Int?, String)
        case pong(Data)
    }

    struct Event: @unchecked Sendable {
        /// Values of JSON, which nobody changes.
        let fields: [String: Any]

        var type: String { fields["type"] as? String ?? "" }
        var code: String? { (fields["error"] as? [String: Any])?["code"] as? String }
        func range(_ name: String) -> [Int]? { fields[name] as? [Int] }
    }

    let connection: RawConnection
    private var pending: [UInt8] = []

    /// Connects and asks for a WebSocket.
    init(
        _ client: RawClient, headers: [(String, String)] = [], path: String = "/v1/audio/speech/stream"
    ) async throws {
        connection = try client.connect()
        try await connection.write(
            RawConnection.request(
                "GET", path, host: client.host,
                headers: [
                    ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
                    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                ] + headers, body: nil))
        let reply = try await connection.receive()
        guard reply.status == 101 else { throw Refused(reply: reply) }
        // The example of RFC 6455, 1.3.
        guard reply.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" else {
            throw RawClient.Failure.incomplete("wrong Sec-WebSocket-Accept")
        }
    }

    struct Refused: Error { let reply: RawClient.Reply }

    deinit { connection.close() }

    // MARK: Writing

    func send(_ fields: [String: Any]) async throws {
        try await send(frame: 1, Array(JSONSerialization.data(withJSONObject: fields)))
    }

    func send(_ type: String, _ fields: [String: Any] = [:]) async throws {
        try await send(fields.merging(["type": type]) { $1 })
    }

    func send(frame opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, isMasked: Bool = true) async throws {
        try await write(Self.frame(opcode, payload, isFinal: isFinal, isMasked: isMasked))
    }

    func write(_ bytes: [UInt8]) async throws { try await connection.write(bytes) }

    static func frame(
        _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, isMasked: Bool = true
    ) -> [UInt8] {
        var bytes: [UInt8] = [opcode | (isFinal ? 0x80 : 0)]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case ..<126: bytes.append(mask | UInt8(payload.count))
        case ..<65_536: bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default: bytes += [mask | 127] + (0..<8).map { UInt8(payload.count >> (56 - 8 * $0) & 255) }
        }
        guard isMasked else { return bytes + payload }
        let key: [UInt8] = [7, 77, 177, 200]
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    // MARK: Reading

    /// The next message; nil when the server is gone.
    func next() async throws -> Message? {
        guard let head = try await take(2) else { return nil }
        var count = Int(head[1] & 127)
        if count >= 126 {
            guard let length = try await take(count == 126 ? 2 : 8) else { return nil }
            count = length.reduce(0) { $0 << 8 | Int($1) }
        }
        guard head[0] & 0x80 != 0, head[1] & 0x80 == 0, let payload = try await take(count) else {
            throw RawClient.Failure.incomplete("a frame of the server is not whole, or masked")
        }
        switch head[0] & 15 {
        case 1:
            let fields = try JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any] ?? [:]
            return .event(Event(fields: fields))
        case 2: return .sound(Data(payload))
        case 8:
            let code = payload.count < 2 ? nil : Int(payload[0]) << 8 | Int(payload[1])
            return .closed(code, String(decoding: payload.dropFirst(2), as: UTF8.self))
        case 10: return .pong(Data(payload))
        default: throw RawClient.Failure.incomplete("opcode \(head[0] & 15)")
        }
    }

    /// All events and all sound up to an event of this type, which is the last.
    func until(_ type: String) async throws -> (events: [Event], sound: Data) {
        var (events, sound): ([Event], Data) = ([], Data())
        while let message = try await next() {
            switch message {
            case .event(let event):
                events.append(event)
                if event.type == type { return (events, sound) }
                if event.type == "error" { throw RawClient.Failure.incomplete("\(event.fields)") }
            case .sound(let bytes): sound += bytes
            case .pong: break
            case .closed(let code, let reason): throw RawClient.Failure.incomplete("closed: \(code ?? 0) \(reason)")
            }
        }
        throw RawClient.Failure.incomplete("no \(type) after \(events.map(\.type))")
    }

    /// The next event, whatever sound comes before.
    func event() async throws -> Event {
        while let message = try await next() {
            switch message {
            case .event(let event): return event
            case .closed(let code, let reason): throw RawClient.Failure.incomplete("closed: \(code ?? 0) \(reason)")
            default: break
            }
        }
        throw RawClient.Failure.incomplete("no event")
    }

    /// Code of the frame with which the server ends, which is the last that comes.
    func end() async throws -> Int? {
        while let message = try await next() {
            guard case .closed(let code, let reason) = message else { continue }
            guard reason.utf8.count <= 123, try await next() == nil else { return nil }
            return code
        }
        return nil
    }

    private func take(_ count: Int) async throws -> [UInt8]? {
        while pending.count < count {
            let more = try await connection.read(1 << 16)
            if more.isEmpty { return nil }
            pending += more
        }
        defer { pending.removeFirst(count) }
        return Array(pending[..<count])
    }
}
