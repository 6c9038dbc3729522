import Files
import Foundation
public import SpeechSignal

/// What `voices list` shows of a voice.
public struct VoiceSummary: Sendable, Equatable {
    /// Where a voice comes from.
    public enum Origin: String, Sendable {
        /// The user's own, which can be changed.
        case user
        /// Bundled with Starling, read-only.
        case bundled
    }

    /// Its name.
    public var name: VoiceName
    /// Whether it is a voice of the user or a bundled one.
    public var origin: Origin
    /// Its accent; nil if its card cannot be read.
    public var accent: Accent?
    /// The gender in its card.
    public var gender: String?
    /// The description of its card.
    public var summary: String?
    /// Why the voice cannot be used, if it cannot.
    public var problem: String?
}

/// A store's table of contents, so that ten thousand voices list without parsing ten thousand files.
///
/// It is only a cache: one line per voice in `.index`, believed as long as the voice.json it was taken from still has
/// the same inode, size and modification time. A missing, stale or torn line costs one parse.
struct VoiceIndex {
    /// What distinguishes one state of a file from another.
    struct Stamp: Equatable {
        var inode: Int64
        var size: Int64
        var modified: Int64  // ns

        init(inode: Int64, size: Int64, modified: Int64) {
            (self.inode, self.size, self.modified) = (inode, size, modified)
        }

        init(_ status: FileStatus) {
            self.init(
                inode: Int64(truncatingIfNeeded: status.inode), size: Int64(status.size),
                modified: Int64(status.modified))
        }
    }

    struct Entry {
        var stamp: Stamp
        var accent: Accent
        var gender: String?
        var summary: String?

        /// Nil for texts that do not fit into a line, so that a voice is never listed otherwise than its card says.
        init?(stamp: Stamp, accent: Accent, gender: String?, summary: String?) {
            guard [gender, summary].allSatisfy({ text in text.map(Self.fits) ?? true }) else { return nil }
            (self.stamp, self.accent, self.gender, self.summary) = (stamp, accent, gender, summary)
        }

        private static func fits(_ text: String) -> Bool {
            (1...200).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 }
        }
    }

    private(set) var entries: [String: Entry] = [:]
    private static let header = "starling voices 1"

    init() {}

    /// Reads `.index`; whatever does not parse is left out.
    init(folder: String) {
        guard let file = try? OpenFile(reading: folder + "/.index", followsLinks: false),
            let bytes = try? file.plainContents(limit: 1 << 26).bytes
        else { return }
        var start = 0
        var fields: [Range<Int>] = []
        var isHeader = true
        for (end, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "\t"):
                fields.append(start..<end)
                start = end + 1
            case UInt8(ascii: "\n"):
                fields.append(start..<end)
                start = end + 1
                if isHeader {
                    guard fields.count == 1, bytes[fields[0]].elementsEqual(Self.header.utf8) else { return }
                    isHeader = false
                } else {
                    read(bytes, fields)
                }
                fields.removeAll(keepingCapacity: true)
            default: break
            }
        }
    }

    private mutating func read(_ bytes: [UInt8], _ fields: [Range<Int>]) {
        func text(_ field: Int) -> String { String(decoding: bytes[fields[field]], as: UTF8.self) }
        func number(_ field: Int) -> Int64? {
            let digits = bytes[fields[field]]
            guard (1...19).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
            return digits.reduce(0 as Int64?) { total, digit in
                guard let (scaled, over) = total?.multipliedReportingOverflow(by: 10), !over else { return nil }
                let (sum, carry) = scaled.addingReportingOverflow(Int64(digit - 48))
                return carry ? nil : sum
            }
        }
        guard fields.count == 7, let inode = number(1), let size = number(2), let modified = number(3),
            let accent = Accent(rawValue: text(4))
        else { return }
        entries[text(0)] = Entry(
            stamp: Stamp(inode: inode, size: size, modified: modified), accent: accent,
            gender: fields[5].isEmpty ? nil : text(5), summary: fields[6].isEmpty ? nil : text(6))
    }

    /// - Parameter entry: nil for a voice that is to be read every time.
    mutating func set(_ name: String, _ entry: Entry?) { entries[name] = entry }

    /// Puts the index in place; a store that cannot be written to goes without.
    func save(folder: String) {
        let tab = UInt8(ascii: "\t")
        var bytes = Array("\(Self.header)\n".utf8)
        bytes.reserveCapacity(128 * entries.count)
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            bytes += name.utf8
            for number in [entry.stamp.inode, entry.stamp.size, entry.stamp.modified] {
                bytes.append(tab)
                bytes += String(number).utf8
            }
            for text in [entry.accent.rawValue, entry.gender ?? "", entry.summary ?? ""] {
                bytes.append(tab)
                bytes += text.utf8
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        try? AtomicFile.save(bytes, to: URL(filePath: folder + "/.index"))
    }
}
