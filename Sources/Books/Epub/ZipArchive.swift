import CZip

/// The entries of a zip file, read into memory one at a time, each bounded; nothing is ever unpacked to disk, so names
/// in the archive reach no file system.
final class ZipArchive {
    let path: String
    private let archive: OpaquePointer
    private var total = 0

    /// The largest entry and the largest sum of entries that are read, in bytes: a page of a book is far smaller, a zip
    /// bomb larger.
    static let longestEntry = 32 << 20
    static let longestTotal = 256 << 20
    private static let mostEntries: Int64 = 65_536

    init(path: String) throws(BookError) {
        self.path = path
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
            var error = zip_error_t()
            zip_error_init_with_code(&error, code)
            defer { zip_error_fini(&error) }
            throw .damaged(path: path, entry: "its directory", reason: String(cString: zip_error_strerror(&error)))
        }
        self.archive = archive
        let count = zip_get_num_entries(archive, 0)
        guard count <= Self.mostEntries else {
            throw .damaged(
                path: path, entry: "its directory", reason: "it lists \(count) entries, more than a book has")
        }
    }

    deinit { zip_discard(archive) }

    /// The bytes of an entry, or nil where there is none of this name. Names that differ only in case are accepted.
    func read(_ name: String) throws(BookError) -> [UInt8]? {
        var index = zip_name_locate(archive, name, 0)
        if index < 0 { index = zip_name_locate(archive, name, zip_flags_t(ZIP_FL_NOCASE)) }
        guard index >= 0 else { return nil }
        var status = zip_stat_t()
        guard zip_stat_index(archive, zip_uint64_t(index), 0, &status) == 0 else { throw damaged(name) }
        if status.encryption_method != UInt16(ZIP_EM_NONE) { throw .encrypted(path: path, with: "a zip password") }
        guard status.size <= UInt64(Self.longestEntry) else { throw tooLarge(name) }
        guard let file = zip_fopen_index(archive, zip_uint64_t(index), 0) else { throw damaged(name) }
        defer { zip_fclose(file) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.size))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        // The directory may lie about the size: what counts is what comes out.
        while true {
            let count = zip_fread(file, &buffer, zip_uint64_t(buffer.count))
            if count < 0 {
                let reason = zip_file_strerror(file).map { String(cString: $0) } ?? "unknown"
                throw .damaged(path: path, entry: name, reason: reason)
            }
            if count == 0 { break }
            bytes += buffer[..<Int(count)]
            total += Int(count)
            if bytes.count > Self.longestEntry || total > Self.longestTotal { throw tooLarge(name) }
        }
        return bytes
    }

    private func damaged(_ name: String) -> BookError {
        .damaged(path: path, entry: name, reason: String(cString: zip_strerror(archive)))
    }

    private func tooLarge(_ name: String) -> BookError {
        .damaged(
            path: path, entry: name,
            reason:
                "it unpacks to more than \(Self.longestEntry >> 20) MB (or all entries to more than \(Self.longestTotal >> 20) MB)"
        )
    }
}
