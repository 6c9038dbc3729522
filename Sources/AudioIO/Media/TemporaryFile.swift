import Files
import Foundation

/// A file without a name for another program to read or to write.
final class TemporaryFile {
    private let file: OpenFile

    var descriptor: Int32 { file.descriptor }

    /// - Throws: `FileError`
    convenience init(_ text: String = "") throws(FileError) { try self.init(bytes: Array(text.utf8)) }

    /// - Throws: `FileError`
    init(bytes: [UInt8]) throws(FileError) {
        file = try OpenFile(temporaryIn: nil)
        try file.write(bytes)
        lseek(file.descriptor, 0, SEEK_SET)
    }

    /// Copies all of it.
    ///
    /// - Throws: `FileError`
    func copy(to sink: any ByteSink) throws(FileError) {
        var place: off_t = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let got = pread(file.descriptor, &buffer, buffer.count, place)
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw .unreadable(path: file.path, reason: String(cString: strerror(errno))) }
            if got == 0 { return }
            try sink.write(contentsOf: buffer[..<got])
            place += off_t(got)
        }
    }
}
