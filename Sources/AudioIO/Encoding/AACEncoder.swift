import Files
import Foundation

/// AAC by FFmpeg's own encoder, in `starling-media`: as ADTS, or as MP4 with its words.
///
/// The encoder is in the other program for the sake of the time that its libraries take to load, which those who want
/// no AAC need not spend; it starts while the first sentence is being spoken.
final class AACEncoder: Encoder {
    private let format: AudioFormat
    private let sink: any ByteSink
    private let process: MediaProcess
    /// Where an MP4 file is put together, as its index is written last.
    private let file: TemporaryFile?

    /// Bits a second of mono speech.
    private static let bitRate = 64_000
    /// Processor seconds; it encodes some hundred times as fast as speech, and this is a year of it.
    private static let seconds = 100_000

    /// - Parameter live: whether the sink cannot seek, so that an MP4 has to come in fragments.
    init(format: AudioFormat, sink: any ByteSink, sampleRate: Int, metadata: AudioMetadata, live: Bool) throws {
        self.format = format
        self.sink = sink
        let form = format == .aac ? "adts" : live ? "fragments" : "mp4"
        file = form == "mp4" ? try TemporaryFile() : nil
        let words = form == "adts" ? nil : try TemporaryFile(FFMetadata(metadata).text)
        process = try MediaProcess(
            ["encode", form, "\(Self.seconds)", "\(sampleRate)", "\(Self.bitRate)"], input: .pipe,
            output: file.map { .file($0.descriptor) } ?? .pipe, extra: [words?.descriptor])
    }

    func append(_ samples: [Float]) throws {
        let isTaken = try samples.map(PCM.saturated).withUnsafeBytes { bytes in
            try process.write(bytes) { try sink.write($0) }
        }
        if !isTaken { try check(process.end()) }
    }

    func finish() throws {
        try check(process.finish { try sink.write($0) })
        try file?.copy(to: sink)
    }

    private func check(_ ending: MediaProcess.Ending) throws {
        if case .failure(let reason) = ending { throw AudioError.encoder(format: format, reason: reason) }
    }
}
