import Foundation
import SpeechClient
import SpeechServer
import SpeechSignal
import Synthesis
import Testing

/// A server whose network speaks English, Spanish and Italian, and not French.
@Suite struct ServerLanguages {
    private static let spanish = "La carta llegó el lunes. Nadie sabía quién la había escrito."

    private func serving(
        _ configure: (inout ServerConfiguration) -> Void = { _ in }, _ body: (TestServer) async throws -> Void
    ) async throws {
        try await withServer(weights: .tiny) { configuration in
            if case .socket(let path) = configuration.http[0] {
                configuration.wyoming = [.socket(path: path.replacingOccurrences(of: "/s.sock", with: "/w.sock"))]
            }
            configure(&configuration)
        } _: {
            try await body($0)
        }
    }

    /// What the synthesizer itself says.
    private func expected(
        _ server: TestServer, _ text: String, in choice: LanguageChoice?, voice: String = "heart"
    ) async throws -> Data {
        var options = SpeechOptions()
        options.languageChoice = choice
        return SpeechOverHTTP.pcm(
            try await SpeechOverHTTP.samples(server.synthesizer, text, voice: voice, options: options))
    }

    @Test func requestsNameTheirLanguage() async throws {
        try await serving { server in
            let english = try await expected(server, Self.spanish, in: nil)
            for (tag, choice) in [
                ("es", .language(.europeanSpanish)), ("es-MX", .language(.latinAmericanSpanish)),
                ("it", .language(.italian)), ("auto", .auto),
            ] as [(String, LanguageChoice)] {
                let reply = try await server.unix.post(
                    "/v1/audio/speech", ["input": Self.spanish, "response_format": "pcm", "language": tag])
                #expect(reply.status == 200 && reply.headers["x-starling-voice"] == "heart", "\(tag): \(reply.status)")
                #expect(try await reply.body == expected(server, Self.spanish, in: choice), "\(tag)")
                #expect(reply.body != english, "\(tag)")
            }
            for (tag, word) in [
                ("fr", "it speaks en, es, it"), ("pt", "does not speak pt-BR, which phonemize alone reads"),
                ("tlh", "use one of en-US"),
            ] {
                let reply = try await server.unix.post("/v1/audio/speech", ["input": "Oui.", "language": tag])
                let error = try #require(try reply.error())
                #expect(reply.status == 400 && error.param == "language" && error.code == "invalid_value")
                #expect(error.message.contains(word) && !error.message.contains("\n"), "\(error.message)")
            }
            for (tag, word) in [("fr", "fr-FR"), ("pt", "pt-BR")] {
                let marked = try await server.unix.post(
                    "/v1/audio/speech", ["input": "<speak>Yes. <lang xml:lang=\"\(tag)\">Oui.</lang></speak>"])
                #expect(try marked.status == 400 && marked.error()?.message.contains(word) == true)
            }
        }
    }

    @Test func timingsSayTheLanguageOfEachSentence() async throws {
        try await serving { server in
            let reply = try await server.unix.post(
                "/v1/speech/timings",
                ["input": "The letter came on Monday. Nadie sabía quién la había escrito.", "language": "auto"])
            let sentences = try #require(try reply.json()["sentences"] as? [[String: Any]])
            #expect(sentences.map { $0["language"] as? String } == ["en-US", "es-ES"])
        }
    }

    @Test func theServersOwnLanguageIsForThoseWhoNameNone() async throws {
        try await serving {
            $0.language = .language(.europeanSpanish)
        } _: { server in
            let spanish = try await expected(server, Self.spanish, in: .language(.europeanSpanish))
            let english = try await expected(server, Self.spanish, in: nil)
            let plain = try await server.unix.post(
                "/v1/audio/speech", ["input": Self.spanish, "response_format": "pcm"])
            #expect(plain.body == spanish)
            let other = try await server.unix.post(
                "/v1/audio/speech", ["input": Self.spanish, "response_format": "pcm", "language": "en-US"])
            #expect(other.body == english)
            let client = try Wyoming.Client(server)
            try await client.send("synthesize", ["text": Self.spanish])
            #expect(try await Data(client.until("audio-stop").flatMap(\.payload)) == spanish)
        }
    }

    @Test func voicesTellTheirLanguages() async throws {
        try await serving { server in
            let voices = try #require(try await server.unix.get("/v1/voices").json()["data"] as? [[String: Any]])
            let others = ["es-ES", "es-419", "it-IT"]
            for voice in voices {
                let own = voice["accent"] as? String == "british" ? "en-GB" : "en-US"
                #expect(voice["languages"] as? [String] == [own] + others)
            }
            let emma = try await server.unix.get("/v1/voices/emma").json()
            #expect(emma["languages"] as? [String] == ["en-GB"] + others)
        }
    }

    @Test func aClientPassesTheLanguageOn() async throws {
        try await serving { server in
            for choice in [.language(.italian), .auto] as [LanguageChoice] {
                var options = SpeechOptions()
                options.languageChoice = choice
                let (path, wanted) = (server.socket, options)
                let there = try await Remote.onAThread {
                    try await Remote.all(
                        RemoteServer(socket: path).speak(Self.spanish, voice: "heart", options: wanted))
                }
                #expect(try await SpeechOverHTTP.pcm(there.samples) == expected(server, Self.spanish, in: choice))
                #expect(there.sentences.first?.language == (choice == .auto ? .europeanSpanish : .italian))
            }
        }
    }

