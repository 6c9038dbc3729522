import Foundation
import SpeechServer
import Testing

/// WebSocket clients that keep to no rules, or go.
@Suite struct LiveConnections {
    /// Opens an utterance that takes far longer than the buffers between server and client hold, and hears its first
    /// sound.
    private func begun(_ server: TestServer) async throws -> WebSocketClient {
        let client = try await WebSocketClient(server.unix)
        try await LiveSpeech.say(story(250), in: 20_000, to: client)
        while let message = try await client.next() { if case .sound = message { return client } }
        throw RawClient.Failure.incomplete("no sound")
    }

    @Test func aClientThatDisappearsStopsItsSynthesis() async throws {
        try await withServer { server in
            var client: WebSocketClient? = try await begun(server)
            #expect(try await server.metric("starling_speech_active") == 1)
            _ = client
            client = nil
            try await server.wait(until: "starling_speech_active", is: 0)
            try await server.wait(until: "starling_synthesis_pieces", is: 0)
            try await server.wait(until: "starling_speech_abandoned_total", is: 1)
            #expect(try await server.metric("starling_speech_seconds_total") < 300)
            // One that waits for text.
            client = try await WebSocketClient(server.unix)
            try await client?.send("begin")
            try await server.wait(until: "starling_speech_active", is: 1)
            client = nil
            try await server.wait(until: "starling_speech_active", is: 0)
        }
    }

    @Test func aClientThatStopsReadingIsGivenUpAndHarmsNobody() async throws {
        try await withServer {
            // Long enough for the questions below on a busy machine.
            $0.limits.idle = .seconds(8)
        } _: { server in
            let silent = try await begun(server)
            let other = try await WebSocketClient(server.unix)
            try await LiveSpeech.say("Hello there.", in: 3, to: other)
            #expect(try await other.until("done").sound.count > 10_000)
            try await server.wait(until: "starling_speech_active", is: 0)
            // Of half an hour, what fits into the buffers.
            #expect(try await server.metric("starling_speech_seconds_total") < 300)
            _ = silent
        }
    }

    /// What it may still say is heard, whether or not it reads.
    @Test func aClientThatDoesNotReadCanCancel() async throws {
        try await withServer { server in
            let client = try await begun(server)
            // Until the buffers are full.
            var spoken = -1.0
            while try await server.metric("starling_speech_seconds_total") != spoken {
                spoken = try await server.metric("starling_speech_seconds_total")
                try await Task.sleep(for: .milliseconds(300))
            }
            try await client.send("cancel")
            try await server.wait(until: "starling_speech_active", is: 0)
            #expect(try await client.until("done").events.last?.fields["cancelled"] as? Bool == true)
        }
    }

