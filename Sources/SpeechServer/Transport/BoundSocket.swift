import Foundation

/// A listening socket and what belongs to it.
struct BoundSocket: Sendable {
    enum Kind: Sendable, Equatable {
        case unix(path: String)
        case tcp(address: String, port: Int)

        var isUnix: Bool { if case .unix = self { true } else { false } }
    }

    let descriptor: Int32
    let kind: Kind
    /// The file to take away at the end, with the lock that says it is ours; nil for sockets that were handed over.
    let file: SocketFile?

    /// Connections that wait to be accepted.
    static let backlog: Int32 = 512

    var place: String {
        switch kind {
        case .unix(let path): path
        case .tcp(let address, let port): address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        }
    }

    init(_ endpoint: ServerConfiguration.Endpoint) throws(ServerError) {
        switch endpoint {
        case .socket(let path): self = try UnixSocket.listen(at: path)
        case .tcp(let address, let port): self = try TCPSocket.listen(address: address, port: port)
        case .inherited(let descriptor): try self.init(inherited: descriptor)
        }
    }

    init(descriptor: Int32, kind: Kind, file: SocketFile?) {
        self.descriptor = descriptor
        self.kind = kind
        self.file = file
    }

    private init(inherited descriptor: Int32) throws(ServerError) {
        var listening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 else {
            throw .badDescriptor(descriptor, reason: systemReason())
        }
        guard listening != 0 else { throw .badDescriptor(descriptor, reason: "it does not listen") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        guard let kind = Self.name(of: descriptor) else {
            throw .badDescriptor(descriptor, reason: "neither a Unix nor a TCP socket")
        }
        self.init(descriptor: descriptor, kind: kind, file: nil)
    }

    /// What a bound socket is bound to.
    static func name(of descriptor: Int32) -> Kind? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard status == 0 else { return nil }
        switch Int32(storage.ss_family) {
        case AF_UNIX:
            return withUnsafeBytes(of: storage) { bytes in
                let path = bytes[MemoryLayout<sa_family_t>.size..<max(MemoryLayout<sa_family_t>.size, Int(size))]
                return .unix(path: String(decoding: path.prefix { $0 != 0 }, as: UTF8.self))
            }
        case AF_INET, AF_INET6:
            var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
            let failed = withUnsafePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getnameinfo(
                        $0, size, &host, socklen_t(host.count), &port, socklen_t(port.count),
                        NI_NUMERICHOST | NI_NUMERICSERV)
                }
            }
            guard failed == 0, let number = Int(text(port)) else { return nil }
            return .tcp(address: text(host), port: number)
        default: return nil
        }
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// The reason of the system call that just failed.
func systemReason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
