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
            try await server.wait(until: "starling_speech_active", is: 0)
            try await server.wait(until: "starling_synthesis_pieces", is: 0)
            try await server.wait(until: "starling_speech_abandoned_total", is: 1)
            // Nothing continues in secret.
            let spoken = try await server.metric("starling_speech_seconds_total")
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await server.metric("starling_speech_seconds_total") == spoken)
            // An hour was asked for; what is made ahead of a reader fits into the buffers.
            #expect(spoken < 300)
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
            #expect(!(try await connection.read(100)).isEmpty)
            try await server.wait(until: "starling_speech_active", is: 0)
            try await server.wait(until: "starling_timeouts_total", is: 1)
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await withServer { configuration in
            configuration.limits.idle = .milliseconds(300)
        } _: { server in
            let silent = try server.unix.connect()
            defer { silent.close() }
            #expect(try await silent.read(10).isEmpty)
        }
    }

    /// Half a head, half a body, half a form, and a head that trickles in without end.
    @Test func aRequestThatDoesNotEndIsTold() async throws {
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
        try await withServer { configuration in
            // Time enough to begin a request on a busy machine; all of them wait at once.
            configuration.limits.idle = .seconds(4)
        } _: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for half in halves {
                    group.addTask {
                        let connection = try server.unix.connect()
                        defer { connection.close() }
                        try await connection.write(half)
                        let reply = try await connection.receive()
                        #expect(try reply.status == 408 && reply.error()?.code == "request_timeout", "\(reply.text)")
                        #expect(reply.headers["connection"] == "close")
                        #expect(try await connection.read(10).isEmpty)
                    }
                }
                group.addTask {
                    let slow = try server.unix.connect()
                    defer { slow.close() }
                    let trickle = Task(executorPreference: TestServer.threads) {
                        try await slow.write(Array("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ".utf8))
                        while !Task.isCancelled {
                            try await slow.write([UInt8(ascii: "x")])
                            try await Task.sleep(for: .milliseconds(50))
                        }
                    }
                    #expect(try await slow.receive().status == 408)
                    trickle.cancel()
                    // Its descriptor is closed here, and must not be written to under another's number.
                    _ = await trickle.result
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func stoppingLetsWorkFinish() async throws {
        try await withServer { server in
            // More than the buffers between server and client hold, and nobody reads: it is in work until the rest is
            // read.
            let body = try JSONSerialization.data(withJSONObject: ["input": story(60), "response_format": "pcm"])
            let connection = try server.unix.connect()
            defer { connection.close() }
            try await connection.write(
                RawConnection.request(
                    "POST", "/v1/audio/speech", host: "localhost", headers: [("Content-Type", "application/json")],
                    body: Array(body)))
            let begun = try await connection.read(1_000)
            #expect(!begun.isEmpty)
            await server.server.stop()
            let end = ContinuousClock.now + TestServer.patience
            while FileManager.default.fileExists(atPath: server.socket), .now < end {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(!FileManager.default.fileExists(atPath: server.socket))
            #expect(throws: RawClient.Failure.self) { try server.unix.connect() }
            let reply = try await connection.receive(after: begun)
            #expect(reply.status == 200 && reply.body.count > 1_000_000)
        }
    }

    /// A client that reads more slowly than the server speaks has the end of its answer still before it.
    @Test func stoppingLosesNothingOfAnAnswer() async throws {
        try await withServer { server in
            // Far more than the buffers between server and client hold.
            let wish = ["input": story(5), "response_format": "pcm"]
            let whole = try await server.unix.post("/v1/audio/speech", wish).body
            let connection = try server.unix.connect()
            defer { connection.close() }
            try await connection.write(
                RawConnection.request(
                    "POST", "/v1/audio/speech", host: "localhost", headers: [("Content-Type", "application/json")],
                    body: Array(JSONSerialization.data(withJSONObject: wish))))
            var answer = try await connection.read(1_000)
            await server.server.stop()
            while true {
                let more = try await connection.read(8_192)
                if more.isEmpty { break }
                answer += more
                try await Task.sleep(for: .milliseconds(20))
            }
            let reply = try await connection.receive(after: answer)
            #expect(reply.status == 200 && reply.body == whole, "\(reply.body.count) of \(whole.count) bytes")
        }
    }
}
