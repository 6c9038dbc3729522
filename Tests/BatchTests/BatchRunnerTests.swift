import Batch
import Foundation
import Synchronization
import Synthesis
import Testing

@Suite struct BatchRunnerTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func withBatch(
        _ lines: [String],
        _ body: (_ runner: BatchRunner, _ plan: () throws -> BatchPlan, _ folder: URL) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "starling-batch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = Self.repository.appending(path: "data")
        let synthesizer = try Synthesizer(
            data: data, voices: [Self.repository.appending(path: "voices")])
        let manifest = try BatchManifest(
            parsing: Data(lines.joined(separator: "\n").utf8), path: "list", defaults: BatchDefaults(voice: "heart"))
        func plan() throws -> BatchPlan {
            try BatchPlan(manifest, shard: .whole, folder: folder, synthesizer: synthesizer, data: data)
        }
        let runner = BatchRunner(
            try plan().jobs, folder: folder, journal: try BatchJournal(in: folder, shard: .whole),
            synthesizer: synthesizer, threads: 2)
        try await body(runner, plan, folder)
    }

    @Test func progressIsToldItemByItem() async throws {
        let lines = (0..<4).map { #"{"id": "i\#($0)", "text": "Number \#($0)."}"# } + [#"{"id": "bad", "text": "…"}"#]
        try await withBatch(lines) { runner, plan, folder in
            #expect(runner.progress.totalItems == 5 && runner.progress.items == 0)
            let told = Mutex([BatchProgress]())
            let outcome = try await runner.run { progress in told.withLock { $0.append(progress) } }
            let steps = told.withLock { $0 }
            #expect(steps.map(\.items) == [1, 2, 3, 4, 5])
            #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.bytes < $1.bytes && $0.seconds <= $1.seconds })
            #expect(steps.last == outcome.progress && outcome.progress.bytes == outcome.progress.totalBytes)
            #expect(outcome.progress.failed == 1 && outcome.left == 0)
            #expect(outcome.failures.map(\.line) == [5] && outcome.failures.map(\.id) == ["bad"])
            #expect(try plan().jobs.map(\.item.name.text) == ["bad"] && plan().kept == 4)
        }
    }

    @Test func aStoppedRunnerBeginsNothing() async throws {
        try await withBatch([#"{"id": "a", "text": "Hello."}"#]) { runner, plan, _ in
            runner.stop()
            let outcome = try await runner.run()
            #expect(outcome.left == 1 && outcome.failures.isEmpty)
            #expect(try plan().jobs.count == 1)
        }
    }
}
