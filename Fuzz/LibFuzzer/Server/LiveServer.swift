import Enrollment
import Foundation
import Logging
import SpeechServer
import Synchronization
import Synthesis
import VoiceStore

/// A server in this process, reached over its own sockets, so that a crash in it ends the process and is the input's.
struct LiveServer {
    /// The longest text, in characters.
    static let longestText = 200

    private let folder: URL
    private let turnedAway = TurnedAway()

    init(repository: URL) throws {
        folder = try scratchFolder()
        let voices = [repository.appending(path: "voices", directoryHint: .isDirectory)]
        let synthesizer = try Synthesizer(
            data: repository.appending(path: "data", directoryHint: .isDirectory),
            store: VoiceStore(user: folder.appending(path: "own", directoryHint: .isDirectory), bundled: voices))
        var configuration = ServerConfiguration()
        configuration.http = [.socket(path: Self.path("http", in: folder))]
        configuration.wyoming = [.socket(path: Self.path("wyoming", in: folder))]
        configuration.limits.text = Self.longestText
        // Inputs that announce more than they bring wait so long; a machine that stands still must not be taken for a
        // fault.
        configuration.limits.idle = .seconds(20)
        let server = try SpeechServer(
            configuration, synthesizer: QuickSpeech(synthesizer),
            enroller: Enroller(data: repository.appending(path: "data", directoryHint: .isDirectory)),
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
        Task.detached {
            do { try await server.run() } catch { broken("the server ended: \(error)") }
        }
    }

    private static func path(_ name: String, in folder: URL) -> String {
        folder.appending(path: "run/\(name).sock").path(percentEncoded: false)
    }

    /// Sends bytes and returns what comes back until the server closes or `isEnough`.
    ///
    /// - Parameters:
    ///   - opening: is sent first, and answered by a head before the rest follows.
    ///   - closes: whether nothing more is announced behind the bytes.
    func ask(
        _ socketName: String, opening: [UInt8] = [], _ bytes: [UInt8], closes: Bool,
        isEnough: ([UInt8]) -> Bool = { _ in false }
    ) -> [UInt8] {
        let descriptor = connected(to: Self.path(socketName, in: folder))
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var answer: [UInt8] = []
        if !opening.isEmpty {
            Self.send(opening, to: descriptor)
            Self.receive(from: descriptor, into: &answer) { Data($0).range(of: Data("\r\n\r\n".utf8)) != nil }
        }
        Self.send(bytes, to: descriptor)
        if closes { shutdown(descriptor, Int32(SHUT_WR)) }
        Self.receive(from: descriptor, into: &answer, until: isEnough)
        return answer
    }

    /// Whether the server has turned connections away since this was last asked, because too many were open.
    ///
    /// One that its client has closed counts as open until its tasks have ended. On a machine whose cores others take,
    /// this client can be so much faster that the server has no room for the next one.
    func hasTurnedAway() -> Bool {
        let request = Array("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        for _ in 0..<60 {
            let answer = String(decoding: ask("http", request, closes: false), as: UTF8.self)
            if !answer.isEmpty {
                let line = answer.split(whereSeparator: \.isNewline).first {
                    $0.hasPrefix("starling_refused_total") && $0.contains("connections")
                }
                let count = line?.split(separator: " ").last.flatMap { Double($0) } ?? 0
                return turnedAway.count.withLock { before in
                    defer { before = count }
                    return count > before
                }
            }
            sleep(1)
        }
        broken("the server has had no room for a connection for a minute")
    }

    /// As the server counted them when it was last asked.
    private final class TurnedAway: Sendable {
        let count = Mutex(0.0)
    }

    private static func send(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            // It need not read what it has refused already.
            if count < 0 { break }
            rest = rest.dropFirst(count)
        }
    }

    private static func receive(
        from descriptor: Int32, into answer: inout [UInt8], until isEnough: ([UInt8]) -> Bool
    ) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !isEnough(answer) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            // libFuzzer's own alarm, which comes every half minute.
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { broken("no answer within 60 s") }
            if count <= 0 { break }
            answer += buffer[..<count]
        }
    }

    private func connected(to path: String) -> Int32 {
        for _ in 0..<3_000 {
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
            let status = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            if status == 0 { return descriptor }
            close(descriptor)
            usleep(10_000)
        }
        broken("the server does not listen")
    }
}
