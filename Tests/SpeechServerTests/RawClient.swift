import Foundation
import Testing

/// A client over plain system calls, on threads of its own: the server's tasks run in this process too, and must not
/// wait for a test that waits for them.
struct RawClient: Sendable {
    enum Place: Sendable {
        case unix(String)
        case tcp(Int)
    }

    enum Failure: Error, CustomStringConvertible {
        case connect(Int32)
        case write(Int32)
        case noHead(String)
        case incomplete(String)

        var description: String {
            switch self {
            case .connect(let code): "cannot connect: \(String(cString: strerror(code)))"
            case .write(let code): "cannot write: \(String(cString: strerror(code)))"
            case .noHead(let text): "no head: \(text.prefix(200))"
            case .incomplete(let text): "incomplete: \(text)"
            }
        }
    }

    struct Reply: Sendable, CustomTestStringConvertible {
        var status: Int
        /// Names in lower case.
        var headers: [String: String]
        /// `Data` and no array: expectations describe what they compare, and would describe each byte.
        var body: Data
        /// Sizes of the chunks, if the body came in chunks.
        var chunks: [Int]
        /// Seconds from the request to the first byte of the body.
        var firstByte: Double
        var seconds: Double

        var testDescription: String { "status \(status), \(body.count) bytes" }
        var text: String { String(decoding: body, as: UTF8.self) }
        func json() throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
        }
        /// The fields of an error in the API's shape.
        func error() throws -> (message: String, type: String, param: String?, code: String?)? {
            guard let error = try json()["error"] as? [String: Any], let message = error["message"] as? String,
                let type = error["type"] as? String, error.keys.contains("param"), error.keys.contains("code")
            else { return nil }
            return (message, type, error["param"] as? String, error["code"] as? String)
        }
    }

    let place: Place
    /// What `Host` says.
    var host = "localhost"

    /// Sends a request and reads the whole answer.
    func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> Reply {
        let connection = try connect()
        defer { connection.close() }
        return try await connection.send(method, path, host: host, headers: headers, body: body)
    }

    func get(_ path: String, headers: [(String, String)] = []) async throws -> Reply {
        try await send("GET", path, headers: headers)
    }

    func post(_ path: String, _ json: [String: Any], headers: [(String, String)] = []) async throws -> Reply {
        let body = try JSONSerialization.data(withJSONObject: json)
        return try await send(
            "POST", path, headers: [("Content-Type", "application/json")] + headers, body: Array(body))
    }

    func connect() throws -> RawConnection { try RawConnection(place) }
}

/// An open connection.
final class RawConnection: Sendable {
    private let descriptor: Int32

    init(_ place: RawClient.Place) throws {
        let status: Int32
        switch place {
        case .unix(let path):
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let fd = descriptor
            status = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(fd, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        case .tcp(let port):
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(port).bigEndian)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            let fd = descriptor
            status = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        if status != 0 {
            let code = errno
            Glibc.close(descriptor)
            throw RawClient.Failure.connect(code)
        }
    }

    func close() { Glibc.close(descriptor) }

    /// Runs blocking work on a thread of its own.
    static func detached<R: Sendable>(_ body: @Sendable @escaping () throws -> R) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    func write(_ bytes: [UInt8]) async throws {
        let descriptor = descriptor
        try await Self.detached {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count < 0 { throw RawClient.Failure.write(errno) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Up to this many bytes; empty at the end.
    func read(_ most: Int) async throws -> [UInt8] {
        let descriptor = descriptor
        return try await Self.detached { Self.take(descriptor, most) }
    }

    private static func take(_ descriptor: Int32, _ most: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            count = max(0, Glibc.recv(descriptor, buffer.baseAddress, most, 0))
        }
    }

    static func request(
        _ method: String, _ path: String, host: String, headers: [(String, String)], body: [UInt8]?
    ) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }

    func send(
        _ method: String, _ path: String, host: String = "localhost", headers: [(String, String)] = [],
        body: [UInt8]? = nil
    ) async throws -> RawClient.Reply {
        let start = ContinuousClock.now
        do {
            try await write(Self.request(method, path, host: host, headers: headers, body: body))
        } catch RawClient.Failure.write(EPIPE) {
            // It has been answered before it was read to its end, and is not read any further.
        }
        return try await receive(since: start, isHead: method == "HEAD")
    }

    /// Reads one answer.
    ///
    /// - Parameter begun: what was read of it already
    func receive(
        after begun: [UInt8] = [], since start: ContinuousClock.Instant = .now, isHead: Bool = false
    ) async throws -> RawClient.Reply {
        let descriptor = descriptor
        return try await Self.detached {
            var bytes = begun
            var end = Self.headEnd(bytes)
            while end == nil {
                let more = Self.take(descriptor, 1 << 16)
                if more.isEmpty { throw RawClient.Failure.noHead(String(decoding: bytes, as: UTF8.self)) }
                bytes += more
                end = Self.headEnd(bytes)
            }
            let lines = String(decoding: bytes[..<(end ?? 0)], as: UTF8.self).components(separatedBy: "\r\n")
            let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
                    .trimmingCharacters(in: .whitespaces)
            }
            var source = Source(descriptor: descriptor, pending: Array(bytes[((end ?? 0) + 4)...]))
            if !source.pending.isEmpty { source.firstByte = .now }
            var body: [UInt8] = []
            var chunks: [Int] = []
            if isHead {
                // No body, whatever the head says.
            } else if headers["transfer-encoding"] == "chunked" {
                while true {
                    let line = try source.line()
                    guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else {
                        throw RawClient.Failure.incomplete("chunk size \(line)")
                    }
                    body += try source.bytes(size)
                    guard try source.line().isEmpty else { throw RawClient.Failure.incomplete("chunk end") }
                    if size == 0 { break }
                    chunks.append(size)
                }
            } else {
                body = try source.bytes(Int(headers["content-length"] ?? "0") ?? 0)
            }
            let first = source.firstByte ?? .now
            return RawClient.Reply(
                status: status, headers: headers, body: Data(body), chunks: chunks,
                firstByte: (first - start) / .seconds(1),
                seconds: (ContinuousClock.now - start) / .seconds(1))
        }
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { Array(bytes[$0..<$0 + 4]) == [13, 10, 13, 10] }
    }

    private struct Source {
        let descriptor: Int32
        var pending: [UInt8]
        var firstByte: ContinuousClock.Instant?

        private mutating func fill() throws {
            let more = RawConnection.take(descriptor, 1 << 16)
            if more.isEmpty { throw RawClient.Failure.incomplete("closed after \(pending.count) pending bytes") }
            if firstByte == nil { firstByte = .now }
            pending += more
        }

        mutating func bytes(_ count: Int) throws -> [UInt8] {
            while pending.count < count { try fill() }
            defer { pending.removeFirst(count) }
            return Array(pending[..<count])
        }

        mutating func line() throws -> String {
            while true {
                if let end = pending.firstIndex(of: 10) {
                    defer { pending.removeSubrange(...end) }
                    return String(decoding: pending[..<end], as: UTF8.self).trimmingCharacters(in: .newlines)
                }
                try fill()
            }
        }
    }
}
