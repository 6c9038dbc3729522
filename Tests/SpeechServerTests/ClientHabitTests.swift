import Foundation
import Logging
import SpeechServer
import SpeechSignal
import Synthesis
import Testing
import VoiceStore

/// What clients expect that were written for others.
@Suite struct ClientHabits {
    @Test(arguments: ["tts-1-1106", "gpt-4o-mini-tts-2025-12-15", "kokoro", "eleven_multilingual_v2", "whisper-1", ""])
    func everyModelNameIsTaken(name: String) async throws {
        try await withServer { server in
            let reply = try await server.unix.post("/v1/audio/speech", ["model": name, "input": "Hi."])
            #expect(reply.status == 200 && reply.headers["x-starling-model"] == "starling")
            guard !name.isEmpty else { return }
            let model = try await server.unix.get("/v1/models/\(name)").json()
            #expect(model["id"] as? String == name && model["root"] as? String == "starling")
            #expect(try await server.unix.post("/v1/audio/speech", ["model": 5, "input": "Hi."]).status == 400)
        }
    }

    /// Conversions are spoken by the base model, whichever speaks texts.
    @Test func theSmallModelNamesItself() async throws {
        try await withServer(weights: .small) { server in
            let reply = try await server.unix.post("/v1/audio/speech", ["model": "starling", "input": "Hi."])
            #expect(reply.status == 200 && reply.headers["x-starling-model"] == "starling-small")
            let models = try await server.unix.get("/v1/models").json()
            let first = (models["data"] as? [[String: Any]])?.first
            #expect(first?["id"] as? String == "starling-small" && first?["root"] as? String == "starling-small")
        }
    }

    // MARK: Voices

    private static func table(_ name: String) throws -> VoiceAliases {
        let file = TestServer.repository.appending(path: "deploy/aliases/\(name).toml")
        return try VoiceAliases(toml: String(contentsOf: file, encoding: .utf8), path: name)
    }

    @Test func namesAreFoundWithoutRegardToCaseAndByTables() async throws {
        var aliases = try Self.table("kokoro")
        let own = "narrator = \"heart:0.7+nova:0.3\"\r\n# none\r\nHEART = \"emma\""
        aliases.add(try VoiceAliases(toml: own, path: "own.toml"))
        try await withServer {
            $0.aliases = aliases
        } _: { server in
            for (asked, spoken) in [
                ("heart", "heart"), ("Emma", "emma"), ("ALLOY", "alloy"), ("ash", "puck"), ("af_sarah", "sarah"),
                ("AF_Sarah", "sarah"),
                ("bm_lewis", "fable"), ("Narrator", "heart:0.7+nova:0.3"), ("Heart", "emma"),
                ("af_sarah(3)+bf_emma", "sarah:0.75+emma:0.25"), ("alloy:1+Emma:1", "alloy:0.5+emma:0.5"),
            ] {
                let reply = try await server.unix.post("/v1/audio/speech", ["input": "Hi.", "voice": asked])
                #expect(reply.status == 200 && reply.headers["x-starling-voice"] == spoken, "\(asked): \(reply.text)")
            }
            for (asked, status) in [("af_nobody", 404), ("af_sarah(x)", 400), ("af_sarah+", 400), ("", 400)] {
                let reply = try await server.unix.post("/v1/audio/speech", ["input": "Hi.", "voice": asked])
                #expect(reply.status == status, "\(asked): \(reply.text)")
            }
            let voices = try await server.unix.get("/v1/audio/voices").json()["voices"] as? [[String: String]]
            #expect(voices?.contains(["id": "heart", "name": "heart"]) == true)
            #expect(voices?.contains(["id": "af_bella", "name": "af_bella"]) == true)
            let names = try await server.unix.get("/v1/audio/voices?legacy=true").json()["voices"] as? [String]
            #expect(names == voices?.compactMap { $0["id"] })
        }
    }

