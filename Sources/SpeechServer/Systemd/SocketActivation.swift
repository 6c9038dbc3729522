import Foundation
import SpeechClient

/// Sockets handed over by systemd or a launcher that speaks the same convention (`LISTEN_FDS`, `LISTEN_FDNAMES`).
public enum SocketActivation {
    /// The first descriptor that is handed over.
    static let first: Int32 = 3

    /// The sockets handed to this process, by protocol. Those whose name contains "wyoming" speak Wyoming, others HTTP.
    ///
    /// The variables are taken out of the environment, so that no child believes they are meant for it.
    public static func take() -> (
        http: [ServerConfiguration.Endpoint], wyoming: [ServerConfiguration.Endpoint]
    ) {
        let environment = ProcessInfo.processInfo.environment
        defer { for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"] { unsetenv(name) } }
        return sort(environment, process: getpid())
    }

    static func sort(_ environment: [String: String], process: pid_t) -> (
        http: [ServerConfiguration.Endpoint], wyoming: [ServerConfiguration.Endpoint]
    ) {
        guard environment["LISTEN_PID"].flatMap({ pid_t($0) }) == process,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), (1...64).contains(count)
        else { return ([], []) }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
        var http: [ServerConfiguration.Endpoint] = []
        var wyoming: [ServerConfiguration.Endpoint] = []
        for index in 0..<count {
            let endpoint = ServerConfiguration.Endpoint.inherited(descriptor: first + index)
            let name = names.indices.contains(Int(index)) ? names[Int(index)] : ""
            if name.contains("wyoming") { wyoming.append(endpoint) } else { http.append(endpoint) }
        }
        return (http, wyoming)
    }

    /// Notifies the service manager, if it asked for notification: `READY=1`, `STOPPING=1`.
    static func notify(_ state: String, socket path: String? = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"]) {
        guard let path, path.hasPrefix("/") || path.hasPrefix("@") else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // An abstract name is written with @ and begins with a zero byte.
        let bytes = (path.hasPrefix("@") ? [0] + Array(path.utf8.dropFirst()) : Array(path.utf8))
        guard bytes.count <= ServerSocket.longestPath else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, state, state.utf8.count, Int32(MSG_NOSIGNAL), $0, size)
            }
        }
    }
}
