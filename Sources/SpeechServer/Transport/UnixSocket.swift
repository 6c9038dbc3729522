import Files
import Foundation

/// Unix domain sockets: made private, recovered when stale, never taken from a server that lives.
enum UnixSocket {
    /// Bytes that fit into a socket address, without the final zero.
    static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// Listens at a path. The socket has mode 0600 from the first moment; missing folders are made with mode 0700.
    ///
    /// A lock beside the socket, held as long as the server lives, decides between servers that start at once; a socket
    /// without a holder is asked for an answer before it is taken for stale.
    static func listen(at path: String) throws(ServerError) -> BoundSocket {
        guard path.hasPrefix("/") else { throw .badPath(path, reason: "the path is not absolute") }
        guard path.utf8.count <= longestPath else { throw .pathTooLong(path, limit: longestPath) }
        try prepareFolder(of: path)
        if let found = FileStatus(path, followsLinks: false), found.kind != .socket { throw .notASocket(path) }
        let lock = try lock(path)
        try clear(path)

        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .cannotListen(path, reason: systemReason()) }
        // The file takes its mode from the socket, so it never exists with a wider one.
        var failed = fchmod(descriptor, 0o600) != 0
        if !failed { failed = withAddress(path) { bind(descriptor, $0, $1) } != 0 }
        if !failed { failed = Glibc.listen(descriptor, BoundSocket.backlog) != 0 }
        guard !failed, let file = SocketFile(path: path, lock: lock) else {
            let reason = systemReason()
            close(descriptor)
            throw .cannotListen(path, reason: reason)
        }
        return BoundSocket(descriptor: descriptor, kind: .unix(path: path), file: file)
    }

    /// The lock that decides who answers at a path.
    private static func lock(_ path: String) throws(ServerError) -> FileLock {
        do throws(FileError) {
            return try FileLock(path + ".lock", waits: false)
        } catch .locked {
            throw .inUse(path)
        } catch {
            throw .badPath(path, reason: error.reason)
        }
    }

    /// Takes away a stale socket.
    private static func clear(_ path: String) throws(ServerError) {
        guard let found = FileStatus(path, followsLinks: false) else { return }
        // It may have become another since it was looked at before the lock.
        guard found.kind == .socket else { throw .notASocket(path) }
        switch connect(to: path) {
        case .success(let descriptor):
            close(descriptor)
            throw .inUse(path)
        case .failure(ECONNREFUSED):
            if unlink(path) != 0, errno != ENOENT { throw .cannotListen(path, reason: systemReason()) }
        case .failure(ENOENT): break
        // A full backlog or missing permission: somebody is there.
        case .failure: throw .inUse(path)
        }
    }

    enum Attempt {
        case success(Int32)
        /// With the value of `errno`.
        case failure(Int32)
    }

    /// Connects to a socket without waiting for a place in its queue.
    static func connect(to path: String, waiting: Bool = false) -> Attempt {
        let flags = Int32(SOCK_CLOEXEC.rawValue) | (waiting ? 0 : Int32(SOCK_NONBLOCK.rawValue))
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard descriptor >= 0 else { return .failure(errno) }
        if withAddress(path, { Glibc.connect(descriptor, $0, $1) }) == 0 { return .success(descriptor) }
        let code = errno
        close(descriptor)
        return .failure(code)
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(longestPath)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }

    /// Makes the folders that are missing, and insists on a private one where others could have been first.
    private static func prepareFolder(of path: String) throws(ServerError) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard !folder.isEmpty else { return }
        do throws(FileError) {
            try Folder.make(folder, mode: 0o700)
        } catch {
            throw .badPath(path, reason: error.reason)
        }
        // The folder that the program chose itself has to be private; one that the user named is the user's to judge.
        guard folder == ServerConfiguration.defaultSocket().dropLast("/starling.sock".count) else { return }
        guard let found = FileStatus(folder, followsLinks: false) else {
            throw .badPath(path, reason: "\(folder) cannot be looked at")
        }
        guard found.kind == .folder else { throw .exposedFolder(folder, reason: "it is no folder") }
        guard found.owner == geteuid() else {
            throw .exposedFolder(folder, reason: "it belongs to user \(found.owner)")
        }
        if found.mode & 0o077 != 0, chmod(folder, 0o700) != 0 {
            throw .exposedFolder(folder, reason: systemReason())
        }
    }
}

/// The file of a listening socket. Taken away on request, if it is still the same.
final class SocketFile: Sendable {
    let path: String
    /// Says that a server lives; the system releases it with the process.
    private let lock: FileLock
    private let status: FileStatus

    init?(path: String, lock: consuming FileLock) {
        guard let status = FileStatus(path, followsLinks: false) else { return nil }
        self.path = path
        self.lock = lock
        self.status = status
    }

    /// Deletes the file unless another has taken its place.
    func remove() {
        if let found = FileStatus(path, followsLinks: false), found.isSameFile(as: status) { unlink(path) }
    }
}
