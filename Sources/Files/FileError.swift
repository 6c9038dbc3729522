import Foundation

/// Why a file cannot be read, written or locked; each description is one line with the remedy.
public enum FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file cannot be opened or read, or is not of the kind that is wanted.
    case unreadable(path: String, reason: String)
    /// The folder of an output does not exist.
    case noFolder(path: String)
    /// The output is a folder.
    case isFolder(path: String)
    /// No space is left where the output goes.
    case diskFull(path: String)
    /// The output may not be written.
    case readOnly(path: String, reason: String)
    /// The reader of a pipe went away.
    case closedPipe(path: String)
    /// Any other failure of the system while writing.
    case unwritable(path: String, reason: String)
    /// Another process, or another task of this one, holds the lock.
    case locked(path: String)

    /// One line: what is wrong, and the remedy.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason); check the name and the permissions"
        case .noFolder(let path):
            "the folder of \(path) does not exist; create it, or choose another folder"
        case .isFolder(let path):
            "\(path) is a folder; name a file in it"
        case .diskFull(let path):
            "no space is left to write \(path); free some space, or choose another disk"
        case .readOnly(let path, let reason):
            "cannot write \(path): \(reason); choose a folder where you have write permission"
        case .closedPipe(let path):
            "the reader of \(path) closed it before everything was written"
        case .unwritable(let path, let reason):
            "cannot write \(path): \(reason); choose another file or folder"
        case .locked(let path):
            "another process is using \(path); wait until it finishes"
        }
    }

    /// The file it is about.
    public var path: String {
        switch self {
        case .unreadable(let path, _), .readOnly(let path, _), .unwritable(let path, _), .noFolder(let path),
            .isFolder(let path), .diskFull(let path), .closedPipe(let path), .locked(let path):
            path
        }
    }

    /// What is wrong, as a phrase without the file's name and the remedy.
    public var reason: String {
        switch self {
        case .unreadable(_, let reason), .readOnly(_, let reason), .unwritable(_, let reason): reason
        case .noFolder: "its folder does not exist"
        case .isFolder: "it is a folder"
        case .diskFull: "no space is left"
        case .closedPipe: "its reader closed it"
        case .locked: "another process is using it"
        }
    }

    /// The error for a system call that failed on an input.
    ///
    /// - Parameter code: the value of `errno`
    static func reading(_ path: String, code: Int32) -> FileError {
        // Links are refused only where they may not be followed.
        .unreadable(path: path, reason: code == ELOOP ? "it is a symbolic link" : String(cString: strerror(code)))
    }

    /// The error for a system call that failed on an output.
    ///
    /// - Parameter code: the value of `errno`
    static func writing(_ path: String, code: Int32) -> FileError {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOSPC, EDQUOT, EFBIG: return .diskFull(path: path)
        case EROFS, EACCES, EPERM: return .readOnly(path: path, reason: reason)
        case ENOENT, ENOTDIR: return .noFolder(path: path)
        case EISDIR: return .isFolder(path: path)
        case EPIPE: return .closedPipe(path: path)
        case ELOOP: return .unwritable(path: path, reason: "it is a symbolic link")
        default: return .unwritable(path: path, reason: reason)
        }
    }
}
