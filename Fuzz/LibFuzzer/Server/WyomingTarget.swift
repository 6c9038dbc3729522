import Foundation
import NIOCore

@testable import SpeechServer

/// Frames of the Wyoming protocol: to its decoder, and when they are complete or refused to a running server.
struct WyomingTarget: FuzzTarget {
    private static let ping = Array("{\"type\":\"ping\",\"data\":{\"text\":\"the end\"}}\n".utf8)
    private let server: LiveServer

    init(repository: URL) throws { server = try LiveServer(repository: repository) }

    func take(_ input: [UInt8]) {
        let (whole, isRefused) = decode(input, step: max(1, input.count))
        let (pieces, isRefusedToo) = decode(input, step: 3)
        if whole != pieces || isRefused != isRefusedToo { broken("frames depend on how they arrive") }
        // A frame that waits for more would be waited for.
        let followed = decode(input + Self.ping, step: 1 << 20).events
        let isComplete = followed.count == whole.count + 1 && followed.dropLast() == whole[...]
        guard isRefused || isComplete else { return }
        // The sound of text that streams in may come behind the answer to the ping.
        let answer = server.ask("wyoming", input + Self.ping, closes: false) { answer in
            Data(answer).range(of: Data("the end".utf8)) != nil
        }
        if isRefused, !String(decoding: answer, as: UTF8.self).contains("\"error\"") {
            broken("no error for what is refused")
        }
    }

    private func decode(_ input: [UInt8], step: Int) -> (events: [WyomingEvent], isRefused: Bool) {
        var decoder = WyomingDecoder(limit: 1 << 20)
        var events: [WyomingEvent] = []
        var place = 0
        while place < input.count {
            decoder.append(ByteBuffer(bytes: input[place..<min(input.count, place + step)]))
            place += step
            do throws(ServerError) {
                while let event = try decoder.next() {
                    events.append(event)
                    var buffer = ByteBuffer()
                    event.write(to: &buffer)
                    var again = WyomingDecoder(limit: 16 << 20)
                    again.append(buffer)
                    if try again.next() != event { broken("\(event) is not read back") }
                }
            } catch {
                check(error)
                return (events, true)
            }
        }
        return (events, false)
    }
}
