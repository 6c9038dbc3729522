import AudioIO
import Foundation
public import Synthesis

/// A running server on a Unix socket, asked to speak.
///
/// The calls block their thread while they wait, as fits a command that has nothing else to do.
public struct RemoteServer: Sendable {
    public let path: String

    public init(socket path: String) { self.path = path }

    /// Speaks a text there. Samples come back as 16-bit integers and are equal to those of a synthesizer in this process
    /// once they are written as such.
    public func speak(_ text: String, voice: String, options: SpeechOptions = SpeechOptions())
        -> AsyncThrowingStream<SpeechChunk, any Error>
    {
        do {
            let body: JSON = [
                "input": .string(text), "voice": .string(voice), "response_format": "pcm", "stream_format": "sse",
                "speed": .number(Double(options.speed)), "pitch": .number(Double(options.pitch)),
                "seed": .unsigned(options.seed),
            ]
            let answer = try RemoteAnswer(path: path, post: "/v1/speech/timings", body: body.bytes())
            let chunks = RemoteChunks(answer)
            return AsyncThrowingStream { try await chunks.next() }
        } catch {
            return AsyncThrowingStream { throw error }
        }
    }
}

/// Chunks of speech out of server-sent events.
private actor RemoteChunks {
    private let answer: RemoteAnswer
    private var lines: [UInt8] = []
    private var sentence: SpokenSentence?
    private var position = 0

    init(_ answer: RemoteAnswer) { self.answer = answer }

    private struct Event: Decodable {
        var type: String
        var audio: Data?
        var error: Problem?

        struct Problem: Decodable { var message: String }
    }

    func next() throws -> SpeechChunk? {
        while let line = try line() {
            guard line.starts(with: "data: ".utf8) else { continue }
            let json = Data(line.dropFirst(6))
            let event: Event
            do {
                event = try JSONDecoder().decode(Event.self, from: json)
                if event.type == "speech.sentence" {
                    sentence = try JSONDecoder().decode(SpokenSentence.self, from: json)
                }
            } catch {
                throw ServerError.badAnswer(reason: "an event that is no JSON")
            }
            if let problem = event.error { throw ServerError.refused(status: 200, message: problem.message) }
            if event.type == "speech.audio.done" { return nil }
            guard let audio = event.audio else { continue }
            let samples = Self.samples(audio)
            defer {
                position += samples.count
                sentence = nil
            }
            return SpeechChunk(samples: samples, start: position, sentence: sentence)
        }
        throw ServerError.badAnswer(reason: "it ended in the middle")
    }

    private func line() throws -> [UInt8]? {
        while true {
            if let end = lines.firstIndex(of: UInt8(ascii: "\n")) {
                defer { lines.removeSubrange(...end) }
                return Array(lines[..<end])
            }
            guard let more = try answer.next() else { return nil }
            lines += more
        }
    }

    /// 16-bit samples as those that they were made of, so that writing them again changes nothing.
    private static func samples(_ bytes: Data) -> [Float] {
        let bytes = [UInt8](bytes)
        return stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            Float(Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)) / 32_767
        }
    }
}

/// An answer over HTTP whose body comes in chunks.
private final class RemoteAnswer {
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private let isChunked: Bool
    /// Bytes of the body that are still to come; nil when it is not told.
    private var left: Int?

    /// - Throws: `ServerError`, with the server's own words if it refuses.
    init(path: String, post route: String, body: [UInt8]) throws(ServerError) {
        let connected: Int32
        switch UnixSocket.connect(to: path, waiting: true) {
        case .success(let descriptor): connected = descriptor
        case .failure(let code): throw .noServer(path: path, reason: systemReason(code))
        }
        let answer: Head
        do throws(ServerError) {
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
        let message = (try? JSON(parsing: text))?["error"]?["message"]?.string
        throw .refused(status: answer.status, message: message ?? "the server answered with status \(answer.status)")
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
    private static func ask(_ descriptor: Int32, post route: String, body: [UInt8]) throws(ServerError) -> Head {
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
            guard !more.isEmpty, bytes.count < 1 << 16 else { throw .badAnswer(reason: "it has no head") }
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
    func next() throws(ServerError) -> [UInt8]? {
        if left == 0, !isChunked { return nil }
        if isChunked {
            guard let line = try line(), let size = Int(line, radix: 16) else {
                throw .badAnswer(reason: "a torn chunk")
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

    private func line() throws(ServerError) -> String? {
        while true {
            if let end = pending.indices.first(where: { pending[$0...].starts(with: [13, 10]) }) {
                defer { pending.removeFirst(end + 2) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            try fill()
        }
    }

    private func fill() throws(ServerError) {
        let more = Self.receive(descriptor)
        if more.isEmpty { throw .badAnswer(reason: "it ended in the middle") }
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
