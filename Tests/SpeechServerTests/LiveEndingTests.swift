import Foundation
import SpeechServer
import SpeechSignal
import Synthesis
import Testing

/// The last word of an utterance, when a `cancel` or the server's end comes at that moment.
@Suite struct LiveConnectionsEnding {
    private static func frame(_ opcode: UInt8, _ payload: String) -> [UInt8] {
        WebSocketClient.frame(opcode, Array(payload.utf8))
    }

    /// A client before whom all sound of an utterance lies unread, far more than fits into buffers, so that `done` waits
    /// behind it in the server.
    private func unread(_ server: TestServer) async throws -> WebSocketClient {
        let client = try await WebSocketClient(server.unix)
        try await LiveSpeech.say("Yes.", in: 4, to: client)
        #expect(try await client.event().type == "begun")
        try await server.wait(until: "starling_speech_active", is: 0)
        try await Task.sleep(for: .milliseconds(200))
        return client
    }

    private static let long = SlowSpeech.Pace(sound: [Float](repeating: 0.1, count: 1 << 18))

    @Test func cancelTakesBackNoDoneThatWaits() async throws {
        try await withServer(pace: Self.long) {
            // By then an answer that does not come is missed, also on a busy machine.
            $0.limits.idle = .seconds(300)
        } _: { server in
            let client = try await unread(server)
            try await client.send("cancel")
            try await Task.sleep(for: .milliseconds(200))
            let (events, sound) = try await client.until("done")
            #expect(events.last?.fields["cancelled"] as? Bool == false && sound.count == 2 << 18)
            // The next one begins behind it.
            try await LiveSpeech.say("Yes.", in: 4, to: client)
            let next = try await client.until("done")
            #expect(next.events.map(\.type) == ["begun", "done"] && next.sound.count == 2 << 18)
        }
    }

    @Test func stoppingWaitsForADoneThatWaits() async throws {
        try await withServer(pace: Self.long) { server in
            let client = try await unread(server)
            await server.server.stop()
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await client.until("done").sound.count == 2 << 18)
            #expect(try await client.end() == 1001)
        }
    }

    /// Whichever is first: 16 clients, 100 times each.
    @Test func whoCancelsAtTheEndIsAnswered() async throws {
        try await withServer(pace: .init(sound: [Float](repeating: 0.1, count: 480))) {
            $0.limits.idle = .seconds(300)
        } _: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<16 {
                    group.addTask {
                        let client = try await WebSocketClient(server.unix)
                        let text = [
                            #"{"type": "begin"}"#, #"{"type": "text", "text": "Yes."}"#, #"{"type": "end"}"#,
                        ].flatMap { Self.frame(1, $0) }
                        let cancel = Self.frame(1, #"{"type": "cancel"}"#)
                        for round in 0..<100 {
                            try await client.write(text)
                            while let message = try await client.next() { if case .sound = message { break } }
                            // As the server ends it, or a moment later.
                            let wait = SplitMix64.value(at: UInt64(round), seed: UInt64(number)) % 4
                            for _ in 0..<wait { await Task.yield() }
                            try await client.write(cancel)
                            _ = try await client.until("done")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// A text that is all there is no idleness, however long its speech takes: each of these conversations ends its text
    /// while the server asks for more of it.
    @Test func whoWaitsForSlowSpeechIsNotLeft() async throws {
        // Time to connect on a busy machine, and longer than that to speak.
        let idle = Duration.seconds(8)
        try await withServer(pace: .init(delay: idle * 1.5)) {
            $0.limits.idle = idle
        } _: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let client = try await WebSocketClient(server.unix)
                        let messages = [
                            #"{"type": "begin"}"#, #"{"type": "text", "text": "Yes"}"#,
                            #"{"type": "text", "text": "."}"#, #"{"type": "end"}"#,
                        ].flatMap { Self.frame(1, $0) }
                        // In one write, so that nothing but the server takes time, or with a ping behind it.
                        try await client.write(messages + (number % 2 == 0 ? [] : Self.frame(9, "")))
                        #expect(try await client.until("done").sound.count > 4_000)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// No limit of characters would hold them.
    @Test func piecesWithoutTextArePassedOver() async throws {
        let pace = SlowSpeech.Pace()
        try await withServer(pace: pace) { server in
            let client = try await WebSocketClient(server.unix)
            let nothing = (0..<500).flatMap { _ in
                Self.frame(1, #"{"type": "flush"}"#) + Self.frame(1, #"{"type": "text", "text": ""}"#)
            }
            try await client.send("begin")
            for text in ["One. ", "Two."] {
                try await client.send("text", ["text": text])
                try await client.write(nothing)
            }
            try await client.send("end")
            let (events, sound) = try await client.until("done")
            #expect(events.last?.fields["characters"] as? Int == 9 && sound.count > 24_000)
            #expect(pace.pieces == [.text("One. "), .flush, .text("Two."), .flush])
        }
    }
}
