import Files
import Foundation

/// An encoder: samples in, bytes out to its sink. What it throws is `AudioError.encoder` or the sink's `FileError`.
protocol Encoder: AnyObject {
    /// Adds samples, full scale ±1.
    func append(_ samples: [Float]) throws
    /// Writes what is left and patches the header where the sink can seek. Called once.
    func finish() throws
}

/// Little-endian 16-bit samples without a header.
final class RawEncoder: Encoder {
    private let sink: any ByteSink

    init(sink: any ByteSink) { self.sink = sink }

    func append(_ samples: [Float]) throws { try sink.writeSamples(samples) }

    func finish() throws {}
}

/// RIFF WAVE with 16-bit samples.
///
/// The header is written first with both sizes 0xFFFFFFFF, which readers take as "until the end of the stream"; at the
/// end the true sizes replace them if the sink can seek and they fit in 32 bits. Metadata is a LIST INFO chunk before
/// the samples, where a stream's reader finds it.
final class WAVEncoder: Encoder {
    private let sink: any ByteSink
    private let headerBytes: Int
    private var dataBytes = 0

    init(sink: any ByteSink, sampleRate: Int, metadata: AudioMetadata) throws {
        self.sink = sink
        let header = Self.header(sampleRate: sampleRate, metadata: metadata, dataBytes: nil)
        headerBytes = header.count
        try sink.write(header)
    }

    func append(_ samples: [Float]) throws {
        try sink.writeSamples(samples)
        dataBytes += 2 * samples.count
    }

    func finish() throws {
        let riff = headerBytes - 8 + dataBytes
        guard sink.canSeek, riff < UInt32.max else { return }
        try sink.seek(to: 4)
        try sink.write(Self.bytes(UInt32(riff)))
        try sink.seek(to: headerBytes - 4)
        try sink.write(Self.bytes(UInt32(dataBytes)))
        try sink.seek(to: headerBytes + dataBytes)
    }

    /// The bytes up to the first sample.
    ///
    /// - Parameter dataBytes: the samples' size, or nil for a stream of unknown length.
    static func header(sampleRate: Int, metadata: AudioMetadata, dataBytes: Int?) -> [UInt8] {
        var info: [UInt8] = Array("INFO".utf8)
        let fields = [
            ("INAM", metadata.title), ("IART", metadata.artist), ("ICMT", metadata.comment),
            ("ISFT", metadata.software),
        ]
        for case (let key, let value?) in fields {
            var text = Array(value.utf8.prefix(4_096)) + [0]
            let count = text.count
            if count % 2 == 1 { text.append(0) }
            info += Array(key.utf8) + bytes(UInt32(count)) + text
        }
        if info.count == 4 { info = [] } else { info = Array("LIST".utf8) + bytes(UInt32(info.count)) + info }
        var header: [UInt8] = Array("RIFF".utf8)
        header += bytes(dataBytes.map { UInt32(36 + info.count + $0) } ?? .max)
        header += Array("WAVEfmt ".utf8) + bytes(UInt32(16))
        header += bytes(UInt16(1)) + bytes(UInt16(1))  // PCM, one channel
        header += bytes(UInt32(sampleRate)) + bytes(UInt32(2 * sampleRate))  // samples and bytes a second
        header += bytes(UInt16(2)) + bytes(UInt16(16))  // bytes a frame, bits a sample
        header += info + Array("data".utf8) + bytes(dataBytes.map { UInt32($0) } ?? .max)
        return header
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}

extension ByteSink {
    /// Writes samples as little-endian 16-bit integers.
    fileprivate func writeSamples(_ samples: [Float]) throws {
        // In a closure: a key path is looked up again for every sample, which took an eighth of the time of speaking.
        try PCM.int16(samples).map { $0.littleEndian }.withUnsafeBytes { try write($0) }
    }
}
