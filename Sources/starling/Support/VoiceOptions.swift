import ArgumentParser
import Synthesis

/// Who speaks, and how: options of every command that speaks.
struct VoiceOptions: ParsableArguments {
    /// The voice when none is named.
    static let defaultVoice = "heart"

    @Option(name: .shortAndLong, help: "A voice, or a mix such as ann:0.7+bob:0.3. `starling voices` lists them.")
    var voice = VoiceOptions.defaultVoice

    @OptionGroup var reading: LanguageOptions

    @Option(name: .shortAndLong, help: "The speed, 0.25 to 4; 1 is the voice's own pace.")
    var speed: Float = 1

    @Option(name: .shortAndLong, parsing: .unconditional, help: "The shift in pitch, -12 to 12 semitones.")
    var pitch: Float = 0

    @Option(help: "The seed of the noise in the voice; the same seed gives the same bytes.")
    var seed: UInt64 = 0

    /// The same for the library.
    var speech: SpeechOptions {
        var options = SpeechOptions()
        options.speed = speed
        options.pitch = pitch
        options.seed = seed
        options.languageChoice = reading.choice
        return options
    }
}
