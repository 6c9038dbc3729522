import AudioIO
import Conversion
import Foundation
import SpeechServer
import Synthesis
import Testing
import VoiceStore

/// `POST /v1/audio/conversions`, with real recordings over real sockets.
@Suite struct Conversions {
    private static func send(_ form: Form, to client: RawClient) async throws -> RawClient.Reply {
        try await client.send(
            "POST", "/v1/audio/conversions", headers: [("Content-Type", form.type)], body: form.body)
    }

    private static func form(_ recording: Data, _ fields: [String: String] = [:]) -> Form {
        var form = Form()
        for (name, text) in fields { form.add(name, text) }
        form.add("recording", file: "/home/ann/speech.wav", recording)
        return form
    }

    /// The samples are those that the library makes of the same recording, in every format.
    @Test func aRecordingIsSaidInAnotherVoice() async throws {
        let speech = try await Speech.file("heart", seconds: 6)
        try await withServer { server in
            let voice = try server.synthesizer.store.voice("george")
            var options = ConversionOptions()
            (options.pitch, options.seed) = (2, 7)
            let conversion = try TestServer.converter().convert(
                AudioSource(speech, named: "speech"), to: voice.profile, options: options)
            var samples: [Float] = []
            while let block = try conversion.next() { samples += block }
            let expected = try Speech.encoded([samples], .raw)
            let reply = try await Self.send(
                Self.form(
                    speech,
                    ["voice": "George", "response_format": "pcm", "pitch": "2", "seed": "7", "unknown": "passed over"]),
                to: server.unix)
            #expect(reply.status == 200 && reply.body == expected, "\(reply.text.prefix(200))")
            #expect(reply.headers["content-type"] == "audio/pcm")
            #expect(reply.headers["x-starling-voice"] == "george" && reply.headers["x-starling-model"] == "starling")
            for (format, type) in [("", "audio/mpeg"), ("flac", "audio/flac"), ("wav", "audio/wav")] {
                let reply = try await Self.send(
                    Self.form(speech, ["voice": "emma", "response_format": format]), to: server.unix)
                #expect(reply.status == 200 && reply.headers["content-type"] == type, "\(reply.text.prefix(200))")
                let clip = try AudioReader.read(reply.body, named: "reply")
                #expect(abs(clip.duration - 6) < 0.1)
            }
            #expect(try await server.metric("starling_speech_active") == 0)
            #expect(try await server.metric("starling_uploads_active") == 0)
        }
    }

    @Test func refusalsSayWhy() async throws {
        let speech = try await Speech.file("heart", seconds: 4)
        let silence = try Speech.encoded([[Float](repeating: 0, count: 99_000)], .wav)
        let word = try Speech.encoded([Array(try await Speech.samples("heart", seconds: 0.6)[6_000...])], .wav)
        let hour = try Speech.encoded(
            (0..<3_600).lazy.map { _ in [Float](repeating: 0, count: 8_000) }, .flac, rate: 8_000)
        var two = Self.form(speech)
        two.add("recording", file: "b.wav", speech)
        var twice = Self.form(speech, ["voice": "emma"])
        twice.add("voice", "heart")
        var none = Form()
        none.add("voice", "emma")
        try await withServer {
            $0.limits.sound = 10
        } _: { server in
            let cases: [(form: Form, status: Int, param: String?, code: String, says: String)] = [
                (none, 400, "recording", "missing_required_parameter", "recording"),
                (two, 413, "recording", "too_many_recordings", "more than one recording"),
                (twice, 400, "voice", "invalid_value", "twice"),
                (Self.form(speech, ["voice": "nobody"]), 404, "voice", "voice_not_found", "nobody"),
                (Self.form(speech, ["pitch": "13"]), 400, "pitch", "invalid_value", "12 semitones"),
                (Self.form(speech, ["pitch": "high"]), 400, "pitch", "invalid_value", "must be a number"),
                (Self.form(speech, ["seed": "-1"]), 400, "seed", "invalid_value", "whole number"),
                (Self.form(speech, ["response_format": "wma"]), 400, "response_format", "invalid_value", "mp3"),
                (Self.form(silence), 422, "recording", "no_speech", "no speech was found in speech.wav, only silence"),
                (Self.form(word), 422, "recording", "too_little_speech", "s of speech; record 1.0 s"),
                (Self.form(Data("no sound".utf8)), 422, "recording", "unreadable_recording", "speech.wav"),
                (Self.form(hour), 413, "recording", "too_much_sound", "speech.wav is longer than 10 seconds"),
            ]
            for (form, status, param, code, says) in cases {
                let reply = try await Self.send(form, to: server.unix)
                let error = try #require(try reply.error(), "\(reply.text)")
                #expect(
                    reply.status == status && error.param == param && error.code == code
                        && error.message.contains(says),
                    "\(reply.text)")
            }
            let json = try await server.unix.post("/v1/audio/conversions", ["voice": "heart"])
            #expect(json.status == 415)
            #expect(try await server.metric("starling_speech_active") == 0)
            #expect(try await server.metric("starling_uploads_active") == 0)
        }
    }

    /// They take a place among the uploads, and give it back.
    @Test func tooManyAreToldWhenToComeBack() async throws {
        let speech = try await Speech.file("heart", seconds: 4)
        try await withServer {
            $0.limits.uploads = 1
        } _: { server in
            let form = Self.form(speech, ["voice": "emma"])
            let slow = try await server.hold(form, to: "/v1/audio/conversions")
            var reply = try await Self.send(form, to: server.unix)
            #expect(reply.status == 503 && (1...60).contains(Int(reply.headers["retry-after"] ?? "") ?? 0))
            slow.close()
            try await server.wait(until: "starling_uploads_active", is: 0)
            reply = try await Self.send(form, to: server.unix)
            #expect(reply.status == 200, "\(reply.text.prefix(200))")
        }
    }

    @Test func aServerWithoutItSaysSo() async throws {
        let speech = try await Speech.file("heart", seconds: 4)
        try await withServer(converts: false) { server in
            let reply = try await Self.send(Self.form(speech), to: server.unix)
            let error = try #require(try reply.error())
            #expect(reply.status == 501 && error.code == "conversion_unavailable")
            #expect(error.message.contains("content.safetensors"))
        }
    }
}
