import Foundation
import SpeechSignal
import Testing
import TextFrontend

@Suite struct LanguageDetectionTests {
    private static let four: [Language] = [.americanEnglish, .europeanSpanish, .italian, .french]
    private static let five = four + [.brazilianPortuguese]

    private func language(_ text: String) throws -> Language? {
        try Support.frontend.get().language(of: text, among: Self.four)
    }

    /// The language of each sentence of a text, as it is read.
    private func read(_ text: String, _ reading: ReadingStyle = ReadingStyle(accent: .american)) throws -> [Sentence] {
        Array(try Support.frontend.get().sentences(in: text, reading: reading.detecting(Self.four)))
    }

    /// Sentences that the counts were not made of.
    private static func heldOut(_ languages: [Language] = four) throws -> [(language: Language, sentences: [String])] {
        let folder = Support.data.deletingLastPathComponent().appending(path: "Training/sentences")
        var all: [(Language, [String])] = []
        for language in languages where language.accent == nil {
            let text = try String(contentsOf: folder.appending(path: "\(language.code).txt"), encoding: .utf8)
            all.append((language, text.split(separator: "\n").map(String.init)))
        }
        let english = try Support.rows("homograph_cases.tsv").map {
            $0[1].replacing("[", with: "").replacing("]", with: "")
        }
        return all + [(.americanEnglish, english)]
    }

    @Test func sentencesAreKnown() throws {
        for (known, sentences) in try Self.heldOut() {
            #expect(sentences.count >= 60)
            for sentence in sentences {
                let found = try language(sentence)
                #expect(found == known || found == nil && known == .americanEnglish, "\(sentence)")
            }
            #expect(try sentences.count { try language($0) == known } * 100 >= 99 * sentences.count)
        }
    }

    /// Three words are often too few; then they do not say, rather than say the wrong thing.
    @Test func threeWordsAreKnownOrLeftOpen() throws {
        for (known, sentences) in try Self.heldOut() {
            var (wrong, open, count) = (0, 0, 0)
            for sentence in sentences {
                let words = sentence.split(separator: " ")
                for start in stride(from: 0, to: words.count - 2, by: 3) {
                    let found = try language(words[start..<start + 3].joined(separator: " "))
                    wrong += found != nil && found != known ? 1 : 0
                    open += found == nil ? 1 : 0
                    count += 1
                }
            }
            #expect(wrong * 200 <= count, "\(known): \(wrong) of \(count) wrong")
            #expect(open * 7 <= count, "\(known): \(open) of \(count) open")
        }
    }

    /// Spanish and Portuguese share many words: with both to choose from, more is left open, and no more is wrong.
    @Test func portugueseIsToldFromSpanish() throws {
        let frontend = try Support.frontend.get()
        for (known, sentences) in try Self.heldOut(Self.five) {
            var (wrong, open, count) = (0, 0, 0)
            for sentence in sentences {
                let found = try frontend.language(of: sentence, among: Self.five)
                #expect(found == known || found == nil, "\(sentence)")
                let words = sentence.split(separator: " ")
                for start in stride(from: 0, to: words.count - 2, by: 3) {
                    let snippet = words[start..<start + 3].joined(separator: " ")
                    let found = try frontend.language(of: snippet, among: Self.five)
                    wrong += found != nil && found != known ? 1 : 0
                    open += found == nil ? 1 : 0
                    count += 1
                }
            }
            let left = try sentences.count { try frontend.language(of: $0, among: Self.five) == nil }
            #expect(left * 50 <= sentences.count, "\(known): \(left) of \(sentences.count) sentences open")
            #expect(wrong * 200 <= count, "\(known): \(wrong) of \(count) wrong")
            #expect(open * 5 <= count, "\(known): \(open) of \(count) open")
        }
    }

    @Test(arguments: [
        "", " ", "1984", "3,50 €", "…", "OK.", "Juan Pérez", "Madrid", "Привет, мир!", "你好", "\u{301}\u{301}", "¿?",
        "’’’",
        "x", "Ω", "\u{FFFD}", String(repeating: "'", count: 1_000),
    ]) func whatDoesNotSayIsLeftOpen(text: String) throws {
        let found = try language(text)
        // A lone ¿ is Spanish.
        #expect(found == nil || text == "¿?" && found == .europeanSpanish)
    }

