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
        if let found = FileIdentity(path), found.type != .typeSocket { throw .notASocket(path) }
        let lock = try SocketFile.Lock(path: path + ".lock", socket: path)
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

    /// Takes away a stale socket.
    private static func clear(_ path: String) throws(ServerError) {
        guard let found = FileIdentity(path) else { return }
        // It may have become another since it was looked at before the lock.
        guard found.type == .typeSocket else { throw .notASocket(path) }
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
        if access(folder, F_OK) != 0 {
            try prepareFolder(of: folder)
            if mkdir(folder, 0o700) != 0, errno != EEXIST { throw .badPath(path, reason: systemReason()) }
        }
        // The folder that the program chose itself has to be private; one that the user named is the user's to judge.
        guard folder == ServerConfiguration.defaultSocket().dropLast("/starling.sock".count) else { return }
        guard let found = FileIdentity(folder) else { throw .badPath(path, reason: "\(folder) cannot be looked at") }
        guard found.type == .typeDirectory else { throw .exposedFolder(folder, reason: "it is no folder") }
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
    /// Says that a server lives; the system releases it with the process.
    final class Lock: Sendable {
        private let descriptor: Int32
        private let path: String

        init(path: String, socket: String) throws(ServerError) {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw .badPath(socket, reason: systemReason()) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw .inUse(socket)
            }
            self.descriptor = descriptor
            self.path = path
        }

        deinit { close(descriptor) }
    }

    let path: String
    private let lock: Lock
    private let identity: FileIdentity

    init?(path: String, lock: Lock) {
        guard let identity = FileIdentity(path) else { return nil }
        self.path = path
        self.lock = lock
        self.identity = identity
    }

    /// Deletes the file unless another has taken its place. The lock file stays: deleting it would let two servers hold
    /// locks of the same name.
    func remove() {
        if FileIdentity(path) == identity { unlink(path) }
    }
}

/// What a name in a folder stands for, links not followed.
struct FileIdentity: Sendable, Equatable {
    var type: FileAttributeType
    var owner: UInt32
    var mode: Int
    var device: Int
    var inode: UInt64

    init?(_ path: String) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let type = attributes[.type] as? FileAttributeType, let owner = attributes[.ownerAccountID] as? NSNumber,
            let mode = attributes[.posixPermissions] as? NSNumber,
            let device = attributes[.systemNumber] as? NSNumber,
            let inode = attributes[.systemFileNumber] as? NSNumber
        else { return nil }
        self.type = type
        self.owner = owner.uint32Value
        self.mode = mode.intValue
        self.device = device.intValue
        self.inode = inode.uint64Value
    }
}
