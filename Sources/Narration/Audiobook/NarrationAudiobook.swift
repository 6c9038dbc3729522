import AudioIO
import Books
import Files
public import Foundation
import Synthesis
import VoiceStore

extension Narrator {
    /// Joins the chapters of a whole narration, spoken as `aac`, into one file of an audiobook.
    ///
    /// - Parameters:
    ///   - record: what `run` gave for all chapters
    ///   - folder: where their files are
    /// - Throws: `AudioError`, `FileError`
    public func writeAudiobook(_ record: NarrationRecord, from folder: URL, to url: URL) throws {
        var audiobook = Audiobook(title: book.title, author: book.author)
        audiobook.narrator = "Starling voice \(voice.name)"
        audiobook.language = book.language.flatMap(Self.language) ?? "eng"
        // A year, where the book has a day.
        audiobook.date = book.date.map { String($0.prefix(10)) }
        audiobook.series = book.series?.name
        audiobook.part = book.series?.position
        audiobook.comment = AudioMetadata.speech(voice: voice.name, software: Synthesizer.software).comment
        audiobook.cover = book.cover.flatMap { Self.isPicture($0) ? $0 : nil }
        audiobook.levels = record.levels
        try audiobook.write(
            record.chapters.map { ($0.title, folder.appending(path: $0.file)) }, sampleRate: Synthesizer.sampleRate,
            to: AtomicFile(url))
    }

    /// The three letters of a language tag.
    private static func language(_ tag: String) -> String? {
        Locale.Language(identifier: tag).languageCode?.identifier(.alpha3)
    }

    private static func isPicture(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0xFF, 0xD8, 0xFF]) || bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
    }
}
