import AudioIO
import Files
import Foundation

/// The names of a narration's files, and its lists.
extension NarrationRecord {
    /// A playlist, and chapter marks in ffmpeg's form for those who join the files into one.
    func writeLists(in folder: URL) throws(FileError) {
        var playlist = "#EXTM3U\n#PLAYLIST:\(Self.line(title))\n"
        var marks =
            ";FFMETADATA1\ntitle=\(Self.escaped(title))\nartist=\(Self.escaped(author ?? voice))\ngenre=Audiobook\n"
        var start = 0.0
        for chapter in chapters {
            playlist += "#EXTINF:\(Int(chapter.seconds.rounded())),\(Self.line(chapter.title))\n\(chapter.file)\n"
            let end = start + chapter.seconds
            marks +=
                "\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=\(Int(start * 1000))\nEND=\(Int(end * 1000))\ntitle=\(Self.escaped(chapter.title))\n"
            start = end
        }
        try AtomicFile.save(Array(playlist.utf8), to: folder.appending(path: "playlist.m3u8"))
        try AtomicFile.save(Array(marks.utf8), to: folder.appending(path: "chapters.ffmetadata"))
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in line(text) {
            if "=;#\\".contains(character) { result += "\\" }
            result.append(character)
        }
        return result
    }

    /// The file of a chapter: its number and as much of its title as file systems like.
    static func fileName(number: Int, of count: Int, title: String, format: AudioFormat) -> String {
        let digits = max(2, String(count).count)
        let padded = String(repeating: "0", count: max(0, digits - String(number).count)) + String(number)
        var name = ""
        for scalar in title.unicodeScalars {
            let isKept =
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_',".unicodeScalars.contains(scalar)
            if isKept {
                name.unicodeScalars.append(scalar)
            } else if name.last != " ", !name.isEmpty {
                name += " "
            }
            if name.utf8.count > 80 { break }
        }
        let trimmed = name.trimmingCharacters(in: CharacterSet(charactersIn: " -_,'"))
        return trimmed.isEmpty ? "\(padded).\(format.rawValue)" : "\(padded) \(trimmed).\(format.rawValue)"
    }
}
