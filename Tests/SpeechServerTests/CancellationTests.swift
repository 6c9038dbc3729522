import Foundation
import SpeechServer
import Testing

@Suite struct GoingAway {
    @Test func aClientThatGoesAwayStopsItsSynthesis() async throws {
        try await withServer { server in
            // Far more than the buffers between server and client hold, so it is at work when the client goes.
            let body = try JSONSerialization.data(withJSONObject: ["input": story(900), "response_format": "pcm"])
            let connection = try server.unix.connect()
            try await connection.write(
                RawConnection.request(
                    "POST", "/v1/audio/speech", host: "localhost", headers: [("Content-Type", "application/json")],
                    body: Array(body)))
            #expect(!(try await connection.read(1_000)).isEmpty)
            #expect(try await server.metric("starling_speech_active") == 1)
            connection.close()
            try await server.wait(until: "starling_speech_active", is: 0, within: .seconds(2))
            try await server.wait(until: "starling_synthesis_pieces", is: 0, within: .seconds(2))
            try await server.wait(until: "starling_speech_abandoned_total", is: 1)
            // Nothing goes on in secret.
            let spoken = try await server.metric("starling_speech_seconds_total")
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await server.metric("starling_speech_seconds_total") == spoken)
            #expect(spoken < 900)
        }
    }

    @Test func aClientThatGoesAwayWhileItWaitsIsForgotten() async throws {
        try await withServer { server in
            let body = try JSONSerialization.data(withJSONObject: ["input": story(40), "response_format": "pcm"])
            for _ in 0..<12 {
                let connection = try server.unix.connect()
                try await connection.write(
                    RawConnection.request(
                        "POST", "/v1/audio/speech", host: "localhost",
                        headers: [("Content-Type", "application/json")], body: Array(body)))
                connection.close()
            }
            try await server.wait(until: "starling_speech_active", is: 0)
            try await server.wait(until: "starling_synthesis_pieces", is: 0)
            #expect(try await server.unix.post("/v1/audio/speech", ["input": "Still here."]).status == 200)
        }
    }

    @Test func aReaderThatStandsStillIsGivenUp() async throws {
        try await withServer { configuration in
            configuration.limits.idle = .milliseconds(700)
        } _: { server in
            let body = try JSONSerialization.data(withJSONObject: ["input": story(900), "response_format": "pcm"])
            let connection = try server.unix.connect()
            defer { connection.close() }
            try await connection.write(
                RawConnection.request(
                    "POST", "/v1/audio/speech", host: "localhost", headers: [("Content-Type", "application/json")],
                    body: Array(body)))
            try await server.wait(until: "starling_speech_active", is: 1)
            try await server.wait(until: "starling_speech_active", is: 0)
            try await server.wait(until: "starling_timeouts_total", is: 1)
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await withServer { configuration in
            configuration.limits.idle = .milliseconds(300)
        } _: { server in
            for request in ["", "POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"] {
                let connection = try server.unix.connect()
                defer { connection.close() }
                if !request.isEmpty { try await connection.write(Array(request.utf8)) }
                #expect(try await connection.read(100).isEmpty || !request.isEmpty)
            }
        }
    }

    @Test func stoppingLetsWorkFinish() async throws {
        try await withServer { server in
            async let long = server.unix.post("/v1/audio/speech", ["input": story(60), "response_format": "pcm"])
            try await server.wait(until: "starling_speech_active", is: 1)
            await server.server.stop()
            let reply = try await long
            #expect(reply.status == 200 && reply.body.count > 1_000_000)
            #expect(throws: RawClient.Failure.self) { try server.unix.connect() }
            #expect(!FileManager.default.fileExists(atPath: server.socket))
        }
    }
}
