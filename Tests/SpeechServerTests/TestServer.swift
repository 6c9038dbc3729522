import Enrollment
import Foundation
import Logging
import SpeechServer
import Synthesis
import Testing
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
        try Synthesizer(
            data: repository.appending(path: "data"),
            store: VoiceStore(
                user: folder.appending(path: "voices"), bundled: [repository.appending(path: "voices")]))
    }

    static func enroller() throws -> Enroller { try Enroller(data: repository.appending(path: "data")) }

    static var quiet: Logger {
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }

    /// A counter or gauge from /metrics.
    func metric(_ line: String) async throws -> Double {
        let text = try await unix.get("/metrics").text
        let found = text.split(separator: "\n").first { $0.hasPrefix(line + " ") }
        return try #require(Double(found?.split(separator: " ").last ?? ""), "no \(line) in \(text)")
    }

    /// Waits until a metric has this value; long, since other tests may keep every thread of the machine busy.
    func wait(until line: String, is value: Double, within limit: Duration = .seconds(120)) async throws {
        let end = ContinuousClock.now + limit
        var found = try await metric(line)
        while found != value, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(5))
            found = try await metric(line)
        }
        #expect(found == value, "\(line)")
    }
}

/// Runs a server on a Unix socket while the closure runs; it is stopped in the orderly way afterwards.
func withServer(
    _ configure: (inout ServerConfiguration) -> Void = { _ in }, _ body: (TestServer) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "starling-serve-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var configuration = ServerConfiguration()
    configuration.http = [.socket(path: TestServer.socket(in: folder))]
    configuration.version = "0.0.0"
    configuration.limits.drain = .seconds(120)
    configure(&configuration)
    let synthesizer = try TestServer.synthesizer(in: folder)
    let server = try SpeechServer(
        configuration, synthesizer: synthesizer, enroller: TestServer.enroller(), logger: TestServer.quiet)
    let running = Task { try await server.run() }
    do {
        try await body(
            TestServer(
                folder: folder, server: server, unix: RawClient(place: .unix(TestServer.socket(in: folder))),
                synthesizer: synthesizer))
    } catch {
        await server.stop()
        try? await running.value
        throw error
    }
    await server.stop()
    try await running.value
}

/// A text of this many sentences.
func story(_ sentences: Int) -> String {
    (1...sentences).map { "Sentence number \($0) of this story says that nobody was at home." }.joined(separator: " ")
}
