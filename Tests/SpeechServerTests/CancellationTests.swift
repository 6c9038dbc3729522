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
            // Long enough for the questions below on a busy machine.
            configuration.limits.idle = .seconds(8)
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

    /// Half a head, half a body, and a head that trickles in without end.
    @Test func aRequestThatDoesNotEndIsTold() async throws {
        try await withServer { configuration in
            configuration.limits.idle = .milliseconds(700)
        } _: { server in
            var form = Form()
            form.add("name", "ann")
            let upload = RawConnection.request(
                "POST", "/v1/voices", host: "localhost", headers: [("Content-Type", form.type)], body: form.body)
            let halves: [[UInt8]] = [
                Array("POST /v1/audio/speech HTTP/1.1\r\nHost: local".utf8),
                Array(
                    "POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
                        .utf8),
                upload.dropLast(10),
            ]
            for half in halves {
                let connection = try server.unix.connect()
                defer { connection.close() }
                try await connection.write(half)
                let reply = try await connection.receive()
                #expect(try reply.status == 408 && reply.error()?.code == "request_timeout", "\(reply.text)")
                #expect(reply.headers["connection"] == "close")
                #expect(try await connection.read(10).isEmpty)
            }
            let slow = try server.unix.connect()
            defer { slow.close() }
            let trickle = Task {
                try await slow.write(Array("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ".utf8))
                while !Task.isCancelled {
                    try await slow.write([UInt8(ascii: "x")])
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            #expect(try await slow.receive().status == 408)
            trickle.cancel()
            // One that said nothing at all is closed without a word.
            let silent = try server.unix.connect()
            defer { silent.close() }
            #expect(try await silent.read(10).isEmpty)
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
