public import AudioIO
public import Books
import Files
public import Foundation
public import Synthesis
public import VoiceStore

/// Speaks the chapters of a book one after the other; what is done already stays.
///
/// ```swift
/// let narrator = Narrator(book, synthesizer: synthesizer, data: data, voice: voice, format: .opus)
/// let outcome = try await narrator.run(in: NarrationFolder(URL(filePath: "book")))
/// ```
public struct Narrator: Sendable {
    public let book: Book
    public let synthesizer: Synthesizer
    /// The folder that the synthesizer was loaded from.
    public let data: URL
    public let voice: Voice
    public let options: SpeechOptions
    public let format: AudioFormat
    public let subtitles: Subtitles.Format?
    /// Who says what; nil for one voice.
    public let cast: CastPlan?

    /// - Parameters:
    ///   - data: the folder that the synthesizer was loaded from.
    ///   - voice: who speaks, as `VoiceStore.voice` gives it.
    ///   - subtitles: the kind of subtitles beside each chapter; nil for none.
    ///   - cast: made of the same book; nil for one voice.
    public init(
        _ book: Book, synthesizer: Synthesizer, data: URL, voice: Voice, options: SpeechOptions = SpeechOptions(),
        format: AudioFormat, subtitles: Subtitles.Format? = nil, cast: CastPlan? = nil
    ) {
        self.book = book
        self.synthesizer = synthesizer
        self.data = data
        self.voice = voice
        self.options = options
        self.format = format
        self.subtitles = subtitles
        self.cast = cast
    }

    /// How far a narration is.
    public struct Progress: Sendable, Equatable {
        /// UTF-8 bytes of text that were spoken, and of all that was to be spoken at first.
        public var bytes: Int
        public var totalBytes: Int
        /// Seconds of speech.
        public var seconds: Double
    }

    /// What came of it.
    public struct Outcome: Sendable {
        public var record: NarrationRecord
        /// Chapters that were spoken now; the others of the record were there.
        public var spoken: Int
    }

    /// Speaks what is missing or changed, and removes files of an earlier narration that are none of this one.
    ///
    /// - Parameters:
    ///   - chapters: numbers of the chapters that are asked for, from 1; nil for all.
    ///   - progress: called after every piece of speech.
    public func run(
        in folder: borrowing NarrationFolder, chapters: Set<Int>? = nil, progress: (Progress) -> Void = { _ in }
    ) async throws -> Outcome {
        let url = folder.url
        let old = NarrationRecord(in: url)
        var record = NarrationRecord(title: book.title, author: book.author, voice: voice.name)
        var todo: [(index: Int, plan: NarrationRecord.Chapter)] = []
        var keys = try SpeechKeys(synthesizer, data: data)
        for (index, chapter) in book.chapters.enumerated() {
            let plan = try plan(index, chapter, &keys)
            if let done = old?.chapters.first(where: { $0.key == plan.key && $0.file == plan.file }),
                Self.isThere(done, in: url)
            {
                record.chapters.append(done)
            } else if chapters?.contains(index + 1) ?? true {
                todo.append((index, plan))
            } else if let stale = old?.chapters.first(where: { $0.number == index + 1 }), Self.isThere(stale, in: url) {
                record.chapters.append(stale)
            }
        }
        Self.removeLeftovers(of: old, keeping: record.chapters.map(\.file) + todo.map(\.plan.file), in: url)
        let total = todo.reduce(0) { $0 + text(of: $1.index).utf8.count }
        var (bytes, seconds) = (0, 0.0)
        for (index, plan) in todo {
            let done = try await speak(index, plan, in: url) { place, time in
                progress(Progress(bytes: bytes + place, totalBytes: total, seconds: seconds + time))
            }
            bytes += text(of: index).utf8.count
            seconds += done.seconds
            record.chapters.append(done)
            record.chapters.sort { $0.number < $1.number }
            // A chapter is done when its file and the record both say so.
            try record.write(in: url)
        }
        try record.write(in: url)
        try record.writeLists(in: url)
        return Outcome(record: record, spoken: todo.count)
    }

