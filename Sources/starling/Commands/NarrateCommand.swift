public import ArgumentParser
import AudioIO
import Books
import Foundation
import Narration
public import Synthesis
import VoiceStore

extension Subtitles.Format: ExpressibleByArgument {}

struct NarrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "narrate",
        abstract: "Speak a book into a folder, a file a chapter.",
        discussion: """
            BOOK is an EPUB, a Markdown or a text file. A narration that was interrupted goes on where it was when the same
            command is given again; chapters whose text, voice and settings are unchanged are kept.
            """)

    @Argument(
        help: ArgumentHelp("The book: .epub, .md, .html or text (UTF-8).", valueName: "book"), completion: .file())
    var book: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder for the chapters.", valueName: "dir"),
        completion: .directory)
    var output: String?

    @Flag(help: "Only list the chapters.")
    var list = false

    @Option(help: ArgumentHelp("Only these chapters, as in 1,3-5.", valueName: "numbers"))
    var chapters: String?

    @OptionGroup var speaker: VoiceOptions

    @Option(help: "wav, flac, ogg, opus, mp3 or raw.")
    var format = AudioFormat.opus

    @Option(help: "Write subtitles beside each chapter: srt or vtt.")
    var subtitles: Subtitles.Format?

    @Flag(inversion: .prefixedNo, help: "Show a progress bar when standard error is a terminal.")
    var progress = true

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let book = try Book(contentsOf: URL(filePath: book))
        let wanted = try Self.numbers(chapters, count: book.chapters.count)
        if list {
            for (i, chapter) in book.chapters.enumerated() where wanted.contains(i + 1) {
                let words = chapter.text.split(whereSeparator: \.isWhitespace).count
                try Terminal.say(
                    "\(i + 1)\t\(chapter.title.split(whereSeparator: \.isNewline).joined(separator: " "))\t\(words) words"
                )
            }
            return
        }
        guard let output else { throw ValidationError("Give the folder for the chapters with --output, or --list.") }
        let synthesizer = try shared.synthesizer()
        let voice = try synthesizer.store.voice(speaker.voice)
        let narrator = try Narrator(
            book, synthesizer: synthesizer, data: shared.location().data, voice: voice, options: speaker.speech,
            format: format,
            subtitles: subtitles)
        let folder = try NarrationFolder(URL(filePath: output, directoryHint: .isDirectory))
        var bar = ProgressBar(isWanted: progress)
        defer { bar.clear() }
        let outcome = try await narrator.run(in: folder, chapters: wanted) {
            bar.show(done: $0.bytes, of: $0.totalBytes, seconds: $0.seconds)
        }
        bar.clear()
        report(outcome, book: book, voice: voice)
    }

    private func report(_ outcome: Narrator.Outcome, book: Book, voice: Voice) {
        guard Terminal.isInteractive else { return }
        let chapters = outcome.record.chapters
        let total = chapters.reduce(0) { $0 + $1.seconds }
        let kept = chapters.count - outcome.spoken
        Terminal.complain(
            "\(book.title): \(chapters.count) chapters, \(ProgressBar.clock(total)) of speech, voice \(voice.name)"
                + (kept > 0 ? "; \(kept) were there already" : ""))
    }

    /// "1,3-5" as a set; all where nothing is asked for.
    static func numbers(_ text: String?, count: Int) throws -> Set<Int> {
        guard let text else { return Set(1...max(1, count)) }
        var result: Set<Int> = []
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last,
                first >= 1, last <= count
            else {
                throw CommandError.chapters(text, count: count)
            }
            result.formUnion(first...last)
        }
        if result.isEmpty { throw CommandError.chapters(text, count: count) }
        return result
    }
}
