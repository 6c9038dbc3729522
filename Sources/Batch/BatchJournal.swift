import Files
public import Foundation
import Synchronization

/// What became of an item: a line of a journal.
public struct BatchRecord: Codable, Sendable, Equatable {
    public var id: String
    /// The item's `SpeechKey`: a digest of all that its file depends on.
    public var request: String
    /// The file's name; nil for an item that failed.
    public var file: String?
    public var bytes: Int?
    /// When the file was put in place, nanoseconds since 1970.
    public var modified: Int?
    /// Digest of the file.
    public var sha256: String?
    /// Length of the speech.
    public var seconds: Double?
    /// Why the item failed.
    public var error: String?

    /// The record of a file that has just been put in place.
    public init(id: String, request: String, file: String, in folder: URL, seconds: Double) throws {
        let url = folder.appending(path: file)
        guard let state = Self.state(of: url) else {
            throw BatchError.folder(path: url.relativePath, reason: "a finished file has disappeared")
        }
        self.init(
            id: id, request: request, file: file, bytes: state.size, modified: state.modified,
            sha256: try Digest.sha256(contentsOf: url), seconds: (seconds * 1e3).rounded() / 1e3)
    }

    public init(
        id: String, request: String, file: String? = nil, bytes: Int? = nil, modified: Int? = nil,
        sha256: String? = nil, seconds: Double? = nil, error: String? = nil
    ) {
        self.id = id
        self.request = request
        self.file = file
        self.bytes = bytes
        self.modified = modified
        self.sha256 = sha256
        self.seconds = seconds
        self.error = error
    }

    /// Whether the file is there, whole, and made from this request.
    ///
    /// A file that nobody has touched since is known by size and time; one that was copied, by its digest.
    public func isWhole(request: String, file: String, in folder: URL, thoroughly: Bool) -> Bool {
        guard error == nil, self.request == request, self.file == file else { return false }
        let url = folder.appending(path: file)
        guard let state = Self.state(of: url), state.size == bytes else { return false }
        if state.modified == modified, !thoroughly { return true }
        return (try? Digest.sha256(contentsOf: url)) == sha256
    }

    /// nil for what is not a regular file.
    private static func state(of url: URL) -> FileStatus? {
        FileStatus(url.path(percentEncoded: false)).flatMap { $0.kind == .file ? $0 : nil }
    }
}

/// The record of a shard's work: `results-I-of-N.jsonl` in the folder of the files, a line for each item done or
/// failed.
///
/// A line is written after the item's file is in place, so whatever a journal calls done is done. Whoever writes holds
/// a lock on the file; the lock goes with its process.
public final class BatchJournal: Sendable {
    public let path: String
    private let file: OpenFile
    private let turn = Mutex(())

    /// - Throws: `BatchError.locked` when another process works on the shard.
    public init(in folder: URL, shard: Shard) throws(BatchError) {
        path = folder.appending(path: "results-\(shard.index)-of-\(shard.count).jsonl").relativePath
        do throws(FileError) {
            let file = try OpenFile(appendingTo: path)
            try file.lock(waits: false)
            self.file = file
        } catch .locked {
            throw .locked(path: path)
        } catch {
            throw .journal(path: path, reason: error.reason)
        }
        // What a machine that lost power left of its last line must not swallow the next one.
        var last: UInt8 = 0
        let size = lseek(file.descriptor, 0, SEEK_END)
        if size > 0, pread(file.descriptor, &last, 1, size - 1) == 1, last != UInt8(ascii: "\n") {
            try write([UInt8(ascii: "\n")])
        }
    }

    public func append(_ record: BatchRecord) throws(BatchError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(record) else {
            throw .journal(path: path, reason: "the result of \(record.id) cannot be written as JSON")
        }
        try write([UInt8](line) + [UInt8(ascii: "\n")])
    }

    /// Makes what was appended reach the disk.
    public func flush() throws(BatchError) { try keep { () throws(FileError) in try file.sync() } }

    private func write(_ bytes: [UInt8]) throws(BatchError) {
        try keep { () throws(FileError) in try turn.withLock { _ throws(FileError) in try file.write(bytes) } }
    }

    private func keep(_ body: () throws(FileError) -> Void) throws(BatchError) {
        do throws(FileError) { try body() } catch { throw .journal(path: path, reason: error.reason) }
    }

    // MARK: Reading

    /// What all journals of a folder say of a shard's items, whatever the shards were called then: the last line of
    /// each.
    ///
    /// Lines that cannot be read are passed over; their items are spoken again.
    public static func records(in folder: URL, shard: Shard) -> [String: [BatchRecord]] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        var result: [String: [BatchRecord]] = [:]
        for name in names where name.wholeMatch(of: /results-\d+-of-\d+\.jsonl/) != nil {
            guard let data = try? Data(contentsOf: folder.appending(path: name)) else { continue }
            var latest: [String: BatchRecord] = [:]
            let decoder = JSONDecoder()
            for line in data.split(separator: UInt8(ascii: "\n")) {
                guard let record = try? decoder.decode(BatchRecord.self, from: line), let id = ItemName(record.id),
                    shard.holds(id)
                else { continue }
                latest[record.id] = record
            }
            for (id, record) in latest { result[id, default: []].append(record) }
        }
        return result
    }
}
