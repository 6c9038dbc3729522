import AudioIO
import Files
import Foundation
import Synthesis

/// Plays samples through whichever of the usual players is installed.
final class Player {
    private let name: String
    private let process = Process()
    private let pipe = Pipe()
    private let writer: AudioWriter

    /// Players in order of preference, with arguments that make them read 16-bit mono samples from standard input.
    private static let known: [SystemProgram] = {
        let rate = "\(Synthesizer.sampleRate)"
        return [
            .init("paplay", ["--raw", "--format=s16le", "--rate=\(rate)", "--channels=1"]),
            .init("pw-cat", ["--playback", "--format=s16", "--rate=\(rate)", "--channels=1", "-"]),
            .init("aplay", ["-q", "-t", "raw", "-f", "S16_LE", "-r", rate, "-c", "1", "-"]),
            .init("play", ["-q", "-t", "raw", "-e", "signed", "-b", "16", "-r", rate, "-c", "1", "-"]),
            .init("ffplay", ["-loglevel", "error", "-nodisp", "-autoexit", "-f", "s16le", "-ar", rate, "-i", "-"]),
        ]
    }()

    /// The player that would be used.
    static var available: (path: String, arguments: [String])? {
        known.lazy.compactMap { player in player.path.map { ($0, player.arguments) } }.first
    }

    init() throws {
        guard let player = Self.available else { throw CommandError.noPlayer }
        name = URL(filePath: player.path).lastPathComponent
        process.executableURL = URL(filePath: player.path)
        process.arguments = player.arguments
        process.standardInput = pipe
        process.standardOutput = FileHandle.nullDevice
        // Sound libraries complain at length; its status is enough.
        process.standardError = FileHandle.nullDevice
        writer = try AudioWriter(
            to: StreamSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, name: name), format: .raw,
            sampleRate: Synthesizer.sampleRate)
        do {
            try withSignalsUnblocked { try process.run() }
        } catch {
            throw CommandError.playerFailed(name: name, status: -1)
        }
    }

    func append(_ samples: [Float]) throws {
        do {
            try writer.append(samples)
        } catch FileError.closedPipe {
            // It ended early; its status says why.
            try finish()
            throw CommandError.playerFailed(name: name, status: process.terminationStatus)
        }
    }

    /// Waits until everything has been played.
    func finish() throws {
        try? pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            throw CommandError.playerFailed(name: name, status: process.terminationStatus)
        }
    }
}
