public import Foundation

/// A file's bytes, mapped into memory and read by the kernel as they are touched.
///
/// `@unchecked Sendable`: the mapping is read-only and lives as long as this object.
public final class MappedFile: @unchecked Sendable {
    public let url: URL
    private let bytes: UnsafeRawBufferPointer

    /// - Throws: `WeightError.unreadable`
    public init(contentsOf url: URL) throws {
        self.url = url
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw WeightError.unreadable(url, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw WeightError.unreadable(url, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw WeightError.unreadable(url, code: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        let count = Int(status.st_size)
        guard count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw WeightError.unreadable(url, code: errno)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }

    /// Bytes in the file.
    public var count: Int { bytes.count }

    /// The bytes, valid during the call.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(bytes) }
    }
}
