import Files
import Foundation

/// Takes the first audio frame out of an MP3 stream.
///
/// The encoder begins with a silent frame into which it would write the file's length at the end, by seeking back. In a
/// stream that frame stays empty, and players that guess a stream's bit rate from its first frame guess wrong.
final class MP3StreamSink: ByteSink {
    private let sink: any ByteSink
    private var pending: [UInt8]? = []

    var canSeek: Bool { false }

    init(_ sink: any ByteSink) { self.sink = sink }

    func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        guard var held = pending else { return try sink.write(bytes) }
        held += bytes
        pending = held
        guard let tag = Self.tagSize(held), let frame = Self.frameSize(held.dropFirst(tag)), held.count >= tag + frame
        else { return }
        pending = nil
        try sink.write(Array(held[..<tag]) + Array(held[(tag + frame)...]))
    }

    func seek(to position: Int) throws(FileError) {
        throw .unwritable(path: "an MP3 stream", reason: "it is not seekable")
    }

    func commit() throws(FileError) {
        if let pending, !pending.isEmpty { try sink.write(pending) }
        pending = nil
        try sink.commit()
    }

    /// Bytes of the ID3v2 tag in front, nil until there are enough bytes to know.
    private static func tagSize(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 10 else { return nil }
        guard bytes.starts(with: Array("ID3".utf8)) else { return 0 }
        return 10 + bytes[6..<10].reduce(0) { $0 << 7 | Int($1 & 0x7f) }
    }

    /// Bytes of the layer III frame in front, nil until there are enough bytes to know; 0 when it is none.
    private static func frameSize(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        let header = Array(bytes.prefix(4))
        guard header[0] == 0xff, header[1] & 0xe6 == 0xe2 else { return 0 }
        let version = Int(header[1] >> 3 & 3)  // 3 MPEG-1, 2 MPEG-2, 0 MPEG-2.5
        let first = version == 3
        let rates = first ? fullRates : halfRates
        let rate = Int(header[2] >> 4)
        let frequency = Int(header[2] >> 2 & 3)
        guard rates.indices.contains(rate), frequency < 3, version != 1 else { return 0 }
        let hertz = [44_100, 48_000, 32_000][frequency] / (first ? 1 : version == 2 ? 2 : 4)
        return (first ? 144_000 : 72_000) * rates[rate] / hertz + Int(header[2] >> 1 & 1)
    }

    /// Layer III bit rates in kbit/s by their index in the header.
    private static let fullRates = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    private static let halfRates = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
}
