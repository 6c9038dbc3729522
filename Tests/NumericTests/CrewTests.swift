import CKernels
import Comparison
import Foundation
import Synchronization
import Tensor
import Testing

/// Cores that help one another: jobs by themselves, and layers, whose numbers must not depend on who helps.
@Suite(.serialized) struct CrewTests {
    /// What became of a job: how often each part was done, and by how many workers.
    private final class Record: Sendable {
        let times = Mutex([Int: Int]())
        let workers = Mutex(Set<Int>())
        let atOnce = Atomic<Int>(0)
        let most = Atomic<Int>(0)
    }

    /// A job of parts that last a millisecond.
    private func job(parts: Int, workers: Int) -> Record {
        let record = Record()
        starling_share(
            parts, workers,
            { context, part, worker in
                let record = Unmanaged<Record>.fromOpaque(context!).takeUnretainedValue()
                let now = record.atOnce.add(1, ordering: .sequentiallyConsistent).newValue
                record.most.max(now, ordering: .sequentiallyConsistent)
                record.times.withLock { $0[part, default: 0] += 1 }
                record.workers.withLock { _ = $0.insert(worker) }
                usleep(1000)
                record.atOnce.subtract(1, ordering: .sequentiallyConsistent)
            }, Unmanaged.passUnretained(record).toOpaque())
        return record
    }

    private func expectOnce(_ record: Record, parts: Int) {
        #expect(record.times.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<parts).map { ($0, 1) }))
    }

    @Test(arguments: [(1, 4), (2, 2), (7, 3), (100, 2), (300, 5)]) func everyPartIsDoneOnce(parts: Int, workers: Int) {
        // More threads may work than all tests together have.
        Crew.work(threads: 64) {
            let record = job(parts: parts, workers: workers)
            expectOnce(record, parts: parts)
            #expect(record.workers.withLock { $0 }.allSatisfy { (0..<workers).contains($0) })
            #expect(record.most.load(ordering: .relaxed) <= workers)
            // 100 ms and more are enough for a helper, however busy the machine.
            if parts >= 100 { #expect(record.most.load(ordering: .relaxed) > 1) }
        }
    }

    @Test func whoDoesNotWorkHasNoHelp() {
        #expect(starling_workers() == 1)
        let record = job(parts: 20, workers: 4)
        expectOnce(record, parts: 20)
        #expect(record.workers.withLock { $0 } == [0])
    }

    @Test func theOuterNumberOfThreadsCounts() {
        Crew.work(threads: 1) {
            Crew.work(threads: 8) { #expect(starling_workers() == 1) }
            #expect(starling_workers() == 1)
        }
    }

    /// Where as many threads work as may, each keeps to itself.
    @Test func busyCoresDoNotHelp() {
        let (group, meeting) = (DispatchGroup(), Meeting(4))
        for _ in 0..<meeting.count {
            group.enter()
            Thread.detachNewThread {
                Crew.work(threads: meeting.count) {
                    meeting.wait()
                    let record = job(parts: 30, workers: starling_workers())
                    meeting.records.withLock { $0.append(record) }
                    meeting.wait()
                }
                group.leave()
            }
        }
        group.wait()
        for record in meeting.records.withLock({ $0 }) {
            expectOnce(record, parts: 30)
            #expect(record.workers.withLock { $0 } == [0])
        }
    }

    /// Threads that wait for one another.
    private final class Meeting: Sendable {
        let records = Mutex<[Record]>([])
        let count: Int
        private let arrived = Atomic<Int>(0)

        init(_ count: Int) { self.count = count }

        func wait() {
            let number = arrived.add(1, ordering: .sequentiallyConsistent).newValue
            let wanted = (number + count - 1) / count * count
            while arrived.load(ordering: .sequentiallyConsistent) < wanted { usleep(100) }
        }
    }

    /// A layer's outputs by itself and with helpers, which join now and then.
    private func expectSame(_ name: String, _ layer: (inout Scratch) -> Matrix) {
        var scratch = Scratch()
        let alone = layer(&scratch)
        for threads in 2...4 {
            var scratch = Scratch()
            for _ in 0..<20 {
                let shared = Crew.work(threads: threads) { layer(&scratch) }
                #expect(shared == alone, "\(name) by \(threads) threads")
            }
        }
    }

    @Test(arguments: [Precision.float32, .automatic, .quantized]) func layersDoNotDependOnWhoHelps(
        precision: Precision
    ) {
        var numbers = Numbers()
        for rows in [13, 48, 199, 431] {
            let x = numbers.matrix(rows, 96)
            let linear = Linear(weight: numbers.matrix(515, 96), bias: numbers.next(515), precision: precision)
            expectSame("linear") { scratch in
                var y = Matrix(rows: 0, columns: 0)
                linear.apply(x, into: &y, activation: .gelu, scratch: &scratch)
                return y
            }
            let before = numbers.matrix(rows, 515)
            let scale = numbers.next(515)
            expectSame("residual") { scratch in
                var y = before
                linear.add(x, scaledBy: scale, to: &y, scratch: &scratch)
                return y
            }
            let convolution = Convolution(
                weight: numbers.next(131 * 96 * 3), bias: numbers.next(131), outputs: 131, inputs: 96, taps: 3,
                precision: precision)
            expectSame("convolution") { scratch in
                var y = Matrix(rows: 0, columns: 0)
                convolution.applyPadded(x, into: &y, scratch: &scratch)
                return y
            }
            let attention = Attention(heads: 4, precision: precision)
            let (qkv, queries, memory) = (
                numbers.matrix(rows, 3 * 128), numbers.matrix(rows, 128), numbers.matrix(177, 2 * 128)
            )
            expectSame("attention") { scratch in
                var y = Matrix(rows: 0, columns: 0)
                attention.apply(qkv, into: &y, scratch: &scratch)
                return y
            }
            expectSame("attention to a memory") { scratch in
                var y = Matrix(rows: 0, columns: 0)
                attention.apply(queries: queries, memory: memory, into: &y, scratch: &scratch)
                return y
            }
        }
    }

    @Test func rowsDoNotDependOnWhoHelps() {
        var numbers = Numbers()
        let x = numbers.matrix(1203, 256)
        let norm = LayerNorm(gain: numbers.next(256), shift: numbers.next(256))
        expectSame("norm") { _ in
            var y = x
            norm.apply(to: &y)
            return y
        }
        let depthwise = DepthwiseConvolution(
            weight: numbers.next(256 * 5), bias: numbers.next(256), channels: 256, taps: 5)
        expectSame("depthwise") { _ in
            var y = Matrix(rows: 0, columns: 0)
            depthwise.apply(x, into: &y)
            return y
        }
        let rotary = RotaryEmbedding(length: x.rows, dimension: 64)
        expectSame("rotary") { _ in
            var y = x
            rotary.apply(to: &y, heads: 3)
            return y
        }
    }
}
