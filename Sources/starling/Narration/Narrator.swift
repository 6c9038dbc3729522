import AudioIO
import Books
import Files
import Foundation
import Synthesis
import VoiceStore

/// Speaks the chapters of a book one after the other; what is done already stays.
struct Narrator {
    let book: Book
    /// Numbers of the chapters that are asked for.
    let wanted: Set<Int>
    let folder: URL
    let synthesizer: Synthesizer
    let voice: Voice
    let options: SpeechOptions
    let format: AudioFormat
    let subtitles: Subtitles.Format?
    let settings: String
    let showsProgress: Bool

    func run() async throws {
        let old = Narration.read(in: folder)
        var narration = Narration(title: book.title, author: book.author, voice: voice.name, chapters: [])
        var todo: [(index: Int, plan: Narration.Chapter)] = []
        for (index, chapter) in book.chapters.enumerated() {
            let plan = plan(index, chapter)
            if let done = old?.chapters.first(where: { $0.key == plan.key && $0.file == plan.file }), isThere(done) {
                narration.chapters.append(done)
            } else if wanted.contains(index + 1) {
                todo.append((index, plan))
            } else if let stale = old?.chapters.first(where: { $0.number == index + 1 }), isThere(stale) {
                narration.chapters.append(stale)
            }
        }
        removeLeftovers(of: old, keeping: narration.chapters.map(\.file) + todo.map(\.plan.file))
        var bar = ProgressBar(
            total: todo.reduce(0) { $0 + book.chapters[$1.index].text.utf8.count }, isWanted: showsProgress)
        var bytes = 0
        var seconds = 0.0
        do {
            for (index, plan) in todo {
                let done = try await speak(book.chapters[index], plan) { place, time in
                    bar.show(done: bytes + place, seconds: seconds + time)
                }
                bytes += book.chapters[index].text.utf8.count
                seconds += done.seconds
                narration.chapters.append(done)
                narration.chapters.sort { $0.number < $1.number }
                // A chapter is done when its file and the record both say so.
                try narration.write(in: folder)
            }
        } catch {
            bar.clear()
            throw error
        }
        bar.clear()
        try narration.write(in: folder)
        try narration.writeLists(in: folder)
        report(narration, spoken: todo.count)
    }

    private func plan(_ index: Int, _ chapter: Book.Chapter) -> Narration.Chapter {
        let file = Narration.fileName(number: index + 1, of: book.chapters.count, title: chapter.title, format: format)
        let stem = file.dropLast(format.rawValue.count + 1)
        let parts = [
            settings, book.title, book.author ?? "", chapter.title, "\(index + 1)", subtitles?.rawValue ?? "",
            chapter.text,
        ]
        return Narration.Chapter(
            number: index + 1, title: chapter.title, file: file, subtitles: subtitles.map { "\(stem).\($0.rawValue)" },
            key: Narration.digest(parts), seconds: 0, bytes: 0)
    }

    private func size(_ name: String) -> Int? {
        FileStatus(folder.appending(path: name).path(percentEncoded: false))?.size
    }

    private func isThere(_ chapter: Narration.Chapter) -> Bool {
        size(chapter.file) == chapter.bytes && chapter.subtitles.map { size($0) != nil } ?? true
    }

    /// Chapter files of an earlier run that no chapter is kept in any more.
    private func removeLeftovers(of old: Narration?, keeping kept: [String]) {
        for chapter in old?.chapters ?? [] where !kept.contains(chapter.file) {
            for name in [chapter.file, chapter.subtitles].compactMap({ $0 }) where !name.contains("/") {
                try? FileManager.default.removeItem(at: folder.appending(path: name))
            }
        }
    }

    private func speak(
        _ chapter: Book.Chapter, _ plan: Narration.Chapter, progress: (_ place: Int, _ seconds: Double) -> Void
    ) async throws -> Narration.Chapter {
        let metadata = AudioMetadata(
            software: "Starling \(version)", title: "\(chapter.title) – \(book.title)",
            artist: "Starling voice \(voice.name)", comment: "Synthetic speech, not a recording of a person.")
        let url = folder.appending(path: plan.file)
        let writer = try AudioWriter(to: url, format: format, sampleRate: Synthesizer.sampleRate, metadata: metadata)
        let cueFile = try plan.subtitles.map { try AtomicFile(folder.appending(path: $0)) }
        var cues = Subtitles()
        var place = 0
        for try await chunk in synthesizer.speak(chapter.text, voice: voice, options: options) {
            try writer.append(chunk.samples)
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
        done.bytes = size(plan.file) ?? 0
        return done
    }

    private func report(_ narration: Narration, spoken: Int) {
        guard Terminal.isInteractive else { return }
        let total = narration.chapters.reduce(0) { $0 + $1.seconds }
        let kept = narration.chapters.count - spoken
        Terminal.complain(
            "\(book.title): \(narration.chapters.count) chapters, \(ProgressBar.clock(total)) of speech, voice \(voice.name)"
                + (kept > 0 ? "; \(kept) were there already" : ""))
    }
}
