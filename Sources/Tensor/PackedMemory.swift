private import Foundation
private import Synchronization

/// Where packed weights lie: from the start of a cache line on, so that no vector of them crosses two.
///
/// Layers share large pieces of memory, in huge pages where the system has them: loading a network takes a few page
/// faults then, and not thousands. A piece is given back when the last of its layers is gone.
final class PackedMemory<Element: BitwiseCopyable>: Sendable {
    nonisolated(unsafe) let start: UnsafePointer<Element>
    private let piece: Piece

    /// - Parameter fill: sets `count` elements, whose values are of no kind before
    init(count: Int, _ fill: (UnsafeMutablePointer<Element>) -> Void) {
        let memory: UnsafeMutableRawPointer
        (piece, memory) = Piece.take(bytes: count * MemoryLayout<Element>.stride)
        let elements = memory.bindMemory(to: Element.self, capacity: count)
        fill(elements)
        start = UnsafePointer(elements)
    }
}

/// Memory that layers share, taken from its start on.
private final class Piece: Sendable {
    private nonisolated(unsafe) let start: UnsafeMutableRawPointer
    private static let newest = Mutex<(piece: Piece, used: Int)?>(nil)

    private static let size = 8 << 20
    private static let page = 2 << 20
    private static let line = 64
    /// What is smaller has a piece of its own: it may come and go with every sentence.
    private static let least = 64 << 10

    /// Room for so many bytes in the newest piece, or in one that is new.
    static func take(bytes: Int) -> (piece: Piece, start: UnsafeMutableRawPointer) {
        let bytes = (bytes + line - 1) / line * line
        guard (least..<size / 2).contains(bytes) else {
            let own = Piece(bytes: bytes)
            return (own, own.start)
        }
        return newest.withLock { newest in
            if newest.map({ $0.used + bytes > size }) ?? true { newest = (Piece(bytes: size), 0) }
            let (piece, used) = newest!
            newest = (piece, used + bytes)
            return (piece, piece.start + used)
        }
    }

    private init(bytes: Int) {
        let isLarge = bytes >= Self.page
        start = .allocate(byteCount: max(1, bytes), alignment: isLarge ? Self.page : Self.line)
        // Where it is refused, pages are small.
        if isLarge { _ = madvise(start, bytes, MADV_HUGEPAGE) }
    }

    deinit { start.deallocate() }
}
