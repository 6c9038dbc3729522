import Files
public import Foundation

/// The Unix domain socket at which a server answers.
public enum ServerSocket {
    /// Bytes that fit into a socket address, without the final zero.
    public static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// `starling/starling.sock` or `starling/wyoming.sock` in `$XDG_RUNTIME_DIR`, `/run/user/UID` or, without either, a
    /// folder of the user's own in `/tmp`.
    public static func defaultPath(
        _ name: String = "starling", environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        let user = geteuid()
        var folder = "/tmp/starling-\(user)"
        if let runtime = BaseFolder.runtime.url(environment: environment) {
            folder = runtime.appending(path: "starling").path(percentEncoded: false)
        } else if access("/run/user/\(user)", W_OK) == 0 {
            folder = "/run/user/\(user)/starling"
        }
        return "\(folder)/\(name).sock"
    }

    public enum Attempt: Sendable {
        /// The descriptor, which is the caller's to close.
        case connected(Int32)
        /// With the value of `errno`.
        case failed(Int32)
    }

    /// Connects to a socket.
    ///
    /// - Parameter waits: whether to wait for a place in its queue.
    public static func connect(to path: String, waits: Bool) -> Attempt {
        let flags = Int32(SOCK_CLOEXEC.rawValue) | (waits ? 0 : Int32(SOCK_NONBLOCK.rawValue))
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard descriptor >= 0 else { return .failed(errno) }
        if withAddress(path, { Glibc.connect(descriptor, $0, $1) }) == 0 { return .connected(descriptor) }
        let code = errno
        close(descriptor)
        return .failed(code)
    }

    /// The address of a path, valid during the call; a path that is too long is cut.
    public static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(longestPath)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
