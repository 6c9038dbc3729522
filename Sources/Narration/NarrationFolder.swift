import Files
public import Foundation

/// A folder that one narration at a time works in; it is locked while the value lives.
public struct NarrationFolder: ~Copyable {
    public let url: URL
    private let lock: FileLock

    /// Makes the folder if there is none.
    ///
    /// - Throws: `NarrationError.folder`
    public init(_ url: URL) throws(NarrationError) {
        let path = url.relativePath
        do throws(FileError) {
            try Folder.make(path)
            lock = try FileLock(folder: path, waits: false)
        } catch .locked {
            throw .folder(path: path, reason: "another narration is writing to it")
        } catch {
            throw .folder(path: path, reason: error.reason)
        }
        self.url = url
    }
}
