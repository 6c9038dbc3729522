import Foundation
import HTTPTypes
import Hummingbird

/// Who may ask over TCP. Unix sockets are guarded by the system.
struct AccessGuard: Sendable {
    let token: String?
    /// Names in `Host`, lower case, beside those of this machine's loopback.
    let hostNames: Set<String>
    /// Origins of pages of others that may ask.
    let origins: Set<String>
    /// Whether an address is enough as `Host`: it is where others than this machine are let in, since a name that an
    /// attacker controls can never be one.
    let allowsAnyAddress: Bool

    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "::1"]

    /// - Parameter isOpen: whether no token is needed.
    func check(_ request: HTTPRequest, isUnix: Bool, isOpen: Bool) throws(ServerError) {
        guard !isUnix else { return }
        let authority = request.authority ?? ""
        guard let host = Self.host(of: authority), isKnown(host) else { throw .badHost(authority) }
        if let origin = request.headerFields[.origin] {
            // A page served from here names exactly the place it asks.
            guard origin == "http://\(authority)" || origin == "https://\(authority)" || origins.contains(origin) else {
                throw .foreignOrigin(origin)
            }
        } else if request.headerFields[.secFetchSite] == "cross-site", !Self.isVisit(request) {
            throw .foreignOrigin("another site")
        }
        guard let token, !isOpen else { return }
        let given = request.headerFields[.authorization] ?? ""
        guard given.lowercased().hasPrefix("bearer "), Self.equal(String(given.dropFirst(7)), token) else {
            throw .unauthorized
        }
    }

    // MARK: Pages of others

    /// Whether a browser asks what the page of another origin may do (Fetch Standard, 3.2.2). It brings no token.
    func isPreflight(_ request: HTTPRequest) -> Bool {
        request.method == .options && request.headerFields[.origin].map(origins.contains) == true
            && request.headerFields[.accessControlRequestMethod] != nil
    }

    /// The CORS headers for a page of an allowed origin.
    func fields(for request: HTTPRequest, isUnix: Bool) -> HTTPFields {
        guard !isUnix, !origins.isEmpty else { return [:] }
        var fields: HTTPFields = [.vary: "Origin"]
        guard let origin = request.headerFields[.origin], origins.contains(origin) else { return fields }
        fields[.accessControlAllowOrigin] = origin
        guard isPreflight(request) else {
            fields[.accessControlExposeHeaders] = "X-Starling-Voice, X-Starling-Model, Retry-After, Location"
            return fields
        }
        fields[.accessControlAllowMethods] = "GET, HEAD, POST, DELETE"
        // Clients send headers of their own, which nothing here reads.
        fields[.accessControlAllowHeaders] = request.headerFields[.accessControlRequestHeaders]
        fields[.accessControlMaxAge] = "600"
        if request.headerFields[.requestPrivateNetwork] == "true" { fields[.allowPrivateNetwork] = "true" }
        return fields
    }

    /// Somebody followed a link to the Studio, which shows them its page and the other site nothing.
    private static func isVisit(_ request: HTTPRequest) -> Bool {
        request.method == .get && SpeechAPI.path(of: request) == "/"
            && request.headerFields[.secFetchMode] == "navigate"
            && request.headerFields[.secFetchDest] == "document"
    }

    private func isKnown(_ host: String) -> Bool {
        Self.loopback.contains(host) || hostNames.contains(host) || allowsAnyAddress && TCPSocket.isAddress(host)
    }

    /// The name or address in `name`, `name:port`, `[address]:port`.
    static func host(of authority: String) -> String? {
        guard !authority.isEmpty else { return nil }
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            return authority[authority.index(after: authority.startIndex)..<end].lowercased()
        }
        guard let colon = authority.firstIndex(of: ":") else { return authority.lowercased() }
        guard isPort(authority[colon...]) else { return nil }
        return authority[..<colon].lowercased()
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && text.count > 1 && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// Compares without telling by the time taken where the first difference is.
    static func equal(_ a: String, _ b: String) -> Bool {
        let (given, secret) = (Array(a.utf8), Array(b.utf8))
        var difference = given.count ^ secret.count
        for index in secret.indices { difference |= Int((index < given.count ? given[index] : 0) ^ secret[index]) }
        return difference == 0
    }
}
