public import Foundation

/// WAV files that no writer of the project makes: of many channels, of numbers that are none, with headers that lie.
public enum WaveFile {
    /// A file of 32-bit floats, interleaved, whatever they are.
    ///
    /// - Parameters:
    ///   - channels: equally long
    ///   - claimed: the size of the samples as the header tells it; nil for the true one
    public static func floats(_ channels: [[Float]], rate: Int = 24_000, claimed: UInt32? = nil) -> Data {
        let frames = channels[0].count
        var body = Data()
        for frame in 0..<frames {
            for channel in channels { withUnsafeBytes(of: channel[frame].bitPattern.littleEndian) { body += $0 } }
        }
        func word(_ value: UInt32) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
        func half(_ value: Int) -> Data { withUnsafeBytes(of: UInt16(value).littleEndian) { Data($0) } }
        let size = claimed ?? UInt32(body.count)
        let count = channels.count
        var file = Data("RIFF".utf8) + word(size &+ 36) + Data("WAVEfmt ".utf8) + word(16)
        file +=
            half(3) + half(count) + word(UInt32(truncatingIfNeeded: rate))
            + word(UInt32(truncatingIfNeeded: rate * count * 4)) + half(count * 4) + half(32)
        return file + Data("data".utf8) + word(size) + body
    }
}
