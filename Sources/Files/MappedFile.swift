public import Foundation

/// A file's bytes, mapped into memory and read by the kernel as they are touched.
///
/// `@unchecked Sendable`: the mapping is read-only and lives as long as this object.
public final class MappedFile: @unchecked Sendable {
    private let bytes: UnsafeRawBufferPointer

    /// - Throws: `FileError.unreadable`
    public init(contentsOf url: URL) throws(FileError) {
        let file = try OpenFile(reading: url.relativePath)
        let status = try file.status()
        guard status.kind == .file else {
            throw .unreadable(
                path: file.path, reason: status.kind == .folder ? "it is a folder" : "it is not a regular file")
        }
        guard status.size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, status.size, PROT_READ, MAP_PRIVATE, file.descriptor, 0), start != MAP_FAILED
        else { throw .reading(file.path, code: errno) }
        bytes = UnsafeRawBufferPointer(start: start, count: status.size)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }

    /// Gives back the memory of what was read so far. What is touched afterwards is read again.
    public func releasePages() {
        if let start = bytes.baseAddress {
            _ = madvise(UnsafeMutableRawPointer(mutating: start), bytes.count, MADV_DONTNEED)
        }
    }

    /// Bytes in the file.
    public var count: Int { bytes.count }

    /// The bytes, valid during the call.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(bytes) }
    }
}
