import Foundation
import SpeechSignal
import Testing
import TextFrontend

@Suite struct SpanishTests {
    @Test func everyCaseIsReadAsWritten() throws { try LanguageFixtures.check("es", atLeast: 600) }

    /// NeMo's numbers, dates, amounts, times and units; Fixtures/es/nemo.tsv credits them. nemo-different.tsv lists
    /// those that are read otherwise, and which of these are right all the same.
    @Test func nemoCasesAreReadRight() throws {
        let rows = try Support.rows("es/nemo.tsv")
        let different = try Support.rows("es/nemo-different.tsv")
        #expect(rows.count == 460)
        var misses: Set<String> = []
        for row in rows {
            let words = try LanguageFixtures.words(row[1], .europeanSpanish)
            if !row.dropFirst(2).contains(where: { Self.loose($0) == Self.loose(words) }) { misses.insert(row[1]) }
        }
        #expect(misses == Set(different.map { $0[0] }), "nemo-different.tsv lists those that are read otherwise")
        let wrong = different.count { $0[1] == "wrong" }
        print("NeMo, Spanish: \(rows.count - misses.count) of \(rows.count) as expected, \(wrong) wrong")
        #expect(Double(wrong) <= 0.05 * Double(rows.count))
    }

    /// "doce euros cincuenta céntimos" is the same with "con"; letters are the same together and apart.
    private static func loose(_ words: String) -> String {
        LanguageFixtures.plain(words).split(separator: " ").filter { $0 != "con" }.joined()
    }

    @Test func sentencesEndWhereTheyEnd() throws {
        let texts = [
            "El Sr. García vino. ¿Y la Sra. Gil? No.": ["El Sr. García vino.", "¿Y la Sra. Gil?", "No."],
            "Vivió en EE. UU. Murió en París.": ["Vivió en EE. UU.", "Murió en París."],
            "Nació en el 44 a. C. en Roma. Allí murió.": ["Nació en el 44 a. C. en Roma.", "Allí murió."],
            "Era Álvaro. Él cantó.": ["Era Álvaro.", "Él cantó."],
            "«¿Vienes?» ¡Claro!": ["«¿Vienes?»", "¡Claro!"],
            "Véase la pág. 5. Fin.": ["Véase la pág. 5.", "Fin."],
            "J. L. Borges escribió. É. Zola también.": ["J. L. Borges escribió.", "É. Zola también."],
        ]
        for (text, expected) in texts {
            #expect(try LanguageFixtures.sentences(text, .europeanSpanish).map(\.text) == expected)
        }
    }

    /// Letters with combining marks are the same letters.
    @Test func decomposedTextIsTheSame() throws {
        let text = "El niño cantó una canción en la cigüeña."
        let decomposed = text.decomposedStringWithCanonicalMapping
        #expect(decomposed.utf8.count > text.utf8.count)
        #expect(
            try LanguageFixtures.phonemes(decomposed, .europeanSpanish)
                == LanguageFixtures.phonemes(text, .europeanSpanish))
    }

    @Test func placesLeadBackToTheText() throws {
        let text = "Ñandú: 12,50 € el 3.ª vez, año 2020 (¿sí?)."
        for sentence in try LanguageFixtures.sentences(text, .europeanSpanish) {
            let bytes = Array(text.utf8)
            for word in sentence.words {
                #expect(String(decoding: bytes[word.range], as: UTF8.self) == word.text)
                #expect(Phonemes(sentence.phonemes[word.phonemeRange]) == word.phonemes)
            }
            #expect(sentence.words.map(\.text) == ["Ñandú", "12,50 €", "el", "3.ª", "vez", "año", "2020", "sí"])
            #expect(sentence.language == .europeanSpanish)
        }
    }

    @Test func usersWordsComeFirst() throws {
        let lexicon = try UserLexicon(
            parsing: "Guggenheim = guguenjáim\nÑ (noun) = /ˈeɲe/\ngato = /mjˈaw/\n", name: "mine")
        let sentences = try LanguageFixtures.sentences("El GATO del Guggenheim.", .europeanSpanish, lexicons: [lexicon])
        #expect(sentences.map(\.phonemes.symbols) == ["el mjˈaw ðel ɡˌuɣeŋxˈIm."])
    }

    /// An entry for a language holds there alone, and goes before one for all.
    @Test func usersWordsOfOneLanguage() throws {
        let lexicon = try UserLexicon(
            parsing: "SQL = sequel\nSQL (es) = ese cu ele\njota (es-MX) = /xˈota/\n", name: "mine")
        let spanish = try LanguageFixtures.sentences("Uso SQL.", .europeanSpanish, lexicons: [lexicon])
        #expect(spanish.map(\.phonemes.symbols) == ["ˈuso ˈese kˈu ˈele."])
        let english = try Support.frontend.get().sentences(in: "SQL", accent: .american, lexicons: [lexicon])
        #expect(english.map(\.phonemes.symbols) == ["sˈikwəl"])
        #expect(throws: FrontendError.self) { try UserLexicon(parsing: "a (tlh) = /a/", name: "mine") }
    }

    /// SSML changes the language at the word, in one sentence, with everything at its place.
    @Test func markUpChangesTheLanguage() throws {
        let document =
            "<speak>We met <lang xml:lang=\"es-ES\">José Núñez</lang> at 9.<p xml:lang=\"es-419\">Son 5 € y cielo.</p></speak>"
        let marked = try MarkedText(ssml: document)
        #expect(marked.languages == [.europeanSpanish, .latinAmericanSpanish])
        let sentences = Array(
            try Support.frontend.get().sentences(in: marked, reading: ReadingStyle(accent: .american)))
        #expect(sentences.map(\.spoken) == ["We met José Núñez at nine.", "Son cinco euros y cielo."])
        #expect(sentences.map(\.language) == [.americanEnglish, .latinAmericanSpanish])
        #expect(sentences[0].phonemes.symbols.contains("xosˈe nˈuɲeθ"))
        #expect(sentences[1].phonemes.symbols.hasSuffix("sjˈelo."))
        let bytes = Array(document.utf8)
        for word in sentences.flatMap(\.words) {
            #expect(String(decoding: bytes[word.range], as: UTF8.self) == word.text)
        }
        #expect(sentences[0].words.map(\.text) == ["We", "met", "José", "Núñez", "at", "9"])
    }

    @Test func saysAsAsked() throws {
        let cases = [
            ("<say-as interpret-as=\"characters\">Ñ7</say-as>", "Ñ siete"),
            ("<say-as interpret-as=\"ordinal\">3</say-as>", "tercero"),
            ("<say-as interpret-as=\"digits\">120</say-as>", "uno dos cero"),
            ("<say-as interpret-as=\"date\" format=\"dmy\">2/3/2026</say-as>", "dos de marzo de dos mil veintiséis"),
            (
                "<say-as interpret-as=\"telephone\">912 34 56 78</say-as>",
                "nueve uno dos, treinta y cuatro, cincuenta y seis, setenta y ocho"
            ),
            ("<sub alias=\"Organización\">Org</sub>", "Organización"),
        ]
        for (body, expected) in cases {
            let marked = try MarkedText(ssml: "<speak xml:lang=\"es\">\(body)</speak>")
            let sentences = Array(
                try Support.frontend.get().sentences(in: marked, reading: ReadingStyle(accent: .american)))
            #expect(sentences.map(\.spoken) == [expected])
        }
    }

    @Test func arrivingTextIsTheSame() throws {
        let text = "El Sr. Núñez pagó 12,50 €. ¿Por qué? En EE. UU. no se sabe. Fin."
        let whole = try LanguageFixtures.sentences(text, .europeanSpanish)
        var feed = try Support.frontend.get().feed(ReadingStyle(language: .europeanSpanish))
        var heard: [Sentence] = []
        for scalar in text.unicodeScalars {
            feed.append(String(scalar))
            while let sentence = feed.next() { heard.append(sentence) }
        }
        feed.finish()
        while let sentence = feed.next() { heard.append(sentence) }
        #expect(heard.map(\.phonemes) == whole.map(\.phonemes))
    }
}

