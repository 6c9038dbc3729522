/// A mapped table from hashed features to small integer votes for classes: open addressing, then rows of
/// (class, weight).
struct VoteTable: Sendable {
    private let slotsOffset: Int
    private let slotMask: Int
    private let rowsOffset: Int
    /// Offset after the table.
    let end: Int

    /// - Parameters:
    ///   - slotsOffset: offset of the slots, (u32 hash, u32 row offset + 1; 0: empty) each.
    ///   - slots: a power of two.
    ///   - rowBytes: length of the rows, which follow the slots.
    init(slotsOffset: Int, slots: Int, rowBytes: Int) {
        self.slotsOffset = slotsOffset
        slotMask = slots - 1
        rowsOffset = slotsOffset + 8 * slots
        end = rowsOffset + rowBytes
    }

    /// Adds the votes of some features to the scores of the classes.
    ///
    /// The table is larger than the processor's inner caches, so every feature's slot is asked for before any is looked
    /// at.
    func add(_ hashes: UnsafeBufferPointer<Hash>, _ bytes: UnsafeRawBufferPointer, _ scores: inout [Int]) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: hashes.count) { slots in
            for (k, hash) in hashes.enumerated() {
                let at = slotsOffset + 8 * (Int(hash.state) & slotMask)
                slots.initializeElement(at: k, to: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            }
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: hashes.count) { counts in
                // So is the row of each that is found at once; an empty slot has none.
                for k in 0..<hashes.count {
                    let offset = slots[k] >> 32
                    let isFound = offset != 0 && UInt32(truncatingIfNeeded: slots[k]) == hashes[k].state
                    let row = rowsOffset + Int(offset) - 1
                    counts.initializeElement(at: k, to: isFound && row < end ? bytes[row] : 0)
                }
                for k in 0..<hashes.count where slots[k] >> 32 != 0 {
                    if counts[k] > 0 {
                        add(row: rowsOffset + Int(slots[k] >> 32) - 1, count: Int(counts[k]), bytes, &scores)
                    } else {
                        add(hashes[k], bytes, &scores)
                    }
                }
            }
        }
    }

    private func add(row: Int, count: Int, _ bytes: UnsafeRawBufferPointer, _ scores: inout [Int]) {
        for k in 0..<count where row + 2 + 2 * k < end {
            let label = Int(bytes[row + 1 + 2 * k])
            if label < scores.count { scores[label] += Int(Int8(bitPattern: bytes[row + 2 + 2 * k])) }
        }
    }

    /// Adds a feature's votes to the scores of the classes.
    private func add(_ hash: Hash, _ bytes: UnsafeRawBufferPointer, _ scores: inout [Int]) {
        var slot = Int(hash.state) & slotMask
        for _ in 0...slotMask {
            let at = slotsOffset + 8 * slot
            let offset = Int(bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self))
            if offset == 0 { return }
            if bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self) == hash.state {
                let row = rowsOffset + offset - 1
                if row < end { add(row: row, count: Int(bytes[row]), bytes, &scores) }
                return
            }
            slot = (slot + 1) & slotMask
        }
    }
}

/// FNV-1a, 32 bits.
struct Hash {
    private(set) var state: UInt32 = 0x811C_9DC5

    init() {}
    init(_ first: Unicode.Scalar) { self = Hash().adding(UInt8(ascii: first)) }

    func adding(_ byte: UInt8) -> Hash {
        var hash = self
        hash.state = (hash.state ^ UInt32(byte)) &* 0x0100_0193
        return hash
    }

    func adding(_ bytes: some Collection<UInt8>) -> Hash {
        var hash = self
        for byte in bytes { hash.state = (hash.state ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }
}
