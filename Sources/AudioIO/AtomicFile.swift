public import Foundation

/// A file that appears under its name complete, or not at all.
///
/// The bytes go into a file without a name in the destination's folder (`O_TMPFILE`, so that even a killed process leaves
/// nothing behind; where the file system has no such thing, into a hidden temporary file). `commit` flushes them to the
/// disk and puts the file in place with `rename`. A sink that is dropped without `commit` leaves the old file as it was.
///
/// A destination that exists and is no regular file (a device, a named pipe) is written to directly, as a stream.
public final class AtomicFile: ByteSink {
    private let path: String
    private let target: String
    private let descriptor: Int32
    /// The temporary name, if it has one already.
    private var temporary: String?
    public let canSeek: Bool
    private var committed = false

    /// - Throws: `AudioError` when the destination's folder is missing, read-only, or the destination is a folder.
    public init(_ url: URL) throws(AudioError) {
        path = url.path(percentEncoded: false)
        var status = stat()
        if stat(path, &status) == 0 {
            let kind = status.st_mode & S_IFMT
            if kind == S_IFDIR { throw .isFolder(path: path) }
            if kind != S_IFREG {
                target = path
                descriptor = open(path, O_WRONLY | O_CLOEXEC)
                if descriptor < 0 { throw .writing(path, code: errno) }
                canSeek = false
                return
            }
            if access(path, W_OK) != 0 { throw .writing(path, code: errno) }
        }
        // A link is followed, so that its target is replaced and not the link.
        target =
            realpath(path, nil).map { pointer in
                defer { free(pointer) }
                return String(cString: pointer)
            } ?? path
        canSeek = true
        let folder = Self.folder(of: target)
        // The kernel's own definition; the C macro is not visible from Swift.
        let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY
        let anonymous = open(folder, O_WRONLY | O_CLOEXEC | unnamed, 0o666)
        if anonymous >= 0 {
            descriptor = anonymous
            return
        }
        switch errno {
        case EOPNOTSUPP, EISDIR, EINVAL:
            let name = Self.temporaryName(for: target)
            descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor < 0 { throw Self.opening(path, in: folder) }
            temporary = name
        default:
            throw Self.opening(path, in: folder)
        }
    }

    deinit {
        close(descriptor)
        if let temporary, !committed { unlink(temporary) }
    }

    public func write(_ bytes: UnsafeRawBufferPointer) throws(AudioError) {
        try writeAll(bytes, to: descriptor, name: path)
    }

    public func seek(to position: Int) throws(AudioError) {
        if lseek(descriptor, off_t(position), SEEK_SET) < 0 { throw .writing(path, code: errno) }
    }

    public func commit() throws(AudioError) {
        guard canSeek else { return }
        if fsync(descriptor) != 0 { throw .writing(path, code: errno) }
        if temporary == nil {
            let name = Self.temporaryName(for: target)
            if linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) != 0 {
                throw .writing(path, code: errno)
            }
            temporary = name
        }
        if let temporary, rename(temporary, target) != 0 { throw .writing(path, code: errno) }
        committed = true
        // The new name itself has to reach the disk too; a file system that cannot sync a folder keeps it in its journal.
        let folder = open(Self.folder(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// Writes a whole file at once.
    public static func save(_ data: Data, to url: URL) throws(AudioError) {
        let file = try AtomicFile(url)
        try file.write([UInt8](data))
        try file.commit()
    }

    /// The error for a file that could not be made just now.
    private static func opening(_ path: String, in folder: String) -> AudioError {
        let code = errno
        if code == ENOENT, access(folder, F_OK) == 0 {
            // Such as /proc: the folder is there and takes no files.
            return .readOnly(path: path, reason: "no files can be made in \(folder)")
        }
        return .writing(path, code: code)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func temporaryName(for path: String) -> String {
        let name = path.split(separator: "/").last ?? "file"
        return "\(folder(of: path))/.\(name.prefix(100)).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    }
}
