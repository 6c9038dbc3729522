import Foundation
import HTTPTypes
import Hummingbird

/// Who may ask over TCP. Unix sockets are guarded by the system.
struct AccessGuard: Sendable {
    let token: String?
    /// Names in `Host`, lower case, beside those of this machine's loopback.
    let hostNames: Set<String>
    /// Whether an address is enough as `Host`: it is where others than this machine are let in, since a name that an attacker
    /// controls can never be one.
    let allowsAnyAddress: Bool

    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "::1"]

    /// - Parameter isOpen: whether no token is needed.
    func check(_ request: Request, isUnix: Bool, isOpen: Bool) throws(ServerError) {
        guard !isUnix else { return }
        let authority = request.head.authority ?? ""
        guard let host = Self.host(of: authority), isKnown(host) else { throw .badHost(authority) }
        if let origin = request.headers[.origin] {
            // A page served from here names exactly the place it asks.
            guard origin == "http://\(authority)" || origin == "https://\(authority)" else {
                throw .foreignOrigin(origin)
            }
        } else if request.headers[HTTPField.Name("Sec-Fetch-Site")!] == "cross-site", !Self.isVisit(request) {
            throw .foreignOrigin("another site")
        }
        guard let token, !isOpen else { return }
        let given = request.headers[.authorization] ?? ""
        guard given.lowercased().hasPrefix("bearer "), Self.equal(String(given.dropFirst(7)), token) else {
            throw .unauthorized
        }
    }

    /// Somebody followed a link to the Studio, which shows them its page and the other site nothing.
    private static func isVisit(_ request: Request) -> Bool {
        request.method == .get && request.uri.path == "/"
            && request.headers[HTTPField.Name("Sec-Fetch-Mode")!] == "navigate"
            && request.headers[HTTPField.Name("Sec-Fetch-Dest")!] == "document"
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
