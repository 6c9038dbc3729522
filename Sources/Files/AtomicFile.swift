public import Foundation

/// A file that appears under its name complete, or not at all.
///
/// The bytes go into a file without a name in the destination's folder (`O_TMPFILE`, so that even a killed process
/// leaves nothing behind; where the file system has no such thing, into a hidden temporary file). `commit` flushes them
/// to the disk and gives them the name, with `rename` where a file has it already. A sink that is dropped without
/// `commit` leaves the old file as it was.
///
/// A destination that exists and is not a regular file (a device, a named pipe) is written to directly, as a stream.
/// Links stay links: what they lead to is written, as by a shell's `>`, also where there is nothing yet.
public final class AtomicFile: ByteSink {
    /// As it was given; what errors call it.
    private let path: String
    /// Where it leads by way of links.
    private let target: String
    private let file: OpenFile
    /// The temporary name, if it has one already.
    private var temporary: String?
    /// False for a device or a pipe, which is written to as a stream.
    public let canSeek: Bool
    private var committed = false

    /// - Throws: `FileError` when the destination's folder is missing, read-only, or the destination is a folder.
    public init(_ url: URL) throws(FileError) {
        path = url.relativePath
        if let status = FileStatus(path) {
            if status.kind == .folder { throw .isFolder(path: path) }
            if status.kind != .file {
                target = path
                file = try OpenFile(path, O_WRONLY)
                canSeek = false
                return
            }
            if access(path, W_OK) != 0 { throw .writing(path, code: errno) }
        }
        target = try Self.followed(path)
        canSeek = true
        let folder = Folder.parent(of: target)
        let descriptor = open(folder, O_WRONLY | O_CLOEXEC | OpenFile.nameless, 0o666)
        if descriptor >= 0 {
            file = OpenFile(taking: descriptor, path: path)
            return
        }
        guard [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) else { throw Self.opening(target, in: folder, code: errno) }
        let name = Self.temporaryName(for: target)
        let named = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard named >= 0 else { throw Self.opening(target, in: folder, code: errno) }
        file = OpenFile(taking: named, path: path)
        temporary = name
    }

    deinit {
        if let temporary, !committed { unlink(temporary) }
    }

    /// Writes at the current place.
    ///
    /// - Throws: `FileError`
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) { try file.write(bytes) }

    /// Moves the current place, in bytes from the start.
    ///
    /// - Throws: `FileError`
    public func seek(to position: Int) throws(FileError) {
        if lseek(file.descriptor, off_t(position), SEEK_SET) < 0 { throw .writing(path, code: errno) }
    }

    /// Puts the file in place, its bytes on the disk.
    ///
    /// - Throws: `FileError`
    public func commit() throws(FileError) {
        guard canSeek else { return }
        try file.sync()
        if temporary == nil, !link(to: target) {
            // Only what is there already has to be replaced by way of another name.
            guard errno == EEXIST else { throw .writing(path, code: errno) }
            let name = Self.temporaryName(for: target)
            guard link(to: name) else { throw .writing(path, code: errno) }
            temporary = name
        }
        if let temporary, rename(temporary, target) != 0 { throw .writing(path, code: errno) }
        committed = true
        // The new name itself has to reach the disk too.
        Folder.sync(Folder.parent(of: target))
    }

    /// Gives the file without a name one that is not taken; `errno` says why where it fails.
    private func link(to name: String) -> Bool {
        linkat(AT_FDCWD, "/proc/self/fd/\(file.descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
    }

    /// Writes a whole file at once.
    ///
    /// - Throws: `FileError`; then what was there before is unchanged, and no temporary file is left
    public static func save(_ bytes: some ContiguousBytes, to url: URL) throws(FileError) {
        let file = try AtomicFile(url)
        try file.write(contentsOf: bytes)
        try file.commit()
    }

    /// The one name of what a path leads to, by which two paths to the same file are told. There may be nothing there yet.
    ///
    /// - Throws: `FileError` for a link that leads back to itself
    public static func destination(of path: String) throws(FileError) -> String {
        let target = try followed(path)
        let folder = realpath(Folder.parent(of: target), nil)
        defer { free(folder) }
        // A folder that is missing is an error of the file that is to be made in it.
        guard let folder else { return target }
        return "\(String(cString: folder))/\(target.split(separator: "/").last ?? "")"
    }

    /// Where a path leads when links as its last part are followed, so that a target is replaced and not the link.
    /// There may be nothing of that name.
    private static func followed(_ path: String) throws(FileError) -> String {
        var target = path
        // As many as Linux follows.
        for _ in 0...40 {
            var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = bytes.withUnsafeMutableBytes { readlink(target, $0.baseAddress!, $0.count) }
            // It is not a link.
            guard count >= 0 else { return target }
            let next = String(decoding: bytes.prefix(count), as: UTF8.self)
            let folder = Folder.parent(of: target)
            target = next.hasPrefix("/") || folder == "." ? next : "\(folder)/\(next)"
        }
        throw .unwritable(path: path, reason: "it is a symbolic link that leads back to itself")
    }

    /// The error for a file that could not be made.
    private static func opening(_ path: String, in folder: String, code: Int32) -> FileError {
        if code == ENOENT, access(folder, F_OK) == 0 {
            // Such as /proc: the folder is there and takes no files.
            return .readOnly(path: path, reason: "no files can be created in \(folder)")
        }
        return .writing(path, code: code)
    }

    private static func temporaryName(for path: String) -> String {
        let name = path.split(separator: "/").last ?? "file"
        return "\(Folder.parent(of: path))/.\(name.prefix(100)).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    }
}