    @Test func textThatStreamsInHasALanguage() async throws {
        try await serving { server in
            let client = try await WebSocketClient(server.unix)
            for choice in ["es", "auto"] {
                try await LiveSpeech.say(Self.spanish, in: 9, to: client, ["language": choice])
                let spanish = try await expected(server, Self.spanish, in: .language(.europeanSpanish))
                #expect(try await client.until("done").sound == spanish, "\(choice)")
            }
            for language in ["fr", "pt"] {
                try await LiveSpeech.say("Oui.", in: 9, to: client, ["language": language])
                #expect(try await client.event().type == "begun")
                #expect(try await client.event().code == "invalid_value")
            }
            try await LiveSpeech.say("Hello.", in: 9, to: client)
            #expect(try await client.until("done").sound.count > 1_000)
        }
    }

    /// Clients list voices by language and ask for one by its name.
    @Test func wyomingHasANameForEachLanguage() async throws {
        try await serving { server in
            let client = try Wyoming.Client(server)
            try await client.send("describe")
            let info = try #require(try await client.next())
            let voices = try #require(
                ((try info.field("tts") as? [[String: Any]])?.first)?["voices"] as? [[String: Any]])
            var languages: [String: [String]] = [:]
            for voice in voices { languages[voice["name"] as? String ?? ""] = voice["languages"] as? [String] }
            #expect(languages["emma"] == ["en_GB"] && languages["emma@es_ES"] == ["es_ES"])
            #expect(languages["heart@es_419"] == ["es_419"] && languages["heart@it_IT"] == ["it_IT"])
            #expect(!languages.keys.contains { $0.hasSuffix("fr_FR") || $0.hasSuffix("pt_BR") })
            #expect(voices.count == languages.count)

            for (wish, voice, choice) in [
                (["name": "emma@es_ES"], "emma", .language(.europeanSpanish)),
                (["name": "heart@it_IT"], "heart", .language(.italian)),
                (["name": "emma", "language": "es"], "emma", .language(.europeanSpanish)),
                (["language": "it_IT"], "heart", .language(.italian)), (["name": "emma@auto"], "emma", .auto),
                (["name": "emma"], "emma", nil), (["name": "emma", "language": "en_US"], "emma", nil),
            ] as [([String: String], String, LanguageChoice?)] {
                let sound = try await expected(server, Self.spanish, in: choice, voice: voice)
                try await client.send("synthesize", ["text": Self.spanish, "voice": wish])
                #expect(try await Data(client.until("audio-stop").flatMap(\.payload)) == sound, "\(wish)")
                try await client.send("synthesize-start", ["voice": wish])
                try await client.send("synthesize-chunk", ["text": Self.spanish])
                try await client.send("synthesize-stop")
                #expect(try await Data(client.until("synthesize-stopped").flatMap(\.payload)) == sound, "\(wish)")
            }
        }
    }

    /// A language that is not there ends the connection behind one error, as all that is wrong does.
    @Test func wyomingEndsWhereALanguageIsNotThere() async throws {
        try await serving { server in
            for voice in [
                ["language": "fr_FR"], ["name": "heart@fr_FR"], ["name": "heart", "language": "xx"], ["name": "heart@"],
                ["name": "heart@es@it"], ["language": "pt_BR"], ["name": "heart@pt_BR"],
            ] {
                for event in ["synthesize", "synthesize-start"] {
                    let client = try Wyoming.Client(server)
                    try await client.send(event, ["text": "Oui.", "voice": voice])
                    let error = try #require(try await client.next())
                    #expect(
                        try error.type == "error" && error.field("code") as? String == "language_not_found", "\(voice)")
                    #expect(
                        (try error.field("text") as? String)?.contains("en-US, en-GB, es-ES, es-419, it-IT") == true)
                    #expect(try await client.next() == nil)
                }
            }
            try await server.wait(until: "starling_speech_active", is: 0)
        }
    }

    /// What reads need not speak.
    @Test func phonemesOfEveryLanguageAreGiven() async throws {
        try await serving { server in
            for (language, phonemes) in [
                ("e", "ˈola"), ("es", "ˈola"), ("fr", "olˈa"), ("i", "ˈɔla"), ("p", "ˈɔlæ"), ("pt", "ˈɔlæ"),
                ("auto", "ˈO"),
            ] {
                let reply = try await server.unix.post("/dev/phonemize", ["text": "Hola.", "language": language])
                #expect(reply.status == 200)
                #expect(
                    (try reply.json()["phonemes"] as? String)?.contains(phonemes) == true, "\(language): \(reply.text)")
            }
            let found = try await server.unix.post("/dev/phonemize", ["text": Self.spanish, "language": "auto"]).json()
            let known = try await server.unix.post("/dev/phonemize", ["text": Self.spanish, "language": "es"]).json()
            #expect(found["phonemes"] as? String == known["phonemes"] as? String)
            let wrong = try await server.unix.post("/dev/phonemize", ["text": "Hi.", "language": "tlh"])
            #expect(try wrong.status == 400 && wrong.error()?.code == "language_not_found")
        }
    }
}
