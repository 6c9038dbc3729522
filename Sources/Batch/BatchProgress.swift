/// How far a batch is.
public struct BatchProgress: Sendable, Equatable {
    public let totalItems: Int
    /// UTF-8 bytes of text.
    public let totalBytes: Int
    /// Done and failed.
    public private(set) var items = 0
    public private(set) var failed = 0
    /// UTF-8 bytes of text.
    public private(set) var bytes = 0
    /// Seconds of speech.
    public private(set) var seconds = 0.0

    init(_ jobs: [BatchPlan.Job]) {
        totalItems = jobs.count
        totalBytes = jobs.reduce(0) { $0 + $1.item.text.utf8.count }
    }

    /// - Parameter seconds: of speech; nil for an item that failed.
    mutating func add(_ item: BatchItem, seconds: Double?) {
        items += 1
        bytes += item.text.utf8.count
        if let seconds { self.seconds += seconds } else { failed += 1 }
    }
}
