import AudioIO
import Enrollment
import Files
import Foundation
import SpeechServer
import Synchronization
import Synthesis
import Testing
import VoiceProfile
import VoiceStore

/// `POST /v1/voices` with transcripts: progress, the queue, and giving up.
@Suite struct VoiceTranscripts {
    private static let sentences = [
        "I, Ann Example, agree to this voice.", "The harbour was quiet when the first boat came in.",
        "Nobody had expected it before noon, and the old man laughed.", "Would you like to see what they brought?",
    ]

    private static func form(_ name: String, _ recording: Data) -> Form {
        var form = Form()
        form.add("name", name)
        form.add("consent", sentences[0])
        form.add("recording", file: "one.wav", recording)
        return form
    }

    private static func send(_ form: Form, to client: RawClient) async throws -> RawClient.Reply {
        try await client.send("POST", "/v1/voices", headers: [("Content-Type", form.type)], body: form.body)
    }

    private static func read(_ server: TestServer) async throws -> Data {
        var samples: [Float] = []
        for try await chunk in server.synthesizer.speak(sentences.joined(separator: " "), voice: "heart") {
            samples += chunk.samples
        }
        return try Speech.encoded([samples], .wav)
    }

    /// The events of an answer, each as it is.
    private static func events(_ reply: RawClient.Reply) throws -> [[String: Any]] {
        try reply.text.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { event in
            try #require(event.hasPrefix("data: "), "\(event)")
            return try #require(
                try JSONSerialization.jsonObject(with: Data(event.dropFirst(6).utf8)) as? [String: Any])
        }
    }

    @Test func theVoiceAdaptsAndTellsHowFarItIs() async throws {
        try await withServer { server in
            let recording = try await Self.read(server)
            var form = Self.form("ann", recording)
            form.add("transcript", file: "one.txt", Data(Self.sentences.joined(separator: "\n").utf8))
            form.add("stream_format", "sse")
            let reply = try await Self.send(form, to: server.unix)
            #expect(reply.status == 200 && reply.headers["content-type"] == "text/event-stream", "\(reply.text)")
            let events = try Self.events(reply)
            let stages = events.dropLast().map { $0["stage"] as? String }
            #expect(events.dropLast().allSatisfy { $0["type"] as? String == "voice.progress" })
            #expect(stages.contains("adapting"), "\(stages)")
            let done = events.compactMap { $0["done"] as? Double }
            #expect(done == done.sorted() && done.last == 1 && done.count > 10, "\(done)")
            #expect(events.allSatisfy { $0["stage"] as? String != "adapting" || $0["seconds_left"] is Double })

            let made = try #require(events.last)
            #expect(made["type"] as? String == "voice.created" && made["id"] as? String == "ann")
            #expect(made["spoken_consent"] as? String == Digest.sha256(recording) && made["report"] != nil)
            let adaptation = try #require(made["adaptation"] as? [String: Any])
            let reading = try #require((adaptation["readings"] as? [[String: Any]])?.first)
            let heard = try #require(reading["sentences"] as? [[String: Any]])
            #expect(heard.map { $0["text"] as? String } == Self.sentences)
            #expect(heard.allSatisfy { $0["is_understood"] as? Bool == true })
            let card = try await server.unix.get("/v1/voices/ann").json()
            #expect(card["spoken_consent"] as? String == Digest.sha256(recording))
            let profile = try server.synthesizer.store.voice("ann").profile
            #expect((profile.adaptation == nil) == (adaptation["kept_because"] != nil))

            // An error after the beginning is the last event.
            let again = try await Self.send(form, to: server.unix)
            let error = try #require(try Self.events(again).last)
            #expect(again.status == 200 && error["type"] as? String == "error")
            #expect((error["error"] as? [String: Any])?["code"] as? String == "voice_exists")
            #expect(try await server.metric("starling_uploads_active") == 0)
        }
    }

    /// Without a transcript the recording is listened to, if that is asked for.
    @Test func theVoiceAdaptsToWhatItHears() async throws {
        try await withServer { server in
            var form = Self.form("ann", try await Self.read(server))
            form.add("adapt", "true")
            let reply = try await Self.send(form, to: server.unix)
            #expect(reply.status == 201, "\(reply.text)")
            let adaptation = try #require(try reply.json()["adaptation"] as? [String: Any])
            #expect(adaptation["pieces"] as? Int ?? 0 >= 2, "\(adaptation)")
            #expect((adaptation["readings"] as? [Any])?.isEmpty == true, "\(adaptation)")
            let profile = try server.synthesizer.store.voice("ann").profile
            #expect((profile.adaptation == nil) == (adaptation["kept_because"] != nil))
        }
    }

    @Test func whatIsRefused() async throws {
        let speech = try await Speech.file("heart", seconds: 6)
        let cases: [(change: (inout Form) -> Void, param: String, says: String)] = [
            (
                {
                    $0.add("transcript", "One.")
                    $0.add("transcript", "Two.")
                }, "transcript", "once per recording"
            ),
            ({ $0.add("transcript", file: "other.txt", Data([0xff, 0xfe])) }, "transcript", "UTF-8"),
            (
                { $0.add("transcript", file: "one.txt", Data(String(repeating: "word ", count: 4_000).utf8)) },
                "transcript", "16384 bytes"
            ),
            ({ $0.add("language", "tlh") }, "language", "en-US"), ({ $0.add("strength", "2") }, "strength", "0 to 1"),
            ({ $0.add("strength", "nan") }, "strength", "0 to 1"),
            ({ $0.add("adapt", "perhaps") }, "adapt", "true or false"),
            ({ $0.add("stream_format", "xml") }, "stream_format", "json or sse"),
        ]
        try await withServer { server in
            for (change, param, says) in cases {
                var form = Self.form("ann", speech)
                change(&form)
                let reply = try await Self.send(form, to: server.unix)
                let error = try #require(try reply.error(), "\(reply.text)")
                #expect(reply.status == 400 && error.param == param, "\(reply.text)")
                #expect(error.message.contains(says), "\(reply.text)")
            }
            // Nobody knows what is said: the voice is made as without.
            var form = Self.form("ann", speech)
            form.add("transcript", " ")
            let reply = try await Self.send(form, to: server.unix)
            #expect(try reply.status == 201 && reply.json()["adaptation"] == nil, "\(reply.text)")
        }
    }

    @Test func passagesAreListed() async throws {
        try await withServer { server in
            let reply = try await server.unix.get("/v1/passages")
            let passages = try #require(try reply.json()["data"] as? [[String: Any]])
            #expect(passages.map { $0["language"] as? String } == ["en-US", "es-ES", "it-IT", "fr-FR", "pt-BR"])
            for passage in passages {
                let lines = try #require(passage["lines"] as? [String])
                #expect(lines.count == 9 && lines.first == passage["consent"] as? String)
            }
        }
    }

    /// Occupies the thread that it is called on until it is let go or cancelled, and then makes no voice.
    private final class Holder: VoiceMaker {
        let profileSpace: String
        private let state = Mutex((begun: [String](), isHeld: true))
        /// Whether it takes its time to notice that it was cancelled.
        private let lingers: Bool

        init(lingers: Bool = false) throws {
            profileSpace = try TestServer.enroller().profileSpace
            self.lingers = lingers
        }

        var begun: [String] { state.withLock { $0.begun } }

        func letGo() { state.withLock { $0.isHeld = false } }

        func measure(
            _ recordings: [Recording], isOnePerson: Bool, atMost: Double, adaptation: AdaptationRequest?
        ) async throws -> Enrollment {
            state.withLock { $0.begun.append(recordings[0].name) }
            let end = ContinuousClock.now + TestServer.patience
            while state.withLock({ $0.isHeld }), lingers || !Task.isCancelled, .now < end { usleep(1_000) }
            try Task.checkCancellation()
            throw EnrollmentError.noSpeech(names: recordings.map(\.name), found: .silence)
        }

        func wait(for count: Int) async throws {
            let end = ContinuousClock.now + TestServer.patience
            while begun.count < count, .now < end { try await Task.sleep(for: .milliseconds(2)) }
            #expect(begun.count == count)
        }
    }

    private static func body(_ name: String, streams: Bool = false) -> Form {
        var form = Form()
        form.add("name", name)
        form.add("consent", "I agree.")
        form.add("recording", file: "\(name).wav", Data("RIFF".utf8))
        if streams { form.add("stream_format", "sse") }
        return form
    }

    /// One thread for everything, and a voice that does not let go of its own.
    @Test func othersAreServedMeanwhile() async throws {
        let holder = try Holder()
        try await withServer(enroller: holder) { configuration in
            configuration.threads = 1
            configuration.limits.uploads = 2
        } _: { server in
            async let first = Self.send(Self.body("one"), to: server.unix)
            try await holder.wait(for: 1)
            async let second = Self.send(Self.body("two", streams: true), to: server.unix)
            try await server.wait(until: "starling_uploads_active", is: 2)
            let spoken = try await server.unix.post("/v1/audio/speech", ["input": "Good morning."])
            #expect(spoken.status == 200 && spoken.body.count > 1_000)
            // Who comes now finds the queue full, and one after the other is made.
            let third = try await Self.send(Self.body("three"), to: server.unix)
            #expect(third.status == 503 && (1...60).contains(Int(third.headers["retry-after"] ?? "") ?? 0))
            #expect(holder.begun == ["one.wav"])
            holder.letGo()
            #expect(try await first.status == 422)
            let events = try Self.events(try await second)
            #expect(events.first?["stage"] as? String == "waiting" && events.last?["type"] as? String == "error")
            #expect(holder.begun == ["one.wav", "two.wav"])
        }
    }

    @Test func aVoiceInTheMakingIsDeleted() async throws {
        let holder = try Holder()
        try await withServer(enroller: holder) { server in
            async let made = Self.send(Self.body("ann"), to: server.unix)
            try await holder.wait(for: 1)
            async let waiting = Self.send(Self.body("bob"), to: server.unix)
            try await server.wait(until: "starling_uploads_active", is: 2)
            let taken = try await Self.send(Self.body("ann"), to: server.unix)
            #expect(try taken.status == 409 && taken.error()?.code == "voice_exists")
            // Both the one that waits and the one that is worked at.
            for name in ["bob", "ann"] {
                let deleted = try await server.unix.send("DELETE", "/v1/voices/\(name)")
                #expect(try deleted.status == 200 && deleted.json()["deleted"] as? Bool == true, "\(deleted.text)")
            }
            for reply in try await [made, waiting] {
                #expect(try reply.status == 409 && reply.error()?.code == "voice_cancelled", "\(reply.text)")
            }
            #expect(holder.begun == ["ann.wav"])
            #expect(try await server.unix.send("DELETE", "/v1/voices/ann").status == 404)
            #expect(try await server.metric("starling_speech_active") == 0)
        }
    }

    /// A voice that was given up has no claim to its name, even if it is still worked at.
    @Test func theNameOfAVoiceThatWasGivenUpIsFree() async throws {
        let holder = try Holder(lingers: true)
        try await withServer(enroller: holder) { server in
            async let first = Self.send(Self.body("ann"), to: server.unix)
            try await holder.wait(for: 1)
            #expect(try await server.unix.send("DELETE", "/v1/voices/ann").status == 200)
            async let second = Self.send(Self.body("ann"), to: server.unix)
            try await server.wait(until: "starling_uploads_active", is: 2)
            holder.letGo()
            #expect(try await first.error()?.code == "voice_cancelled")
            let reply = try await second
            #expect(reply.status == 422, "\(reply.text)")
            #expect(holder.begun == ["ann.wav", "ann.wav"])
        }
    }

    @Test func whoStopsListeningGivesUp() async throws {
        let holder = try Holder()
        try await withServer(enroller: holder) { server in
            let form = Self.body("ann", streams: true)
            let connection = try server.unix.connect()
            try await connection.write(
                RawConnection.request(
                    "POST", "/v1/voices", host: "localhost", headers: [("Content-Type", form.type)], body: form.body))
            try await holder.wait(for: 1)
            #expect(String(decoding: try await connection.read(400), as: UTF8.self).hasPrefix("HTTP/1.1 200"))
            connection.close()
            try await server.wait(until: "starling_uploads_active", is: 0)
            try await server.wait(until: "starling_synthesis_pieces", is: 0)
            // A moment later it is forgotten, and no voice was made of it.
            for _ in 0..<100 where try await server.unix.send("DELETE", "/v1/voices/ann").status != 404 {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await server.unix.send("DELETE", "/v1/voices/ann").status == 404)
        }
    }
}
