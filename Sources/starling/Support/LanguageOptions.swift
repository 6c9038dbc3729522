import ArgumentParser
import SpeechSignal

/// In which language a text is: an option of every command that reads one.
struct LanguageOptions: ParsableArguments {
    @Option(
        name: .customLong("language"),
        help: ArgumentHelp(
            "The language of the text: \(Language.allCases.map(\.rawValue).joined(separator: ", ")), another region of them, or auto.",
            discussion: "auto finds it sentence by sentence. Default: English as the voice speaks it.", valueName: "tag"
        ),
        transform: { try LanguageChoice(tag: $0) })
    var choice: LanguageChoice?
}
