import AudioIO
import Files
import Foundation
import SpeechSignal
import Synthesis
import VoiceProfile
import VoiceStore

/// The record of a narration, kept in its folder as narration.json: which chapters are spoken, and from what.
struct Narration: Codable {
    struct Chapter: Codable, Equatable {
        var number: Int
        var title: String
        var file: String
        var subtitles: String?
        /// Digest of all that the sound depends on; another text, voice or setting gives another.
        var key: String
        var seconds: Double
        var bytes: Int
    }

    var schema = 1
    var title: String
    var author: String?
    var voice: String
    var chapters: [Chapter]

    static let fileName = "narration.json"

    /// The record in a folder; nil where there is none that can be read, so that all is done anew.
    static func read(in folder: URL) -> Narration? {
        let path = folder.appending(path: fileName).path(percentEncoded: false)
        guard let bytes = try? OpenFile(reading: path).plainContents(limit: 64 << 20).bytes else { return nil }
        return try? JSONDecoder().decode(Narration.self, from: Data(bytes))
    }

    func write(in folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.save(try encoder.encode(self), to: folder.appending(path: Self.fileName))
    }

    /// A playlist, and chapter marks in ffmpeg's form for those who join the files into one.
    func writeLists(in folder: URL) throws {
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

    /// Digest of what a narration depends on apart from its texts: voice, settings, networks and tables.
    static func settings(voice: Voice, options: SpeechOptions, format: AudioFormat, data: URL) throws -> String {
        var parts = ["starling \(version)", voice.name, voice.accent.rawValue, format.rawValue]
        parts += [options.speed, options.pitch].map { "\($0)" } + ["\(options.seed)"]
        parts += [voice.profile.vector.withUnsafeBytes { Digest.sha256($0) }]
        for name in [
            "acoustic.safetensors", "vocoder.safetensors", "g2p.safetensors", "lexicon.bin", "tagger.bin",
            "homographs.bin",
        ] {
            parts.append(try Digest.sha256(contentsOf: data.appending(path: name)))
        }
        return digest(parts)
    }

    static func digest(_ parts: [String]) -> String {
        Digest.sha256(Array(parts.joined(separator: "\u{1F}").utf8))
    }
}

/// A folder that one narration at a time works in.
final class NarrationFolder {
    let url: URL
    private let lock: FileLock

    init(_ url: URL) throws {
        self.url = url
        let path = url.path(percentEncoded: false)
        do throws(FileError) {
            try Folder.make(path)
            lock = try FileLock(folder: path, waits: false)
        } catch .locked {
            throw CommandError.folder(path: path, reason: "another narration is writing into it")
        } catch {
            throw CommandError.folder(path: path, reason: error.reason)
        }
    }
}
