public import ArgumentParser
public import SpeechSignal

extension Language: ExpressibleByArgument {
    /// Takes every tag that `Language(tag:)` understands.
    public init?(argument: String) { try? self.init(tag: argument) }
}

/// In which language a text is: an option of every command that reads one.
struct LanguageOptions: ParsableArguments {
    @Option(
        name: .customLong("language"),
        help: ArgumentHelp(
            "The language of the text: \(Language.allCases.map(\.rawValue).joined(separator: ", ")), or another region of them.",
            discussion: "Default: English as the voice speaks it.", valueName: "tag"),
        transform: { try Language(tag: $0) })
    var language: Language?
}
