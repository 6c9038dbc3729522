import Foundation

/// Careful reading of a voice's folder: nothing in it may be a link, and small files stay small.
enum StoreFiles {
    static let card = "voice.json"
    static let profile = "profile.safetensors"
    /// The largest voice.json and profile, in bytes.
    static let cardLimit = 1 << 20
    static let profileLimit = 1 << 20

    /// Whether a name is taken in a store: anything at all lies there.
    static func isTaken(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Reads a plain file without following links.
    static func read(_ path: String, limit: Int, voice: String) throws(VoiceStoreError) -> Data {
        Data(try contents(path, limit: limit, voice: voice).bytes)
    }

    /// Reads a plain file without following links, and tells the state in which it was.
    static func contents(_ path: String, limit: Int, voice: String) throws(VoiceStoreError) -> (
        bytes: [UInt8], stamp: VoiceIndex.Stamp
    ) {
        var name: Substring { path.split(separator: "/").last ?? path[...] }
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let reason =
                errno == ELOOP ? "is a link" : errno == ENOENT ? "is missing" : String(cString: strerror(errno))
            throw .damaged(voice, reason: "\(name): \(reason)")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .damaged(voice, reason: "\(name) is no plain file")
        }
        let size = Int(status.st_size)
        guard size <= limit else { throw .damaged(voice, reason: "\(name) has \(size) bytes") }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size {
                let count = Glibc.read(descriptor, buffer.baseAddress! + filled, size - filled)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { break }
                filled += count
            }
        }
        return (bytes, VoiceIndex.Stamp(status))
    }

    /// Writes a new file and flushes it to the disk.
    static func create(_ path: String, _ data: Data) throws(VoiceStoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(path) }
        defer { close(descriptor) }
        var rest = data[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(path)
            }
            rest = rest.dropFirst(count)
        }
        if fsync(descriptor) != 0 { throw .system(path) }
    }

    static func syncFolder(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Creates a folder and its parents, readable by its owner only.
    static func makeFolder(_ path: String) throws(VoiceStoreError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            // Foundation's error hides errno behind prose; ask again.
            errno = 0
            if mkdir(path, 0o700) != 0, errno != EEXIST { throw .system(path) }
            if !isFolder(path) { throw .unwritable(path: path, reason: "it is no folder") }
        }
    }

    /// Linux's rename with flags, which Swift's overlay of the C library does not show; nil on a C library without it.
    private static let renameWithFlags = dlsym(nil, "renameat2").map {
        unsafeBitCast(
            $0, to: (@convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32).self)
    }

    /// Renames a filled folder into place. What was there before ends up under the temporary name, or gone.
    ///
    /// - Parameter aside: where the old one waits for a moment on file systems that cannot exchange two names; a crash
    ///   right then is put right by the next change.
    static func putInPlace(_ temporary: String, _ target: String, replacing: Bool, aside: String)
        throws(VoiceStoreError)
    {
        // RENAME_EXCHANGE (2): the name points at a whole voice at every moment. RENAME_NOREPLACE (1).
        if let rename = renameWithFlags {
            if rename(AT_FDCWD, temporary, AT_FDCWD, target, replacing ? 2 : 1) == 0 { return }
            // Some network file systems know plain rename only.
            guard errno == EINVAL || errno == ENOSYS else { throw .system(target) }
        }
        if replacing, rename(target, aside) != 0 { throw .system(target) }
        if rename(temporary, target) != 0 { throw .system(target) }
        if replacing { removeTree(aside) }
    }

    /// Removes a folder's plain contents and the folder; links inside are unlinked, never followed.
    static func removeTree(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension VoiceStoreError {
    /// The error for the system call that just failed.
    static func system(_ path: String) -> VoiceStoreError {
        .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
}

/// An exclusive lock on a store, held by one process (and one task in it) at a time; the kernel drops it when its holder
/// dies.
struct StoreLock: ~Copyable {
    private let descriptor: Int32

    init(folder: String) throws(VoiceStoreError) {
        let path = folder + "/.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system(path) }
        while flock(descriptor, LOCK_EX) != 0 {
            if errno == EINTR { continue }
            let error = VoiceStoreError.system(path)
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }
}
