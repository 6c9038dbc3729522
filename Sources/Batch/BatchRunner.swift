import AudioIO
import Files
public import Foundation
import Synchronization
public import Synthesis
import VoiceStore

/// Speaks the jobs of a plan, several at once, each into a file of its own.
///
/// ```swift
/// let runner = BatchRunner(plan.jobs, folder: folder, journal: journal, synthesizer: synthesizer, threads: 4)
/// let outcome = try await runner.run { print($0.items, "of", $0.totalItems) }
/// ```
public final class BatchRunner: Sendable {
    /// What became of the jobs.
    public struct Outcome: Sendable {
        /// In the order of the manifest.
        public var failures: [BatchFailure]
        public var progress: BatchProgress
        /// Items that were not begun because `stop` was called.
        public var left: Int
    }

    private struct State {
        var next = 0
        var isStopped = false
        var failures: [BatchFailure] = []
        var progress: BatchProgress
    }

    private let jobs: [BatchPlan.Job]
    private let folder: URL
    private let journal: BatchJournal
    private let synthesizer: Synthesizer
    private let threads: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - folder: where the files go.
    ///   - journal: where it is noted what became of each job.
    ///   - threads: those that synthesize.
    public init(
        _ jobs: [BatchPlan.Job], folder: URL, journal: BatchJournal, synthesizer: Synthesizer, threads: Int
    ) {
        self.jobs = jobs
        self.folder = folder
        self.journal = journal
        self.threads = threads
        // The networks run on threads of their own; encoding and waiting for the disk happen beside them.
        var synthesizer = synthesizer
        synthesizer.executor = SpeechScheduler(threads: threads)
        self.synthesizer = synthesizer
        state = Mutex(State(progress: BatchProgress(jobs)))
    }

    /// Speaks the jobs, once. Those that fail are noted in the journal and in the outcome, and the others go on.
    ///
    /// - Parameter progress: called after each item, in turn, on any thread.
    /// - Throws: what makes it useless to go on, such as a full disk
    public func run(progress: @escaping @Sendable (BatchProgress) -> Void = { _ in }) async throws -> Outcome {
        try await withThrowingTaskGroup { group in
            for _ in 0..<(2 * threads + 2) {
                group.addTask { [self] in
                    while let job = take() {
                        try Task.checkCancellation()
                        try await work(on: job, progress)
                    }
                }
            }
            try await group.waitForAll()
        }
        try journal.flush()
        return state.withLock { state in
            Outcome(
                failures: state.failures.sorted { $0.line < $1.line }, progress: state.progress,
                left: jobs.count - state.progress.items)
        }
    }

    /// How far it is.
    public var progress: BatchProgress { state.withLock { $0.progress } }

    /// Lets nothing more begin; what is in work is finished.
    public func stop() { state.withLock { $0.isStopped = true } }

    private func take() -> BatchPlan.Job? {
        state.withLock { state in
            guard !state.isStopped, state.next < jobs.count else { return nil }
            state.next += 1
            return jobs[state.next - 1]
        }
    }

    private func work(on job: BatchPlan.Job, _ progress: @Sendable (BatchProgress) -> Void) async throws {
        let item = job.item
        let request = job.key.description
        do {
            let seconds = try await speak(job)
            try journal.append(
                BatchRecord(id: item.name.text, request: request, file: item.file, in: folder, seconds: seconds))
            note(item, seconds: seconds, progress)
        } catch let error where Self.concernsAll(error) {
            throw error
        } catch {
            try journal.append(BatchRecord(id: item.name.text, request: request, error: "\(error)"))
            note(item, failure: BatchFailure(line: item.line, id: item.name.text, reason: "\(error)"), progress)
        }
    }

    private func note(
        _ item: BatchItem, seconds: Double? = nil, failure: BatchFailure? = nil,
        _ progress: @Sendable (BatchProgress) -> Void
    ) {
        state.withLock { state in
            if let failure { state.failures.append(failure) }
            state.progress.add(item, seconds: seconds)
            progress(state.progress)
        }
    }

    /// - Returns: seconds of speech.
    private func speak(_ job: BatchPlan.Job) async throws -> Double {
        let item = job.item
        var options = job.options
        options.parallelism = threads
        let writer = try AudioWriter(
            to: folder.appending(path: item.file), format: item.format, sampleRate: Synthesizer.sampleRate,
            metadata: .speech(
                voice: job.voice.name, software: Synthesizer.software,
                title: AudioMetadata.title(of: item.text, isSSML: item.isSSML)))
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
public struct BatchFailure: Sendable, Equatable {
    /// Of the manifest, from 1.
    public var line: Int
    public var id: String
    public var reason: String
}
