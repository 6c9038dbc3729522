import AudioIO
import Foundation
import SpeechServer
import Synthesis
import Testing
import VoiceStore

@Suite struct SpeechOverHTTP {
    static let text = "It was late. Nobody came, and the lamp went out! Was that all?"

    static func samples(
        _ synthesizer: Synthesizer, _ text: String, voice: String = "heart", options: SpeechOptions = .init()
    )
        async throws -> [Float]
    {
        var samples: [Float] = []
        for try await chunk in synthesizer.speak(text, voice: voice, options: options) { samples += chunk.samples }
        return samples
    }

    static func pcm(_ samples: [Float]) -> Data {
        Data(PCM.int16(samples).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    }

    @Test func pcmIsWhatTheSynthesizerSays() async throws {
        try await withServer { server in
            var options = SpeechOptions()
            (options.speed, options.pitch, options.seed) = (1.25, -2, 7)
            let samples = try await Self.samples(server.synthesizer, Self.text, voice: "george", options: options)
            let reply = try await server.unix.post(
                "/v1/audio/speech",
                [
                    "model": "tts-1", "input": Self.text, "voice": "george", "response_format": "pcm", "speed": 1.25,
                    "pitch": -2, "seed": 7,
                ])
            #expect(reply.status == 200 && reply.headers["content-type"] == "audio/pcm")
            #expect(reply.headers["x-starling-voice"] == "george")
            #expect(reply.body == Self.pcm(samples))
        }
    }

    @Test func wavStreamsWithAHeaderForUnknownLength() async throws {
        try await withServer { server in
            let samples = try await Self.samples(server.synthesizer, Self.text)
            let reply = try await server.unix.post(
                "/v1/audio/speech", ["input": Self.text, "response_format": "wav"])
            #expect(reply.headers["content-type"] == "audio/wav")
            #expect(reply.headers["transfer-encoding"] == "chunked" && reply.headers["content-length"] == nil)
            #expect(reply.chunks.count >= 3)
            let body = reply.body
            #expect(body.prefix(4) == Data("RIFF".utf8) && body[4..<8].allSatisfy { $0 == 0xff })
            #expect(body[8..<16] == Data("WAVEfmt ".utf8))
            let data = try #require(body.indices.first { body[$0...].starts(with: "data".utf8) })
            #expect(body[(data + 4)..<(data + 8)].allSatisfy { $0 == 0xff })
            #expect(body[(data + 8)...] == Self.pcm(samples))
        }
    }

    @Test(arguments: [("mp3", "audio/mpeg"), ("opus", "audio/ogg"), ("flac", "audio/flac"), ("wav", "audio/wav")])
    func everyFormatDecodes(_ format: String, _ type: String) async throws {
        try await withServer { server in
            let samples = try await Self.samples(server.synthesizer, Self.text)
            let reply = try await server.unix.post(
                "/v1/audio/speech", ["input": Self.text, "response_format": format])
            #expect(reply.status == 200 && reply.headers["content-type"] == type)
            let file = server.folder.appending(path: "speech.\(format)")
            try reply.body.write(to: file)
            let clip = try AudioReader.read(file)
            let expected = Double(samples.count) / 24_000
            #expect(abs(Double(clip.samples.count) / Double(clip.sampleRate) - expected) < 0.15)
            // The same again: encoders put no clock or chance into a stream.
            let again = try await server.unix.post(
                "/v1/audio/speech", ["input": Self.text, "response_format": format])
            #expect(again.body == reply.body)
        }
    }

    @Test func mp3IsTheDefaultAsAtOpenAI() async throws {
        try await withServer { server in
            let reply = try await server.unix.post(
                "/v1/audio/speech", ["model": "gpt-4o-mini-tts", "input": "Hello.", "voice": ["id": "sage"]])
            #expect(reply.status == 200 && reply.headers["content-type"] == "audio/mpeg")
            #expect(reply.headers["x-starling-voice"] == "emma")
        }
    }

    @Test func theFirstSoundComesLongBeforeTheLast() async throws {
        try await withServer { server in
            let body = try JSONSerialization.data(withJSONObject: ["input": story(60), "response_format": "pcm"])
            let connection = try server.unix.connect()
            defer { connection.close() }
            try await connection.write(
                RawConnection.request(
                    "POST", "/v1/audio/speech", host: "localhost", headers: [("Content-Type", "application/json")],
                    body: Array(body)))
            var begun: [UInt8] = []
            while begun.count < 4_000 { begun += try await connection.read(1_000) }
            // There is sound, and most of the rest is not made: it would not fit between server and client.
            let made = try await server.metric("starling_speech_seconds_total")
            let seconds = Double(try await connection.receive(after: begun).body.count) / 48_000
            #expect(made < seconds / 2, "\(made) s of \(seconds) s")
        }
    }

    @Test func eventsCarryTheSameSound() async throws {
        try await withServer { server in
            let samples = try await Self.samples(server.synthesizer, Self.text)
            let reply = try await server.unix.post(
                "/v1/audio/speech", ["input": Self.text, "response_format": "pcm", "stream_format": "sse"])
            #expect(reply.headers["content-type"] == "text/event-stream")
            let events = try Self.events(reply.text)
            #expect(events.dropLast().allSatisfy { $0["type"] as? String == "speech.audio.delta" })
            let sound = events.compactMap { ($0["audio"] as? String).flatMap { Data(base64Encoded: $0) } }
            #expect(Data(sound.joined()) == Self.pcm(samples))
            #expect(events.last?["type"] as? String == "speech.audio.done")
            let usage = try #require(events.last?["usage"] as? [String: Int])
            #expect(usage["input_tokens"] == Self.text.unicodeScalars.count)
            #expect(usage["total_tokens"] == (usage["input_tokens"] ?? 0) + (usage["output_tokens"] ?? 0))
        }
    }

    static func events(_ text: String) throws -> [[String: Any]] {
        try text.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { line in
            #expect(line.hasPrefix("data: "))
            return try JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8)) as? [String: Any] ?? [:]
        }
    }

    @Test func timingsGoWithTheSound() async throws {
        try await withServer { server in
            let samples = try await Self.samples(server.synthesizer, Self.text)
            let reply = try await server.unix.post(
                "/v1/speech/timings", ["input": Self.text, "response_format": "pcm"])
            let json = try reply.json()
            let audio = try #require((json["audio"] as? String).flatMap { Data(base64Encoded: $0) })
            #expect(audio == Self.pcm(samples))
            #expect(abs((json["duration"] as? Double ?? 0) - Double(samples.count) / 24_000) < 1e-5)
            let sentences = try #require(json["sentences"] as? [[String: Any]])
            #expect(sentences.count == 3)
            var last = 0.0
            for sentence in sentences {
                let words = try #require(sentence["words"] as? [[String: Any]])
                #expect(!words.isEmpty && (sentence["phonemes"] as? [Any])?.isEmpty == false)
                for word in words {
                    let (start, end) = (word["start"] as? Double ?? -1, word["end"] as? Double ?? -1)
                    #expect(start >= last - 1e-6 && end >= start)
                    last = start
                }
            }
            let events = try Self.events(
                try await server.unix.post(
                    "/v1/speech/timings",
                    ["input": Self.text, "response_format": "pcm", "stream_format": "sse"]
                ).text)
            let kinds = events.compactMap { $0["type"] as? String }
            #expect(kinds.first == "speech.sentence" && kinds.filter { $0 == "speech.sentence" }.count == 3)
            let sound = events.compactMap { ($0["audio"] as? String).flatMap { Data(base64Encoded: $0) } }
            #expect(Data(sound.joined()) == Self.pcm(samples))
        }
    }

    @Test func theF0TrackComesWhenAskedFor() async throws {
        try await withServer { server in
            let wish: [String: Any] = ["input": Self.text, "response_format": "pcm"]
            let plain = try await server.unix.post("/v1/speech/timings", wish).json()
            #expect(plain["f0"] == nil)
            let reply = try await server.unix.post("/v1/speech/timings", wish.merging(["f0": true]) { $1 }).json()
            let track = try #require(reply["f0"] as? [Double])
            #expect(reply["audio"] as? String == plain["audio"] as? String)
            let seconds = try #require(reply["duration"] as? Double)
            #expect(abs(Double(track.count) - seconds * 80) <= 1)
            let voiced = track.filter { $0 > 0 }
            #expect(voiced.count > track.count / 4 && voiced.allSatisfy { (50...700).contains($0) })
            // It is where the sound is: vowels are voiced, the silence between sentences is not.
            let sentences = try #require(reply["sentences"] as? [[String: Any]])
            let ends = sentences.map { ($0["start"] as? Double ?? 0, $0["end"] as? Double ?? 0) }
            for (before, after) in zip(ends, ends.dropFirst()) {
                let pause = Int((before.1 * 80).rounded(.up))..<Int(after.0 * 80)
                #expect(pause.allSatisfy { track[$0] == 0 })
            }
            // The same, sentence by sentence.
            let events = try await server.unix.post(
                "/v1/speech/timings", wish.merging(["f0": true, "stream_format": "sse"]) { $1 })
            var parts: [[Double]] = []
            for line in events.text.split(separator: "\n") where line.hasPrefix("data: {\"type\":\"speech.sentence\"") {
                let event = try JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8)) as? [String: Any]
                parts.append(try #require(event?["f0"] as? [Double]))
            }
            #expect(parts.count == sentences.count)
            for (part, (start, _)) in zip(parts, ends) {
                let first = Int((start * 80).rounded())
                #expect(Array(track[first..<first + part.count]) == part)
            }
        }
    }

    @Test func theFaceComesWhenAskedFor() async throws {
        try await withServer { server in
            let wish: [String: Any] = ["input": Self.text, "response_format": "pcm", "blendshapes": true]
            let refused = try await server.unix.post("/v1/speech/timings", wish)
            #expect(refused.status == 400 && refused.text.contains("set stream_format to sse"), "\(refused.text)")
            let reply = try await server.unix.post("/v1/speech/timings", wish.merging(["stream_format": "sse"]) { $1 })
            var (rows, bytes) = (0, 0)
            for line in reply.text.split(separator: "\n") where line.hasPrefix("data: ") {
                let event = try #require(
                    JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8)) as? [String: Any])
                switch event["type"] as? String {
                case "speech.blendshapes":
                    #expect(abs((event["start"] as? Double ?? -1) - Double(rows) / 60) < 1e-5)
                    rows += (event["rows"] as? [[Double]])?.count ?? 0
                case "speech.audio.delta":
                    bytes += (event["audio"] as? String).flatMap { Data(base64Encoded: $0) }?.count ?? 0
                    #expect(rows >= bytes / 800)
                default: break
                }
            }
            #expect(bytes > 48_000 && rows == (bytes / 2 + 399) / 400)
        }
    }

    @Test func wordsAreSaidAsTheRequestHasThem() async throws {
        try await withServer { server in
            func phonemes(_ wish: [String: Any]) async throws -> [String] {
                let reply = try await server.unix.post("/v1/speech/timings", wish).json()
                let sentences = try #require(reply["sentences"] as? [[String: Any]])
                return sentences.flatMap { $0["words"] as? [[String: Any]] ?? [] }.compactMap {
                    $0["phonemes"] as? String
                }
            }
            let plain = try await phonemes(["input": "Ask Nguyen."])
            let wish = ["input": "Ask Nguyen.", "lexicon": ["Nguyen": "win"]] as [String: Any]
            let said = try await phonemes(wish)
            #expect(said.count == 2 && said[0] == plain[0] && said[1] != plain[1])
            #expect(try await said[1] == phonemes(["input": "Ask win."])[1])
            let exact = try await phonemes(["input": "Ask Nguyen.", "lexicon": ["Nguyen": "/mˈun/"]])
            #expect(exact[1] == "mˈun")
            let sound = try await server.unix.post("/v1/audio/speech", wish.merging(["response_format": "pcm"]) { $1 })
            let other = try await server.unix.post(
                "/v1/audio/speech", ["input": "Ask Nguyen.", "response_format": "pcm"])
            #expect(sound.status == 200 && sound.body != other.body)
        }
    }

    @Test func aConnectionServesManyRequests() async throws {
        try await withServer { server in
            let connection = try server.unix.connect()
            defer { connection.close() }
            let body = Array(#"{"input": "One more.", "response_format": "pcm"}"#.utf8)
            var bodies: Set<Data> = []
            for _ in 0..<5 {
                let reply = try await connection.send(
                    "POST", "/v1/audio/speech", headers: [("Content-Type", "application/json")], body: body)
                bodies.insert(reply.body)
            }
            #expect(bodies.count == 1)
            #expect(try await connection.send("GET", "/healthz").status == 200)
        }
    }

    @Test func manyAtOnceGetWhatOneGets() async throws {
        try await withServer { server in
            let texts = (0..<6).map { "Text number \($0). It has two sentences, and a seed." }
            var alone: [Data] = []
            for text in texts {
                alone.append(
                    try await server.unix.post("/v1/audio/speech", ["input": text, "response_format": "wav"]).body)
            }
            try await withThrowingTaskGroup(of: (Int, Data).self) { group in
                for index in 0..<24 {
                    group.addTask {
                        let text = texts[index % texts.count]
                        let reply = try await server.unix.post(
                            "/v1/audio/speech", ["input": text, "response_format": "wav"])
                        return (index % texts.count, reply.body)
                    }
                }
                for try await (index, body) in group { #expect(body == alone[index]) }
            }
        }
    }
}
