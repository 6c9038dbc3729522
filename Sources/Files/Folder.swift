import Foundation

/// Work on folders.
public enum Folder {
    /// Makes a folder and its parents where they are missing.
    ///
    /// - Parameter mode: permissions of those that are made, less what the process's mask takes away.
    /// - Throws: `FileError`
    public static func make(_ path: String, mode: UInt32 = 0o777) throws(FileError) {
        var code: Int32 = mkdir(path, mode) == 0 ? 0 : errno
        if code == ENOENT, parent(of: path) != path {
            try make(parent(of: path), mode: mode)
            code = mkdir(path, mode) == 0 ? 0 : errno
        }
        if code == 0 { return }
        guard let found = FileStatus(path) else { throw .writing(path, code: code) }
        guard found.kind == .folder else { throw .unwritable(path: path, reason: "it is not a folder") }
    }

    /// Makes the names in a folder reach the disk; a file system that cannot do that keeps them in its journal.
    public static func sync(_ path: String) { if let folder = try? OpenFile(folder: path) { try? folder.sync() } }

    /// The folder that a path lies in.
    public static func parent(of path: String) -> String {
        let path = path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path[...]
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Linux's rename with flags, which Swift's overlay of the C library does not show; nil on a C library without it.
    private static let renameWithFlags = dlsym(nil, "renameat2").map {
        unsafeBitCast(
            $0, to: (@convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32).self)
    }

    /// Renames a filled folder into place. What was there before ends up under the temporary name, or gone.
    ///
    /// - Parameters:
    ///   - replacing: whether there is one to give way; otherwise one that is there is an error.
    ///   - aside: where the old one waits for a moment on file systems that cannot exchange two names; after a crash
    ///     right then it is still there.
    /// - Throws: `FileError`
    public static func putInPlace(_ temporary: String, at target: String, replacing: Bool, aside: String)
        throws(FileError)
    {
        // RENAME_EXCHANGE (2): the name points at a whole folder at every moment. RENAME_NOREPLACE (1).
        if let rename = renameWithFlags {
            if rename(AT_FDCWD, temporary, AT_FDCWD, target, replacing ? 2 : 1) == 0 { return }
            // Some network file systems know plain rename only.
            guard errno == EINVAL || errno == ENOSYS else { throw .writing(target, code: errno) }
        }
        if replacing { try move(target, to: aside) }
        try move(temporary, to: target)
        if replacing { remove(aside) }
    }

    /// Gives a file or folder another name, in place of what may have that one.
    ///
    /// - Throws: `FileError`
    public static func move(_ path: String, to target: String) throws(FileError) {
        if rename(path, target) != 0 { throw .writing(path, code: errno) }
    }

    /// Removes a folder and what is in it; links inside are unlinked, never followed.
    public static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
