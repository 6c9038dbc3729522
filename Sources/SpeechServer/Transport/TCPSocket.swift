import Foundation

/// TCP sockets on addresses that are given as numbers: names are not looked up.
enum TCPSocket {
    static func listen(address: String, port: Int) throws(ServerError) -> BoundSocket {
        guard let info = resolve(address, port: port) else { throw .badAddress(address) }
        defer { freeaddrinfo(info) }
        let place = "\(address) port \(port)"
        let descriptor = socket(info.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .cannotListen(place, reason: systemReason()) }
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        if info.pointee.ai_family == AF_INET6 {
            setsockopt(descriptor, Int32(IPPROTO_IPV6), Int32(IPV6_V6ONLY), &yes, size)
        }
        guard bind(descriptor, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0,
            Glibc.listen(descriptor, BoundSocket.backlog) == 0, let kind = BoundSocket.name(of: descriptor)
        else {
            let code = errno
            close(descriptor)
            throw code == EADDRINUSE ? .inUse(place) : .cannotListen(place, reason: systemReason(code))
        }
        return BoundSocket(descriptor: descriptor, kind: kind, file: nil)
    }

    /// Whether only this machine can reach the address.
    static func isLoopback(_ address: String) -> Bool {
        var four = in_addr()
        if inet_pton(AF_INET, address, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
        var six = in6_addr()
        guard inet_pton(AF_INET6, address, &six) == 1 else { return false }
        return withUnsafeBytes(of: six) { $0.prefix(15).allSatisfy { $0 == 0 } && $0[15] == 1 }
    }

    /// Whether the text is an IP address.
    static func isAddress(_ text: String) -> Bool {
        var buffer = in6_addr()
        return inet_pton(AF_INET, text, &buffer) == 1 || inet_pton(AF_INET6, text, &buffer) == 1
    }

    private static func resolve(_ address: String, port: Int) -> UnsafeMutablePointer<addrinfo>? {
        guard (0...65_535).contains(port) else { return nil }
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var result: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, String(port), &hints, &result) == 0 else { return nil }
        return result
    }
}
