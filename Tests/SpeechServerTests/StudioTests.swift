import Foundation
import SpeechServer
import Testing

/// The Studio as a browser gets it.
@Suite struct StudioTests {
    static let folder = TestServer.repository.appending(path: "Sources/Studio/Page")

    /// Names of the files as they lie in the repository, and where they are served.
    static func files() throws -> [(path: String, content: Data)] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).map { file in
            let name = file.lastPathComponent
            return (name == "index.html" ? "/" : "/studio/\(name)", try Data(contentsOf: file))
        }
    }

    static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    @Test func everyFileIsServedAsItIs() async throws {
        try await withServer {
            $0.http.append(.tcp(address: "127.0.0.1", port: 0))
        } _: { server in
            let files = try Self.files()
            #expect(files.count > 10)
            for (path, content) in files {
                for client in [server.unix, try server.tcp] {
                    let reply = try await client.get(path)
                    #expect(reply.status == 200, "\(path)")
                    #expect(reply.body == content, "\(path) differs from the file")
                    let ending = path == "/" ? "html" : path.split(separator: ".").last.map(String.init)
                    #expect(reply.headers["content-type"] == Self.types[ending ?? ""], "\(path)")
                    #expect(reply.headers["x-content-type-options"] == "nosniff")
                    let policy = try #require(reply.headers["content-security-policy"])
                    #expect(policy.hasPrefix("default-src 'none'; script-src 'self';"))
                    #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"))
                    #expect(!policy.contains("http") && !policy.contains("*"))
                }
            }
        }
    }

    /// What the page loads is there, and nothing comes from elsewhere.
    @Test func thePageNeedsNothingElse() throws {
        let files = try Self.files()
        let known = Set(files.map(\.path))
        for (path, content) in files {
            let text = String(decoding: content, as: UTF8.self)
            // By paths from where they lie: a proxy may put something in front.
            #expect(text.matches(of: /(?:src|href)="\/|url\("\/|"\/studio\//).isEmpty, "\(path)")
            for match in text.matches(of: /(?:src|href)="(studio\/[^"]*)"/) {
                #expect(known.contains("/\(match.1)"), "\(path) loads \(match.1)")
            }
            for match in text.matches(of: /url\("([^"]*)"\)|new URL\("([^"]*)", import\.meta\.url\)/) {
                let target = match.1 ?? match.2 ?? ""
                #expect(known.contains("/studio/\(target)"), "\(path) loads \(target)")
            }
            for match in text.matches(of: /from "\.\/([^"]+)"/) {
                #expect(known.contains("/studio/\(match.1)"), "\(path) imports \(match.1)")
            }
            let addresses = text.matches(of: /https?:\/\/[^\s"')]+/).map { String($0.0) }
            #expect(addresses.allSatisfy { $0 == "http://www.w3.org/2000/svg" }, "\(path): \(addresses)")
            // The policy forbids scripts and styles within the page.
            #expect(!text.contains("<script>") && !text.contains("<style") && !text.contains("innerHTML"), "\(path)")
            #expect(text.matches(of: /\sstyle="|\son[a-z]+="/).isEmpty, "\(path)")
        }
    }

    @Test func whatTheBrowserHasIsNotSentAgain() async throws {
        try await withServer { server in
            for path in ["/", "/studio/main.js"] {
                let first = try await server.unix.get(path)
                let tag = try #require(first.headers["etag"])
                #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.count > 6)
                #expect(first.headers["cache-control"] == "no-cache")
                for known in [tag, "W/\(tag)", "\"other\", \(tag)", "\"a\" ,\(tag) ", "*"] {
                    let again = try await server.unix.get(path, headers: [("If-None-Match", known)])
                    #expect(again.status == 304 && again.body.isEmpty, "\(known)")
                    #expect(again.headers["etag"] == tag && again.headers["content-security-policy"] != nil)
                }
                for known in ["\"other\"", tag.replacingOccurrences(of: "\"", with: ""), ""] {
                    let again = try await server.unix.get(path, headers: [("If-None-Match", known)])
                    #expect(again.status == 200 && again.body == first.body, "\(known)")
                }
                let head = try await server.unix.send("HEAD", path)
                #expect(head.status == 200 && head.body.isEmpty && head.headers["etag"] == tag)
                #expect(head.headers["content-length"] == String(first.body.count))
            }
            let (page, script) = (try await server.unix.get("/"), try await server.unix.get("/studio/main.js"))
            #expect(page.headers["etag"] != script.headers["etag"])
        }
    }

    @Test func otherPathsAreNotThere() async throws {
        try await withServer { server in
            for path in [
                "/index.html", "/studio", "/studio/index.html", "/studio/none.js", "/studio/../main.js",
                "/studio/%2e%2e/Package.swift", "/studio/main.js/x", "/favicon.ico",
            ] {
                let reply = try await server.unix.get(path)
                #expect(try reply.status == 404 && reply.error()?.code == "unknown_url", "\(path)")
            }
            let post = try await server.unix.send("POST", "/", body: [])
            #expect(post.status == 405 && post.headers["allow"] == "GET")
        }
    }

    /// The page itself opens without the token, which it then asks for; everything else is guarded as before.
    @Test func thePageOpensWithoutTokenAndNothingElseDoes() async throws {
        let token = "a token of 24 characters"
        try await withServer {
            $0.http.append(.tcp(address: "127.0.0.1", port: 0))
            $0.token = token
        } _: { server in
            let tcp = try server.tcp
            #expect(try await tcp.get("/").status == 200)
            #expect(try await tcp.get("/studio/main.js").status == 200)
            #expect(try await tcp.get("/v1/voices").status == 401)
            #expect(try await tcp.get("/studio/none.js").status == 401)
            let authorized = [("Authorization", "Bearer \(token)")]
            #expect(try await tcp.get("/v1/voices", headers: authorized).status == 200)
        }
    }

    @Test func strangersDoNotGetThePage() async throws {
        try await withServer {
            $0.http.append(.tcp(address: "127.0.0.1", port: 0))
        } _: { server in
            let tcp = try server.tcp
            let rebound = RawClient(place: tcp.place, host: "attacker.example")
            #expect(try await rebound.get("/").status == 421)
            #expect(try await tcp.get("/", headers: [("Origin", "http://attacker.example")]).status == 403)
            #expect(try await tcp.get("/", headers: [("Origin", "http://localhost")]).status == 200)
            // A link on another site leads to the page, but nothing of it can be loaded from there.
            let site = ("Sec-Fetch-Site", "cross-site")
            let visit = [site, ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")]
            #expect(try await tcp.get("/", headers: visit).status == 200)
            #expect(try await tcp.get("/v1/voices", headers: visit).status == 403)
            let frame = [site, ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")]
            #expect(try await tcp.get("/", headers: frame).status == 403)
            let script = [site, ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "script")]
            #expect(try await tcp.get("/studio/main.js", headers: script).status == 403)
        }
    }
}