    @Test func whoGoesSilentIsLeft() async throws {
        try await withServer {
            $0.limits.idle = .seconds(3)
        } _: { server in
            // Within a text, and before any; pings hold no text that has begun.
            let within = try await WebSocketClient(server.unix)
            try await within.send("begin")
            try await within.send("text", ["text": "This is heard. And this"])
            let connection = within.connection
            let pinging = Task(executorPreference: TestServer.threads) {
                while !Task.isCancelled {
                    try await connection.write(WebSocketClient.frame(9, [1]))
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
            let before = try await WebSocketClient(server.unix)
            let begun = try await WebSocketClient(server.unix)
            try await begun.send("begin")
            #expect(try await before.end() == 1008)
            #expect(try await begun.end() == 1008)
            #expect(try await within.end() == 1008)
            pinging.cancel()
            _ = await pinging.result
            try await server.wait(until: "starling_speech_active", is: 0)
        }
    }

    @Test func pingsAreAnsweredAndKeepAConnectionThatWaits() async throws {
        try await withServer {
            $0.limits.idle = .seconds(15)
        } _: { server in
            let client = try await WebSocketClient(server.unix)
            // Eighteen seconds of pings, for a limit that a busy machine does not reach between two of them.
            for count in 0..<36 {
                try await client.send(frame: 9, Array("ping \(count)".utf8))
                guard case .pong(let data)? = try await client.next() else {
                    Issue.record("no pong")
                    return
                }
                #expect(String(decoding: data, as: UTF8.self) == "ping \(count)")
                try await Task.sleep(for: .milliseconds(500))
            }
            try await LiveSpeech.say("Still here.", in: 3, to: client)
            #expect(try await client.until("done").sound.count > 10_000)
            // The farewell is answered with the same code.
            try await client.send(frame: 8, [3, 232] + Array("bye".utf8))
            #expect(try await client.end() == 1_000)
        }
    }

    @Test func aMessageMayComeInFragmentsWithPingsBetween() async throws {
        try await withServer { server in
            let client = try await WebSocketClient(server.unix)
            try await client.send("begin")
            let bytes = Array(#"{"type": "text", "text": "Naïve café, quite so."}"#.utf8)
            for (index, byte) in bytes.enumerated() {
                let isLast = index == bytes.count - 1
                try await client.send(frame: index == 0 ? 1 : 0, [byte], isFinal: isLast)
                if index == 10 { try await client.send(frame: 9, []) }
            }
            // And the frame of the last message in two writes.
            let end = WebSocketClient.frame(1, Array(#"{"type": "end"}"#.utf8))
            try await client.write(Array(end[..<3]))
            try await Task.sleep(for: .milliseconds(50))
            try await client.write(Array(end[3...]))
            let (events, sound) = try await client.until("done")
            #expect(events.last?.fields["characters"] as? Int == 21 && sound.count > 24_000)
        }
    }

    private static func frame(
        _ opcode: UInt8, _ payload: String = "", isFinal: Bool = true, isMasked: Bool = true
    ) -> [UInt8] {
        WebSocketClient.frame(opcode, Array(payload.utf8), isFinal: isFinal, isMasked: isMasked)
    }

    private static let blanks = String(repeating: " ", count: 60_000)

    /// What RFC 6455 forbids, and the code with which it ends.
    static let forbidden: [(frame: [UInt8], code: Int)] = [
        (frame(1, "{}", isMasked: false), 1002),
        (frame(3), 1002),
        (frame(0, "{}"), 1002),
        (frame(9, isFinal: false), 1002),
        (frame(9, String(repeating: "x", count: 126)), 1002),
        (frame(0x41, "{}"), 1002),
        (frame(1, "{", isFinal: false) + frame(1, "}"), 1002),
        (frame(2, "123"), 1003),
        (WebSocketClient.frame(1, [0xff, 0xfe]), 1007),
        // Announced, not sent.
        ([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], 1009),
        ([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], 1009),
        (frame(1, blanks, isFinal: false) + frame(0, blanks), 1009),
        ((0..<2_000).flatMap { frame($0 == 0 ? 1 : 0, " ", isFinal: false) }, 1009),
    ]

    @Test(arguments: forbidden) func whatTheProtocolForbidsEndsTheConnection(frame: [UInt8], code: Int) async throws {
        try await withServer { server in
            let client = try await WebSocketClient(server.unix)
            // It may be cut off while it is being written.
            try? await client.write(frame)
            #expect(try await client.end() == code, "\(frame.prefix(12))")
            let next = try await WebSocketClient(server.unix)
            try await next.send("cancel")
            try await next.send("end")
            #expect(try await next.event().code == "no_utterance")
        }
    }

    @Test func textThatIsFarAheadWaits() async throws {
        try await withServer {
            $0.limits.lead = 200
        } _: { server in
            let client = try await WebSocketClient(server.unix)
            let text = story(30)
            try await LiveSpeech.say(text, in: 100, to: client)
            let (events, _) = try await client.until("done")
            #expect(events.last?.fields["characters"] as? Int == text.count)
        }
    }

    @Test func theUsualChecksHold() async throws {
        let token = "correct-horse-battery"
        try await withServer {
            $0.http.append(.tcp(address: "127.0.0.1", port: 0))
            $0.token = token
            $0.origins = ["https://app.example"]
        } _: { server in
            let tcp = try server.tcp
            let bearer = ("Authorization", "Bearer \(token)")
            for (headers, status, code) in [
                ([], 401, "invalid_api_key"), ([("Authorization", "Bearer wrong")], 401, "invalid_api_key"),
                ([bearer, ("Origin", "http://evil.example")], 403, "foreign_origin"),
                ([bearer, ("Origin", "null")], 403, "foreign_origin"),
            ] as [([(String, String)], Int, String)] {
                let refused = await #expect(throws: WebSocketClient.Refused.self) {
                    _ = try await WebSocketClient(tcp, headers: headers)
                }
                #expect(refused?.reply.status == status)
                #expect(try refused?.reply.error()?.code == code)
            }
            _ = try await WebSocketClient(tcp, headers: [bearer, ("Origin", "https://app.example")])
            let evil = RawClient(place: tcp.place, host: "evil.example")
            let refused = await #expect(throws: WebSocketClient.Refused.self) {
                _ = try await WebSocketClient(evil, headers: [bearer])
            }
            #expect(refused?.reply.status == 421)
        }
    }

    @Test func aRequestForNoWebSocketIsToldSo() async throws {
        try await withServer { server in
            for headers in [
                [], [("Connection", "Upgrade"), ("Upgrade", "websocket")],
                [("Connection", "Upgrade"), ("Upgrade", "h2c")],
                [
                    ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "8"),
                    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                ],
            ] {
                let reply = try await server.unix.get("/v1/audio/speech/stream", headers: headers)
                #expect(try reply.status == 426 && reply.error()?.code == "upgrade_required", "\(headers)")
                #expect(reply.headers["upgrade"] == "websocket" && reply.headers["sec-websocket-version"] == "13")
            }
            #expect(try await server.unix.send("POST", "/v1/audio/speech/stream", body: []).status == 405)
            // Elsewhere a wish for another protocol is passed over, also with a body.
            let body = try JSONSerialization.data(withJSONObject: ["input": "Hi.", "response_format": "pcm"])
            let reply = try await server.unix.send(
                "POST", "/v1/audio/speech",
                headers: [("Content-Type", "application/json"), ("Connection", "Upgrade"), ("Upgrade", "h2c")],
                body: Array(body))
            #expect(reply.status == 200 && reply.body.count > 4_000)
            await #expect(throws: WebSocketClient.Refused.self) {
                _ = try await WebSocketClient(server.unix, path: "/v1/audio/speech")
            }
            // A first request that is none.
            let connection = try server.unix.connect()
            defer { connection.close() }
            try await connection.write(Array("NONSENSE\r\n\r\n".utf8))
            #expect(try await connection.receive().status == 400)
        }
    }

    @Test func stoppingLetsAnUtteranceFinish() async throws {
        try await withServer { server in
            let quiet = try await WebSocketClient(server.unix)
            let fresh = try server.unix.connect()
            defer { fresh.close() }
            let client = try await WebSocketClient(server.unix)
            try await client.send("begin")
            try await client.send("text", ["text": "The rest of this comes while the server stops."])
            #expect(try await client.event().type == "begun")
            await server.server.stop()
            // Those with nothing to do go at once, and nothing new begins.
            #expect(try await quiet.end() == 1001)
            #expect(try await fresh.read(1).isEmpty)
            try await client.send("end")
            #expect(try await client.until("done").sound.count > 48_000)
            #expect(try await client.end() == 1001)
        }
    }
}
