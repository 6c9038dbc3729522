public import Foundation

/// A part of a manifest: those items whose id falls to it, wherever they stand.
public struct Shard: Sendable, Equatable {
    /// The most parts of a manifest.
    public static let maximumCount = 100_000

    /// From 0 to `count` - 1.
    public let index: Int
    public let count: Int

    /// All items.
    public static let whole = Shard(index: 0, count: 1)

    private init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    /// Reads what `--shard` was given.
    ///
    /// - `2/4`: the third of four.
    /// - `slurm`: the task of an array job, `#SBATCH --array=0-3`. `slurm/4` takes only the task's number from Slurm.
    /// - `kubernetes/4`: the pod's number in an Indexed Job; Kubernetes does not tell a pod how many there are.
    public init(
        _ text: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(BatchError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        func number(_ name: String, of scheduler: String) throws(BatchError) -> Int {
            guard let value = environment[name].flatMap({ Int($0) }) else {
                throw .badShard(text, reason: "needs $\(name), which \(scheduler) sets; elsewhere, write I/N")
            }
            return value
        }
        let (index, count): (Int, Int)
        switch (parts[0], parts.count) {
        case ("slurm", 1):
            let least = try number("SLURM_ARRAY_TASK_MIN", of: "an array job of Slurm")
            let most = try number("SLURM_ARRAY_TASK_MAX", of: "an array job of Slurm")
            count = try number("SLURM_ARRAY_TASK_COUNT", of: "an array job of Slurm")
            index = try number("SLURM_ARRAY_TASK_ID", of: "an array job of Slurm")
            // A task that is submitted again alone would otherwise take itself for the whole.
            guard least == 0, most == count - 1 else {
                throw .badShard(
                    text,
                    reason:
                        "needs an array that counts from 0; this one runs from \(least) to \(most), so write slurm/N")
            }
        case ("slurm", 2):
            index = try number("SLURM_ARRAY_TASK_ID", of: "an array job of Slurm")
            count = Int(parts[1]) ?? 0
        case ("kubernetes", 2):
            index = try number("JOB_COMPLETION_INDEX", of: "an Indexed Job of Kubernetes")
            count = Int(parts[1]) ?? 0
        case ("kubernetes", 1):
            throw .badShard(
                text,
                reason:
                    "does not say how many shards there are; write kubernetes/N, where N is the job's number of completions"
            )
        case (_, 2):
            index = Int(parts[0]) ?? -1
            count = Int(parts[1]) ?? 0
        default:
            throw .badShard(text, reason: "is not of the form I/N; write, for example, 0/4, slurm or kubernetes/4")
        }
        guard (1...Self.maximumCount).contains(count), (0..<count).contains(index) else {
            throw .badShard(text, reason: "is not I/N with N from 1 to \(Self.maximumCount) and I from 0 to N-1")
        }
        self.init(index: index, count: count)
    }

    /// Whether an item falls to this part. It depends on the id alone.
    public func holds(_ name: ItemName) -> Bool { name.spread % UInt64(count) == UInt64(index) }
}
