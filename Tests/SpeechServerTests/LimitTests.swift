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
            let extra = try server.unix.connect()
            defer { extra.close() }
            #expect(try await extra.read(10).isEmpty)
        }
    }
}
