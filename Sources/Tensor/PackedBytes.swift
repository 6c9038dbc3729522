/// Packed weights in int8, from the start of a cache line on, so that no vector of them crosses two.
final class PackedBytes: Sendable {
    nonisolated(unsafe) let start: UnsafePointer<UInt8>

    /// - Parameter fill: sets all of the bytes, whose values are of no kind before
    init(count: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        let line = 64
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, count), alignment: line)
        let bytes = memory.bindMemory(to: UInt8.self, capacity: max(1, count))
        fill(bytes)
        start = UnsafePointer(bytes)
    }

    deinit { start.deallocate() }
}
