import AudioIO
import Files
import Foundation
import Synthesis

/// Where a command writes its speech.
enum SpeechOutput {
    /// Opens a file, or standard output.
    ///
    /// - Parameters:
    ///   - path: the file, or - for standard output.
    ///   - format: nil for the one that the name implies; on standard output that is wav.
    /// - Throws: `CommandError.terminalOutput`, `FileError`, `AudioError`
    static func writer(_ path: String, format: AudioFormat?, metadata: AudioMetadata) throws -> AudioWriter {
        let rate = Synthesizer.sampleRate
        if path == "-" {
            if isatty(STDOUT_FILENO) == 1 { throw CommandError.terminalOutput }
            return try AudioWriter(
                to: StreamSink.standardOutput(), format: format ?? .wav, sampleRate: rate, metadata: metadata)
        }
        let format = try AudioFormat.resolve(asked: format, path: path)
        return try AudioWriter(to: URL(filePath: path), format: format, sampleRate: rate, metadata: metadata)
    }

    /// Says on standard error that speech carries no mark.
    static func complainOfMissingMark() {
        Terminal.complain(
            "no watermark: `starling detect` will not recognize this speech; its metadata still says that it is synthetic"
        )
    }
}
