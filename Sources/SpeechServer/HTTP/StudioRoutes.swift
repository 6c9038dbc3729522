import HTTPTypes
import Hummingbird
import NIOCore
import Studio

/// The Studio: a page at `/` and the files it loads. It is not part of the API, so `/openapi.json` does not list it.
enum StudioRoutes {
    static func add(to router: Router<ServerContext>) {
        for file in StudioFile.all {
            router.get(RouterPath(file.path)) { request, _ in answer(file, to: request) }
        }
    }

    private static let paths = Set(StudioFile.all.map(\.path))

    /// Whether a path is the page's. Its files hold nothing secret, and a browser that comes for the page cannot have
    /// the token yet.
    static func contains(_ path: String) -> Bool { paths.contains(path) }

    /// What the page may do: load what lies here, ask this server, play what it made itself. No other place, no frame
    /// around it, no script in its text.
    static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
        "media-src blob:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ].joined(separator: "; ")

    private static func answer(_ file: StudioFile, to request: Request) -> Response {
        var headers: HTTPFields = [
            .eTag: file.entityTag,
            // Kept by the browser, and asked for each time: a server that was replaced brings its own page.
            .cacheControl: "no-cache",
            .contentSecurityPolicy: policy,
            .xContentTypeOptions: "nosniff",
        ]
        for (name, value) in [
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Permissions-Policy", "microphone=(self), camera=(), geolocation=()"),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        if let known = request.headers[.ifNoneMatch], matches(known, file.entityTag) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = file.mediaType
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    /// Whether a list as in `If-None-Match` holds the tag; a weak one counts (RFC 9110, 13.1.2).
    static func matches(_ list: String, _ tag: String) -> Bool {
        list.split(separator: ",").contains { entry in
            let entry = entry.trimmingPrefix { $0 == " " || $0 == "\t" }
            let strong = entry.hasPrefix("W/") ? entry.dropFirst(2) : entry
            let known = strong.prefix { $0 != " " && $0 != "\t" }
            return known == "*" || known == tag
        }
    }
}
