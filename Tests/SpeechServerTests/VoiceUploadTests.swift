import AudioIO
import Enrollment
import Foundation
import SpeechServer
import Synthesis
import Testing
import VoiceProfile
import VoiceStore

/// `POST /v1/voices`, with real recordings over real sockets.
@Suite struct VoiceUploads {
    private static func send(_ form: Form, to client: RawClient) async throws -> RawClient.Reply {
        try await client.send("POST", "/v1/voices", headers: [("Content-Type", form.type)], body: form.body)
    }

    /// A form with a name and a consent.
    private static func form(_ name: String) -> Form {
        var form = Form()
        form.add("name", name)
        form.add("consent", "I, Ann Example, agree.")
        return form
    }

    @Test func aVoiceIsMadeAndSpeaks() async throws {
        try await withServer { server in
            var form = Self.form("ann")
            form.add("accent", "british")
            form.add("description", "Ann in the kitchen")
            form.add("unknown", "passed over")
            form.add("recording", file: "/home/ann/one.wav", try await Speech.file("emma", seconds: 6))
            form.add("recording", file: "C:\\ann\\two.opus", try await Speech.file("emma", seconds: 10, .opus))
            let reply = try await Self.send(form, to: server.unix)
            #expect(reply.status == 201, "\(reply.text)")
            #expect(reply.headers["location"] == "/v1/voices/ann")
            var made = try reply.json()
            let report = try #require(made.removeValue(forKey: "report") as? [String: Any])
            #expect(
                try await NSDictionary(dictionary: made)
                    == NSDictionary(dictionary: server.unix.get("/v1/voices/ann").json()))
            #expect(made["consent"] as? String == "I, Ann Example, agree." && made["accent"] as? String == "british")
            #expect(made["description"] as? String == "Ann in the kitchen" && made["origin"] as? String == "user")
            let sources = try #require(made["sources"] as? [[String: Any]])
            #expect(sources.map { $0["name"] as? String } == ["one.wav", "two.opus"])
            #expect((report["speech_seconds"] as? Double ?? 0) > 8)
            for key in ["signal_to_noise", "clipping", "bandwidth", "warnings", "samples", "grade"] {
                #expect(report[key] != nil, "\(key)")
            }
            // The same as the library makes of the same bytes, and it speaks.
            let voice = try server.synthesizer.store.voice("ann")
            let emma = try server.synthesizer.store.voice("emma")
            #expect(zip(voice.profile.embedding, emma.profile.embedding).reduce(0) { $0 + $1.0 * $1.1 } > 0.7)
            let spoken = try await server.unix.post(
                "/v1/audio/speech", ["input": "Good morning.", "voice": "ann", "response_format": "pcm"])
            #expect(spoken.status == 200 && spoken.body.count > 20_000)
            let again = try await Self.send(form, to: server.unix)
            #expect(try again.status == 409 && again.error()?.code == "voice_exists" && again.error()?.param == "name")
            #expect(try await server.metric("starling_speech_active") == 0)
        }
    }

    @Test func refusalsSayWhy() async throws {
        let speech = try await Speech.file("heart", seconds: 6)
        let two = try Speech.encoded(
            [try await Speech.samples("heart", seconds: 9), try await Speech.samples("george", seconds: 9)], .flac)
        let silence = try Speech.encoded([[Float](repeating: 0, count: 99_000)], .wav)
        let cases: [(change: (inout Form) -> Void, status: Int, param: String?, code: String, says: String)] = [
            (
                {
                    $0.add("name", "x")
                    $0.add("recording", file: "a.wav", speech)
                }, 422, "consent", "consent_required", "--consent"
            ),
            (
                {
                    $0.add("name", "x")
                    $0.add("consent", "...")
                    $0.add("recording", file: "a.wav", speech)
                }, 422, "consent",
                "consent_required", "consent"
            ),
            (
                {
                    $0.add("consent", "I agree.")
                    $0.add("recording", file: "a.wav", speech)
                }, 400, "name", "missing_required_parameter", "name"
            ),
            (
                {
                    $0.add("name", "../x")
                    $0.add("consent", "I agree.")
                    $0.add("recording", file: "a.wav", speech)
                }, 400, "name",
                "invalid_value", "not a valid voice name"
            ),
            (
                {
                    $0.add("name", "x")
                    $0.add("consent", "I agree.")
                }, 400, "recording", "missing_required_parameter", "recording"
            ),
            (
                {
                    $0 = Self.form("x")
                    $0.add("accent", "welsh")
                    $0.add("recording", file: "a.wav", speech)
                }, 400, "accent",
                "invalid_value", "british"
            ),
            (
                {
                    $0 = Self.form("x")
                    $0.add("name", "y")
                    $0.add("recording", file: "a.wav", speech)
                }, 400, "name", "invalid_value", "twice"
            ),
            (
                {
                    $0 = Self.form("x")
                    $0.add("recording", file: "two.flac", two)
                }, 422, "recording", "several_people",
                "two people seem to speak in two.flac"
            ),
            (
                {
                    $0 = Self.form("x")
                    $0.add("recording", file: "a.wav", speech.prefix(90_000))
                }, 422, "recording",
                "too_little_speech", "s of speech"
            ),
            (
                {
                    $0 = Self.form("x")
                    $0.add("recording", file: "a.zip", Data("PK\u{3}\u{4}".utf8) + Data(repeating: 0, count: 4_000))
                },
                422, "recording", "unreadable_recording", "a.zip"
            ),
            (
                {
                    $0 = Self.form("x")
                    $0.add("recording", file: "a.wav", Data())
                }, 422, "recording", "unreadable_recording", "a.wav"
            ),
            (
                {
                    $0 = Self.form("x")
                    $0.add("recording", file: "a.wav", silence)
                },
                422, "recording", "no_speech", "only silence"
            ),
        ]
        try await withServer { server in
            for (change, status, param, code, says) in cases {
                var form = Form()
                change(&form)
                let reply = try await Self.send(form, to: server.unix)
                let error = try #require(try reply.error(), "\(reply.text)")
                #expect(
                    reply.status == status && error.param == param && error.code == code
                        && error.message.contains(says),
                    "\(reply.status) \(reply.text)")
                #expect(!error.message.contains("\n"))
            }
            // What is no form at all.
            for (type, body, status) in [
                ("application/json", "{}", 415), ("multipart/form-data", "", 400),
                ("multipart/form-data; boundary=a", "", 400),
                ("multipart/form-data; boundary=a", "--b--", 400),
                ("multipart/form-data; boundary=a", "--a\r\nContent-Disposition: form-data; name=name\r\n\r\nx", 400),
            ] {
                let reply = try await server.unix.send(
                    "POST", "/v1/voices", headers: [("Content-Type", type)], body: Array(body.utf8))
                #expect(try reply.status == status && reply.error() != nil, "\(reply.text)")
            }
            #expect(try Self.stored(server).isEmpty)
            #expect(try await server.metric("starling_speech_active") == 0)
        }
    }

    /// Names of everything in the user's store, hidden or not, but for its lock and its index.
    private static func stored(_ server: TestServer) throws -> [String] {
        let folder = server.folder.appending(path: "voices").path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != ".lock" && $0 != ".index" }
    }

    @Test func uploadsAreBounded() async throws {
        let speech = try await Speech.file("heart", seconds: 6)
        try await withServer { configuration in
            configuration.limits.upload = 700_000
            configuration.limits.recordings = 2
            configuration.limits.sound = 20
        } _: { server in
            var large = Self.form("large")
            large.add("recording", file: "a.wav", speech + speech + speech)
            var many = Self.form("many")
            for _ in 0..<3 { many.add("recording", file: "a.wav", Data("RIFF".utf8)) }
            // Hours of sound in a few hundred bytes to some hundred kilobytes.
            let hour = (0..<3_600).lazy.map { _ in [Float](repeating: 0, count: 8_000) }
            var flac = Self.form("flac")
            flac.add("recording", file: "hour.flac", try Speech.encoded(hour, .flac, rate: 8_000))
            var opus = Self.form("opus")
            opus.add("recording", file: "minutes.opus", try Speech.encoded(hour.prefix(300), .opus, rate: 8_000))
            // Each is short enough, both together are not.
            var both = Self.form("both")
            let ten = try await Speech.samples("heart", seconds: 10)
            both.add("recording", file: "one.flac", try Speech.encoded([ten, ten.prefix(60_000).map { $0 }], .flac))
            both.add("recording", file: "two.flac", try Speech.encoded([ten.reversed()], .flac))
            for (form, code, says) in [
                (large, "body_too_large", "700000 bytes"), (many, "too_many_recordings", "2 recordings"),
                (flac, "too_much_sound", "hour.flac"), (opus, "too_much_sound", "minutes.opus"),
                (both, "too_much_sound", "two.flac"),
            ] {
                let reply = try await Self.send(form, to: server.unix)
                let error = try #require(try reply.error(), "\(reply.text)")
                #expect(reply.status == 413 && error.code == code && error.message.contains(says), "\(reply.text)")
            }
            // A length that nobody told is measured.
            let connection = try server.unix.connect()
            defer { connection.close() }
            try await connection.write(
                Array(
                    "POST /v1/voices HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(large.type)\r\nTransfer-Encoding: chunked\r\n\r\n"
                        .utf8))
            let body = large.body
            try await connection.write(
                Array("\(String(body.count, radix: 16))\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8))
            #expect(try await connection.receive().status == 413)
            #expect(try Self.stored(server).isEmpty)
        }
    }

    @Test func tooManyUploadsAreToldWhenToComeBack() async throws {
        let speech = try await Speech.file("heart", seconds: 6)
        try await withServer { configuration in
            configuration.limits.uploads = 1
        } _: { server in
            var form = Self.form("ann")
            form.add("recording", file: "a.wav", speech)
            let slow = try await server.hold(form, to: "/v1/voices")
            var reply = try await Self.send(form, to: server.unix)
            #expect(reply.status == 503 && (1...60).contains(Int(reply.headers["retry-after"] ?? "") ?? 0))
            slow.close()
            try await server.wait(until: "starling_uploads_active", is: 0)
            reply = try await Self.send(form, to: server.unix)
            #expect(reply.status == 201, "\(reply.text)")
            #expect(try Self.stored(server) == ["ann"])
        }
    }

    /// When it is that the client of a voice in the making goes away.
    enum Moment: CaseIterable { case beforeListening, afterListening }

    /// Makes voices as the real one does, but waits at one moment until its task is cancelled.
    private struct HeldMaker: VoiceMaker {
        let enroller: Enroller
        let moment: Moment

        var profileSpace: String { enroller.profileSpace }

        func measure(
            _ recordings: [Recording], isOnePerson: Bool, atMost: Double, adaptation: AdaptationRequest?
        ) async throws -> Enrollment {
            if moment == .beforeListening { hold() }
            let enrollment = try await enroller.measure(
                recordings, isOnePerson: isOnePerson, atMost: atMost, adaptation: adaptation)
            if moment == .afterListening { hold() }
            return enrollment
        }

        private func hold() {
            let end = ContinuousClock.now + TestServer.patience
            while !Task.isCancelled, .now < end { usleep(1_000) }
        }
    }

    @Test(arguments: Moment.allCases) func aClientThatGoesAwayLeavesNothing(_ moment: Moment) async throws {
        let speech = try await Speech.file("heart", seconds: 6)
        let maker = HeldMaker(enroller: try TestServer.enroller(), moment: moment)
        try await withServer(enroller: maker) { server in
            var form = Self.form("ann")
            form.add("recording", file: "a.wav", speech)
            let connection = try server.unix.connect()
            try await connection.write(
                RawConnection.request(
                    "POST", "/v1/voices", host: "localhost", headers: [("Content-Type", form.type)], body: form.body))
            try await server.wait(until: "starling_speech_active", is: 1)
            connection.close()
            try await server.wait(until: "starling_speech_active", is: 0)
            try await server.wait(until: "starling_synthesis_pieces", is: 0)
            #expect(try Self.stored(server).isEmpty)
            #expect(try await server.unix.post("/v1/audio/speech", ["input": "Still here."]).status == 200)
        }
    }
}
