import Foundation
import SpeechSignal
import Testing
import TextFrontend

@Suite struct LexiconTests {
    private func phonemes(_ text: String, _ lexicons: [UserLexicon], _ accent: Accent = .american) throws -> String {
        try Support.frontend.get().sentences(in: text, accent: accent, lexicons: lexicons).map(\.phonemes.symbols)
            .joined(separator: " ")
    }

    private func lexicon(_ text: String) throws -> UserLexicon { try UserLexicon(parsing: text, name: "test.lexicon") }

    @Test func wordsAreSaidAsTheUserSays() throws {
        let mine = try lexicon(
            """
            # names
            Nguyen = win
            kubectl = cube control   # a tool
            GIF = /dʒɪf/
            C# = see sharp
            GPT-4 = gee pee tee four
            New York = the big apple
            東京 = Tokyo
            """)
        #expect(mine.count == 7)
        #expect(try phonemes("Nguyen", [mine]) == phonemes("win", []))
        #expect(try phonemes("kubectl", [mine]) == phonemes("cube control", []))
        #expect(try phonemes("GIF", [mine]) == "ʤˈɪf")
        #expect(try phonemes("I like C#.", [mine]).hasSuffix("sˈi ʃˈɑɹp."))
        #expect(try phonemes("GPT-4 is", [mine]).hasPrefix("ʤˈi pˈi tˈi fˈɔɹ"))
        #expect(try phonemes("in New York's", [mine]) == "ɪn ðə bˈɪɡ ˈæpᵊlz")
        #expect(try phonemes("東京", [mine]) == phonemes("Tokyo", []))
    }

    @Test func caseCountsWhereTheEntryHasCapitals() throws {
        let mine = try lexicon(
            "polish = /x/\nUS = you ess\nPolish = /ˈfuː/".replacingOccurrences(of: "/x/", with: "/ˈbɑː/"))
        #expect(try phonemes("polish", [mine]) == "bˈɑ")
        #expect(try phonemes("Polish", [mine]) == "bˈɑ", "the first that stands for it")
        let capital = try lexicon("Polish = /ˈfuː/\nUS = /ˈjuː/")
        #expect(try phonemes("Polish POLISH", [capital]) == "fˈu fˈu")
        #expect(try phonemes("polish", [capital]) == phonemes("polish", []))
        #expect(try phonemes("Give us US", [capital]) == phonemes("Give us", []) + " jˈu")
    }

    @Test func inflectionsFollow() throws {
        let mine = try lexicon("Nguyen = win\nshazam = /ʃəˈzæm/\ntomato = /təˈmɑːtoʊ/\nshe = /ʃuː/\nbake = /boʊk/")
        #expect(try phonemes("Nguyen's", [mine]) == "wˈɪnz")
        #expect(try phonemes("Shazams", [mine]) == "ʃəzˈæmz")
        #expect(try phonemes("Shazamed", [mine]) == "ʃəzˈæmd")
        #expect(try phonemes("shazaming", [mine]) == "ʃəzˈæmɪŋ")
        #expect(try phonemes("tomatoes", [mine]) == "təmˈɑtOz")
        #expect(try phonemes("baked baking", [mine]) == "bˈOkt bˈOkɪŋ")
        #expect(try phonemes("shed", [mine]) == phonemes("shed", []), "no past of \"she\"")
        #expect(try phonemes("tomatoes", [mine], .british) == "təmˈɑːtQz")
    }

    @Test func partsOfSpeechAndAccents() throws {
        let mine = try lexicon(
            "record (noun) = /ˈfuː/\nrecord (verb, british) = /ˈbɑː/\nschedule (british) = /ˈʃɛdjuːl/")
        #expect(try phonemes("The record is old.", [mine]).contains("fˈu"))
        #expect(try phonemes("They will record it.", [mine]) == phonemes("They will record it.", []))
        #expect(try phonemes("They will record it.", [mine], .british).contains("bˈɑː"))
        #expect(try phonemes("schedule", [mine]) == phonemes("schedule", []))
        #expect(try phonemes("schedule", [mine], .british) == "ʃˈɛdjuːl")
    }

