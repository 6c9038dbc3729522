import SpeechSignal
import VoiceStore

/// A voice as Wyoming's clients know it. They list voices by language and then, as Home Assistant does, ask for one by
/// its name alone. So every language beside a voice's English has a name of its own, such as `heart@es_ES`.
struct WyomingVoice: CustomStringConvertible {
    /// nil: the server's usual one.
    var name: String?
    /// nil: what the server takes for requests that say nothing.
    var language: LanguageChoice?

    private static let divider: Character = "@"

    /// Every voice that may speak, in each of its languages.
    static func all(of api: SpeechAPI) -> [(voice: WyomingVoice, summary: VoiceSummary)] {
        api.synthesizer.store.list().filter { $0.problem == nil }.flatMap { summary in
            api.languages(of: summary.accent).map {
                (WyomingVoice(name: summary.name.text, language: .language($0)), summary)
            }
        }
    }

    /// A language in the protocol's form: `en_GB`.
    static func tag(_ language: LanguageChoice) -> String {
        language.description.split(separator: "-").joined(separator: "_")
    }

    /// The name in the list of voices.
    var description: String {
        guard let language, language.language?.accent == nil else { return name ?? "" }
        return "\(name ?? "")\(Self.divider)\(Self.tag(language))"
    }

    private init(name: String?, language: LanguageChoice?) { (self.name, self.language) = (name, language) }

    /// What a client asks for: a name from the list, a language, or both.
    ///
    /// - Throws: `ServerError.unknownLanguage` for one that is not spoken
    init(wish: JSON?, api: SpeechAPI) throws(ServerError) {
        let asked = wish?["name"]?.string
        let parts = asked?.split(separator: Self.divider, maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        name = parts?.first
        guard let tag = parts?.dropFirst().first ?? wish?["language"]?.string else { return }
        let choice = try api.choice(of: tag)
        language = choice
        guard let accent = choice.language?.accent else { return }
        // An English finds a voice that speaks it; a voice that is named has one of its own.
        if name == nil, tag.contains(where: { $0 == "-" || $0 == "_" }) { name = api.voiceName(of: accent) }
        if let voice = try? api.names.voice(name) { language = .language(Language(voice.accent)) }
    }
}
