internal import CKernels
private import Foundation
private import Synchronization

/// Where the time of speaking goes: processor time and floating point operations of every stage of this process,
/// whichever thread it ran on.
///
///     StageClock.start()
///     let mel = StageClock.measure("decoder") { decoder(states) }
///     for stage in StageClock.stages() { print(stage.name, stage.seconds, stage.operations) }
///
/// Until it is started, measuring costs next to nothing. Operations are those of products and attention, 2 for each
/// multiply-add. A stage must not wait within, nor contain another.
public enum StageClock {
    /// What one stage took so far.
    public struct Stage: Sendable {
        public let name: String
        /// Processor time, s.
        public var seconds: Double
        /// Of products and attention.
        public var operations: Double
        /// Those in int8 among them.
        public var quantized: Double
    }

    private static let running = Atomic<Bool>(false)
    private static let measured = Mutex<[Stage]>([])

    static var isRunning: Bool { running.load(ordering: .relaxed) }

    /// From now on stages are measured, and no layer is shared between threads.
    public static func start() { running.store(true, ordering: .relaxed) }

    /// All stages so far, in the order in which they first ended.
    public static func stages() -> [Stage] { measured.withLock { $0 } }

    /// Runs a part of a stage.
    public static func measure<Result>(_ name: StaticString, _ body: () throws -> Result) rethrows -> Result {
        guard isRunning else { return try body() }
        let (start, before, before8) = (processorTime(), starling_operations(), starling_operations8())
        defer {
            let seconds = processorTime() - start
            let operations = Double(starling_operations() - before)
            let quantized = Double(starling_operations8() - before8)
            measured.withLock { stages in
                let name = name.description
                if let index = stages.firstIndex(where: { $0.name == name }) {
                    stages[index].seconds += seconds
                    stages[index].operations += operations
                    stages[index].quantized += quantized
                } else {
                    stages.append(
                        Stage(name: name, seconds: seconds, operations: operations, quantized: quantized))
                }
            }
        }
        return try body()
    }

    /// Processor time of this thread, s.
    static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

extension Processor {
    /// Operations a second that one core reaches where nothing leaves its registers, at the level and with
    /// the numbers that `precision` uses here.
    public static func peak(_ precision: Precision) -> Double {
        let measure =
            precision.usesInt8(taps: 1)
            ? starling_peak8 : precision.usesBfloat16 ? starling_peak_bfloat16 : starling_peak
        let rounds = 200_000
        // The best of five short runs.
        return (0..<5).map { _ in
            let start = StageClock.processorTime()
            let operations = measure(rounds)
            return Double(operations) / (StageClock.processorTime() - start)
        }.max() ?? 0
    }
}
