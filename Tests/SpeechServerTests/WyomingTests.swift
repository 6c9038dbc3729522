import Foundation
import SpeechServer
import Synthesis
import Testing

@Suite struct Wyoming {
    struct Event: Sendable, CustomTestStringConvertible {
        var type: String
        var data: Data
        var payload: [UInt8]

        var testDescription: String { type }

        func field(_ name: String) throws -> Any? {
            (try JSONSerialization.jsonObject(with: data) as? [String: Any])?[name]
        }
    }

    /// A client that writes and reads events.
    final class Client {
        private let connection: RawConnection
        private var pending: [UInt8] = []

        init(_ server: TestServer) throws {
            connection = try RawConnection(.unix(Wyoming.path(in: server.folder)))
        }

        deinit { connection.close() }

        func send(_ type: String, _ data: [String: Any] = [:], inline: Bool = false) async throws {
            let body = try JSONSerialization.data(withJSONObject: data)
            if inline {
                let line = try JSONSerialization.data(withJSONObject: ["type": type, "data": data])
                return try await connection.write(Array(line) + [10])
            }
            let head = #"{"type": "\#(type)", "version": "1.8.0", "data_length": \#(body.count)}"#
            try await connection.write(Array(head.utf8) + [10] + Array(body))
        }

        func write(_ bytes: [UInt8]) async throws { try await connection.write(bytes) }

        /// The next event, nil when the server has closed.
        func next() async throws -> Event? {
            guard let line = try await take(through: 10) else { return nil }
            let head = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] ?? [:]
            let data = try await take(head["data_length"] as? Int ?? 0)
            let payload = try await take(head["payload_length"] as? Int ?? 0)
            return Event(
                type: head["type"] as? String ?? "", data: data.isEmpty ? Data("{}".utf8) : Data(data), payload: payload
            )
        }

        /// All events up to one of this type, which is the last.
        func until(_ type: String) async throws -> [Event] {
            var events: [Event] = []
            while let event = try await next() {
                events.append(event)
                if event.type == type { return events }
            }
            throw RawClient.Failure.incomplete("no \(type) after \(events.map(\.type))")
        }

        private func fill() async throws -> Bool {
            let more = try await connection.read(1 << 16)
            pending += more
            return !more.isEmpty
        }

        private func take(_ count: Int) async throws -> [UInt8] {
            while pending.count < count {
                guard try await fill() else { throw RawClient.Failure.incomplete("\(pending.count) of \(count) bytes") }
            }
            defer { pending.removeFirst(count) }
            return Array(pending[..<count])
        }

