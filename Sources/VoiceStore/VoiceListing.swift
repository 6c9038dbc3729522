import Files
import Foundation

/// Lists a folder of voices: what the index knows is taken from there, the rest is read and parsed on all cores.
struct VoiceListing {
    let folder: String
    let origin: VoiceSummary.Origin

    /// Voices of which one core takes a share at a time.
    private static let share = 64

    func summaries() -> [VoiceSummary] {
        let names = VoiceStore.names(folder).sorted()
        guard !names.isEmpty else { return [] }
        var index = VoiceIndex(folder: folder)
        var found = [Found?](repeating: nil, count: names.count)
        found.withUnsafeMutableBufferPointer { buffer in
            // Every share writes to places of its own, and all are done before the buffer ends.
            nonisolated(unsafe) let slots = buffer
            let known = index
            DispatchQueue.concurrentPerform(iterations: (names.count + Self.share - 1) / Self.share) { share in
                let places = share * Self.share..<min((share + 1) * Self.share, names.count)
                for place in places { slots[place] = look(at: names[place], known: known.entries[names[place].text]) }
            }
        }
        let result = found.compactMap { $0 }
        let parsed = result.filter(\.isNew)
        // A few stale lines are cheaper than a new index.
        if origin == .user, parsed.count(where: { $0.entry != nil }) > 32 {
            for voice in parsed { index.set(voice.summary.name.text, voice.entry) }
            index.save(folder: folder)
        }
        return result.map(\.summary)
    }

    private struct Found {
        var summary: VoiceSummary
        /// Whether the index did not know it.
        var isNew: Bool
        /// What the index should know, if the voice can be used and fits in.
        var entry: VoiceIndex.Entry?
    }

    private func look(at name: VoiceName, known: VoiceIndex.Entry?) -> Found {
        let path = "\(folder)/\(name.text)/\(StoreFiles.card)"
        var summary = VoiceSummary(name: name, origin: origin)
        if let known, known.stamp == Self.stamp(path) {
            (summary.accent, summary.gender, summary.summary) = (known.accent, known.gender, known.summary)
            return Found(summary: summary, isNew: false)
        }
        do throws(VoiceStoreError) {
            let (bytes, stamp) = try Self.contents(path, of: name)
            if let card = PlainCard(bytes, expecting: name) {
                (summary.accent, summary.gender, summary.summary) = (card.accent, card.gender, card.description)
            } else {
                let card = try VoiceCard(json: Data(bytes), expecting: name)
                (summary.accent, summary.gender, summary.summary) = (card.accent, card.gender, card.description)
            }
            let entry = summary.accent.flatMap {
                VoiceIndex.Entry(stamp: stamp, accent: $0, gender: summary.gender, summary: summary.summary)
            }
            return Found(summary: summary, isNew: true, entry: entry)
        } catch {
            summary.problem = error.description
            return Found(summary: summary, isNew: true)
        }
    }

    /// The bytes of a card, and the state in which it was read.
    private static func contents(_ path: String, of name: VoiceName) throws(VoiceStoreError) -> (
        bytes: [UInt8], stamp: VoiceIndex.Stamp
    ) {
        do throws(FileError) {
            let file = try OpenFile(reading: path, followsLinks: false)
            let (bytes, status) = try file.plainContents(limit: StoreFiles.cardLimit)
            return (bytes, VoiceIndex.Stamp(status))
        } catch {
            throw .damaged(name.text, reason: "\(StoreFiles.card): \(error.reason)")
        }
    }

    private static func stamp(_ path: String) -> VoiceIndex.Stamp? {
        FileStatus(path, followsLinks: false).map(VoiceIndex.Stamp.init)
    }
}
