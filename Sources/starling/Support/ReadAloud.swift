import ArgumentParser
import Enrollment
import Files
import Foundation
import Synchronization

/// Shows a passage, and records while somebody reads it aloud.
struct ReadAloud {
    private let passage: ReadingPassage
    private let kept: String?

    /// - Parameter kept: the file in which the recording is kept; nil for none
    init(_ passage: ReadingPassage, keptAs kept: String?) { (self.passage, self.kept) = (passage, kept) }

    /// What ends the recording, beside the recorder itself.
    private enum Ending { case key, signal }

    /// Records until Enter is pressed, the recorder ends, or nothing more would be learned from.
    ///
    /// - Returns: the recording with the passage as its transcript; nothing of it is left on disk but what is kept
    /// - Throws: `CommandError`, `FileError`, and `ExitCode` after an interruption
    func record() async throws -> Recording {
        let folder = FileManager.default.temporaryDirectory.appending(path: "starling-reading-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "reading.wav")
        let ending = Shared()
        let signals = StopSignals { ending.value.withLock { $0 = .signal } }
        defer { signals.cancel() }

        let microphone = try await Microphone.open(into: file)
        // Whatever happens, nothing continues listening.
        defer { microphone.stop() }
        Terminal.complain("Recording. Read this aloud, as you usually speak, and press Enter at the end:\n")
        for line in passage.lines { Terminal.complain("    \(line)") }
        Terminal.complain("")
        ending.watchKeys()
        let start = ContinuousClock.now
        let last = start + .seconds(ReadingPassage.longest)
        while microphone.isRecording, ending.value.withLock({ $0 == nil }), .now < last {
            show(microphone.level, seconds: (ContinuousClock.now - start) / .seconds(1))
            try await Task.sleep(for: .milliseconds(50))
        }
        microphone.stop()
        if Terminal.isInteractive { Terminal.write("\r\u{1b}[K") }
        if ending.value.withLock({ $0 == .signal }) { throw ExitCode(130) }
        let bytes = try Data(contentsOf: file)
        if let kept { try AtomicFile.save(bytes, to: URL(filePath: kept)) }
        var recording = Recording(bytes, named: kept ?? "reading.wav")
        recording.transcript = passage.text
        return recording
    }

    private func show(_ level: Float, seconds: Double) {
        guard Terminal.isInteractive else { return }
        // 48 dB from end to end.
        let share = 1 + 20 * Double(log10f(max(level, 1e-6))) / 48
        Terminal.write("\r\u{1b}[K\(ProgressBar.bar(max(0, share))) \(ProgressBar.clock(seconds))")
    }

    /// What ended the recording, set by other threads.
    private final class Shared: Sendable {
        let value = Mutex<Ending?>(nil)

        /// Waits for a line on standard input. Its end counts at a terminal alone, where somebody has pressed Ctrl-D.
        func watchKeys() {
            Thread.detachNewThread {
                guard readLine() != nil || isatty(STDIN_FILENO) == 1 else { return }
                self.value.withLock { $0 = $0 ?? .key }
            }
        }
    }
}
