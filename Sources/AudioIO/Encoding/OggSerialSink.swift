import Files
import Foundation

/// Gives the pages of an Ogg stream a fixed serial number.
///
/// Ogg encoders draw the serial number at random so that streams can be chained; Starling promises equal bytes for
/// equal input, so each page passing through is numbered anew and its checksum computed again (RFC 3533, section 6).
final class OggSerialSink: ByteSink {
    private let sink: any ByteSink
    private let serial: UInt32
    private var pending: [UInt8] = []

    var canSeek: Bool { false }

    init(_ sink: any ByteSink, serial: UInt32) {
        self.sink = sink
        self.serial = serial
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        pending += bytes
        var start = 0
        while let size = pageSize(at: start), start + size <= pending.count {
            try sink.write(renumbered(pending[start..<(start + size)]))
            start += size
        }
        pending.removeFirst(start)
    }

    func seek(to position: Int) throws(FileError) {
        throw .unwritable(path: "an Ogg stream", reason: "it is not seekable")
    }

    func commit() throws(FileError) {
        // Only an encoder that stopped inside a page leaves anything here.
        if !pending.isEmpty { try sink.write(pending) }
        pending = []
        try sink.commit()
    }

    /// The page's size in bytes once its header is complete.
    private func pageSize(at start: Int) -> Int? {
        let headerSize = 27
        guard pending.count >= start + headerSize else { return nil }
        let segments = Int(pending[start + 26])
        guard pending.count >= start + headerSize + segments else { return nil }
        let body = pending[(start + headerSize)..<(start + headerSize + segments)].reduce(0) { $0 + Int($1) }
        return headerSize + segments + body
    }

    private func renumbered(_ page: ArraySlice<UInt8>) -> [UInt8] {
        var page = Array(page)
        guard page.starts(with: Array("OggS".utf8)) else { return page }
        func put(_ value: UInt32, at offset: Int) {
            for index in 0..<4 { page[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
        }
        put(serial, at: 14)
        put(0, at: 22)
        put(page.reduce(0) { ($0 << 8) ^ Self.table[Int(UInt8(truncatingIfNeeded: $0 >> 24) ^ $1)] }, at: 22)
        return page
    }

    /// CRC-32 with polynomial 0x04c11db7, most significant bit first, no inversion.
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index) << 24) { value, _ in
            value & 0x8000_0000 != 0 ? (value << 1) ^ 0x04c1_1db7 : value << 1
        }
    }
}
