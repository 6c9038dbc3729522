import Foundation

/// How far a batch is: a bar for a person, a line now and then for a log.
struct BatchProgress: Sendable {
    enum Form: Sendable {
        case none
        /// On a terminal, many times a second.
        case bar
        /// One line each so many seconds.
        case lines(every: Double)
    }

    private let form: Form
    /// Of text.
    private let totalBytes: Int
    private let totalItems: Int
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var bytes = 0
    /// Done and failed.
    private(set) var items = 0
    private(set) var failed = 0
    /// Of speech.
    private(set) var seconds = 0.0

    init(items: Int, bytes: Int, form: Form) {
        totalItems = items
        totalBytes = max(1, bytes)
        self.form = form
    }

    mutating func add(bytes: Int, seconds: Double, failed: Bool) {
        items += 1
        self.bytes += bytes
        self.seconds += seconds
        if failed { self.failed += 1 }
    }

    var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// "12 of 40 items, 1 failed, 0:31 of speech, 140× real time, 0:20 left"
    var summary: String {
        var parts = ["\(items) of \(totalItems) items"]
        if failed > 0 { parts.append("\(failed) failed") }
        parts.append("\(ProgressBar.clock(seconds)) of speech")
        let elapsed = elapsed
        if elapsed > 0.5 { parts.append(String(format: "%.0f× real time", seconds / elapsed)) }
        let fraction = Double(bytes) / Double(totalBytes)
        if items < totalItems, fraction > 0.01 {
            parts.append("\(ProgressBar.clock(elapsed / fraction - elapsed)) left")
        }
        return parts.joined(separator: ", ")
    }

    mutating func show() {
        let now = ContinuousClock.now
        switch form {
        case .none: break
        case .bar:
            let fraction = min(1, Double(bytes) / Double(totalBytes))
            let filled = Int(30 * fraction)
            let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
            write("\r\u{1b}[K\(bar) \(summary)")
        case .lines(let interval):
            guard now - last >= .seconds(interval) else { return }
            last = now
            Terminal.complain(summary)
        }
    }

    func clear() { if case .bar = form { write("\r\u{1b}[K") } }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