    /// Every entry of the tables speaks, with a voice of the accent that the name tells.
    @Test func theTablesAreTrue() async throws {
        try await withServer { server in
            let store = server.synthesizer.store
            for (table, british) in [
                ("kokoro", "bf_|bm_"), ("piper", "en_GB"), ("edge", "en-GB|en-IE|en-AU|en-NZ"), ("openai", ""),
            ] {
                let aliases = try Self.table(table)
                #expect(aliases.names.count > 10)
                for name in aliases.names {
                    let voice = try store.voice(try #require(aliases[name.uppercased()]))
                    guard !british.isEmpty else { continue }
                    let isBritish = name.prefixMatch(of: try Regex(british)) != nil
                    #expect(voice.accent == (isBritish ? .british : .american), "\(name)")
                }
                guard table == "openai" else { continue }
                for name in aliases.names {
                    let reply = try await server.unix.post("/v1/audio/speech", ["input": "Hi.", "voice": name])
                    #expect(
                        reply.headers["x-starling-voice"] == aliases[name], "the server's own table differs: \(name)")
                }
            }
        }
    }

    @Test(arguments: [
        ("[voices]", 1), ("a = \"heart\"\n\na = \"emma\"", 3), ("A = \"heart\"\na = \"emma\"", 2), ("a = heart", 1),
        ("a = \"heart\" b", 1), ("a = \"he/art\"", 1), ("a b = \"heart\"", 1), ("a = \"\"", 1), ("a = [\"heart\"]", 1),
        ("# fine\n= \"heart\"", 2),
    ]) func aTableWithAMistakeIsRefused(toml: String, line: Int) {
        #expect {
            try VoiceAliases(toml: toml, path: "t.toml")
        } throws: { error in
            guard case ServerError.badAlias("t.toml", line, _) = error else { return false }
            return "\(error)".hasPrefix("t.toml: line \(line) ") && !"\(error)".contains("\n")
        }
    }

    // MARK: Kokoro-FastAPI

    @Test func captionedSpeechIsKokoros() async throws {
        try await withServer { server in
            let text = "It costs $3.50, she said. Nobody believed it."
            let expected = SpeechOverHTTP.pcm(try await SpeechOverHTTP.samples(server.synthesizer, text))
            for isStreamed in [true, false] {
                let reply = try await server.unix.post(
                    "/dev/captioned_speech",
                    [
                        "model": "kokoro", "input": text, "voice": "heart", "response_format": "pcm",
                        "stream": isStreamed, "return_timestamps": true, "normalization_options": ["normalize": true],
                    ])
                #expect(reply.status == 200 && reply.headers["x-starling-voice"] == "heart")
                let lines = try reply.text.split(separator: "\n").map {
                    try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
                }
                #expect(isStreamed ? lines.count > 1 : lines.count == 1)
                let sound = lines.compactMap { ($0["audio"] as? String).flatMap { Data(base64Encoded: $0) } }
                #expect(sound.reduce(Data(), +) == expected)
                #expect(lines.allSatisfy { $0["audio_format"] as? String == "audio/pcm" })
                let words = lines.flatMap { $0["timestamps"] as? [[String: Any]] ?? [] }
                #expect(
                    words.compactMap { $0["word"] as? String }
                        == ["It", "costs", "$3.50", "she", "said", "Nobody", "believed", "it"])
                let times: [Double] = words.flatMap { word in
                    ["start_time", "end_time"].map { word[$0] as? Double ?? -1 }
                }
                #expect(times == times.sorted() && times[0] >= 0 && times[15] <= Double(expected.count) / 48_000)
            }
            let silent = try await server.unix.post(
                "/dev/captioned_speech", ["input": "Hi.", "stream": false, "return_timestamps": false])
            #expect(try silent.json()["audio_format"] as? String == "audio/mpeg")
            #expect(try (silent.json()["timestamps"] as? [Any])?.isEmpty == true)
            #expect(try await server.unix.post("/dev/captioned_speech", ["input": "Hi.", "stream": 1]).status == 400)
        }
    }

    @Test func phonemesAreGiven() async throws {
        try await withServer { server in
            let american = try await server.unix.post("/dev/phonemize", ["text": "Hello. A bath."]).json()
            let british = try await server.unix.post(
                "/dev/phonemize", ["text": "Hello. A bath.", "language": "b"]
            ).json()
            let (a, b) = (american["phonemes"] as? String ?? "", british["phonemes"] as? String ?? "")
            #expect(a.hasPrefix("həlˈO.") && b.hasPrefix("həlˈQ."), "\(a), \(b)")
            #expect((american["tokens"] as? [Int])?.count ?? 0 >= 10)
            for (body, code) in [
                (["text": ""], "missing_required_parameter"), (["text": "Hi.", "language": "j"], "language_not_found"),
                ([:], "missing_required_parameter"),
            ] {
                let reply = try await server.unix.post("/dev/phonemize", body)
                #expect(try reply.status == 400 && reply.error()?.code == code)
            }
        }
    }

    // MARK: Web apps and proxies

    @Test func namedWebAppsMayAsk() async throws {
        let app = "https://app.example"
        try await withServer {
            $0.http.append(.tcp(address: "127.0.0.1", port: 0))
            $0.origins = [app]
            $0.token = "correct-horse-battery"
        } _: { server in
            let tcp = try server.tcp
            let question = [
                ("Origin", app), ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "authorization, x-stainless-os"),
                ("Access-Control-Request-Private-Network", "true"),
            ]
            let preflight = try await tcp.send("OPTIONS", "/v1/audio/speech", headers: question)
            #expect(preflight.status == 204)
            #expect(preflight.headers["access-control-allow-origin"] == app)
            #expect(preflight.headers["access-control-allow-methods"]?.contains("POST") == true)
            #expect(preflight.headers["access-control-allow-headers"] == "authorization, x-stainless-os")
            #expect(preflight.headers["access-control-allow-private-network"] == "true")
            let bearer = ("Authorization", "Bearer correct-horse-battery")
            let spoken = try await tcp.post("/v1/audio/speech", ["input": "Hi."], headers: [bearer, ("Origin", app)])
            #expect(spoken.status == 200 && spoken.headers["access-control-allow-origin"] == app)
            #expect(spoken.headers["access-control-expose-headers"]?.contains("X-Starling-Voice") == true)
            #expect(spoken.headers["vary"] == "Origin")
            // What is wrong can be read by the app as well; the token is asked for as ever.
            let refused = try await tcp.post("/v1/audio/speech", ["input": "Hi."], headers: [("Origin", app)])
            #expect(refused.status == 401 && refused.headers["access-control-allow-origin"] == app)
            for other in ["https://app.example.evil", "http://app.example", "null", "https://app.example:444"] {
                let reply = try await tcp.send(
                    "OPTIONS", "/v1/audio/speech", headers: [("Origin", other), question[1], bearer])
                #expect(reply.status == 403 && reply.headers["access-control-allow-origin"] == nil, "\(other)")
            }
            #expect(try await tcp.get("/v1/voices", headers: [bearer]).headers["access-control-allow-origin"] == nil)
        }
    }

    @Test(arguments: ["*", "app.example", "https://app.example/", "https://a b", "ftp://x", "null", ""])
    func whatIsNoOriginIsRefused(origin: String) throws {
        var configuration = TestServer.configuration([.tcp(address: "127.0.0.1", port: 0)])
        configuration.origins = [origin]
        #expect(throws: ServerError.badOrigin(origin)) { try Self.server(configuration) }
    }

    private static func server(_ configuration: ServerConfiguration) throws -> SpeechServer {
        try SpeechServer(
            configuration, synthesizer: TestServer.synthesizer(in: FileManager.default.temporaryDirectory),
            enroller: TestServer.enroller(), logger: TestServer.quiet)
    }

    @Test func aProxyMayPutAPathInFront() async throws {
        try await withServer {
            $0.basePath = "/speech/one"
        } _: { server in
            for base in ["", "/speech/one"] {
                #expect(try await server.unix.get("\(base)/v1/voices").status == 200)
                #expect(try await server.unix.get("\(base)/").headers["content-type"] == "text/html; charset=utf-8")
                #expect(try await server.unix.get("\(base)/studio/main.js").status == 200)
                #expect(try await server.unix.post("\(base)/v1/audio/speech", ["input": "Hi."]).status == 200)
                let client = try await WebSocketClient(server.unix, path: "\(base)/v1/audio/speech/stream")
                try await client.send("end")
                #expect(try await client.event().code == "no_utterance")
            }
            let bare = try await server.unix.get("/speech/one")
            #expect(bare.status == 308 && bare.headers["location"] == "/speech/one/")
            for path in ["/speech", "/speech/onetwo/v1/voices", "/speech/one/speech/one/v1/voices"] {
                #expect(try await server.unix.get(path).status == 404, "\(path)")
            }
            let servers = try await server.unix.get("/openapi.json").json()["servers"] as? [[String: String]]
            #expect(servers == [["url": "/speech/one/"]])
        }
        for path in ["speech", "/a b", "/../x", "/x/", "/x?y"] {
            var configuration = TestServer.configuration([.tcp(address: "127.0.0.1", port: 0)])
            configuration.basePath = path
            #expect(throws: ServerError.badBasePath(path)) { try Self.server(configuration) }
        }
    }

    @Test func healthAndReadinessAreApart() async throws {
        try await withServer {
            $0.limits.requests = 1
        } _: { server in
            let busy = try await WebSocketClient(server.unix)
            for (message, status, ready) in [("cancel", "ok", 200), ("begin", "busy", 503), ("cancel", "ok", 200)] {
                try await busy.send(message)
                try await server.wait(until: "starling_speech_active", is: status == "ok" ? 0 : 1)
                for (path, expected) in [("/healthz", 200), ("/readyz", ready)] {
                    let reply = try await server.unix.get(path)
                    #expect(try reply.status == expected && reply.json()["status"] as? String == status, "\(path)")
                }
            }
        }
    }

    // MARK: Wyoming on another machine

    @Test func addressesAndNetworksAreMatched() throws {
        for (range, inside, outside) in [
            ("192.168.1.10", ["192.168.1.10"], ["192.168.1.11", "::1", "", "x"]),
            ("192.168.1.0/24", ["192.168.1.0", "192.168.1.255"], ["192.168.2.1", "fd00::1"]),
            ("10.0.0.0/9", ["10.127.255.255"], ["10.128.0.0"]), ("0.0.0.0/0", ["8.8.8.8"], ["::1"]),
            ("fd00::/8", ["fd12:3456::1"], ["fe80::1", "10.0.0.1"]), ("fe80::1", ["fe80::1%eth0"], ["fe80::2"]),
        ] {
            let found = try AddressRange(range)
            #expect(inside.allSatisfy(found.contains) && !outside.contains(where: found.contains), "\(range)")
        }
        for text in ["", "home", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "fd00::/129", "1.2.3.4/8/9"] {
            #expect(throws: ServerError.badAddressRange(text)) { try AddressRange(text) }
        }
    }

    @Test func wyomingServesThoseWhoAreNamed() async throws {
        let peers = [try AddressRange("192.0.2.0/24")]
        try await withServer {
            $0.wyoming = [.tcp(address: "0.0.0.0", port: 0)]
            $0.wyomingPeers = peers
        } _: { server in
            // This machine's own address may always; those of a test are of this machine.
            let connection = try RawConnection(.tcp(try server.port("0.0.0.0:")))
            defer { connection.close() }
            try await connection.write(Array("{\"type\":\"ping\"}\n".utf8))
            #expect(String(decoding: try await connection.read(100), as: UTF8.self).contains("pong"))
        }
    }
}
