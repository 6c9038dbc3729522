import Foundation
import SpeechServer
import SpeechSignal
import Synthesis
import Testing
import VoiceStore

/// Text in, speech out over a WebSocket.
@Suite struct LiveSpeech {
    static let text = "Dr. Smith came in. He sat down, and said nothing! Was it late? It was."

    /// Says a text in pieces of so many characters.
    static func say(
        _ text: String, in size: Int, to client: WebSocketClient, _ wish: [String: Any] = [:]
    ) async throws {
        try await client.send("begin", wish)
        var rest = Substring(text)
        while !rest.isEmpty {
            try await client.send("text", ["text": String(rest.prefix(size))])
            rest = rest.dropFirst(size)
        }
        try await client.send("end")
    }

    @Test func piecesOfAnySizeSoundTheSame() async throws {
        try await withServer { server in
            let expected = SpeechOverHTTP.pcm(
                try await SpeechOverHTTP.samples(server.synthesizer, Self.text, voice: "emma"))
            // All over one connection.
            let client = try await WebSocketClient(server.unix)
            for size in [1, 7, 1_000] {
                try await Self.say(Self.text, in: size, to: client, ["voice": "emma", "id": "n\(size)"])
                let (events, sound) = try await client.until("done")
                #expect(sound == expected, "pieces of \(size)")
                #expect(events.map(\.type) == ["begun", "done"])
                #expect(events.allSatisfy { $0.fields["id"] as? String == "n\(size)" })
                #expect(events[0].fields["voice"] as? String == "emma")
                #expect(events[0].fields["sample_rate"] as? Int == 24_000)
                #expect(events[1].fields["seconds"] as? Double == Double(expected.count) / 48_000)
                #expect(events[1].fields["characters"] as? Int == Self.text.count)
                #expect(events[1].fields["cancelled"] as? Bool == false)
            }
        }
    }

