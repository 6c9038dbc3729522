import Foundation

/// What `voices list` shows of a voice.
public struct VoiceSummary: Sendable, Equatable {
    /// Where a voice comes from.
    public enum Origin: String, Sendable { case user, bundled }

    public var name: VoiceName
    public var origin: Origin
    public var accent: VoiceCard.Accent?
    public var gender: String?
    public var summary: String?
    /// Why the voice cannot be used, if it cannot.
    public var problem: String?
}

/// A store's table of contents, so that ten thousand voices list without parsing ten thousand files.
///
/// It is only a cache: one line per voice in `.index`, believed as long as the voice.json it was taken from still has the
/// same inode, size and modification time. A missing, stale or torn line costs one parse.
struct VoiceIndex {
    /// What tells one state of a file from another.
    struct Stamp: Equatable {
        var inode: Int64
        var size: Int64
        var modified: Int64  // ns
    }

    struct Entry {
        var stamp: Stamp
        var accent: VoiceCard.Accent
        var gender: String?
        var summary: String?
    }

    private(set) var entries: [String: Entry] = [:]
    private static let header = "starling voices 1"

    init() {}

    /// Reads `.index`; whatever does not parse is left out.
    init(folder: String) {
        guard let data = try? StoreFiles.read(folder + "/.index", limit: 1 << 26, voice: "index") else { return }
        let bytes = [UInt8](data)
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
            let accent = VoiceCard.Accent(rawValue: text(4))
        else { return }
        entries[text(0)] = Entry(
            stamp: Stamp(inode: inode, size: size, modified: modified), accent: accent,
            gender: fields[5].isEmpty ? nil : text(5), summary: fields[6].isEmpty ? nil : text(6))
    }

    mutating func set(_ name: String, _ entry: Entry?) { entries[name] = entry }

    /// Puts the index in place; a store that cannot be written to goes without.
    func save(folder: String) {
        var text = Self.header + "\n"
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let stamp = entry.stamp
            text += "\(name)\t\(stamp.inode)\t\(stamp.size)\t\(stamp.modified)\t\(entry.accent.rawValue)"
            text += "\t\(Self.flat(entry.gender))\t\(Self.flat(entry.summary))\n"
        }
        let temporary = "\(folder)/.index-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let bytes = Array(text.utf8)
        let complete = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count
        close(descriptor)
        if !complete || rename(temporary, folder + "/.index") != 0 { unlink(temporary) }
    }

    /// One field's text: without tabs and line ends, at most 200 bytes.
    private static func flat(_ text: String?) -> String {
        String(decoding: (text ?? "").utf8.prefix(200).map { $0 < 32 ? 32 : $0 }, as: UTF8.self)
    }
}
