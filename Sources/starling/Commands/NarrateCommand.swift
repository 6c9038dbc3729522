public import ArgumentParser
import AudioIO
import Books
import Foundation
import Narration
public import Synthesis
import VoiceModel
import VoiceStore

extension Subtitles.Format: ExpressibleByArgument {}

struct NarrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "narrate",
        abstract: "Narrate a book as one audiobook, or as a file per chapter.",
        discussion: """
            The book is an EPUB, Markdown, HTML or text file. If poppler and pandoc are installed, it may be a PDF, DOCX or ODT.

            To resume after an interruption, give the same command again. It keeps chapters whose text, voice and settings \
            have not changed. With -o NAME.m4b, the chapters are in the folder NAME.parts.

            The language is the one that the book declares, unless --language names another. Title pages, imprints, contents, \
            notes, indexes and the like are skipped, unless --include names them.
            """)

    @Argument(
        help: ArgumentHelp("The book: .epub, .md, .html, .txt (UTF-8), .pdf, .docx or .odt.", valueName: "book"),
        completion: .file())
    var book: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "NAME.m4b for one file with chapters, or a folder for a file per chapter.", valueName: "name"),
        completion: .directory)
    var output: String?

    @Flag(help: "Only list the chapters.")
    var list = false

    @Option(help: ArgumentHelp("The chapters to speak, such as 1,3-5. Default: all.", valueName: "numbers"))
    var chapters: String?

    @Option(
        help: ArgumentHelp(
            "Parts to read as well, separated by commas: \(Matter.allCases.map(\.rawValue).joined(separator: ", ")), or all.",
            valueName: "parts"))
    var include: String?

    @Option(
        help: ArgumentHelp(
            "A file that assigns voices to the characters of the book; see docs/narrate.md.", valueName: "toml"),
        completion: .file(extensions: ["toml"]))
    var cast: String?

    @Flag(help: "Only show who says how much, and in which voice.")
    var dryRun = false

    @OptionGroup var speaker: VoiceOptions

    @OptionGroup var model: ModelOptions

    @Option(help: "The format. Default: opus; the chapters of an audiobook are always aac.")
    var format: AudioFormat?

    @Option(help: "Write subtitles beside each chapter.")
    var subtitles: Subtitles.Format?

    @Flag(inversion: .prefixedNo, help: "Show a progress bar when standard error is a terminal.")
    var progress = true

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        var book = try Book(contentsOf: URL(filePath: book), including: Self.matter(include))
        if let loss = book.loss { Terminal.complain("starling: note: \(loss)") }
        let wanted = try Self.numbers(chapters, count: book.chapters.count)
        if list { return try show(book, wanted) }
        let castFile = try cast.map { try CastFile(contentsOf: URL(filePath: $0)) }
        if dryRun, castFile == nil { return try show(CastPlan(book, cast: nil)) }
        guard output != nil || dryRun else {
            throw ValidationError("Name a folder or NAME.m4b with --output, or add --list or --dry-run.")
        }
        let store = try shared.store()
        let plan = try castFile.map { cast in
            CastPlan(book, cast: cast, genders: try Self.genders(cast, store))
        }
        if let plan { try show(plan, toError: !dryRun) }
        guard !dryRun, let output else { return }
        let place = URL(filePath: output)
        let isAudiobook = place.pathExtension.lowercased() == "m4b"
        if isAudiobook, format != nil || chapters != nil {
            throw ValidationError("An audiobook holds all chapters, as AAC; leave out --format and --chapters.")
        }
        let synthesizer = try shared.synthesizer(model.size)
        let voice = try synthesizer.store.voice(castFile?.narrator ?? speaker.voice)
        var options = speaker.speech
        if options.languageChoice == nil {
            options.language = try book.language(among: synthesizer.languages)
            report(unspoken: book.unspokenChapters(among: synthesizer.languages), of: book)
        } else {
            book.forgetLanguages()
        }
        if let language = options.language { try synthesizer.check(language) }
        let narrator = try Narrator(
            book, synthesizer: synthesizer, data: shared.location().data, voice: voice, options: options,
            format: isAudiobook ? .aac : format ?? .opus, subtitles: subtitles, cast: plan)
        let parts = isAudiobook ? place.deletingPathExtension().appendingPathExtension("parts") : place
        let folder = try NarrationFolder(URL(filePath: parts.relativePath, directoryHint: .isDirectory))
        var bar = ProgressBar(isWanted: progress)
        defer { bar.clear() }
        let outcome = try await narrator.run(in: folder, chapters: wanted) {
            bar.show(done: $0.bytes, of: $0.totalBytes, seconds: $0.seconds)
        }
        if isAudiobook { try narrator.writeAudiobook(outcome.record, from: folder.url, to: place) }
        bar.clear()
        report(outcome, book: book, voice: voice)
    }

    private func show(_ book: Book, _ wanted: Set<Int>) throws {
        for (i, chapter) in book.chapters.enumerated() where wanted.contains(i + 1) {
            let words = chapter.text.split(whereSeparator: \.isWhitespace).count
            try Terminal.say(
                "\(i + 1)\t\(chapter.title.split(whereSeparator: \.isNewline).joined(separator: " "))\t\(words) words")
        }
    }

    /// Who says how much, with what voice.
    private func show(_ plan: CastPlan, toError: Bool = false) throws {
        var lines = plan.parts.map { "\($0.name)\t\($0.voice ?? "narrator")\t\($0.quotations) quotations" }
        if plan.open > 0 { lines.append("(unknown)\tnarrator\t\(plan.open) quotations") }
        if lines.isEmpty { lines = ["the book has no dialogue"] }
        for line in lines { if toError { Terminal.complain(line) } else { try Terminal.say(line) } }
    }

    /// What "he" and "she" mean, by the voices of a cast, which all have to be there.
    private static func genders(_ cast: CastFile, _ store: VoiceStore) throws -> [String: String] {
        var genders: [String: String] = [:]
        let known = Dictionary(store.list().map { ($0.name.text, $0.gender) }) { first, _ in first }
        for name in cast.speakers.map(\.voice) + [cast.narrator].compactMap({ $0 }) {
            _ = try store.voice(name)
            genders[name] = known[name].flatMap { $0 }
        }
        return genders
    }

    private static func matter(_ text: String?) throws -> Set<Matter> {
        guard let text else { return [] }
        if text == "all" { return Set(Matter.allCases) }
        return Set(
            try text.split(separator: ",").map { part in
                let name = part.trimmingCharacters(in: .whitespaces)
                guard let matter = Matter(rawValue: name) else { throw CommandError.matter(name) }
                return matter
            })
    }

    /// Which chapters are read in the book's language although they declare another.
    private func report(unspoken: [Int], of book: Book) {
        for index in unspoken {
            let tag = book.chapters[index].language ?? ""
            Terminal.complain(
                "starling: note: chapter \(index + 1) declares the language \"\(tag.prefix(20))\", which Starling does not speak; the language of the book is used"
            )
        }
    }

    /// How long it is and whether its levels are those that publishers ask for; what is wrong is said wherever it goes.
    private func report(_ outcome: Narrator.Outcome, book: Book, voice: Voice) {
        let chapters = outcome.record.chapters
        for chapter in chapters {
            if let problems = chapter.levels?.problems, !problems.isEmpty {
                Terminal.complain(
                    "starling: note: \(chapter.file): \(problems.joined(separator: "; ")) (limits of ACX)")
            }
        }
        guard Terminal.isInteractive else { return }
        let total = chapters.reduce(0) { $0 + $1.seconds }
        let kept = chapters.count - outcome.spoken
        Terminal.complain(
            "\(book.title): \(chapters.count) chapters, \(ProgressBar.clock(total)) of speech, voice \(voice.name)"
                + (kept > 0 ? "; \(kept) were already done" : ""))
        if let levels = outcome.record.levels, levels.problems.isEmpty {
            Terminal.complain(
                String(
                    format: "RMS %.1f dB, peak %.1f dB, noise floor %.0f dB: within the limits of ACX", levels.rms,
                    levels.peak, levels.noiseFloor))
        }
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