    @Test func wordsAndVisemesComeBeforeTheirSound() async throws {
        try await withServer { server in
            let client = try await WebSocketClient(server.unix)
            try await Self.say(Self.text, in: 9, to: client, ["voice": "heart", "words": true, "visemes": true])
            var (sound, spoken, sentences) = (0, [String](), 0)
            while true {
                let message = try #require(try await client.next())
                if case .sound(let bytes) = message { sound += bytes.count / 2 }
                guard case .event(let event) = message, event.type != "begun" else { continue }
                if event.type == "done" { break }
                #expect(event.type == "sentence")
                sentences += 1
                let (start, end) = (event.fields["start"] as? Double ?? 0, event.fields["end"] as? Double ?? 0)
                #expect(Double(sound) / 24_000 <= start + 1e-3 && start < end)
                spoken += (event.fields["words"] as? [[String: Any]] ?? []).compactMap { $0["text"] as? String }
                let visemes = try #require(event.fields["visemes"] as? [[String: Any]])
                #expect(visemes.first?["start"] as? Double == start && visemes.last?["end"] as? Double == end)
            }
            #expect(sentences == 4)
            #expect(
                spoken.joined(separator: " ") == "Dr. Smith came in He sat down and said nothing Was it late It was")
        }
    }

    @Test(arguments: ["pcm", "opus"])
    func facesComeInOrderWithTheirSound(_ format: String) async throws {
        try await withServer { server in
            let client = try await WebSocketClient(server.unix)
            try await Self.say(
                Self.text, in: 9, to: client, ["blendshapes": true, "response_format": format, "seed": 4, "id": "face"])
            var (sound, rows, seconds) = (0, 0, 0.0)
            while true {
                let message = try #require(try await client.next())
                if case .sound(let bytes) = message {
                    sound += bytes.count / 2
                    // What is heard is on its face already, but for a row that the sound to come completes.
                    if format == "pcm" { #expect(rows >= sound / 400 && rows <= sound / 400 + 1) }
                }
                guard case .event(let event) = message, event.type != "begun" else { continue }
                #expect(event.fields["id"] as? String == "face")
                if event.type == "done" {
                    seconds = event.fields["seconds"] as? Double ?? 0
                    break
                }
                #expect(event.type == "blendshapes" && event.fields["rate"] as? Int == 60)
                let values = try #require(event.fields["rows"] as? [[Double]])
                let start = try #require(event.fields["start"] as? Double)
                #expect(abs(start - Double(rows) / 60) < 1e-5)
                #expect((event.fields["names"] as? [String])?.count == 52)
                #expect(values.allSatisfy { $0.count == 52 && $0.allSatisfy((0...1).contains) })
                #expect((event.fields["head"] as? [[Double]])?.map(\.count) == values.map { _ in 3 })
                rows += values.count
            }
            #expect(rows > 60 && sound > 0)
            #expect((0..<1 / 60).contains(Double(rows) / 60 - seconds))
        }
    }

    @Test func soundComesWhileTheTextIsWritten() async throws {
        try await withServer { server in
            let client = try await WebSocketClient(server.unix)
            try await client.send("begin", ["words": true])
            try await client.send("text", ["text": "One sentence. And "])
            _ = try await client.until("sentence")
            guard case .sound? = try await client.next() else {
                Issue.record("no sound")
                return
            }
            // Half a sentence, at once.
            try await client.send("text", ["text": "then half"])
            try await client.send("flush")
            let half = try await client.until("sentence").events.last
            #expect(half?.fields["text"] as? String == "And then half")
            try await client.send("text", ["text": " a minute."])
            try await client.send("end")
            let (events, _) = try await client.until("done")
            #expect(events.first?.fields["text"] as? String == "a minute.")
        }
    }

    @Test func cancellingStopsAtOnceAndTellsHowFarItCame() async throws {
        try await withServer { server in
            let client = try await WebSocketClient(server.unix)
            let text = story(250)
            try await Self.say(text, in: 5_000, to: client, ["id": "long", "words": true])
            // More than the listener has heard.
            var received = 0
            while received < 2 * 48_000 {
                let message = try #require(try await client.next())
                if case .sound(let bytes) = message { received += bytes.count }
            }
            try await client.send("cancel", ["played": 1.5])
            var events: [WebSocketClient.Event] = []
            while events.last?.type != "done" { events.append(try await client.event()) }
            let done = try #require(events.last)
            #expect(done.fields["cancelled"] as? Bool == true && done.fields["id"] as? String == "long")
            let heard = try #require(done.fields["heard"] as? [String: Any])
            #expect(heard["seconds"] as? Double == 1.5)
            let end = try #require((heard["code_point_range"] as? [Int])?.last)
            let said = text.prefix(end)
            #expect(said.hasPrefix("Sentence number") && end < 60, "\(said)")
            #expect(text.dropFirst(end).first == " " || text.dropFirst(end).first == ".", "a whole word: \(said)")
            try await server.wait(until: "starling_speech_active", is: 0)
            try await server.wait(until: "starling_synthesis_pieces", is: 0)
            // Of half an hour.
            #expect(try await server.metric("starling_speech_seconds_total") < 120)
            // The next one speaks as ever; a cancel that comes too late is none.
            try await client.send("cancel")
            try await Self.say("Hello.", in: 10, to: client)
            let (_, sound) = try await client.until("done")
            #expect(sound.count > 10_000)
        }
    }

    @Test func languageAndFormatAreKept() async throws {
        try await withServer { server in
            let client = try await WebSocketClient(server.unix)
            try await Self.say("Hello.", in: 10, to: client, ["language": "en-GB", "response_format": "flac"])
            let (events, sound) = try await client.until("done")
            let card = try server.synthesizer.store.voice(try #require(events[0].fields["voice"] as? String))
            #expect(card.accent == .british)
            #expect(sound.starts(with: Array("fLaC".utf8)))
        }
    }

    @Test func whatIsWrongIsSaidAndTheConnectionGoesOn() async throws {
        try await withServer {
            $0.limits.text = 1_000
        } _: { server in
            let client = try await WebSocketClient(server.unix)
            for (message, code) in [
                (#"{"type": "text", "text": "Hi."}"#, "no_utterance"), (#"{"type": "end"}"#, "no_utterance"),
                (#"{"type": "speak"}"#, "invalid_value"), (#"{"voice": "heart"}"#, "missing_required_parameter"),
                ("[]", "invalid_body"), ("hello", "invalid_body"), ("", "invalid_body"),
                (String(repeating: "[", count: 60_000), "invalid_body"),
                (#"{"type": "begin", "voice": "nobody"}"#, "voice_not_found"),
                (#"{"type": "begin", "language": "xx"}"#, "invalid_value"),
                (#"{"type": "begin", "speed": 9}"#, "invalid_value"),
                (#"{"type": "begin", "response_format": "tape"}"#, "invalid_value"),
                (#"{"type": "begin", "id": 5}"#, "invalid_value"),
                (#"{"type": "begin", "words": "yes"}"#, "invalid_value"),
                (#"{"type": "cancel", "played": -1}"#, "invalid_value"),
                // What an error quotes breaks no line.
                (#"{"type": "spe\nak"}"#, "invalid_value"), (#"{"type": "be\u2028gin"}"#, "invalid_value"),
                (#"{"type": "begin", "voice": "no\r\nbody"}"#, "invalid_value"),
            ] {
                try await client.send(frame: 1, Array(message.utf8))
                let event = try await client.event()
                #expect(event.type == "error" && event.code == code, "\(message.prefix(60)): \(event.fields)")
                let text = (event.fields["error"] as? [String: Any])?["message"] as? String
                #expect(text?.contains(where: \.isNewline) == false, "\(message.prefix(60))")
            }
            // What belongs to an utterance that was refused is passed over, with one error for all of it.
            for (wish, code) in [
                (["voice": "nobody", "id": "a"], "voice_not_found"), (["speed": 9, "id": "b"], "invalid_value"),
            ] as [([String: any Sendable], String)] {
                try await Self.say(Self.text, in: 20, to: client, wish)
                let event = try await client.event()
                #expect(event.code == code && event.fields["id"] as? String == wish["id"] as? String)
            }
            try await Self.say("☃", in: 20, to: client)
            #expect(try await client.event().type == "begun")
            #expect(try await client.event().code == "nothing_to_speak")
            // Too long a text, and two at once.
            try await client.send("begin")
            try await client.send("begin")
            try await client.send("text", ["text": String(repeating: "a ", count: 501)])
            // The second `begin` may be answered while the voice of the first is still being read.
            var answers: Set<String> = []
            for _ in 0..<3 {
                let event = try await client.event()
                answers.insert(event.code ?? event.type)
            }
            #expect(answers == ["begun", "utterance_open", "string_above_max_length"])
            try await client.send("cancel")
            try await Self.say("Hello.", in: 20, to: client)
            #expect(try await client.until("done").sound.count > 10_000)
        }
    }

    @Test func theQueueIsSharedWithHTTP() async throws {
        try await withServer {
            $0.limits.requests = 1
        } _: { server in
            let client = try await WebSocketClient(server.unix)
            let other = try await WebSocketClient(server.unix)
            try await client.send("begin")
            #expect(try await client.event().type == "begun")
            try await other.send("begin")
            let refusal = try await other.event()
            #expect(refusal.code == "overloaded" && refusal.fields["retry_after"] as? Int ?? 0 > 0)
            #expect(try await server.unix.post("/v1/audio/speech", ["input": "Hello."]).status == 503)
            try await client.send("text", ["text": "Done."])
            try await client.send("end")
            _ = try await client.until("done")
            try await server.wait(until: "starling_speech_active", is: 0)
            #expect(try await server.unix.post("/v1/audio/speech", ["input": "Hello."]).status == 200)
        }
    }
}
