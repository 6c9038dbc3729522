import Foundation
import SpeechSignal
import Synthesis
import Testing
import TextFrontend
import TinyModel
import VoiceStore

/// Speech in several languages, by a network that speaks English, Spanish and Italian.
@Suite struct LanguageTests {
    private func withTiny(_ body: (Synthesizer) async throws -> Void) async throws {
        try await TinyModel.linked { data in
            try await body(Synthesizer(data: data, voices: [TinyModel.voices(of: data)]))
        }
    }

    private func options(_ choice: LanguageChoice?) -> SpeechOptions {
        var options = SpeechOptions()
        options.languageChoice = choice
        return options
    }

    private func languages(of speech: Speaking.Whole) -> [Language?] { speech.sentences.map(\.language) }

    @Test func theTextIsSpokenInTheLanguageAskedFor() async throws {
        try await withTiny { tiny in
            let text = "Hola, son las 8:30."
            #expect(
                tiny.languages == [
                    .americanEnglish, .britishEnglish, .europeanSpanish, .latinAmericanSpanish, .italian,
                ])
            let english = try await Speaking.speak(tiny, text)
            let spanish = try await Speaking.speak(tiny, text, options: options(.language(.europeanSpanish)))
            #expect(languages(of: english) == [.americanEnglish] && languages(of: spanish) == [.europeanSpanish])
            #expect(spanish.sentences[0].words.map(\.spoken).contains("ocho") && spanish.samples != english.samples)
            // The network hears which language it is, beside the phonemes: the same ones sound otherwise in another.
            let phonemes = "[[ˈola.]]"
            let a = try await Speaking.speak(tiny, phonemes, options: options(.language(.europeanSpanish)))
            let b = try await Speaking.speak(tiny, phonemes, options: options(.language(.italian)))
            #expect(a.sentences[0].phonemes.map(\.symbol) == b.sentences[0].phonemes.map(\.symbol))
            #expect(a.samples != b.samples)
        }
    }

    @Test func aLanguageThatIsNotSpokenIsRefused() async throws {
        try await withTiny { tiny in
            for voice in ["heart", "emma"] {
                for language in [Language.french, .brazilianPortuguese] {
                    let error = await #expect(throws: SynthesisError.self) {
                        try await Speaking.speak(tiny, "Oui.", voice: voice, options: options(.language(language)))
                    }
                    #expect(error == .unspokenLanguage(language, spoken: TinyModel.languages))
                    #expect(
                        error?.description
                            == "the acoustic model does not speak \(language), which phonemize alone reads; it speaks en, es, it"
                    )
                }
            }
            for tag in ["fr-CH", "pt"] {
                await #expect(throws: SynthesisError.self) {
                    try await Speaking.speak(tiny, "<speak>Yes. <lang xml:lang=\"\(tag)\">Oui.</lang></speak>")
                }
            }
        }
    }

    @Test func eachSentenceIsSpokenInItsOwnLanguage() async throws {
        try await withTiny { tiny in
            let text =
                "The letter came on Monday. ¿Quién la había escrito? Non lo sapeva nessuno. Garibaldi. It was late."
            let speech = try await Speaking.speak(tiny, text, voice: "emma", options: options(.auto))
            #expect(languages(of: speech) == [.britishEnglish, .europeanSpanish, .italian, .italian, .britishEnglish])
            // A text of one language sounds as if it had been named.
            let italian = "Il treno è già partito. Garibaldi."
            let found = try await Speaking.speak(tiny, italian, options: options(.auto))
            let named = try await Speaking.speak(tiny, italian, options: options(.language(.italian)))
            #expect(found.samples == named.samples)
            // French and Portuguese are read as another that is spoken, and never refused.
            for text in ["Il est déjà parti, et nous aussi.", "O menino não sabia quem a tinha escrito."] {
                let speech = try await Speaking.speak(tiny, text, options: options(.auto))
                #expect(speech.sentences[0].language.map(tiny.languages.contains) == true, "\(text)")
            }
        }
    }

    /// The weights of a release that speaks English alone have nothing to choose from.
    @Test func englishStaysAsItIs() async throws {
        let synthesizer = try Speaking.synthesizer()
        let plain = try await Speaking.speak(synthesizer, Speaking.story)
        let found = try await Speaking.speak(synthesizer, Speaking.story, options: options(.auto))
        #expect(found.samples == plain.samples)
    }

    @Test func wordsOfALexiconHoldForTheirLanguage() async throws {
        try await withTiny { tiny in
            var options = options(.auto)
            options.lexicons = [try UserLexicon(parsing: "radio (es) = /ˈola/\nradio (en) = /wˈʌn/", name: "words")]
            let text = "The radio was on all day. La radio estaba encendida todo el día."
            let speech = try await Speaking.speak(tiny, text, options: options)
            let spoken = speech.sentences.map { sentence in
                sentence.words.filter { $0.text == "radio" }.map(\.phonemes)
            }
            #expect(spoken == [["wˈʌn"], ["ˈola"]])
        }
    }

    @Test func textThatArrivesIsSpokenInItsLanguage() async throws {
        try await withTiny { tiny in
            let text = "The letter came on Monday. ¿Quién la había escrito? Non lo sapeva nessuno."
            let voice = try tiny.store.voice("heart")
            let whole = try await Speaking.speak(tiny, text, options: options(.auto))
            let pieces = AsyncStream { continuation in
                for character in text { continuation.yield(String(character)) }
                continuation.finish()
            }
            var samples: [Float] = []
            for try await chunk in tiny.speak(pieces, voice: voice, options: options(.auto)) {
                samples += chunk.samples
            }
            #expect(samples == whole.samples)
        }
    }

    @Test func theKeyOfASpeechKnowsTheLanguage() async throws {
        try await TinyModel.linked { data in
            let tiny = try Synthesizer(data: data, voices: [TinyModel.voices(of: data)])
            var keys = try SpeechKeys(tiny, data: data)
            let voice = try tiny.store.voice("heart")
            let choices: [LanguageChoice?] = [nil, .auto, .language(.italian), .language(.europeanSpanish)]
            let made = try choices.map { try keys.key(of: "Radio.", voice: voice, options: options($0)) }
            #expect(Set(made).count == choices.count)
        }
    }

    @Test func choicesAreTagsAndAuto() throws {
        for (tag, choice) in [
            ("auto", .auto), ("AUTO", .auto), ("es", .language(.europeanSpanish)), ("spa", .language(.europeanSpanish)),
            ("fre", .language(.french)), ("en_GB", .language(.britishEnglish)),
        ] as [(String, LanguageChoice)] {
            #expect(try LanguageChoice(tag: tag) == choice)
            #expect(try LanguageChoice(tag: choice.description) == choice)
            #expect(options(choice).languageChoice == choice)
        }
        for tag in ["", "-", "automatic", "tlh", "e", "español"] {
            #expect(throws: LanguageError.unknown(tag)) { try LanguageChoice(tag: tag) }
        }
    }

    /// Every sound that the cases of a language have, and what docs/timings.md says of it.
    @Test(arguments: ["es", "fr", "it", "pt"]) func everySoundHasAShape(code: String) throws {
        let manual = try String(contentsOf: Speaking.repository.appending(path: "docs/timings.md"), encoding: .utf8)
        var rows: [Int: Set<Unicode.Scalar>] = [:]
        for match in manual.matches(of: /\| (\d+) \| ([^|]+) (?=\|)/) {
            rows[Int(match.1) ?? -1] = Set(match.2.unicodeScalars)
        }
        let cases = try String(
            contentsOf: Speaking.repository.appending(path: "Tests/TextFrontendTests/Fixtures/\(code)/cases.tsv"),
            encoding: .utf8
        ).split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: "\t") }
        #expect(cases.count > 600)
        let frontend = try Speaking.synthesizer().frontend
        var sounds: Set<Phoneme> = []
        for fields in cases where fields.count > 1 {
            let reading = ReadingStyle(language: try Language(tag: String(fields[0])))
            for sentence in try frontend.sentences(in: String(fields[1]), reading: reading) {
                sounds.formUnion(sentence.phonemes.filter(\.isSound))
            }
        }
        #expect(sounds.count > 25)
        for sound in sounds {
            let shape = try #require(Viseme(phoneme: sound), "\(sound) of \(code) has no shape")
            let symbol = try #require(sound.symbol)
            #expect(
                shape != .silence && rows[shape.rawValue]?.contains(symbol) == true, "\(sound) is no \(shape.rawValue)")
        }
    }
}
