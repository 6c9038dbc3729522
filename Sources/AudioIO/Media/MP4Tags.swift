import Files
import Foundation

/// Tags for which MP4 has no atom of its own, such as ReplayGain: "free-form" ones of iTunes, which FFmpeg does not
/// write.
enum MP4Tags {
    private struct Box {
        var type: [UInt8]
        /// Of the whole box, its header included.
        var range: Range<Int>
    }

    /// Adds tags to a file whose index lies at its end, as long as nothing was moved there.
    ///
    /// - Returns: whether there was a place for them
    static func append(_ tags: [(name: String, value: String)], to descriptor: Int32) throws(FileError) -> Bool {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard let start = lastBox(in: descriptor, size: size), size - start < 1 << 28 else { return false }
        var index = [UInt8](repeating: 0, count: size - start)
        guard pread(descriptor, &index, index.count, off_t(start)) == index.count, appended(tags, to: &index) else {
            return false
        }
        lseek(descriptor, off_t(start), SEEK_SET)
        try OpenFile.write(index, to: descriptor, path: "the audiobook")
        return true
    }

    /// Adds them to a `moov` box: after the last tag of moov/udta/meta/ilst.
    static func appended(_ tags: [(name: String, value: String)], to index: inout [UInt8]) -> Bool {
        var parents: [Box] = []
        var range = index.indices
        for (name, header) in [("moov", 8), ("udta", 8), ("meta", 12), ("ilst", 8)] {
            guard let box = boxes(index, in: range).first(where: { $0.type == Array(name.utf8) }),
                box.range.count >= header
            else { return false }
            parents.append(box)
            range = box.range.lowerBound + header..<box.range.upperBound
        }
        let atoms = tags.flatMap { atom($0.name, $0.value) }
        for box in parents {
            let size = box.range.count + atoms.count
            guard size < Int(UInt32.max) else { return false }
            index.replaceSubrange(box.range.lowerBound..<box.range.lowerBound + 4, with: word(size))
        }
        index.insert(contentsOf: atoms, at: range.upperBound)
        return true
    }

    /// Where the last box begins, if it is the index.
    private static func lastBox(in descriptor: Int32, size: Int) -> Int? {
        var place = 0
        while place + 8 <= size {
            var header = [UInt8](repeating: 0, count: 16)
            guard pread(descriptor, &header, 16, off_t(place)) >= 8 else { return nil }
            var length = number(header[0..<4])
            if length == 1 { length = number(header[8..<16]) }
            guard length >= 8, place + length <= size else { return nil }
            if place + length == size { return Array(header[4..<8]) == Array("moov".utf8) ? place : nil }
            place += length
        }
        return nil
    }

    private static func boxes(_ bytes: [UInt8], in range: Range<Int>) -> [Box] {
        var (result, place) = ([Box](), range.lowerBound)
        while place + 8 <= range.upperBound {
            let length = number(bytes[place..<place + 4])
            guard length >= 8, place + length <= range.upperBound else { break }
            result.append(Box(type: Array(bytes[place + 4..<place + 8]), range: place..<place + length))
            place += length
        }
        return result
    }

    private static func atom(_ name: String, _ value: String) -> [UInt8] {
        func box(_ type: String, _ content: [UInt8]) -> [UInt8] { word(8 + content.count) + Array(type.utf8) + content }
        // Version and flags; `data` says with 1 that it is UTF-8, and has a locale.
        return box(
            "----",
            box("mean", word(0) + Array("com.apple.iTunes".utf8)) + box("name", word(0) + Array(name.utf8))
                + box("data", word(1) + word(0) + Array(value.utf8)))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 > Int.max >> 9 ? Int.max : $0 << 8 | Int($1) }
    }

    private static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xff) } }
}
