import Foundation

/// An open file, or whatever else a path names; it is closed when the value goes.
public struct OpenFile: ~Copyable, Sendable {
    /// What errors call it.
    public let path: String
    /// The open descriptor, for calls that this type lacks.
    public let descriptor: Int32

    /// Opens a file, pipe or device for reading.
    ///
    /// - Parameter followsLinks: whether a link as the last part of the path leads on; otherwise it is refused.
    /// - Throws: `FileError.unreadable`
    public init(reading path: String, followsLinks: Bool = true) throws(FileError) {
        // A pipe that nobody writes to must not hold up those who want a regular file.
        let flags = followsLinks ? O_RDONLY : O_RDONLY | O_NOFOLLOW | O_NONBLOCK
        try self.init(path, flags)
    }

    /// Opens a file in a folder for reading; it may not be a link.
    ///
    /// - Throws: `FileError.unreadable`
    public init(reading name: String, in folder: borrowing OpenFile) throws(FileError) {
        try self.init(folder.path + "/" + name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, name: name, in: folder.descriptor)
    }

    /// Opens a folder.
    ///
    /// - Throws: `FileError.unreadable`
    public init(folder path: String, followsLinks: Bool = true) throws(FileError) {
        try self.init(path, O_RDONLY | O_DIRECTORY | (followsLinks ? 0 : O_NOFOLLOW))
    }

    /// Makes a new file for writing.
    ///
    /// - Parameter mode: its permissions, less those that the process's mask takes away.
    /// - Throws: `FileError` if there is something of that name
    public init(creating path: String, mode: UInt32 = 0o666) throws(FileError) {
        try self.init(path, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
    }

    /// Opens a file to write after its end, and makes it first if there is none. It may not be a link.
    ///
    /// - Throws: `FileError`
    public init(appendingTo path: String) throws(FileError) {
        try self.init(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW)
    }

    /// Makes a file without a name for reading and writing, which is gone when it is closed.
    ///
    /// - Parameter folder: where its bytes lie; nil for the user's folder for temporary files.
    /// - Throws: `FileError`
    public init(temporaryIn folder: String? = nil) throws(FileError) {
        let folder = folder ?? NSTemporaryDirectory()
        let unnamed = open(folder, O_RDWR | O_CLOEXEC | Self.nameless, 0o600)
        if unnamed >= 0 {
            self.init(taking: unnamed, path: folder)
            return
        }
        // Where the file system has no such thing, the name goes at once.
        var template = Array((folder + "/starling-XXXXXX").utf8CString)
        let named = mkstemp(&template)
        guard named >= 0 else { throw .writing(folder, code: errno) }
        _ = fcntl(named, F_SETFD, FD_CLOEXEC)
        unlink(template)
        self.init(taking: named, path: folder)
    }

    /// O_TMPFILE in the kernel's own definition; the C macro is not visible from Swift.
    static let nameless: Int32 = 0o20_000_000 | O_DIRECTORY

    init(
        _ path: String, _ flags: Int32, mode: UInt32 = 0o666, name: String? = nil, in folder: Int32 = AT_FDCWD
    ) throws(FileError) {
        let descriptor = openat(folder, name ?? path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw flags & O_ACCMODE == O_RDONLY ? .reading(path, code: errno) : .writing(path, code: errno)
        }
        self.path = path
        self.descriptor = descriptor
    }

    /// Takes over an open descriptor.
    init(taking descriptor: Int32, path: String) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// - Throws: `FileError.unreadable`
    public func status() throws(FileError) -> FileStatus {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .reading(path, code: errno) }
        return FileStatus(status)
    }

    /// Whether there is something of that name in the folder that this is.
    public func holds(_ name: String) -> Bool {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// All bytes up to the end, also those of a pipe.
    ///
    /// - Throws: `FileError.unreadable`, also for more than `limit` bytes
    public func contents(limit: Int) throws(FileError) -> [UInt8] {
        try Self.contents(of: descriptor, path: path, limit: limit)
    }

    /// All bytes of a regular file, and the state in which it was read. Pipes, devices and folders are refused.
    ///
    /// - Throws: `FileError.unreadable`, also for more than `limit` bytes
    public func plainContents(limit: Int) throws(FileError) -> (bytes: [UInt8], status: FileStatus) {
        let status = try status()
        guard status.kind == .file else { throw .unreadable(path: path, reason: "it is not a regular file") }
        guard status.size <= limit else {
            throw .unreadable(path: path, reason: "it has \(status.size) bytes, more than the limit of \(limit)")
        }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: status.size) { buffer, filled in
            while filled < status.size {
                let count = read(descriptor, buffer.baseAddress! + filled, status.size - filled)
                if count < 0, errno == EINTR { continue }
                if count < 0 { code = errno }
                if count <= 0 { break }
                filled += count
            }
        }
        if code != 0 { throw .reading(path, code: code) }
        return (bytes, status)
    }

    /// All bytes up to the end of an open descriptor, such as standard input.
    ///
    /// - Parameter path: what errors call it.
    /// - Throws: `FileError.unreadable`, also for more than `limit` bytes
    public static func contents(of descriptor: Int32, path: String, limit: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var status = stat()
        if fstat(descriptor, &status) == 0 { bytes.reserveCapacity(min(Int(status.st_size), limit)) }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw .reading(path, code: errno) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            if bytes.count > limit {
                throw .unreadable(path: path, reason: "it is larger than \(limit >> 20) MB")
            }
            // What is long is read in long pieces.
            if count == buffer.count, count < 1 << 20 { buffer = [UInt8](repeating: 0, count: 4 * count) }
        }
    }

    /// Writes all bytes at the current place.
    ///
    /// - Throws: `FileError`
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        try Self.write(bytes, to: descriptor, path: path)
    }

    /// Writes all bytes at the current place.
    ///
    /// - Throws: `FileError`
    public func write(_ bytes: [UInt8]) throws(FileError) { try Self.write(bytes, to: descriptor, path: path) }

    /// Writes all bytes to an open descriptor, such as standard output.
    ///
    /// - Parameter path: what errors call it.
    /// - Throws: `FileError`
    public static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
        try StreamSink(descriptor: descriptor, name: path).write(bytes)
    }

    /// Writes all bytes, going on after signals and short writes.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(FileError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .writing(path, code: errno)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Makes everything that was written reach the disk.
    ///
    /// - Throws: `FileError`
    public func sync() throws(FileError) { if fsync(descriptor) != 0 { throw .writing(path, code: errno) } }
}
