public import Files
public import Foundation

/// Writes samples to a file or stream chunk by chunk, in constant memory.
///
/// ```swift
/// let writer = try AudioWriter(to: URL(filePath: "hello.opus"), format: .opus, sampleRate: 24_000)
/// for try await chunk in chunks { try writer.append(chunk.samples) }
/// try writer.finish()
/// ```
/// Over a file URL nothing is visible under the name before `finish` returns; a writer that is dropped earlier leaves
/// no file. Use one instance from one task at a time.
public final class AudioWriter {
    /// The number of samples written so far.
    public private(set) var sampleCount = 0
    private let encoder: any Encoder
    private let sink: any ByteSink

    /// - Parameters:
    ///   - url: the file. A device or named pipe is written to as a stream.
    ///   - sampleRate: in Hz; see `AudioFormat.sampleRates`.
    /// - Throws: `FileError` for a file that cannot be written, `AudioError`
    public convenience init(
        to url: URL, format: AudioFormat, sampleRate: Int, metadata: AudioMetadata = AudioMetadata()
    ) throws {
        try self.init(to: AtomicFile(url), format: format, sampleRate: sampleRate, metadata: metadata)
    }

    /// - Parameter sink: where the bytes go.
    /// - Throws: `AudioError`, and whatever the sink throws
    public init(
        to sink: any ByteSink, format: AudioFormat, sampleRate: Int, metadata: AudioMetadata = AudioMetadata()
    ) throws {
        guard Resampler.usable.contains(sampleRate) else { throw AudioError.badSampleRate(sampleRate) }
        if !format.sampleRates.isEmpty, !format.sampleRates.contains(sampleRate) {
            throw AudioError.unsupportedSampleRate(format, sampleRate)
        }
        let live = !sink.canSeek
        switch format {
        case .ogg, .opus: self.sink = OggSerialSink(sink, serial: 0x5241_5453)  // "STAR"; any constant serves
        case .mp3: self.sink = live ? MP3StreamSink(sink) : sink
        case .wav, .flac, .aac, .m4a, .raw: self.sink = sink
        }
        encoder =
            switch format {
            case .raw: RawEncoder(sink: self.sink)
            case .wav: try WAVEncoder(sink: self.sink, sampleRate: sampleRate, metadata: metadata)
            case .aac, .m4a:
                try AACEncoder(
                    format: format, sink: self.sink, sampleRate: sampleRate, metadata: metadata, live: live)
            case .flac, .ogg, .opus, .mp3:
                try SndfileEncoder(
                    format: format, sink: self.sink, sampleRate: sampleRate, metadata: metadata, live: live)
            }
    }

    /// Appends samples, full scale ±1; louder ones are clipped (`PCM.saturated`).
    ///
    /// - Throws: `FileError`, `AudioError.encoder`
    public func append(_ samples: [Float]) throws {
        try encoder.append(samples)
        sampleCount += samples.count
    }

    /// Completes the file and moves it into place.
    ///
    /// - Throws: `FileError`, `AudioError.encoder`
    public func finish() throws {
        try encoder.finish()
        try sink.commit()
    }
}