    private func plan(
        _ index: Int, _ chapter: Book.Chapter, _ keys: inout SpeechKeys
    ) throws -> NarrationRecord.Chapter {
        let file = NarrationRecord.fileName(
            number: index + 1, of: book.chapters.count, title: chapter.title, format: format)
        let stem = file.dropLast(format.rawValue.count + 1)
        let key = try keys.key(
            of: text(of: index), voice: voice, options: options(for: index),
            output: [PeakLimiter.version, format.rawValue, subtitles?.rawValue ?? "", title(of: chapter)])
        return NarrationRecord.Chapter(
            number: index + 1, title: chapter.title, file: file, subtitles: subtitles.map { "\(stem).\($0.rawValue)" },
            key: key.description, seconds: 0, bytes: 0)
    }

    /// What is spoken of a chapter: its text, or SSML in which each speaker has a voice.
    private func text(of index: Int) -> String { cast?.chapters[index] ?? book.chapters[index].text }

    private func options(for index: Int) -> SpeechOptions {
        var options = options
        options.isSSML = cast != nil
        if !options.detectsLanguage {
            options.language = book.language(
                ofChapter: index, in: options.language, among: synthesizer.languages)
        }
        return options
    }

    /// What a chapter's file calls itself.
    private func title(of chapter: Book.Chapter) -> String { "\(chapter.title) – \(book.title)" }

    private static func size(_ name: String, in folder: URL) -> Int? {
        FileStatus(folder.appending(path: name).path(percentEncoded: false))?.size
    }

    private static func isThere(_ chapter: NarrationRecord.Chapter, in folder: URL) -> Bool {
        size(chapter.file, in: folder) == chapter.bytes
            && chapter.subtitles.map { size($0, in: folder) != nil } ?? true
    }

    /// Chapter files of an earlier run that no chapter is kept in any more.
    private static func removeLeftovers(of old: NarrationRecord?, keeping kept: [String], in folder: URL) {
        for chapter in old?.chapters ?? [] where !kept.contains(chapter.file) {
            for name in [chapter.file, chapter.subtitles].compactMap({ $0 }) where !name.contains("/") {
                try? FileManager.default.removeItem(at: folder.appending(path: name))
            }
        }
    }

    private func speak(
        _ index: Int, _ plan: NarrationRecord.Chapter, in folder: URL,
        progress: (_ place: Int, _ seconds: Double) -> Void
    ) async throws -> NarrationRecord.Chapter {
        let writer = try AudioWriter(
            to: folder.appending(path: plan.file), format: format, sampleRate: Synthesizer.sampleRate,
            metadata: .speech(voice: voice.name, software: Synthesizer.software, title: title(of: book.chapters[index]))
        )
        var meter = SpeechLevelMeter(sampleRate: Synthesizer.sampleRate)
        let cueFile = try plan.subtitles.map { try AtomicFile(folder.appending(path: $0)) }
        var cues = Subtitles()
        var place = 0
        for try await chunk in synthesizer.speak(text(of: index), voice: voice, options: options(for: index)) {
            let samples = chunk.samples.map(PeakLimiter.limit)
            meter.add(samples)
            try writer.append(samples)
            if let sentence = chunk.sentence {
                place = sentence.range.upperBound
                if cueFile != nil { cues.append(sentence) }
            }
            progress(place, Double(writer.sampleCount) / Double(Synthesizer.sampleRate))
        }
        if let cueFile, let subtitles {
            try cueFile.write(Array(cues.text(subtitles).utf8))
            try cueFile.commit()
        }
        try writer.finish()
        var done = plan
        done.seconds = Double(writer.sampleCount) / Double(Synthesizer.sampleRate)
        done.levels = meter.levels
        done.bytes = Self.size(plan.file, in: folder) ?? 0
        return done
    }
}
