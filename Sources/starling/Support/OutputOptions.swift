public import ArgumentParser
public import AudioIO
import Files
import Foundation
import Synthesis

extension AudioFormat: ExpressibleByArgument {}

/// Where a command's speech goes: a file, standard output, the loudspeaker.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The file to write, or - for standard output.", valueName: "output"), completion: .file())
    var path: String?

    @Option(
        help:
            "The format; raw is 16-bit little-endian. Default: that of the output's extension; wav on standard output.")
    var format: AudioFormat?

    @Flag(help: "Play the speech even if it is written to a file.")
    var play = false

    var isStandardOutput: Bool { path == "-" }

    /// Whether a file of some name is written.
    var isFile: Bool { path != nil && !isStandardOutput }

    /// Opens the file or standard output, whose format is wav if none is named; nil where the speech is only played.
    ///
    /// - Throws: `CommandError.terminalOutput`, `FileError`, `AudioError`
    func writer(metadata: AudioMetadata) throws -> AudioWriter? {
        guard let path else { return nil }
        let rate = Synthesizer.sampleRate
        if isStandardOutput {
            if isatty(STDOUT_FILENO) == 1 { throw CommandError.terminalOutput }
            return try AudioWriter(
                to: StreamSink.standardOutput(), format: format ?? .wav, sampleRate: rate, metadata: metadata)
        }
        let format = try AudioFormat.resolve(asked: format, path: path)
        return try AudioWriter(to: URL(filePath: path), format: format, sampleRate: rate, metadata: metadata)
    }

    /// The loudspeaker, if the speech is to be played.
    func player() throws -> Player? { play || path == nil ? try Player() : nil }

    /// Tells people which file was written.
    func tell(sampleCount: Int, voice: String) {
        guard let path, isFile, Terminal.isInteractive else { return }
        let seconds = Double(sampleCount) / Double(Synthesizer.sampleRate)
        Terminal.complain("\(path): \(String(format: "%.1f", seconds)) s, voice \(voice)")
    }

    /// Says on standard error that speech carries no mark.
    static func complainOfMissingMark() {
        Terminal.complain(
            "no watermark: `starling detect` will not recognize this speech; its metadata still says that it is synthetic"
        )
    }
}
