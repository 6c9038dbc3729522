import Foundation
import Logging
import SpeechServer
import Testing

@Suite struct Sockets {
    static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }

    @Test func socketAndFolderArePrivateAndTheSocketGoesAtTheEnd() async throws {
        var path = ""
        try await withServer { server in
            path = server.socket
            let health = try await server.unix.get("/healthz")
            #expect(health.status == 200)
            #expect(try Self.mode(path) == 0o600)
            #expect(try Self.mode(URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)) == 0o700)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aLiveServerIsNeverPushedAside() async throws {
        try await withServer { server in
            var second = ServerConfiguration()
            second.http = [.socket(path: server.socket)]
            #expect(throws: ServerError.inUse(server.socket)) {
                try SpeechServer(
                    second, synthesizer: server.synthesizer, enroller: TestServer.enroller(), logger: TestServer.quiet)
            }
            // Neither is a server of another kind, which holds no lock.
            try FileManager.default.removeItem(atPath: server.socket + ".lock")
            #expect(throws: ServerError.inUse(server.socket)) {
                try SpeechServer(
                    second, synthesizer: server.synthesizer, enroller: TestServer.enroller(), logger: TestServer.quiet)
            }
            #expect(try await server.unix.get("/healthz").status == 200)
        }
    }

    @Test func aStaleSocketIsRecovered() async throws {
        try await withServer { server in
            let path = server.folder.appending(path: "stale.sock").path(percentEncoded: false)
            try Self.leaveStale(path)
            let recovered = try SpeechServer(
                TestServer.configuration([.socket(path: path)]), synthesizer: server.synthesizer,
                enroller: TestServer.enroller(), logger: TestServer.quiet)
            try await TestServer.running(recovered) {
                let (reply, mode) = (try await RawClient(place: .unix(path)).get("/healthz"), try Self.mode(path))
                #expect(reply.status == 200 && mode == 0o600)
            }
        }
    }

    /// A socket whose server is gone without taking it away.
    static func leaveStale(_ path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(descriptor)
        try #require(status == 0 && FileManager.default.fileExists(atPath: path))
    }

    @Test func whatIsNoSocketStays() async throws {
        try await withServer { server in
            let path = server.folder.appending(path: "letter.sock").path(percentEncoded: false)
            try Data("precious".utf8).write(to: URL(filePath: path))
            var other = ServerConfiguration()
            other.http = [.socket(path: path)]
            #expect(throws: ServerError.notASocket(path)) {
                try SpeechServer(
                    other, synthesizer: server.synthesizer, enroller: TestServer.enroller(), logger: TestServer.quiet)
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
            #expect(!FileManager.default.fileExists(atPath: path + ".lock"))
            let long = "/tmp/" + String(repeating: "x", count: 120)
            other.http = [.socket(path: long)]
            #expect(throws: ServerError.pathTooLong(long, limit: 107)) {
                try SpeechServer(
                    other, synthesizer: server.synthesizer, enroller: TestServer.enroller(), logger: TestServer.quiet)
            }
        }
    }

    @Test func otherAddressesNeedAToken() async throws {
        try await withServer { server in
            var open = ServerConfiguration()
            open.http = [.tcp(address: "0.0.0.0", port: 0)]
            #expect(throws: ServerError.tokenNeeded(address: "0.0.0.0")) {
                try SpeechServer(
                    open, synthesizer: server.synthesizer, enroller: TestServer.enroller(), logger: TestServer.quiet)
            }
            open.token = "short"
            #expect(throws: ServerError.weakToken(minimum: 16)) {
                try SpeechServer(
                    open, synthesizer: server.synthesizer, enroller: TestServer.enroller(), logger: TestServer.quiet)
            }
            open.http = [.tcp(address: "example.org", port: 0)]
            open.token = "0123456789abcdef"
            #expect(throws: ServerError.badAddress("example.org")) {
                try SpeechServer(
                    open, synthesizer: server.synthesizer, enroller: TestServer.enroller(), logger: TestServer.quiet)
            }
        }
    }

    @Test func pagesOfOthersAreTurnedAway() async throws {
        try await withServer { configuration in
            configuration.http.append(.tcp(address: "127.0.0.1", port: 0))
            configuration.hostNames = ["starling.lan"]
        } _: { server in
            var client = try server.tcp
            let port = try server.port("127.0.0.1:")
            for host in ["localhost", "localhost:\(port)", "127.0.0.1:\(port)", "[::1]:\(port)", "STARLING.lan"] {
                client.host = host
                #expect(try await client.get("/v1/voices").status == 200, "\(host)")
            }
            for host in ["evil.example", "localhost.evil.example", "192.168.1.1", "", "localhost:80x", "[::1"] {
                client.host = host
                let reply = try await client.get("/v1/voices")
                #expect(reply.status == 421 || reply.status == 400, "\(host): \(reply.status)")
            }
            client.host = "localhost:\(port)"
            for origin in [
                "http://evil.example", "null", "http://localhost:1", "https://localhost:\(port).evil.example",
            ] {
                let reply = try await client.get("/v1/voices", headers: [("Origin", origin)])
                #expect(try reply.status == 403 && reply.error()?.code == "foreign_origin", "\(origin)")
            }
            #expect(
                try await client.get("/v1/voices", headers: [("Origin", "http://localhost:\(port)")]).status == 200)
            #expect(try await client.get("/v1/voices", headers: [("Sec-Fetch-Site", "cross-site")]).status == 403)
        }
    }

    @Test func aTokenIsAskedForOverTCPOnly() async throws {
        let token = "correct-horse-battery"
        try await withServer { configuration in
            configuration.http.append(.tcp(address: "127.0.0.1", port: 0))
            configuration.token = token
        } _: { server in
            let client = try server.tcp
            for wrong in ["", "Bearer", "Bearer correct-horse-batterx", "Bearer correct-horse-battery2", token] {
                let reply = try await client.get("/v1/voices", headers: [("Authorization", wrong)])
                #expect(reply.status == 401 && reply.headers["www-authenticate"] == "Bearer", "\(wrong)")
            }
            #expect(
                try await client.get("/v1/voices", headers: [("Authorization", "Bearer \(token)")]).status == 200)
            #expect(try await client.get("/healthz").status == 200)
            #expect(try await client.get("/metrics").status == 401)
            #expect(try await server.unix.get("/v1/voices").status == 200)
        }
    }

    @Test func socketsCanBeHandedOver() async throws {
        try await withServer { server in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var none: Int32 = 0
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            none = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(none == 0)
            let other = TestServer.configuration([.inherited(descriptor: descriptor)])
            #expect(throws: ServerError.badDescriptor(descriptor, reason: "it does not listen")) {
                try SpeechServer(
                    other, synthesizer: server.synthesizer, enroller: TestServer.enroller(), logger: TestServer.quiet)
            }
            try #require(listen(descriptor, 16) == 0)
            let second = try SpeechServer(
                other, synthesizer: server.synthesizer, enroller: TestServer.enroller(), logger: TestServer.quiet)
            let port = try #require(second.places.first?.split(separator: ":").last.flatMap { Int($0) })
            try await TestServer.running(second) {
                let reply = try await RawClient(place: .tcp(port)).get("/healthz")
                #expect(reply.status == 200)
            }
        }
    }
}
