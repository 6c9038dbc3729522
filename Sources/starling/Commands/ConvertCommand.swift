import ArgumentParser
import AudioIO
import Conversion
import Foundation
import Synthesis
import VoiceStore

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert a recording into another voice.",
        discussion: """
            Words, pauses, intonation and loudness stay those of the recording; timbre and pitch become those of the voice. The \
            recording holds one person speaking. It may have any length, and any format that `starling enroll` reads.

            Without --output, the speech is played.

            Example:
              starling convert speech.wav --voice ann -o ann.wav
            """)

    @Argument(help: ArgumentHelp("The recording, or - for standard input.", valueName: "file"), completion: .file())
    var file: String

    @Option(name: .shortAndLong, help: "A voice, or a mix such as ann:0.7+bob:0.3. `starling voices` lists them.")
    var voice: String

    @OptionGroup var output: OutputOptions

    @Option(name: .shortAndLong, parsing: .unconditional, help: "The shift in pitch, -12 to 12 semitones.")
    var pitch: Float = 0

    @Option(help: "The seed of the noise in the voice; the same seed gives the same bytes.")
    var seed: UInt64 = 0

    @Flag(inversion: .prefixedNo, help: "Add the inaudible mark that `starling detect` finds.")
    var watermark = true

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let (location, networks) = (try shared.location(), try shared.networks())
        let voice = try shared.store(location, for: networks).voice(voice)
        let converter = try VoiceConverter(networks: networks, data: location.data)
        var options = ConversionOptions()
        (options.pitch, options.seed, options.watermark) = (pitch, seed, watermark)
        if !watermark { OutputOptions.complainOfMissingMark() }
        let source = try AudioSource(argument: file)
        let conversion = try converter.convert(source, to: voice.profile, options: options)
        if conversion.hasMusic {
            Terminal.complain(
                "there is music behind the speech of \(source.name), which becomes noise; record speech alone"
            )
        }
        let writer = try output.writer(metadata: .speech(voice: voice.name, software: Synthesizer.software))
        let player = try output.player()
        while let samples = try conversion.next() {
            try writer?.append(samples)
            try player?.append(samples)
        }
        try writer?.finish()
        try player?.finish()
        output.tell(sampleCount: writer?.sampleCount ?? 0, voice: voice.name)
    }
}
