public import Files
public import Foundation

/// An audiobook in one file: AAC chapters joined into an M4B, with metadata and a cover.
///
/// ```swift
/// var book = Audiobook(title: "Two Days", author: "Ann Author")
/// try book.write([(title: "One", file: one), (title: "Two", file: two)], to: AtomicFile(url))
/// ```
public struct Audiobook: Sendable, Equatable {
    /// The title, and the name of the album.
    public var title: String
    /// The author.
    public var author: String?
    /// The narrator.
    public var narrator: String?
    /// Three letters of ISO 639-2, such as eng.
    public var language: String?
    /// A year, or more.
    public var date: String?
    /// The series that it belongs to.
    public var series: String?
    /// The position in the series.
    public var part: String?
    /// A comment.
    public var comment: String?
    /// A JPEG or PNG file.
    public var cover: [UInt8]?
    /// Of the whole book, for ReplayGain.
    public var levels: SpeechLevels?

    /// An audiobook with a title and perhaps an author.
    public init(title: String, author: String? = nil) {
        self.title = title
        self.author = author
    }

    /// Joins chapters without re-encoding their AAC.
    ///
    /// - Parameters:
    ///   - chapters: files that `AudioWriter` wrote as `aac`, of one sample rate.
    ///   - sampleRate: theirs, in Hz.
    /// - Throws: `AudioError`, `FileError`
    public func write(_ chapters: [(title: String, file: URL)], sampleRate: Int, to sink: any ByteSink) throws {
        var words = self.words
        var place = 0
        for chapter in chapters {
            let path = chapter.file.path(percentEncoded: false)
            let file = try OpenFile(reading: path)
            guard let samples = ADTS.samples(in: file) else {
                throw AudioError.unreadable(path: path, reason: "it is not a complete AAC file")
            }
            words.addChapter(chapter.title, samples: place..<place + samples, rate: sampleRate)
            place += samples
        }
        let result = try TemporaryFile()
        let (text, picture) = (try TemporaryFile(words.text), try cover.map { try TemporaryFile(bytes: $0) })
        // As long as the encoder, for what is only copied.
        let process = try MediaProcess(
            ["join", "100000"], input: .pipe, output: .file(result.descriptor),
            extra: [text.descriptor, picture?.descriptor])
        for chapter in chapters {
            let file = try OpenFile(reading: chapter.file.path(percentEncoded: false))
            if try !process.write(file) { break }
        }
        if case .failure(let reason) = try process.finish() { throw AudioError.encoder(format: .m4a, reason: reason) }
        _ = try MP4Tags.append(freeForm, to: result.descriptor)
        try result.copy(to: sink)
        try sink.commit()
    }

    private var words: FFMetadata {
        var words = FFMetadata()
        words.add("title", title)
        words.add("album", title)
        words.add("artist", author)
        words.add("album_artist", author)
        // Where players of audiobooks look for the narrator.
        words.add("composer", narrator)
        words.add("date", date)
        words.add("language", language)
        words.add("genre", "Audiobook")
        words.add("grouping", series.map { name in part.map { "\(name) #\($0)" } ?? name })
        words.add("comment", comment)
        // An audiobook, in iTunes' numbers.
        words.add("media_type", "2")
        return words
    }

    /// Tags without an atom of their own, by the names that players know.
    private var freeForm: [(name: String, value: String)] {
        var tags: [(name: String, value: String)] = []
        func add(_ name: String, _ value: String?) { if let value, !value.isEmpty { tags.append((name, value)) } }
        add("NARRATOR", narrator)
        add("SERIES", series)
        add("SERIES-PART", part)
        add("LANGUAGE", language)
        if let levels, let gain = levels.replayGain {
            for scope in ["track", "album"] {
                add("replaygain_\(scope)_gain", String(format: "%.2f dB", gain))
                add("replaygain_\(scope)_peak", String(format: "%.6f", pow(10, levels.peak / 20)))
            }
        }
        return tags
    }
}
