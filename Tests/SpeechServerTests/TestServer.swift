import Conversion
import Enrollment
import Foundation
import Logging
import SpeechServer
import Synthesis
import Testing
import TinyModel
import VoiceModel
import VoiceStore

/// A server in this process, on sockets in a folder of its own.
struct TestServer: Sendable, CustomTestStringConvertible {
    var testDescription: String { folder.lastPathComponent }

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    let folder: URL
    let server: SpeechServer
    let unix: RawClient
    let synthesizer: Synthesizer

    var socket: String { Self.socket(in: folder) }
    /// Over the first TCP port.
    var tcp: RawClient { get throws { RawClient(place: .tcp(try port("127.0.0.1:"))) } }

    func port(_ prefix: String) throws -> Int {
        let place = try #require(server.places.first { $0.hasPrefix(prefix) })
        return try #require(Int(place.dropFirst(prefix.count)))
    }

    static func socket(in folder: URL) -> String { folder.appending(path: "run/s.sock").path(percentEncoded: false) }

    static func synthesizer(in folder: URL) throws -> Synthesizer {
        try synthesizer(
            VoiceStore(user: folder.appending(path: "voices"), bundled: [repository.appending(path: "voices")]))
    }

    static func synthesizer(_ store: VoiceStore) throws -> Synthesizer {
        let loaded = try loaded.get()
        return Synthesizer(networks: loaded.networks, frontend: loaded.frontend, store: store)
    }

    /// The weights that a server of these tests speaks with.
    enum Weights {
        /// Those in data/.
        case published
        /// Those in data/small.
        case small
        /// Made-up ones of several languages.
        case tiny

        func synthesizer(in folder: URL) throws -> Synthesizer {
            switch self {
            case .published: return try TestServer.synthesizer(in: folder)
            case .small:
                let store = VoiceStore(
                    user: folder.appending(path: "voices"), bundled: [repository.appending(path: "voices")])
                return try Synthesizer(
                    networks: SpeechNetworks(data: repository.appending(path: "data"), size: .small),
                    frontend: loaded.get().frontend, store: store)
            case .tiny:
                let data = try TinyModel.link(in: folder)
                let store = VoiceStore(user: folder.appending(path: "voices"), bundled: [TinyModel.voices(of: data)])
                return try Synthesizer(data: data, store: store)
            }
        }
    }

    static func enroller() throws -> Enroller {
        try Enroller(networks: loaded.get().networks, data: repository.appending(path: "data"))
    }

    static func converter() throws -> VoiceConverter {
        try VoiceConverter(networks: loaded.get().networks, data: repository.appending(path: "data"))
    }

    /// Loaded once for all tests.
    private static let loaded = Result {
        try Synthesizer(
            data: repository.appending(path: "data"), voices: [repository.appending(path: "voices")])
    }

    /// The threads of tests over sockets, and of their servers.
    static let threads = SpeechScheduler(threads: 4)

    static func configuration(_ http: [ServerConfiguration.Endpoint]) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.http = http
        configuration.version = "0.0.0"
        configuration.executor = threads
        // Tests that hold a connection may take their time.
        configuration.limits.idle = patience
        configuration.limits.drain = patience
        return configuration
    }

    /// How long to wait for what has to come, before it counts as missing.
    static let patience = Duration.seconds(900)

    /// Runs a server while the closure runs.
    static func running(_ server: SpeechServer, _ body: () async throws -> Void) async throws {
        let running = Task(executorPreference: threads) { try await server.run() }
        do {
            try await body()
        } catch {
            await server.stop()
            try? await running.value
            throw error
        }
        await server.stop()
        try await running.value
    }

    static var quiet: Logger {
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }

    /// A counter or gauge from /metrics.
    func metric(_ line: String) async throws -> Double { try #require(try await found(line), "no \(line)") }

    /// A counter or gauge, nil as long as nothing was counted.
    private func found(_ line: String) async throws -> Double? {
        let text = try await unix.get("/metrics").text
        return text.split(separator: "\n").first { $0.hasPrefix(line + " ") }
            .flatMap { Double($0.dropFirst(line.count + 1)) }
    }

    /// Waits until a metric has this value.
    func wait(until line: String, is value: Double) async throws {
        let end = ContinuousClock.now + Self.patience
        var last = try await found(line)
        while last != value, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(5))
            last = try await found(line)
        }
        #expect(last == value, "\(line)")
    }
}

/// Runs a server on a Unix socket while the closure runs; it is stopped in the orderly way afterwards.
///
/// Both run on threads of their own: those that Swift shares are busy with other tests, sometimes for minutes, and
/// would make clients slower than any server waits.
///
/// - Parameters:
///   - enroller: makes its voices; by default the real one.
///   - weights: what it speaks with.
///   - converts: whether it has a content encoder.
///   - pace: how fast it speaks, where that is not for the synthesizer to say.
func withServer(
    enroller: (any VoiceMaker)? = nil, weights: TestServer.Weights = .published, converts: Bool = true,
    pace: SlowSpeech.Pace? = nil,
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (TestServer) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "starling-serve-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var configuration = TestServer.configuration([.socket(path: TestServer.socket(in: folder))])
    configure(&configuration)
    let synthesizer = try weights.synthesizer(in: folder)
    let speaker: any SpeechMaker = if let pace { SlowSpeech(base: synthesizer, pace: pace) } else { synthesizer }
    let server = try SpeechServer(
        configuration, synthesizer: speaker, enroller: enroller ?? TestServer.enroller(),
        converter: converts ? TestServer.converter() : nil, logger: TestServer.quiet)
    try await withTaskExecutorPreference(TestServer.threads) {
        try await TestServer.running(server) {
            try await body(
                TestServer(
                    folder: folder, server: server, unix: RawClient(place: .unix(TestServer.socket(in: folder))),
                    synthesizer: synthesizer))
        }
    }
}

/// A text of this many sentences.
func story(_ sentences: Int) -> String {
    (1...sentences).map { "Sentence number \($0) of this story says that nobody was at home." }.joined(separator: " ")
}
