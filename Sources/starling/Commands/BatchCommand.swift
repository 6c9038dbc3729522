import ArgumentParser
import AudioIO
import Batch
import Files
import Foundation
import Synthesis
import TextFrontend
import VoiceModel

struct BatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Speak a list of texts, a file each, on one machine or many.",
        discussion: """
            The manifest has one JSON object per line: id, text or ssml, and, where they differ from the options, voice, language, \
            speed, pitch, seed and format. Each item becomes the file ID.FORMAT and a line in results-I-of-N.jsonl.

            Files that are complete and made from the same request are skipped. So the same command resumes after an interruption \
            and retries what failed.

            Exit status: 0 if all is done, 1 if something failed, 75 if something is left because the command was stopped or \
            another process has the shard.
            """)

    /// The exit status of what should be tried again, as in sysexits.h.
    static let tryAgain = ExitCode(75)

    @Argument(help: ArgumentHelp("The manifest, as JSON lines.", valueName: "manifest"), completion: .file())
    var manifest: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder for the files.", valueName: "dir"), completion: .directory)
    var output: String

    @Option(
        help: ArgumentHelp(
            "Speak only part I of N, such as 0/4. slurm takes both numbers from an array job, kubernetes/N takes I from an Indexed Job.",
            valueName: "i/n"))
    var shard: String?

    @Option(name: .shortAndLong, help: "The voice of items that name none.")
    var voice = SayCommand.defaultVoice

    @Option(name: .shortAndLong, help: "The speed of items that give none, 0.25 to 4.")
    var speed: Float = 1

    @Option(
        name: .shortAndLong, parsing: .unconditional, help: "The pitch of items that give none, -12 to 12 semitones.")
    var pitch: Float = 0

    @Option(help: "The seed of items that give none.")
    var seed: UInt64 = 0

    @OptionGroup var reading: LanguageOptions

    @OptionGroup var model: ModelOptions

    @Option(help: "The format of items that give none.")
    var format = AudioFormat.wav

    @Option(help: ArgumentHelp("The number of threads that synthesize. Default: one per core.", valueName: "count"))
    var threads: Int?

    @Flag(help: "Check finished files by their digests, not only by size and time.")
    var verify = false

    @Flag(help: "Only check the manifest and report what is left to do.")
    var dryRun = false

    @Option(help: ArgumentHelp("Seconds between lines of progress when there is no terminal.", valueName: "seconds"))
    var reportEvery = 30.0

    @Flag(inversion: .prefixedNo, help: "Show progress.")
    var progress = true

    @OptionGroup var lexicon: LexiconOptions

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be 1 to 1024.") }
        guard (0.1...1e6).contains(reportEvery) else {
            throw ValidationError("--report-every must be 0.1 to 1000000 seconds.")
        }
        guard SpeechOptions.speeds.contains(speed) else { throw SynthesisError.badSpeed(speed) }
        guard SpeechOptions.pitches.contains(pitch) else { throw SynthesisError.badPitch(pitch) }
    }

    func run() async throws {
        let shard = try shard.map { text throws(BatchError) in try Shard(text) } ?? .whole
        var defaults = BatchDefaults(voice: voice)
        defaults.speed = speed
        defaults.pitch = pitch
        defaults.seed = seed
        defaults.language = reading.choice
        defaults.format = format
        let list = try BatchManifest(contentsOf: URL(filePath: manifest), defaults: defaults, shard: shard)
        let synthesizer = try shared.synthesizer(model.size)
        let lexicons = try lexicon.read()
        let folder = URL(filePath: output, directoryHint: .isDirectory)
        if !dryRun { try Self.make(folder) }
        let journal: BatchJournal?
        do throws(BatchError) {
            journal = dryRun ? nil : try BatchJournal(in: folder, shard: shard)
        } catch {
            guard case .locked = error else { throw error }
            Terminal.complain("starling: \(error)")
            throw Self.tryAgain
        }
        let plan = try BatchPlan(
            list, shard: shard, folder: folder, synthesizer: synthesizer, data: shared.location().data,
            lexicons: lexicons, verifies: verify)
        let name = "shard \(shard.index)/\(shard.count) of \(list.total) items"
        guard let journal else {
            return try Terminal.say("\(name): \(plan.kept) are done, \(plan.jobs.count) are left")
        }
        let display = BatchDisplay(!progress ? .none : Terminal.isInteractive ? .bar : .lines(every: reportEvery))
        let runner = BatchRunner(
            plan.jobs, folder: folder, journal: journal, synthesizer: synthesizer,
            threads: threads ?? SpeechScheduler.cores)
        let outcome = try await run(runner, display)
        try finish(
            outcome, summary: "\(name): \(display.summary(outcome.progress))", kept: plan.kept, of: list.items.count,
            journal: journal)
    }

    private func run(_ runner: BatchRunner, _ display: BatchDisplay) async throws -> BatchRunner.Outcome {
        display.update(runner.progress)
        let signals = StopSignals { runner.stop() }
        let ticker = Task { try await display.run() }
        defer {
            ticker.cancel()
            signals.cancel()
            display.clear()
        }
        return try await runner.run { display.update($0) }
    }

    private func finish(
        _ outcome: BatchRunner.Outcome, summary: String, kept: Int, of all: Int, journal: BatchJournal
    ) throws {
        // A log of thousands of failures helps nobody; the journal has them all.
        let shown = 20
        for failure in outcome.failures.prefix(shown) {
            Terminal.complain("\(manifest) line \(failure.line), \(failure.id): \(failure.reason)")
        }
        if outcome.failures.count > shown { Terminal.complain("… and \(outcome.failures.count - shown) more") }
        if progress { Terminal.complain(summary + (kept > 0 ? "; \(kept) were already done" : "")) }
        if outcome.left > 0 {
            Terminal.complain("starling: stopped; \(outcome.left) items are left; run the same command again to resume")
            throw Self.tryAgain
        }
        if !outcome.failures.isEmpty {
            throw BatchError.failed(count: outcome.failures.count, of: all, journal: journal.path)
        }
    }

    private static func make(_ folder: URL) throws(BatchError) {
        do throws(FileError) { try Folder.make(folder.relativePath) } catch {
            throw .folder(path: error.path, reason: error.reason)
        }
    }
}