    @Test func syllablesInCapitalsAreStressed() throws {
        #expect(try phonemes("Xyzzy", [lexicon("Xyzzy = shuh-ZAM")]).contains("zˈæm"))
        #expect(try phonemes("Xyzzy", [lexicon("Xyzzy = SHAH-zam")]).hasPrefix("ʃˈɑ"))
        let plain = try phonemes("Xyzzy", [lexicon("Xyzzy = well-known")])
        #expect(try plain == phonemes("well-known", []))
    }

    @Test func theFirstLexiconWins() throws {
        let (one, two) = (try lexicon("foo = /ˈwʌn/"), try lexicon("foo = /ˈtuː/\nbar = /ˈbiː/"))
        #expect(try phonemes("foo bar", [one, two]) == "wˈʌn bˈi")
        #expect(try phonemes("foo bar", [two, one]) == "tˈu bˈi")
        #expect(try phonemes("foo", [UserLexicon(["foo": "/ˈwʌn/"])]) == "wˈʌn")
        // A word that is respelled by itself does not lead to itself.
        #expect(try phonemes("loop", [lexicon("loop = loop the loop")]) == phonemes("loop the loop", []))
    }

    @Test func rulesGiveWayToUsers() throws {
        #expect(try phonemes("Dr. Smith", [lexicon("Dr = druid")]) == phonemes("druid Smith", []))
        #expect(try phonemes("5 kg", [lexicon("Smith = x-ray")]) == phonemes("5 kg", []))
        #expect(try phonemes("the bass", [lexicon("bass = /ˈbuː/")]).hasSuffix("bˈu"))
    }

    @Test(arguments: [
        ("ok = fine\n  word", "test.lexicon:2:3:", "there is no \"=\""), (" = x", ":1:2:", "the word is missing"),
        ("word = ", ":1:7:", "has no pronunciation"), ("word (nuon) = x", ":1:7:", "part of speech"),
        ("a = /b§/", ":1:7:", "U+00A7"), ("a = /bæ", ":1:5:", "the closing \"/\""), ("a = /ˈ/", ":1:5:", "no sound"),
        ("a = b\n\n# c\na = d", ":4:1:", "already defined on line 1"),
        ("\(String(repeating: "a", count: 500)) = b", ":1:1:", "500 characters"),
    ])
    func mistakesAreFound(text: String, place: String, words: String) throws {
        let error = #expect(throws: FrontendError.self) { try self.lexicon(text) }
        let message = try #require(error).description
        #expect(message.contains(place) && message.contains(words), "\(message)")
        #expect(!message.contains("\n") && message.contains("; "), "no remedy in \(message)")
    }

    @Test func filesThatAreNoText() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "starling-\(UUID().uuidString).lexicon")
        defer { try? FileManager.default.removeItem(at: file) }
        func message() -> String {
            do {
                return "\(try UserLexicon(contentsOf: file).count)"
            } catch { return error.description }
        }
        #expect(message().contains("no such file"))
        try Data("a = b\ncaf\u{e9} = ".utf8 + [0xFF, 0xFE]).write(to: file)
        #expect(message().contains(":2:8: it is not UTF-8"), "\(message())")
        try Data("\u{FEFF}a = b\r\nc = d\r\n".utf8).write(to: file)
        #expect(message() == "2")
    }

    @Test func hostileLexiconsAreReadOrRefused() throws {
        var random = SeededGenerator(3)
        let atoms = [
            "a", "B", " ", "=", "/", "#", "(", ")", "noun", ",", "\n", "ˈ", "ʃ", "é", "好", "'s", "-", "\t", "\u{0}",
            "%", "1",
        ]
        var read = 0
        for _ in 0..<500 {
            let text = (0..<random.below(30) + 1).map { _ in atoms[random.below(atoms.count)] }.joined()
            guard let made = try? lexicon(text) else { continue }
            read += 1
            PlaceTests.check(
                Array(
                    try Support.frontend.get().sentences(in: "a B's a-b 好 é 1% aB", accent: .american, lexicons: [made])
                ),
                in: "a B's a-b 好 é 1% aB")
        }
        #expect((20...480).contains(read), "\(read)")
        let many = (0..<20_000).map { "word\($0) = /ˈwʌn/" }.joined(separator: "\n")
        #expect(try phonemes("word19999", [lexicon(many)]) == "wˈʌn")
    }
}
