import ArgumentParser
import AudioIO
import Files
import Foundation
import SpeechClient
import SpeechSignal
import Synthesis
import Tensor
import TextFrontend
import VoiceModel
import VoiceStore

struct SayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "say",
        abstract: "Speak text into a file, a pipe or the loudspeaker.",
        discussion: """
            Without --output, the speech is played. The name of the output determines its format; --output - writes to \
            standard output. Text from a pipe is spoken as it arrives, if the speech is played or written to standard output.

            In the text, [pause 500ms] inserts a pause and [[həlˈO]] gives phonemes; \\[ is a literal bracket. SSML works, too.
            """)

    /// The voice when none is named.
    static let defaultVoice = VoiceOptions.defaultVoice

    @OptionGroup var input: TextInput

    @OptionGroup var speaker: VoiceOptions

    @OptionGroup var output: OutputOptions

    @OptionGroup var companions: CompanionOptions

    @Flag(inversion: .prefixedNo, help: "Add the inaudible mark that `starling detect` finds.")
    var watermark = true

    @Flag(inversion: .prefixedNo, help: "Show a progress bar when standard error is a terminal.")
    var progress = true

    @Flag(help: "Print the processor time of each stage, with GFLOP, GFLOP/s and share of the peak.")
    var profile = false

    @OptionGroup var lexicon: LexiconOptions

    @OptionGroup var model: ModelOptions

    @Flag(help: "Have a running server speak; see `starling serve`.")
    var remote = false

    @Option(help: ArgumentHelp("The server's socket; implies --remote.", valueName: "path"), completion: .file())
    var socket: String?

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        guard remote || socket != nil else { return }
        if companions.picture != nil {
            throw ValidationError("A server sends no pictures; leave out --remote or --picture.")
        }
        if model.size != .base {
            throw ValidationError("A server speaks with its own model; leave out --remote or --model.")
        }
        if profile {
            throw ValidationError("A server does not report its processor time; leave out --remote or --profile.")
        }
    }

    func run() async throws {
        let isRemote = remote || socket != nil
        if profile { StageClock.start() }
        let synthesizer = isRemote ? nil : try StageClock.measure("loading") { try shared.synthesizer(model.size) }
        let known = try synthesizer?.store.voice(speaker.voice)
        let arriving = try isHeardAtOnce ? ArrivingInput() : nil
        let isArriving = arriving.map { !$0.isSSML } ?? false
        let text = isArriving ? "" : try await arriving?.whole() ?? input.read()
        guard isArriving || text.contains(where: { !$0.isWhitespace }) else { throw CommandError.noText }
        // A server knows voices of its own.
        let name = known?.name ?? speaker.voice
        var options = speaker.speech
        options.isSSML = input.ssml ? true : nil
        options.lexicons = try lexicon.read()
        options.keepsFeatures = companions.picture != nil
        options.watermark = watermark
        if isRemote, !options.lexicons.isEmpty || !watermark {
            throw ValidationError(
                "A server takes no lexicons and marks all speech; leave out --remote, or --lexicon and --no-watermark."
            )
        }
        if !watermark { OutputOptions.complainOfMissingMark() }

        // Every destination is opened before the work begins, and none is visible before it ends.
        try companions.check(beside: output.isFile ? output.path : nil)
        let writer = try makeWriter(text: text, voice: name)
        var files = try CompanionFiles(companions, seed: options.seed)
        let player = try output.player()
        var bar = ProgressBar(isWanted: progress && !output.isStandardOutput && !isArriving)
        defer { bar.clear() }
        var spoken = 0
        var sampleCount = 0
        let server = RemoteServer(socket: socket ?? ServerSocket.defaultPath())
        let speech =
            if let synthesizer, let known, let arriving, isArriving {
                synthesizer.speak(arriving, voice: known, options: options)
            } else if let synthesizer, let known {
                synthesizer.speak(text, voice: known, options: options)
            } else {
                server.speak(text, voice: name, options: options)
            }
        for try await chunk in speech {
            try writer?.append(chunk.samples)
            try player?.append(chunk.samples)
            try files.append(chunk)
            if let sentence = chunk.sentence { spoken = sentence.range.upperBound }
            sampleCount = chunk.start + chunk.samples.count
            bar.show(done: spoken, of: text.utf8.count, seconds: Double(sampleCount) / Double(Synthesizer.sampleRate))
        }
        bar.clear()
        try files.finish(
            voice: name, sampleCount: sampleCount, title: AudioMetadata.title(of: text, isSSML: isMarked(text)),
            sound: output.path ?? "")
        try writer?.finish()
        try files.commit()
        try player?.finish()
        if profile { StageTable.lines().forEach(Terminal.complain) }
        output.tell(sampleCount: sampleCount, voice: name)
    }

    /// Whether text from a pipe is spoken while it is being written: where somebody listens, and not where a file is
    /// made, whose title and pictures need the whole text.
    private var isHeardAtOnce: Bool {
        input.isStandardInput && !input.ssml && !remote && socket == nil && !output.isFile
            && companions.picture == nil
    }

    private func makeWriter(text: String, voice: String) throws -> AudioWriter? {
        try output.writer(
            metadata: .speech(
                voice: voice, software: Synthesizer.software,
                title: text.isEmpty ? nil : AudioMetadata.title(of: text, isSSML: isMarked(text))))
    }

    private func isMarked(_ text: String) -> Bool { input.ssml || MarkedText.isSSML(text) }
}
