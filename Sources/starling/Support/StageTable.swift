import Foundation
import Tensor

/// What `starling say --profile` prints: where the time went.
enum StageTable {
    /// One line a stage: processor time in ms, operations in GFLOP, GFLOP a second and the share of what a core reaches
    /// at most with the same operations.
    static func lines() -> [String] {
        let (peak, peakOfQuantized) = (Processor.peak(.automatic), Processor.peak(.quantized))
        func line(_ name: String, _ cells: [String]) -> String {
            name.padding(toLength: 12, withPad: " ", startingAt: 0)
                + cells.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
        }
        func row(_ name: String, _ stage: StageClock.Stage) -> String {
            let time = String(format: "%.1f", 1000 * stage.seconds)
            guard stage.operations > 0, stage.seconds > 0 else { return line(name, [time]) }
            let least = (stage.operations - stage.quantized) / peak + stage.quantized / peakOfQuantized
            return line(
                name,
                [
                    time, String(format: "%.2f", stage.operations / 1e9),
                    String(format: "%.0f", stage.operations / stage.seconds / 1e9),
                    String(format: "%.0f %%", 100 * least / stage.seconds),
                ])
        }
        let stages = StageClock.stages()
        guard var all = stages.first else { return [] }
        for stage in stages.dropFirst() {
            all.seconds += stage.seconds
            all.operations += stage.operations
            all.quantized += stage.quantized
        }
        let speeds = [peak, peakOfQuantized].map { String(format: "%.0f", $0 / 1e9) }
        let title =
            "kernels for \(Processor.level), at most \(speeds[0]) GFLOP/s a core"
            + (all.quantized > 0 ? ", \(speeds[1]) in int8" : "")
        let rows = stages.map { row($0.name, $0) }
        return [title, line("stage", ["ms", "GFLOP", "GFLOP/s", "of peak"])] + rows + [row("all", all)]
    }
}
