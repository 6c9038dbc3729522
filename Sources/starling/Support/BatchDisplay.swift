import Batch
import Foundation
import Synchronization

/// Shows on standard error how far a batch is: a bar for a person, a line now and then for a log.
final class BatchDisplay: Sendable {
    enum Form: Sendable {
        case none
        /// On a terminal, many times a second.
        case bar
        /// One line each so many seconds.
        case lines(every: Double)
    }

    private struct State {
        var progress: BatchProgress?
        var last = ContinuousClock.now
    }

    private let form: Form
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(_ form: Form) { self.form = form }

    /// Takes down how far it is; `show` shows it.
    func update(_ progress: BatchProgress) { state.withLock { $0.progress = progress } }

    /// Shows it over and over until the task is cancelled.
    func run() async throws {
        while true {
            try await Task.sleep(for: .milliseconds(200))
            show()
        }
    }

    private func show() {
        state.withLock { state in
            guard let progress = state.progress else { return }
            switch form {
            case .none: break
            case .bar:
                let bar = ProgressBar.bar(Double(progress.bytes) / Double(max(1, progress.totalBytes)))
                write("\r\u{1b}[K\(bar) \(summary(progress))")
            case .lines(let interval):
                guard ContinuousClock.now - state.last >= .seconds(interval) else { return }
                state.last = .now
                Terminal.complain(summary(progress))
            }
        }
    }

    /// "12 of 40 items, 1 failed, 0:31 of speech, 140× real time, 0:20 left"
    func summary(_ progress: BatchProgress) -> String {
        var parts = ["\(progress.items) of \(progress.totalItems) items"]
        if progress.failed > 0 { parts.append("\(progress.failed) failed") }
        parts.append("\(ProgressBar.clock(progress.seconds)) of speech")
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        if elapsed > 0.5 { parts.append(String(format: "%.0f× real time", progress.seconds / elapsed)) }
        let fraction = Double(progress.bytes) / Double(max(1, progress.totalBytes))
        if progress.items < progress.totalItems, fraction > 0.01 {
            parts.append("\(ProgressBar.clock(elapsed / fraction - elapsed)) left")
        }
        return parts.joined(separator: ", ")
    }

    /// Takes the bar away.
    func clear() { if case .bar = form { write("\r\u{1b}[K") } }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
