import Foundation

/// An exclusive lock on a file or folder, held by one process (and one task in it) at a time; the kernel drops it when
/// its holder dies. Only those who ask for it keep to it (`flock`).
public struct FileLock: ~Copyable, Sendable {
    private let file: OpenFile

    /// Locks a file of its own, which is made if there is none and stays: removing it would let two hold locks of one
    /// name.
    ///
    /// - Parameter waits: whether to wait for another holder; otherwise it is an error.
    /// - Throws: `FileError`, among them `FileError.locked`
    public init(_ path: String, waits: Bool) throws(FileError) {
        let file = try OpenFile(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        try file.lock(waits: waits)
        self.file = file
    }

    /// Locks a folder.
    ///
    /// - Throws: `FileError`, among them `FileError.locked`
    public init(folder path: String, waits: Bool) throws(FileError) {
        let file = try OpenFile(folder: path)
        try file.lock(waits: waits)
        self.file = file
    }
}

extension OpenFile {
    /// Locks the file until it is closed.
    ///
    /// - Parameter waits: whether to wait for another holder; otherwise it is an error.
    /// - Throws: `FileError`, among them `FileError.locked`
    public func lock(waits: Bool) throws(FileError) {
        while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK: throw .locked(path: path)
            default: throw .unwritable(path: path, reason: "cannot lock it: " + String(cString: strerror(errno)))
            }
        }
    }
}
