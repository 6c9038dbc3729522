import AudioIO
import Files
import Foundation

/// The names of a narration's files, and its lists.
extension NarrationRecord {
    /// A playlist, and chapter marks in ffmpeg's form for those who join the files into one.
    func writeLists(in folder: URL) throws(FileError) {
        var playlist = "#EXTM3U\n#PLAYLIST:\(Self.line(title))\n"
        var marks = FFMetadata()
        marks.add("title", title)
        marks.add("artist", author ?? voice)
        marks.add("genre", "Audiobook")
        var start = 0
        for chapter in chapters {
            playlist += "#EXTINF:\(Int(chapter.seconds.rounded())),\(Self.line(chapter.title))\n\(chapter.file)\n"
            let end = start + Int((chapter.seconds * 1000).rounded())
            marks.addChapter(chapter.title, samples: start..<end, rate: 1000)
            start = end
        }
        try AtomicFile.save(Array(playlist.utf8), to: folder.appending(path: "playlist.m3u8"))
        try AtomicFile.save(Array(marks.text.utf8), to: folder.appending(path: "chapters.ffmetadata"))
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// Bytes of a title that go into a file's name.
    private static let longestName = 60

    /// The file of a chapter: its number and as much of its title as file systems like.
    static func fileName(number: Int, of count: Int, title: String, format: AudioFormat) -> String {
        let digits = max(2, String(count).count)
        let padded = String(repeating: "0", count: max(0, digits - String(number).count)) + String(number)
        let isKept = { (scalar: Unicode.Scalar) in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_'’,".unicodeScalars.contains(scalar)
        }
        // Whole words, as many as there is room for; of a first word that is too long its beginning.
        var name = ""
        for word in title.unicodeScalars.split(whereSeparator: { !isKept($0) }) {
            let longer = name.isEmpty ? String(word) : "\(name) \(String(word))"
            guard longer.utf8.count > longestName else {
                name = longer
                continue
            }
            if name.isEmpty {
                for scalar in word where name.utf8.count < longestName { name.unicodeScalars.append(scalar) }
            }
            break
        }
        let trimmed = name.trimmingCharacters(in: CharacterSet(charactersIn: " -_,'’"))
        // A title that is no more than the number is said by it.
        return trimmed.isEmpty || trimmed == String(number)
            ? "\(padded).\(format.rawValue)" : "\(padded) \(trimmed).\(format.rawValue)"
    }
}
