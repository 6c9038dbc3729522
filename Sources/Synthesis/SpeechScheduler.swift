import Dispatch
import Foundation
import Synchronization
import Tensor

/// The threads that synthesize, for a `Synthesizer.executor`: as many as asked for, apart from those that serve sockets
/// or write files.
///
/// Work comes in pieces of a few milliseconds (a sentence's acoustic model, then 1.2 s of sound at a time), and each
/// piece waits its turn again. Pieces of high priority, which the synthesizer gives to the first sentence of each text,
/// go before the rest, so that a new client gets its first sound soon, however much others have requested; every fourth
/// turn belongs to the rest all the same, so that short texts without end cannot hold up a long one. Within each class
/// turns are taken in order of arrival. While fewer pieces run than there may be threads, the others help with their
/// layers.
public final class SpeechScheduler: TaskExecutor {
    /// Cores that this process may use, which can be fewer than the machine has.
    public static var cores: Int { Crew.cores }

    /// One in this many turns goes to work of lower priority when there is some.
    static let share = 4

    private struct State {
        var urgent = Turns()
        var later = Turns()
        var turn = 0
        var running = 0
        var isStopped = false

        mutating func next() -> UnownedJob? {
            turn = (turn + 1) % SpeechScheduler.share
            if turn == 0, let job = later.take() { return job }
            return urgent.take() ?? later.take()
        }
    }

    /// Shared with the threads, which may live on for a moment.
    private final class Queue: Sendable {
        let state = Mutex(State())
        let wakeups = DispatchSemaphore(value: 0)
    }

    private let queue = Queue()
    /// Number of threads, at least one.
    public let threads: Int

    /// - Parameters:
    ///   - threads: at least one
    ///   - niceness: scheduling priority as in nice(2), 0 to 19
    public init(threads: Int, niceness: Int = 0) {
        let threads = max(1, threads)
        self.threads = threads
        for number in 0..<threads {
            let queue = queue
            let executor = asUnownedTaskExecutor()
            let thread = Thread {
                // On Linux this is the thread's own.
                if niceness > 0 { setpriority(Int32(PRIO_PROCESS.rawValue), 0, Int32(niceness)) }
                // Who gives way gets no help. More threads than cores would only take turns.
                Self.work(queue, executor, crew: niceness > 0 ? 1 : min(threads, Self.cores))
            }
            thread.name = "speech-\(number)"
            // Frames of the networks' kernels lie on the stack.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    deinit {
        queue.state.withLock { $0.isStopped = true }
        for _ in 0..<threads { queue.wakeups.signal() }
    }

    /// Enqueues a job of Swift concurrency; those of `userInitiated` priority go first.
    public func enqueue(_ job: consuming ExecutorJob) {
        let isUrgent = job.priority.rawValue >= TaskPriority.userInitiated.rawValue
        let job = UnownedJob(job)
        queue.state.withLock { state in
            if isUrgent { state.urgent.add(job) } else { state.later.add(job) }
        }
        queue.wakeups.signal()
    }

    /// Number of tasks queued or running.
    public var load: Int { queue.state.withLock { $0.urgent.count + $0.later.count + $0.running } }

    /// - Parameter crew: how many threads may work on the jobs that run
    private static func work(_ queue: Queue, _ executor: UnownedTaskExecutor, crew: Int) {
        while true {
            queue.wakeups.wait()
            let job = queue.state.withLock { state -> UnownedJob? in
                let job = state.next()
                if job != nil { state.running += 1 }
                return job
            }
            guard let job else {
                if queue.state.withLock({ $0.isStopped }) { return }
                continue
            }
            Crew.work(threads: crew) { job.runSynchronously(on: executor) }
            queue.state.withLock { $0.running -= 1 }
        }
    }
}

/// First in, first out.
private struct Turns {
    private var jobs: [UnownedJob] = []
    private var head = 0

    var count: Int { jobs.count - head }

    mutating func add(_ job: UnownedJob) { jobs.append(job) }

    mutating func take() -> UnownedJob? {
        guard head < jobs.count else { return nil }
        defer { if head > 64, head * 2 > jobs.count { trim() } }
        head += 1
        return jobs[head - 1]
    }

    private mutating func trim() {
        jobs.removeFirst(head)
        head = 0
    }
}
