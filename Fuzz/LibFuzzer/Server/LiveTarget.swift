import Foundation
import Synthesis

@testable import SpeechServer

/// Messages over a WebSocket: to their parser, and together with the frames around them to a running server.
struct LiveTarget: FuzzTarget {
    private static let upgrade = Array(
        """
        GET /v1/audio/speech/stream HTTP/1.1\r
        Host: localhost\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r

        """.utf8)
    /// A close frame of code 1000, masked with zeros.
    private static let farewell: [UInt8] = [0x88, 0x82, 0, 0, 0, 0, 3, 232]
    /// Every so many inputs go to the server too: the way there and back takes a hundred times as long as the parser.
    private static let share: UInt8 = 16

    private let server: LiveServer

    init(repository: URL) throws { server = try LiveServer(repository: repository) }

    /// The first byte tells where the rest goes; a line is a message.
    func take(_ input: [UInt8]) {
        guard let kind = input.first else { return }
        let rest = Array(input.dropFirst())
        let lines = rest.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
        for line in lines { parse(line) }
        guard kind < 256 / Int(Self.share) else { return }
        // Whatever bytes as frames, or messages in good frames.
        let frames = kind % 2 == 0 ? rest : lines.flatMap { Self.frame(1, Array($0.prefix(60_000))) }
        let answer = answer(frames + Self.farewell)
        guard answer.starts(with: Array("HTTP/1.1 101".utf8)) else {
            broken("no WebSocket was opened: \(String(decoding: answer.prefix(300), as: UTF8.self).debugDescription)")
        }
        // Frames of the server are never masked, and hold what they announce.
        guard let body = Self.body(answer) else { broken("the answer has no end of its head") }
        Self.checkFrames(body)
    }

    /// What the server answers; it is asked again where it had no room for the connection.
    private func answer(_ frames: [UInt8]) -> [UInt8] {
        while true {
            let answer = server.ask("http", opening: Self.upgrade, frames, closes: true)
            guard answer.isEmpty, server.hasTurnedAway() else { return answer }
        }
    }

    private func parse(_ line: [UInt8]) {
        guard let text = String(validating: line, as: UTF8.self) else { return }
        do throws(ServerError) {
            switch try LiveMessage(parsing: text) {
            case .begin(let fields):
                let wish = try LiveWish(fields)
                if wish.id?.unicodeScalars.count ?? 0 > 100 { broken("an id of \(wish.id?.count ?? 0)") }
                if !(0.25...4).contains(wish.request.options.speed) { broken("speed \(wish.request.options.speed)") }
            case .cancel(let played): if let played, !(0..<Double.infinity).contains(played) { broken("\(played) s") }
            default: break
            }
        } catch {
            check(line: ErrorResponse(error).message)
        }
    }

    private static func frame(_ opcode: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            payload.count < 126
            ? [0x80 | UInt8(payload.count)] : [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        return [0x80 | opcode] + length + [0, 0, 0, 0] + payload
    }

    private static func body(_ answer: [UInt8]) -> ArraySlice<UInt8>? {
        Data(answer).range(of: Data("\r\n\r\n".utf8)).map { answer[$0.upperBound...] }
    }

    private static func checkFrames(_ frames: ArraySlice<UInt8>) {
        var rest = frames
        while rest.count >= 2 {
            let bytes = Array(rest.prefix(10))
            guard bytes[0] & 0x80 != 0, bytes[1] & 0x80 == 0 else { broken("frame \(bytes)") }
            var (head, count) = (2, Int(bytes[1]))
            if count >= 126 {
                let width = count == 126 ? 2 : 8
                guard bytes.count >= 2 + width else { return }
                count = bytes[2..<2 + width].reduce(0) { $0 << 8 | Int($1) }
                head += width
            }
            let payload = rest.dropFirst(head).prefix(count)
            guard payload.count == count else { return }
            if bytes[0] & 15 == 1, (try? JSONSerialization.jsonObject(with: Data(payload))) == nil {
                broken("an event is no JSON")
            }
            rest = rest.dropFirst(head + count)
        }
    }
}
