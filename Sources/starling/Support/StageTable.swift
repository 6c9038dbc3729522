import Foundation
import Tensor

/// What `starling say --profile` prints: where the time went.
enum StageTable {
    /// One line a stage: processor time in ms, GFLOP, GFLOP a second and the share of what a core reaches at most.
    static func lines() -> [String] {
        let peak = Processor.peak(.automatic)
        func line(_ name: String, _ cells: [String]) -> String {
            name.padding(toLength: 12, withPad: " ", startingAt: 0)
                + cells.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
        }
        func row(_ name: String, seconds: Double, operations: Double) -> String {
            let time = String(format: "%.1f", 1000 * seconds)
            guard operations > 0, seconds > 0 else { return line(name, [time]) }
            let speed = operations / seconds
            return line(
                name,
                [
                    time, String(format: "%.2f", operations / 1e9), String(format: "%.0f", speed / 1e9),
                    String(format: "%.0f %%", 100 * speed / peak),
                ])
        }
        let stages = StageClock.stages()
        let rows = stages.map { row($0.name, seconds: $0.seconds, operations: $0.operations) }
        let all = row(
            "all", seconds: stages.reduce(0) { $0 + $1.seconds }, operations: stages.reduce(0) { $0 + $1.operations })
        let title = "kernels for \(Processor.level), at most \(String(format: "%.0f", peak / 1e9)) GFLOP/s a core"
        return [title, line("stage", ["ms", "GFLOP", "GFLOP/s", "of peak"])] + rows + [all]
    }
}
