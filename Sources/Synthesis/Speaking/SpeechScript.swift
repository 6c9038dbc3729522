import SpeechSignal
import TextFrontend
import VoiceStore

/// A text made ready to be spoken: its sentences, and who speaks them.
struct SpeechScript {
    /// The text as it was given; empty where it is still being written.
    var text: String
    var sentences: any IteratorProtocol<Sentence>
    /// The text where it is still being written.
    var arriving: ArrivingText?
    /// The voices that markup asks for, by what it calls them.
    var voices: [String: Voice] = [:]

    /// - Throws: `FrontendError` for SSML with a mistake or a voice that does not exist, `VoiceStoreError` for one that
    ///   is damaged.
    init(_ text: String, voice: Voice, options: SpeechOptions, synthesizer: Synthesizer) throws {
        self.text = text
        let frontend = synthesizer.frontend
        func reading(_ voice: Voice) throws -> ReadingStyle {
            try ReadingStyle(of: voice, options: options, synthesizer: synthesizer)
        }
        let own = try reading(voice)
        guard options.isSSML ?? MarkedText.isSSML(text) else {
            sentences = try frontend.sentences(in: text, reading: own).makeIterator()
            return
        }
        let marked = try MarkedText(ssml: text)
        for language in marked.languages { try synthesizer.check(language) }
        var readings: [String: ReadingStyle] = [:]
        for use in marked.voices {
            let found = try Self.voice(use, in: synthesizer.store)
            voices[use.name] = found
            readings[use.name] = try reading(found)
        }
        sentences = try frontend.sentences(in: marked, reading: own, voices: readings).makeIterator()
    }

    /// A text that is still being written.
    init(_ text: ArrivingText) {
        self.text = ""
        sentences = EmptyCollection<Sentence>().makeIterator()
        arriving = text
    }

    /// The first voice of those asked for that exists.
    private static func voice(_ use: MarkedText.VoiceUse, in store: VoiceStore) throws -> Voice {
        var missing: VoiceStoreError?
        for name in use.name.split(separator: " ") {
            do {
                return try store.voice(String(name))
            } catch let error as VoiceStoreError {
                switch error {
                case .unknownVoice, .badName, .badExpression: missing = missing ?? error
                default: throw error
                }
            }
        }
        let parts = (missing?.description ?? "no voice is named").split(separator: ";", maxSplits: 1)
        throw FrontendError.ssml(
            line: use.line, column: use.column, problem: String(parts[0]),
            remedy: parts.count > 1 ? parts[1].drop { $0 == " " }.description : "name a voice")
    }
}

extension ReadingStyle {
    /// How a voice reads: with the request's words first, then the voice's own, then those of all voices.
    ///
    /// - Throws: `VoiceStoreError` for a damaged lexicon of the voice, `SynthesisError` for a language that is not
    ///   spoken
    init(of voice: Voice, options: SpeechOptions, synthesizer: Synthesizer) throws {
        let language = options.language ?? Language(voice.accent)
        try synthesizer.check(language)
        self.init(language: language, lexicons: options.lexicons + (try voice.words()) + synthesizer.lexicons)
        if options.detectsLanguage { self = detecting(synthesizer.languages) }
    }
}
