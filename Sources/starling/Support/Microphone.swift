import Files
import Foundation

/// Records from the microphone into a WAV file, with whichever of the usual recorders is installed.
final class Microphone {
    private let process: Process
    private let file: URL

    /// Recorders in order of preference. Each takes the file after its other arguments, and completes it when it is
    /// interrupted.
    private static let known: [SystemProgram] = [
        .init("pw-record", ["--rate=\(rate)", "--channels=1", "--format=s16"]),
        .init("parecord", ["--rate=\(rate)", "--channels=1", "--format=s16le", "--file-format=wav"]),
        .init("arecord", ["-q", "-t", "wav", "-f", "S16_LE", "-r", "\(rate)", "-c", "1"]),
    ]
    private static let rate = 48_000
    /// Bytes of the longest header.
    private static let header: UInt64 = 128
    /// How long to wait for a first sound, and for a recorder to end when it is asked to.
    private static let patience = Duration.seconds(5)

    /// What the recorders are called.
    static var names: [String] { known.map(\.name) }

    /// Begins to record. A recorder that hears nothing, since its sound server does not run, makes room for the next.
    ///
    /// - Throws: `CommandError.noRecorder`, `.noMicrophone`; `CancellationError` in a cancelled task
    static func open(into file: URL) async throws -> Microphone {
        let installed = known.filter { $0.path != nil }
        guard !installed.isEmpty else { throw CommandError.noRecorder }
        for recorder in installed {
            let microphone = Microphone(recorder, file)
            if try await microphone.answers() { return microphone }
            microphone.stop()
        }
        throw CommandError.noMicrophone(recorders: installed.map(\.name))
    }

    private init(_ recorder: SystemProgram, _ file: URL) {
        self.file = file
        process = Process()
        process.executableURL = recorder.path.map { URL(filePath: $0) }
        process.arguments = recorder.arguments + [file.path(percentEncoded: false)]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        // Sound libraries complain at length; whether there is sound is enough.
        process.standardError = FileHandle.nullDevice
    }

    /// Whether sound arrives.
    private func answers() async throws -> Bool {
        guard (try? withSignalsUnblocked { try process.run() }) != nil else { return false }
        let end = ContinuousClock.now + Self.patience
        while process.isRunning, size <= Self.header, .now < end {
            do {
                try await Task.sleep(for: .milliseconds(20))
            } catch {
                stop()
                throw error
            }
        }
        return size > Self.header && (process.isRunning || process.terminationStatus == 0)
    }

    private var size: UInt64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path(percentEncoded: false))
        return attributes?[.size] as? UInt64 ?? 0
    }

    /// Whether it continues recording.
    var isRecording: Bool { process.isRunning }

    /// Peak of the last tenth of a second, 0 to 1.
    var level: Float {
        let tail = UInt64(2 * Self.rate / 10)
        guard size > Self.header + tail, let handle = try? FileHandle(forReadingFrom: file) else { return 0 }
        defer { try? handle.close() }
        guard (try? handle.seek(toOffset: (size - tail) & ~1)) != nil, let bytes = try? handle.readToEnd() else {
            return 0
        }
        let peak = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            abs(Float(Int16(truncatingIfNeeded: Int(bytes[index]) | Int(bytes[index + 1]) << 8)))
        }.max()
        return (peak ?? 0) / 32_768
    }

    /// Ends the recording; the file is complete then. A recorder that does not end when it is asked to is killed.
    func stop() {
        guard process.isRunning else { return }
        process.interrupt()
        let end = ContinuousClock.now + Self.patience
        while process.isRunning, .now < end { usleep(10_000) }
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
