import AudioIO
import Batch
import Files
import Foundation
import SpeechServer
import Synchronization
import Synthesis
import TextFrontend
import VoiceStore

/// Speaks the items of a plan, several at once, each into a file of its own.
struct BatchRunner: Sendable {
    let folder: URL
    let journal: BatchJournal
    let synthesizer: Synthesizer
    let lexicons: [UserLexicon]
    /// Threads that synthesize.
    let threads: Int

    /// Takes turns at the list of jobs, and collects what becomes of them.
    private final class Desk: Sendable {
        private struct State {
            var next = 0
            var isClosed = false
            var failures: [BatchFailure] = []
            var progress: BatchProgress
        }

        private let jobs: [BatchPlan.Job]
        private let state: Mutex<State>

        init(_ jobs: [BatchPlan.Job], progress: BatchProgress) {
            self.jobs = jobs
            state = Mutex(State(progress: progress))
        }

        func take() -> BatchPlan.Job? {
            state.withLock { state in
                guard !state.isClosed, state.next < jobs.count else { return nil }
                state.next += 1
                return jobs[state.next - 1]
            }
        }

        /// Nothing more is begun.
        func close() { state.withLock { $0.isClosed = true } }

        func done(_ job: BatchPlan.Job, seconds: Double) {
            state.withLock { $0.progress.add(bytes: job.item.text.utf8.count, seconds: seconds, failed: false) }
        }

        func failed(_ job: BatchPlan.Job, _ reason: String) {
            state.withLock { state in
                state.failures.append(BatchFailure(line: job.item.line, id: job.item.name.text, reason: reason))
                state.progress.add(bytes: job.item.text.utf8.count, seconds: 0, failed: true)
            }
        }

        func show() { state.withLock { $0.progress.show() } }

        /// Takes the progress bar away.
        func end() -> (failures: [BatchFailure], progress: BatchProgress, left: Int) {
            state.withLock { state in
                state.progress.clear()
                return (state.failures.sorted { $0.line < $1.line }, state.progress, jobs.count - state.progress.items)
            }
        }
    }

    struct Outcome {
        var failures: [BatchFailure]
        var progress: BatchProgress
        /// Items that were not begun because the process was told to end.
        var left: Int
    }

    /// - Throws: what makes it useless to go on, such as a full disk.
    func run(_ jobs: [BatchPlan.Job], progress: BatchProgress) async throws -> Outcome {
        let desk = Desk(jobs, progress: progress)
        let stop = StopSignals { desk.close() }
        defer { stop.cancel() }
        let ticker = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(200))
                desk.show()
            }
        }
        defer { ticker.cancel() }
        // The networks run on threads of their own; encoding and waiting for the disk happen beside them.
        var synthesizer = synthesizer
        synthesizer.executor = SpeechScheduler(threads: threads)
        do {
            try await withThrowingTaskGroup { group in
                for _ in 0..<(2 * threads + 2) {
                    group.addTask { [synthesizer] in
                        while let job = desk.take() {
                            try Task.checkCancellation()
                            try await work(on: job, synthesizer, desk)
                        }
                    }
                }
                try await group.waitForAll()
            }
        } catch {
            _ = desk.end()
            throw error
        }
        try journal.flush()
        let (failures, shown, left) = desk.end()
        return Outcome(failures: failures, progress: shown, left: left)
    }

    private func work(on job: BatchPlan.Job, _ synthesizer: Synthesizer, _ desk: Desk) async throws {
        let item = job.item
        do {
            let seconds = try await speak(job, synthesizer)
            try journal.append(
                BatchRecord(id: item.name.text, request: job.request, file: item.file, in: folder, seconds: seconds))
            desk.done(job, seconds: seconds)
        } catch let error where Self.concernsAll(error) {
            throw error
        } catch {
            try journal.append(BatchRecord(id: item.name.text, request: job.request, error: "\(error)"))
            desk.failed(job, "\(error)")
        }
    }

    /// - Returns: seconds of speech.
    private func speak(_ job: BatchPlan.Job, _ synthesizer: Synthesizer) async throws -> Double {
        let item = job.item
        var options = SpeechOptions()
        options.speed = item.speed
        options.pitch = item.pitch
        options.seed = item.seed
        options.isSSML = item.isSSML
        options.lexicons = lexicons
        options.parallelism = threads
        let writer = try AudioWriter(
            to: folder.appending(path: item.file), format: item.format, sampleRate: Synthesizer.sampleRate,
            metadata: .speech(item.text, isSSML: item.isSSML, voice: job.voice.name))
        for try await chunk in synthesizer.speak(item.text, voice: job.voice, options: options) {
            try writer.append(chunk.samples)
        }
        try writer.finish()
        return Double(writer.sampleCount) / Double(Synthesizer.sampleRate)
    }

    /// Whether an error would meet the other items as well.
    private static func concernsAll(_ error: any Error) -> Bool {
        switch error {
        case is CancellationError, is BatchError: true
        case FileError.diskFull, FileError.readOnly, FileError.noFolder: true
        default: false
        }
    }
}

/// An item that could not be spoken.
struct BatchFailure: Sendable {
    var line: Int
    var id: String
    var reason: String
}