    @Test func onlyThoseAskedForAreFound() throws {
        let frontend = try Support.frontend.get()
        let text = "Il treno è già partito e non tornerà prima di domani."
        #expect(try frontend.language(of: text, among: Self.four) == .italian)
        #expect(try frontend.language(of: text, among: [.americanEnglish, .italian]) == .italian)
        #expect(try frontend.language(of: text, among: [.americanEnglish, .french]) != .italian)
        #expect(try frontend.language(of: text, among: [.italian]) == nil, "there is nothing to tell it from")
        #expect(try frontend.language(of: text, among: []) == nil)
        // Of regions the first counts; what is written in capitals or with marks behind their letters is read too.
        let spanish = "¿DÓNDE ESTÁN LAS LLAVES DE LA CASA?"
        #expect(
            try frontend.language(of: spanish, among: [.latinAmericanSpanish, .europeanSpanish, .french])
                == .latinAmericanSpanish)
        #expect(try language("Nous avons déjà mangé, merci.".decomposedStringWithCanonicalMapping) == .french)
    }

    @Test func eachSentenceIsReadInItsLanguage() throws {
        let text = """
            The letter came on Monday. El Sr. García no estaba en casa. ¿Quién la abrió? « Ce n'est pas grave », dit-elle. \
            Che cosa c'è scritto? It said nothing at all.
            """
        let sentences = try read(text)
        #expect(sentences.map(\.language.code) == ["en", "es", "es", "fr", "it", "en"], "\(sentences.map(\.text))")
        // The full stop of "Sr." is known once the language is.
        #expect(sentences[1].spoken == "El señor García no estaba en casa.")
        for sentence in sentences {
            let alone = try LanguageFixtures.sentences(sentence.text, sentence.language)
            #expect(alone.map(\.phonemes) == [sentence.phonemes])
        }
    }

    @Test func whatDoesNotSayIsReadLikeItsNeighbor() throws {
        #expect(
            try read("Nadie abrió la puerta. Juan Pérez. 1984. Then he came back.").map(\.language.code)
                == ["es", "es", "es", "en"])
        // At the beginning the neighbor is the one behind.
        #expect(
            try read("Don Quijote\n\n1605\n\nEn un lugar de la Mancha vivía un hidalgo.").map(\.language.code)
                == ["es", "es", "es"])
        #expect(
            try read("1984. OK. Madrid.").map(\.language) == [.americanEnglish, .americanEnglish, .americanEnglish])
        #expect(
            try read("1984.", ReadingStyle(language: .latinAmericanSpanish)).map(\.language) == [.latinAmericanSpanish])
    }

    /// "pause" is a word of English, but not where it gives a pause.
    @Test func markUpInTheTextDoesNotSay() throws {
        let frontend = try Support.frontend.get()
        let three: [Language] = [.americanEnglish, .europeanSpanish, .italian]
        for text in ["[pause 1s]", "[pause 500ms] Uno [pause 2s]", "[[ðə lˈɛtəɹ]]", "[[the letter came]]"] {
            #expect(try frontend.language(of: text, among: three) == nil, "\(text)")
        }
        let reading = ReadingStyle(accent: .american).detecting(three)
        let chapter = try frontend.sentences(in: "Uno\n\n[pause 1s]\n\nLa carta llegó el lunes.", reading: reading)
        #expect(chapter.allSatisfy { $0.language == .europeanSpanish })
        #expect(try frontend.language(of: "[The letter came]", among: three) == .americanEnglish)
    }

    @Test func regionsAreThoseOfTheReading() throws {
        let text = "The bath is hot. El agua está muy caliente."
        #expect(try read(text, ReadingStyle(accent: .british)).map(\.language) == [.britishEnglish, .europeanSpanish])
        #expect(
            try read(text, ReadingStyle(language: .latinAmericanSpanish)).map(\.language)
                == [.americanEnglish, .latinAmericanSpanish])
    }

    @Test func markUpGoesFirst() throws {
        let document = """
            <speak>The letter came on Monday. <p>No había nadie en casa.</p>
            <p xml:lang="it">No.</p> <s>Ya era <lang xml:lang="en-GB">bath</lang> muy tarde.</s></speak>
            """
        let sentences = Array(
            try Support.frontend.get().sentences(
                in: MarkedText(ssml: document), reading: ReadingStyle(accent: .american).detecting(Self.four)))
        #expect(sentences.map(\.language) == [.americanEnglish, .europeanSpanish, .italian, .europeanSpanish])
        #expect(sentences.last?.phonemes.symbols.contains("bˈɑːθ") == true, "\(sentences.map(\.phonemes.symbols))")
        // A voice keeps its own English.
        let voices = "<speak>A bath. <voice name=\"emma\">The bath is very hot.</voice></speak>"
        let read = Array(
            try Support.frontend.get().sentences(
                in: MarkedText(ssml: voices), reading: ReadingStyle(accent: .american).detecting(Self.four),
                voices: ["emma": ReadingStyle(accent: .british).detecting(Self.four)]))
        #expect(read.map(\.language) == [.americanEnglish, .britishEnglish])
    }

    @Test func textThatArrivesIsReadTheSame() throws {
        let frontend = try Support.frontend.get()
        let text = """
            The letter came on Monday. El Sr. García no estaba en casa, y nadie sabía dónde estaba. ¿Quién la abrió? 1984. \
            « Ce n'est pas grave », dit-elle. Che cosa c'è scritto? It said nothing at all.
            """
        let whole = try read(text)
        for size in [1, 3, 17, 400] {
            var feed = try frontend.feed(ReadingStyle(accent: .american).detecting(Self.four))
            let sentences = feed.sentences(of: text, pieces: size)
            #expect(sentences.map(\.text) == whole.map(\.text), "pieces of \(size)")
            #expect(sentences.map(\.phonemes) == whole.map(\.phonemes), "pieces of \(size)")
        }
    }

    @Test func aTableThatIsMissingOrDamagedIsNamed() throws {
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.appending(path: "starling-languages-\(UUID().uuidString)")
        defer { try? manager.removeItem(at: folder) }
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: Support.data.path) where name != "frontend" {
            try manager.createSymbolicLink(
                at: folder.appending(path: name), withDestinationURL: Support.data.appending(path: name))
        }
        try manager.copyItem(at: Support.data.appending(path: "frontend"), to: folder.appending(path: "frontend"))
        let table = folder.appending(path: "frontend/languages.tsv")
        let head = "# comment\nlanguages\t\ten\tes\n"
        for (content, reason) in [
            (nil, "languages.tsv"), ("# comment\n", "names no languages"), (head + "word\tde\t0\n", "line 3"),
            (head + "word\tde\t0\t99\n", "0 to 60"), (head + "word\tde\t0\tx\n", "0 to 60"),
            (head + "word\tde\t0\t1\t2\n", "0 to 60"), (head + "letters\tdж_\t0\t1\n", "letters that the detector"),
            (head + "sound\tde\t0\t1\n", "not a known kind of row"),
            (head + "letters\tabcd\t0\t1\n", "not a known kind of row"),
        ] as [(String?, String)] {
            try? manager.removeItem(at: table)
            try content?.write(to: table, atomically: true, encoding: .utf8)
            let frontend = try TextFrontend(data: folder)
            // Nobody else needs it.
            #expect(
                try Array(frontend.sentences(in: "Son las 8:30.", reading: .init(language: .europeanSpanish))).count
                    == 1)
            let error = #expect(throws: FrontendError.self) { try frontend.language(of: "Hola.", among: Self.four) }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
            #expect(throws: FrontendError.self) {
                _ = try frontend.sentences(in: "Hola.", reading: ReadingStyle(accent: .american).detecting(Self.four))
            }
        }
    }
}
