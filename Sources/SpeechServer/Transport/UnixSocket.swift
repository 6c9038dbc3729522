import Files
import Foundation
import SpeechClient

/// Unix domain sockets: made private, recovered when stale, never taken from a server that lives.
enum UnixSocket {
    /// Listens at a path. The socket has mode 0600 from the first moment; missing folders are made with mode 0700.
    ///
    /// A lock beside the socket, held as long as the server lives, decides between servers that start at once; a socket
    /// without a holder is asked for an answer before it is taken for stale.
    static func listen(at path: String) throws(ServerError) -> BoundSocket {
        guard path.hasPrefix("/") else { throw .badPath(path, reason: "the path is not absolute") }
        let limit = ServerSocket.longestPath
        guard path.utf8.count <= limit else { throw .pathTooLong(path, limit: limit) }
        try prepareFolder(of: path)
        if let found = FileStatus(path, followsLinks: false), found.kind != .socket { throw .notASocket(path) }
        let lock = try lock(path)
        try clear(path)

        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .cannotListen(path, reason: systemReason()) }
        // The file takes its mode from the socket, so it never exists with a wider one.
        var failed = fchmod(descriptor, 0o600) != 0
        if !failed { failed = ServerSocket.withAddress(path) { bind(descriptor, $0, $1) } != 0 }
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
        switch ServerSocket.connect(to: path, waits: false) {
        case .connected(let descriptor):
            close(descriptor)
            throw .inUse(path)
        case .failed(ECONNREFUSED):
            if unlink(path) != 0, errno != ENOENT { throw .cannotListen(path, reason: systemReason()) }
        case .failed(ENOENT): break
        // A full backlog or missing permission: somebody is there.
        case .failed: throw .inUse(path)
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
        guard folder == ServerSocket.defaultPath().dropLast("/starling.sock".count) else { return }
        guard let found = FileStatus(folder, followsLinks: false) else {
            throw .badPath(path, reason: "\(folder) cannot be inspected")
        }
        guard found.kind == .folder else { throw .exposedFolder(folder, reason: "it is not a folder") }
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
