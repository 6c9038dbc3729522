internal import CKernels

/// Cores that help one another with a sentence.
///
///     let mel = Crew.work { decoder(states) }
///
/// Within `work` the layers share their rows with cores that have nothing to do. Every row is computed as it would be
/// alone, so the numbers do not depend on who helps. While as many threads work as may, as in a server with many
/// listeners, each keeps to itself.
public enum Crew {
    /// Cores of this process.
    public static var cores: Int { starling_cores() }

    /// Calls `body`, whose layers may share what they do.
    ///
    /// - Parameter threads: how many threads of this process may work, helpers among them; within other work its number
    ///   counts
    public static func work<Result>(threads: Int = cores, _ body: () throws -> Result) rethrows -> Result {
        // Stages are measured by the time of one thread.
        starling_begin_work(StageClock.isRunning ? 1 : max(1, threads))
        defer { starling_end_work() }
        return try body()
    }

    /// The threads for work of so many nanoseconds of one thread: 1 where sharing would cost more than it saves.
    package static func workers(forNanoseconds time: Int) -> Int {
        time < 2 * leastShare ? 1 : min(time / leastShare, starling_workers())
    }

    /// What is shared lasts as long for each thread, ns. To meet costs two threads some 2 µs.
    private static let leastShare = 8_000

    /// Calls `body` for all of some rows, part by part.
    ///
    /// - Parameters:
    ///   - multiple: parts begin at multiples of it, which are as many rows as kernels take at once
    ///   - most: rows of a part, about
    ///   - body: takes rows, and the number of the worker, below `workers`
    package static func share(
        rows: Int, multiple: Int = 12, most: Int = 96, workers: Int, _ body: (Range<Int>, Int) -> Void
    ) {
        guard workers > 1, rows > multiple else { return body(0..<rows, 0) }
        // As many parts for each.
        let parts = (rows + workers * most - 1) / (workers * most) * workers
        func start(_ part: Int) -> Int {
            part == parts ? rows : min(rows, (2 * part * rows / parts + multiple) / (2 * multiple) * multiple)
        }
        share(parts: parts, workers: workers) { part, worker in
            let rows = start(part)..<start(part + 1)
            if !rows.isEmpty { body(rows, worker) }
        }
    }

    /// Calls `body` with every part and the number of its worker.
    package static func share(parts: Int, workers: Int, _ body: (Int, Int) -> Void) {
        guard workers > 1, parts > 1 else {
            for part in 0..<parts { body(part, 0) }
            return
        }
        withoutActuallyEscaping(body) { body in
            var job = Job(body: body)
            withUnsafeMutablePointer(to: &job) { job in
                starling_share(
                    parts, workers,
                    { job, part, worker in
                        job?.assumingMemoryBound(to: Job.self).pointee.body(part, worker)
                    }, job)
            }
        }
    }

    private struct Job {
        let body: (Int, Int) -> Void
    }
}
