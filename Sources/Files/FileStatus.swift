import Foundation

/// The status of a file, as stat(2) reports it.
public struct FileStatus: Sendable, Equatable {
    /// What a path names.
    public enum Kind: Sendable {
        /// A regular file.
        case file
        /// A folder.
        case folder
        /// A symbolic link.
        case link
        /// A Unix domain socket.
        case socket
        /// A pipe or a device.
        case other
    }

    /// What it is.
    public var kind: Kind
    /// Number of the user it belongs to.
    public var owner: UInt32
    /// Permissions, such as 0o644.
    public var mode: UInt32
    /// Number of the file system it lies on.
    public var device: UInt64
    /// Its number there.
    public var inode: UInt64
    /// In bytes.
    public var size: Int
    /// When its contents changed last, nanoseconds since 1970.
    public var modified: Int

    /// The status of what a path names.
    ///
    /// - Parameter followsLinks: whether a link stands for its target.
    /// - Returns: nil where there is nothing, or nothing that may be looked at
    public init?(_ path: String, followsLinks: Bool = true) {
        var status = stat()
        guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            case S_IFSOCK: .socket
            default: .other
            }
        owner = status.st_uid
        mode = status.st_mode & 0o7777
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    }

    /// Whether both are of one file, whatever has become of it in between.
    public func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }
}
