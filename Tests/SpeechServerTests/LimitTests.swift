import Foundation
import SpeechServer
import Testing

@Suite struct Limits {
    @Test func tooManyAreToldWhenToComeBack() async throws {
        try await withServer { configuration in
            configuration.limits.requests = 2
        } _: { server in
            let body = try JSONSerialization.data(withJSONObject: ["input": story(900), "response_format": "pcm"])
            var held: [RawConnection] = []
            defer { for connection in held { connection.close() } }
            for _ in 0..<2 {
                let connection = try server.unix.connect()
                held.append(connection)
                try await connection.write(
                    RawConnection.request(
                        "POST", "/v1/audio/speech", host: "localhost",
                        headers: [("Content-Type", "application/json")], body: Array(body)))
                _ = try await connection.read(100)
            }
            let reply = try await server.unix.post("/v1/audio/speech", ["input": "Hello."])
            #expect(reply.status == 503)
            let wait = try #require(Int(reply.headers["retry-after"] ?? ""))
            #expect((1...60).contains(wait))
            #expect(try reply.error()?.type == "overloaded_error")
            #expect(try await server.metric(#"starling_refused_total{reason="busy"}"#) == 1)
            // Others than speech go on.
            #expect(try await server.unix.get("/v1/voices").status == 200)
            held.removeFirst().close()
            try await server.wait(until: "starling_speech_active", is: 1)
            #expect(try await server.unix.post("/v1/audio/speech", ["input": "Hello."]).status == 200)
        }
    }

    @Test func textAndBodyAreBounded() async throws {
        try await withServer { configuration in
            configuration.limits.text = 100
            configuration.limits.body = 4_000
        } _: { server in
            let long = try await server.unix.post(
                "/v1/audio/speech", ["input": String(repeating: "é", count: 101)])
            #expect(long.status == 400)
            #expect(try long.error()?.param == "input" && long.error()?.code == "string_above_max_length")
            #expect(
                try await server.unix.post("/v1/audio/speech", ["input": String(repeating: "é", count: 100)]).status
                    == 200)
            let large = try await server.unix.post(
                "/v1/audio/speech", ["input": String(repeating: "a", count: 5_000)])
            #expect(large.status == 413)
            #expect(try large.error()?.code == "body_too_large")
        }
    }

    @Test func aBodyThatIsNoHTTPIsRefused() async throws {
        try await withServer { server in
            for (path, type) in [
                ("/v1/audio/speech", "application/json"), ("/v1/audio/conversions", "multipart/form-data; boundary=b"),
            ] {
                let connection = try server.unix.connect()
                defer { connection.close() }
                let head = RawConnection.request(
                    "POST", path, host: "localhost",
                    headers: [("Content-Type", type), ("Transfer-Encoding", "chunked")], body: nil)
                try await connection.write(head + Array("zz\r\n".utf8))
                let reply = try await connection.receive()
                #expect(try reply.status == 400 && reply.error()?.code == "invalid_body", "\(reply.text)")
                #expect(reply.headers["connection"] == "close")
                #expect(try await connection.read(10).isEmpty)
            }
        }
    }

    @Test func timeIsBounded() async throws {
        try await withServer { configuration in
            configuration.limits.request = .milliseconds(1)
        } _: { server in
            let reply = try await server.unix.post("/v1/audio/speech", ["input": story(5)])
            #expect(reply.status == 503)
            #expect(try reply.error()?.code == "timeout")
            try await server.wait(until: "starling_speech_active", is: 0)
        }
    }

    @Test func whoAsksNothingMoreDoesNotStay() async throws {
        try await withServer { configuration in
            configuration.limits.idle = .milliseconds(300)
        } _: { server in
            let connection = try server.unix.connect()
            defer { connection.close() }
            #expect(try await connection.send("GET", "/healthz").status == 200)
            #expect(try await connection.send("GET", "/v1/voices").status == 200)
            #expect(try await connection.read(10).isEmpty)
        }
    }

    @Test func connectionsAreBounded() async throws {
        try await withServer { configuration in
            configuration.limits.connections = 3
        } _: { server in
            // One that asks, on the one connection that it has, and two that are silent.
            var held = [try server.unix.connect()]
            defer { for connection in held { connection.close() } }
            for _ in 0..<2 { held.append(try server.unix.connect()) }
            let end = ContinuousClock.now + TestServer.patience
            while !(try await held[0].send("GET", "/metrics").text.contains("starling_connections 3\n")),
                ContinuousClock.now < end
            {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await Self.expectRefusal(server)
            held.removeLast().close()
            try await Self.expectAnswer("/v1/voices", from: server)
        }
    }

    /// Asks until there is room for it.
    private static func expectAnswer(_ path: String, from server: TestServer) async throws {
        let end = ContinuousClock.now + TestServer.patience
        while (try? await server.unix.get(path).status) != 200 {
            try #require(ContinuousClock.now < end, "no answer from \(path)")
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// For whom there is no room is told so, whatever he asks for; whether the server lives is answered all the same.
    private static func expectRefusal(_ server: TestServer) async throws {
        func check(_ reply: RawClient.Reply) throws {
            let error = try #require(try reply.error(), "\(reply.text)")
            #expect(reply.status == 503 && error.code == "too_many_connections", "\(reply.text)")
            #expect(error.message.contains("3 connections") && error.message.contains("--max-connections"))
            #expect(reply.headers["retry-after"] == "1" && reply.headers["connection"] == "close")
        }
        try check(try await server.unix.get("/v1/voices"))
        try check(try await server.unix.get("/readyz"))
        try check(try await server.unix.post("/v1/audio/speech", ["input": "Hello."]))
        var form = Form()
        form.add("recording", file: "a.wav", [UInt8](repeating: 0, count: 1 << 20))
        let upload = try await server.unix.send(
            "POST", "/v1/audio/conversions", headers: [("Content-Type", form.type)], body: form.body)
        try check(upload)
        let refused = await #expect(throws: WebSocketClient.Refused.self) {
            _ = try await WebSocketClient(server.unix)
        }
        try check(try #require(refused?.reply))
        #expect(try await server.unix.get("/healthz").status == 200)
        // Who says nothing, or stays after the answer, does not stay for long.
        let silent = try server.unix.connect()
        defer { silent.close() }
        let asking = try server.unix.connect()
        defer { asking.close() }
        #expect(try await asking.send("GET", "/healthz").status == 200)
        #expect(try await silent.read(10).isEmpty)
        #expect(try await asking.read(10).isEmpty)
    }

    @Test func aFloodOfConnectionsIsSurvived() async throws {
        try await withServer { configuration in
            configuration.limits.connections = 3
        } _: { server in
            var flood: [RawConnection] = []
            defer { for connection in flood { connection.close() } }
            for _ in 0..<300 { flood.append(try server.unix.connect()) }
            // Those beyond all room are closed, those that were to be told are given up, and the next are told again.
            try await Self.expectAnswer("/healthz", from: server)
        }
    }
}
