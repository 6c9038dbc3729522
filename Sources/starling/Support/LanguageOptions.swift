import ArgumentParser
import SpeechSignal

/// In which language a text is: an option of every command that reads one.
struct LanguageOptions: ParsableArguments {
    @Option(
        name: .customLong("language"),
        help: ArgumentHelp(
            "The language: \(Language.allCases.map(\.rawValue).joined(separator: ", ")), another region of one of these, or auto, which detects it sentence by sentence. What can be spoken depends on the networks; `starling doctor` lists it. Default: English, in the accent of the voice.",
            valueName: "tag"),
        transform: { try LanguageChoice(tag: $0) })
    var choice: LanguageChoice?
}