        private func take(through byte: UInt8) async throws -> [UInt8]? {
            while true {
                if let end = pending.firstIndex(of: byte) {
                    defer { pending.removeSubrange(...end) }
                    return Array(pending[..<end])
                }
                guard try await fill() else { return nil }
            }
        }
    }

    static func path(in folder: URL) -> String { folder.appending(path: "run/w.sock").path(percentEncoded: false) }

    private func serving(
        _ configure: (inout ServerConfiguration) -> Void = { _ in }, _ body: (TestServer) async throws -> Void
    ) async throws {
        try await withServer { configuration in
            if case .socket(let path) = configuration.http[0] {
                configuration.wyoming = [.socket(path: path.replacingOccurrences(of: "/s.sock", with: "/w.sock"))]
            }
            configure(&configuration)
        } _: { server in
            try await body(server)
        }
    }

    @Test func describesItsVoices() async throws {
        try await serving { server in
            let client = try Client(server)
            try await client.send("describe")
            let info = try #require(try await client.next())
            #expect(info.type == "info")
            let program = try #require((try info.field("tts") as? [[String: Any]])?.first)
            #expect(program["supports_synthesize_streaming"] as? Bool == true)
            let voices = try #require(program["voices"] as? [[String: Any]])
            let emma = try #require(voices.first { $0["name"] as? String == "emma" })
            #expect(emma["languages"] as? [String] == ["en_GB"] && emma["installed"] as? Bool == true)
            try await client.send("ping", ["text": "x"])
            #expect(try await client.next()?.type == "pong")
        }
    }

    @Test(arguments: [true, false]) func synthesizesWhatTheSynthesizerSays(inline: Bool) async throws {
        try await serving { server in
            let text = SpeechOverHTTP.text
            let expected = SpeechOverHTTP.pcm(
                try await SpeechOverHTTP.samples(server.synthesizer, text, voice: "george"))
            let client = try Client(server)
            try await client.send("synthesize", ["text": text, "voice": ["name": "george"]], inline: inline)
            let events = try await client.until("audio-stop")
            #expect(events.first?.type == "audio-start")
            #expect(try events.first?.field("rate") as? Int == 24_000 && events.first?.field("width") as? Int == 2)
            #expect(events.dropFirst().dropLast().allSatisfy { $0.type == "audio-chunk" })
            #expect(Data(events.flatMap(\.payload)) == expected)
            // The connection serves on, and a language finds a voice.
            try await client.send("synthesize", ["text": "Again.", "voice": ["language": "en_GB"]])
            #expect(try await client.until("audio-stop").count > 2)
        }
    }

    @Test func textThatStreamsInIsSpokenMeanwhile() async throws {
        try await serving { server in
            let text = "Dr. Smith came in. He sat down, and said nothing! Was it late? It was."
            var results: Set<Data> = []
            for size in [1, 7, 1_000] {
                let client = try Client(server)
                try await client.send("synthesize-start", ["voice": ["name": "emma"]])
                var rest = Substring(text)
                while !rest.isEmpty {
                    try await client.send("synthesize-chunk", ["text": String(rest.prefix(size))])
                    rest = rest.dropFirst(size)
                }
                // Sound before the text has ended.
                if size == 1 { #expect(try await client.next()?.type == "audio-start") }
                // For servers that know no streams; to be passed over here.
                try await client.send("synthesize", ["text": text, "voice": ["name": "emma"]])
                try await client.send("synthesize-stop")
                let events = try await client.until("synthesize-stopped")
                #expect(events.filter { $0.type == "audio-stop" }.count == 1)
                #expect(events.dropLast().last?.type == "audio-stop")
                results.insert(Data(events.flatMap(\.payload)))
            }
            // The same, whatever pieces it came in.
            #expect(results.count == 1)
            #expect((results.first?.count ?? 0) > 3 * 48_000)
        }
    }

    /// A place among the requests is not held for ever.
    @Test func whoGoesSilentInATextIsLeft() async throws {
        try await serving {
            $0.limits.idle = .seconds(5)
        } _: { server in
            let client = try Client(server)
            try await client.send("synthesize-start", ["voice": ["name": "emma"]])
            try await client.send("synthesize-chunk", ["text": "This is heard. And this"])
            var types: Set<String> = []
            while let event = try await client.next() { types.insert(event.type) }
            #expect(types == ["audio-start", "audio-chunk"])
            try await server.wait(until: "starling_speech_active", is: 0)
        }
    }

    /// Home Assistant reads on until there is sound that stops or the connection ends: after an error it ends.
    @Test func whatIsWrongIsSaidAndEndsTheConnection() async throws {
        try await serving { server in
            for (data, code) in [
                (["text": "Hi.", "voice": ["name": "nobody"]], "voice_not_found"),
                (["text": ""], "nothing_to_speak"), (["voice": ["name": "heart"]], "missing_required_parameter"),
                (["text": "Hi.", "text_format": "markdown"], "invalid_value"),
                (["text": "Hallo.", "voice": ["language": "xx_XX"]], "language_not_found"),
            ] as [([String: Any], String)] {
                let client = try Client(server)
                try await client.send("synthesize", data)
                let event = try #require(try await client.next())
                #expect(event.type == "error")
                #expect(try event.field("code") as? String == code)
                #expect(try await client.next() == nil)
            }
            // As Home Assistant streams, without looking at what comes meanwhile.
            for voice in [["name": "nobody"], ["language": "xx_XX"]] {
                let client = try Client(server)
                try await client.send("synthesize-start", ["voice": voice])
                for _ in 0..<200 { try await client.send("synthesize-chunk", ["text": "More and more of it. "]) }
                try await client.send("synthesize", ["text": "More.", "voice": voice])
                try await client.send("synthesize-stop")
                #expect(try await client.next()?.type == "error")
                #expect(try await client.next() == nil)
            }
            // What shows when it is too late for a refusal.
            let silent = try Client(server)
            try await silent.send("synthesize-start")
            try await silent.send("synthesize-chunk", ["text": "☃"])
            try await silent.send("synthesize-stop")
            #expect(try await silent.next()?.type == "error")
            #expect(try await silent.next() == nil)
            try await server.wait(until: "starling_speech_active", is: 0)
            let client = try Client(server)
            try await client.send("transcribe", ["language": "en"])
            try await client.send("ping")
            #expect(try await client.next()?.type == "pong")
            for garbage in [
                "GET / HTTP/1.1\r\n\r\n", "[]\n", "{}\n", #"{"type": "ping", "data_length": -1}"# + "\n",
                #"{"type": "ping", "data_length": 99999999999}"# + "\n",
                #"{"type": "ping", "data_length": 3}"# + "\nabc", String(repeating: "{", count: 1 << 21),
            ] {
                let other = try Client(server)
                // A long one may be cut off while it is being written.
                try? await other.write(Array(garbage.utf8))
                #expect(try await other.next()?.type == "error", "\(garbage.prefix(40))")
                #expect(try await other.next() == nil)
            }
        }
    }

    @Test func aClientThatGoesAwayStopsItsSynthesis() async throws {
        try await serving { server in
            for event in ["synthesize", "synthesize-chunk"] {
                var client: Client? = try Client(server)
                if event == "synthesize-chunk" { try await client?.send("synthesize-start") }
                try await client?.send(event, ["text": story(900)])
                _ = try await client?.next()
                #expect(try await server.metric("starling_speech_active") == 1)
                client = nil
                try await server.wait(until: "starling_speech_active", is: 0)
                try await server.wait(until: "starling_synthesis_pieces", is: 0)
            }
            // Of two hours.
            #expect(try await server.metric("starling_speech_seconds_total") < 600)
        }
    }

    @Test func theQueueIsSharedWithHTTP() async throws {
        try await serving { configuration in
            configuration.limits.requests = 1
        } _: { server in
            let client = try Client(server)
            try await client.send("synthesize-start")
            try await server.wait(until: "starling_speech_active", is: 1)
            #expect(try await server.unix.post("/v1/audio/speech", ["input": "Hello."]).status == 503)
            try await client.send("synthesize-chunk", ["text": "Done."])
            try await client.send("synthesize-stop")
            _ = try await client.until("synthesize-stopped")
            try await server.wait(until: "starling_speech_active", is: 0)
            #expect(try await server.unix.post("/v1/audio/speech", ["input": "Hello."]).status == 200)
        }
    }

    @Test func forWhomThereIsNoRoomIsTold() async throws {
        try await serving { configuration in
            configuration.limits.connections = 1
        } _: { server in
            let first = try Client(server)
            try await first.send("ping")
            #expect(try await first.next()?.type == "pong")
            let second = try Client(server)
            let refusal = try #require(try await second.next())
            let code = try refusal.field("code") as? String
            #expect(refusal.type == "error" && code == "too_many_connections")
            #expect(try await second.next() == nil)
            try await first.send("ping")
            #expect(try await first.next()?.type == "pong")
        }
    }

    @Test func otherMachinesAreNotServed() async throws {
        try await serving { server in
            var configuration = ServerConfiguration()
            configuration.wyoming = [.tcp(address: "0.0.0.0", port: 0)]
            configuration.token = "0123456789abcdef"
            #expect(throws: ServerError.wyomingExposed(address: "0.0.0.0")) {
                try SpeechServer(
                    configuration, synthesizer: server.synthesizer, enroller: TestServer.enroller(),
                    logger: TestServer.quiet)
            }
        }
    }
}