@Suite struct LanguageTests {
    @Test func tagsFindTheNearestRegion() throws {
        let tags: [String: Language] = [
            "es": .europeanSpanish, "ES_es": .europeanSpanish, "es-MX": .latinAmericanSpanish,
            "es-419": .latinAmericanSpanish,
            "es-Latn-AR": .latinAmericanSpanish, "en": .americanEnglish, "en-AU": .britishEnglish,
            "en_GB": .britishEnglish,
            "it-CH": .italian, "fr-CA": .french, "fr-be": .belgianFrench, "fr-CH": .swissFrench,
        ]
        for (tag, language) in tags { #expect(try Language(tag: tag) == language, "\(tag)") }
        for tag in ["", "tlh", "x", "e s", String(repeating: "a", count: 1000)] {
            #expect(throws: LanguageError.unknown(tag)) { try Language(tag: tag) }
        }
        let line = LanguageError.unknown("tlh").description
        #expect(
            line.contains("tlh") && Language.allCases.allSatisfy { line.contains($0.rawValue) } && !line.contains("\n"))
    }

    @Test func englishIsReadAsByItsAccent() throws {
        let text = "Dr. Smith can't paid $20 on 3/4/2020."
        for accent in Accent.allCases {
            let sentences = Array(
                try Support.frontend.get().sentences(in: text, reading: ReadingStyle(language: Language(accent))))
            #expect(try sentences == Support.sentences(text, accent))
        }
    }

    /// Damaged tables are named when their language is asked for; English does without them.
    @Test func damagedTablesAreNamed() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tables-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in try FileManager.default.contentsOfDirectory(atPath: Support.data.path)
        where file != "frontend" && !file.hasSuffix(".md") {
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent(file), withDestinationURL: Support.data.appendingPathComponent(file))
        }
        let tables = folder.appendingPathComponent("frontend")
        try FileManager.default.copyItem(at: Support.data.appendingPathComponent("frontend"), to: tables)
        try "# x\nkm\tkilómetro\n".write(
            to: tables.appendingPathComponent("es/units.tsv"), atomically: true, encoding: .utf8)
        let frontend = try TextFrontend(data: folder)
        #expect(Array(frontend.sentences(in: "Fine.", accent: .american)).count == 1)
        #expect {
            _ = try frontend.sentences(in: "Hola.", reading: ReadingStyle(language: .europeanSpanish))
        } throws: { error in
            "\(error)".contains("es/units.tsv") && "\(error)".contains("line 2")
        }
        try FileManager.default.removeItem(at: tables.appendingPathComponent("es/letters.tsv"))
        #expect(throws: FrontendError.self) {
            _ = try frontend.sentences(in: "Hola.", reading: ReadingStyle(language: .europeanSpanish))
        }
    }
}
