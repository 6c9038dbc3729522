import Foundation

/// An answer over HTTP whose body comes in chunks.
final class RemoteAnswer {
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private let isChunked: Bool
    /// Bytes of the body that are still to come; nil if unknown.
    private var left: Int?

    /// - Throws: `ClientError`, with the server's own words if it refuses.
    init(path: String, post route: String, body: [UInt8]) throws(ClientError) {
        let connected: Int32
        switch ServerSocket.connect(to: path, waits: true) {
        case .connected(let descriptor): connected = descriptor
        case .failed(let code): throw .noServer(path: path, reason: String(cString: strerror(code)))
        }
        let answer: Head
        do throws(ClientError) {
            answer = try Self.ask(connected, post: route, body: body)
        } catch {
            close(connected)
            throw error
        }
        descriptor = connected
        isChunked = answer.isChunked
        left = answer.length
        pending = answer.pending
        guard answer.status != 200 else { return }
        var text: [UInt8] = []
        while let more = try next(), text.count < 1 << 20 { text += more }
        let message = (try? JSONDecoder().decode(Refusal.self, from: Data(text)))?.error.message
        throw .refused(status: answer.status, message: message ?? "the server answered with status \(answer.status)")
    }

    private struct Refusal: Decodable {
        struct Problem: Decodable { var message: String }

        var error: Problem
    }

    deinit { close(descriptor) }

    private struct Head {
        var status: Int
        var isChunked: Bool
        var length: Int?
        /// What came after the head.
        var pending: [UInt8]
    }

    /// Sends the request and reads the head of the answer.
    private static func ask(_ descriptor: Int32, post route: String, body: [UInt8]) throws(ClientError) -> Head {
        let head =
            "POST \(route) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        var rest = Array(head.utf8) + body
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            // A server that refuses may answer before it has read everything.
            if count < 0 { break }
            rest.removeFirst(count)
        }
        var bytes: [UInt8] = []
        while true {
            let more = receive(descriptor)
            guard !more.isEmpty, bytes.count < 1 << 16 else { throw .badAnswer(reason: "it has no HTTP header") }
            bytes += more
            guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) else {
                continue
            }
            let lines = String(decoding: bytes[..<end], as: UTF8.self).lowercased().components(separatedBy: "\r\n")
            return Head(
                status: lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0,
                isChunked: lines.contains { $0.hasPrefix("transfer-encoding:") && $0.contains("chunked") },
                length: lines.first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) },
                pending: Array(bytes[(end + 4)...]))
        }
    }

    /// More of the body, nil at its end.
    func next() throws(ClientError) -> [UInt8]? {
        if left == 0, !isChunked { return nil }
        if isChunked {
            guard let line = try line(), let size = Int(line, radix: 16) else {
                throw .badAnswer(reason: "a truncated chunk")
            }
            while pending.count < size + 2 { try fill() }
            defer { pending.removeFirst(size + 2) }
            return size == 0 ? nil : Array(pending[..<size])
        }
        if pending.isEmpty { try fill() }
        defer {
            left = left.map { $0 - min($0, pending.count) }
            pending = []
        }
        return pending
    }

    private func line() throws(ClientError) -> String? {
        while true {
            if let end = pending.indices.first(where: { pending[$0...].starts(with: [13, 10]) }) {
                defer { pending.removeFirst(end + 2) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            try fill()
        }
    }

    private func fill() throws(ClientError) {
        let more = Self.receive(descriptor)
        if more.isEmpty { throw .badAnswer(reason: "it ended too early") }
        pending += more
    }

    private static func receive(_ descriptor: Int32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            var got = 0
            repeat { got = recv(descriptor, buffer.baseAddress, 1 << 16, 0) } while got < 0 && errno == EINTR
            count = max(0, got)
        }
    }
}
