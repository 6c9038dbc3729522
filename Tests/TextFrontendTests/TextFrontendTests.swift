import Foundation
import SpeechSignal
import Testing
import TextFrontend

@Suite struct SentenceTests {
    @Test func wordsMapBackToTheOriginal() throws {
        let text = "“Café” costs £20.50 — said Dr. Smith’s friend.\n\nYes!"
        let sentences = try Support.sentences(text, .british)
        #expect(sentences.count == 2)
        let bytes = Array(text.utf8)
        for sentence in sentences {
            #expect(String(decoding: bytes[sentence.range], as: UTF8.self) == sentence.text)
            for word in sentence.words {
                #expect(String(decoding: bytes[word.range], as: UTF8.self) == word.text)
                #expect(Phonemes(sentence.phonemes[word.phonemeRange]) == word.phonemes)
            }
        }
        #expect(sentences[0].words.map(\.text) == ["Café", "costs", "£20.50", "said", "Dr.", "Smith’s", "friend"])
        #expect(sentences[0].endsParagraph && sentences[1].endsParagraph)
        #expect(sentences[0].expansions.map(\.written) == ["£20.50", "Dr."])
        #expect(sentences[0].expansions[0].spoken == "twenty pounds fifty pence")
    }

    @Test(arguments: [
        ("Mr. Jones left at 5 p.m. He was late.", 2),
        ("Pi is 3.14. It is not 3.", 2),
        ("\"Is anyone home?\" she asked. Nobody answered!", 2),
        ("Well... maybe not. J. R. R. Tolkien wrote e.g. The Hobbit.", 2),
        ("The U.S. Army came. The U.S. It is big.", 3),
        ("Chapter One\nIt was dark.", 2),
        ("a line that is wrapped\nby hand at forty columns\nor so. Next one", 2),
    ])
    func splits(text: String, count: Int) throws {
        #expect(try Support.sentences(text).map(\.text).count == count)
    }

    @Test func longSentencesAreSplitAtClauses() throws {
        let clause = "the committee considered every proposal that had been sent to it, "
        let text = String(repeating: clause, count: 14) + "and it was done."
        let sentences = try Support.sentences(text)
        #expect(sentences.count > 1)
        #expect(sentences.allSatisfy { $0.phonemes.count <= 400 })
        #expect(sentences.dropLast().allSatisfy { $0.continues && $0.phonemes.last == "," })
        #expect(sentences.last?.continues == false)
        #expect(sentences.map(\.text).joined() == text)
        #expect(sentences.flatMap(\.words).count == 14 * 11 + 4)
    }

    @Test func veryLongSentencesGoOn() throws {
        let text =
            String(repeating: "the rain went on and nobody could say why it did so, ", count: 60) + "until it stopped."
        let sentences = try Support.sentences(text)
        #expect(sentences.dropLast().allSatisfy { $0.continues && $0.phonemes.last == "," })
        #expect(sentences.last?.continues == false)
        #expect(sentences.flatMap(\.words).count == 60 * 12 + 3)
    }

    @Test func contractionsOfUnknownWords() throws {
        #expect(try Support.phonemes("people're").hasSuffix("pᵊləɹ"))
        #expect(try Support.phonemes("kids've").hasSuffix("dzəv"))
        #expect(try Support.phonemes("Sarah'd").hasSuffix("əd"))
    }

    @Test func inlineControl() throws {
        let sentences = try Support.sentences("Say [[həlˈO]] now. [pause 500ms] Then go.")
        #expect(sentences[0].phonemes.symbols.contains("həlˈO"))
        #expect(sentences.contains { $0.pauseMilliseconds == 500 })
        #expect(try Support.phonemes("[[həlˈO wˈɜɹld]]") == "həlˈO wˈɜɹld")
        #expect(try Support.sentences("[pause 1.5s]").map(\.pauseMilliseconds) == [1500])
    }

    @Test func arpabetInBrackets() throws {
        #expect(try Support.phonemes("[M AH0 SH IY1 N]") == "məʃˈin")
        #expect(try Support.phonemes("[B ER1 D] [B AH1 T ER0]").hasPrefix("bˈɜɹd bˈʌtəɹ"))
        // Without a vowel's stress, with a foreign symbol, with one symbol alone: only text in brackets.
        for text in ["[HH AH L OW]", "[HH AH0 Q OW1]", "[AH0]", "[ON OFF1]", "[OW3 K]", "[ hh ah0 l ow1 ]"] {
            #expect(try Support.phonemes(text) != "həlˈO", "\(text)")
            #expect(try Support.sentences(text).first?.spoken.contains("[") == false, "\(text)")
        }
    }

    @Test func punctuationStays() throws {
        #expect(try Support.phonemes("Really?").hasSuffix("?"))
        #expect(try Support.phonemes("Really?!").hasSuffix("?"))
        #expect(try Support.phonemes("Stop!").hasSuffix("!"))
        #expect(try Support.phonemes("Wait...").hasSuffix("…"))
        #expect(try Support.phonemes("Yes, no; maybe: so").filter { ",;:".contains($0) } == ",;:")
    }

    @Test func hostileTextIsReadOrSkipped() throws {
        let texts = [
            "", " \n\t ", "\u{0}\u{1}\u{7}", "😀🎉👨‍👩‍👧", "你好世界", "مرحبا بالعالم", "Привет, мир", "\u{202E}abc\u{202C}",
            "((((((", "-- -- --",
            "$", "$$$", "1/0", "99999999999999999999999999999999999999999999", "0.0.0.0.0", "1-1-1-1-1-1-1-1-1-1-1",
            "@", "#", "[[", "[[]]", "[pause]",
            "[pause 9e99s]", "::::", "a.b.c.d.e.f", "http://", "www.", "x@", "@x.", "1e400", "½⅓⅔", "²³", "ⅣⅫ", "ﬁﬂ",
            "e\u{301}\u{301}\u{301}",
            String(repeating: "s'", count: 5000), String(repeating: "a", count: 20_000),
            String(repeating: "9", count: 20_000),
            String(repeating: "(", count: 5000), String(repeating: "a-", count: 5000),
            String(repeating: "1,", count: 5000),
            String(repeating: "😀", count: 5000), String(repeating: "é", count: 3000),
            String(repeating: "A.", count: 3000),
        ]
        for text in texts {
            let bytes = text.utf8.count
            for sentence in try Support.sentences(text) {
                #expect(sentence.range.lowerBound >= 0 && sentence.range.upperBound <= bytes)
                #expect(sentence.phonemes.count <= 400)
                for word in sentence.words {
                    #expect(word.range.upperBound <= bytes && word.range.lowerBound <= word.range.upperBound)
                    #expect(word.phonemeRange.upperBound <= sentence.phonemes.count)
                }
            }
        }
        for text in ["", " \n\t ", "\u{0}\u{1}\u{7}", "😀🎉👨‍👩‍👧", "你好世界"] { #expect(try Support.sentences(text).isEmpty) }
    }

    @Test func randomTextNeverFails() throws {
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let atoms = [
            "the", "Dr.", "$", "£", "5", "19", "2012", ".", ",", " ", " ", "-", "–", "/", ":", "pm", "km", "@", "com",
            "[[", "]]", "[pause", "'", "s", "(",
            ")", "%", "°", "½", "²", "#", "&", "U.S.", "IV", "July", "é", "好", "😀", "\n", "\n\n", "?", "!", "…", "“",
            "X", "=", "+", "*", "st", "1,000",
        ]
        for _ in 0..<3000 {
            let text = (0..<random(14) + 1).map { _ in atoms[random(atoms.count)] }.joined()
            let bytes = Array(text.utf8)
            for sentence in try Support.sentences(text) {
                #expect(String(decoding: bytes[sentence.range], as: UTF8.self) == sentence.text, "\(text)")
                for word in sentence.words { #expect(word.range.upperBound <= bytes.count, "\(text)") }
            }
        }
    }

    @Test func aMegabyteIsReadLazilyAndTheSameEachTime() throws {
        let paragraph = "It was the best of times, it was the worst of times; in 1859 the book cost $2.50.\n\n"
        let text = String(repeating: paragraph, count: 1_000_000 / paragraph.utf8.count)
        let frontend = try Support.frontend.get()
        var count = 0
        var first: Sentence?
        for sentence in frontend.sentences(in: text, accent: .american) {
            if count == 0 { first = sentence }
            if sentence.phonemes != first?.phonemes {
                Issue.record("sentence \(count) differs: \(sentence.phonemes.symbols)")
            }
            count += 1
        }
        #expect(count == 1_000_000 / paragraph.utf8.count)
    }
}

@Suite struct PronunciationTests {
    @Test(arguments: [
        ("Hello there.", "həlˈO ðˈɛɹ."),
        ("I used to read the book, and I have read it.", "ˌI jˈust tə ɹˈid ðə bˈʊk, ænd ˌI hæv ɹˈɛd ɪt."),
        ("The apple and the pear", "ði ˈæpᵊl ænd ðə pˈɛɹ"),
        ("FBI", "ˌɛfbˌiˈI"),
        ("cats, dogs, foxes", "kˈæts, dˈɔɡz, fˈɑksᵻz"),
    ])
    func american(text: String, phonemes: String) throws {
        #expect(try Support.phonemes(text) == phonemes)
    }

    @Test func britishDiffers() throws {
        #expect(try Support.phonemes("Hello there.", .british) == "həlˈQ ðˈɛː.")
    }

    @Test func whatTheAlphabetDoesNotKnowIsLeftOut() throws {
        #expect(try Support.phonemes("[[həˈlo\u{308}ʊ ☂ wˈɜɹld]]") == "həlˈoʊ  wˈɜɹld")
    }
}

@Suite struct DataFileTests {
    /// A copy of the data folder that may be damaged.
    private func copy() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("starling-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Support.data.resolvingSymlinksInPath(), to: folder)
        return folder
    }

    private func message(_ folder: URL) -> String {
        do {
            _ = try TextFrontend(data: folder)
            return ""
        } catch { return String(describing: error) }
    }

    @Test func damagedFilesAreNamed() throws {
        let folder = try copy()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(message(folder) == "")
        let lexicon = folder.appendingPathComponent("lexicon.bin")
        let good = try Data(contentsOf: lexicon)
        try good.prefix(good.count / 2).write(to: lexicon)
        #expect(message(folder).contains("lexicon.bin") && message(folder).contains("header says \(good.count)"))
        var flipped = good
        flipped[good.count / 3] ^= 0x40
        try flipped.write(to: lexicon)
        #expect(message(folder).contains("checksum"))
        try Data("hello".utf8).write(to: lexicon)
        #expect(message(folder).contains("too few for its header"))
        try FileManager.default.removeItem(at: lexicon)
        #expect(message(folder).contains("cannot read") && message(folder).contains("restore"))
        try good.write(to: lexicon)
        for name in [
            "tagger.bin", "homographs.safetensors", "names.bin", "g2p.safetensors", "frontend/units.tsv",
            "frontend/unicode.tsv",
        ] {
            let file = folder.appendingPathComponent(name)
            let original = try Data(contentsOf: file)
            try FileManager.default.removeItem(at: file)
            #expect(message(folder).contains(name))
            try Data("# x\nbroken".utf8).write(to: file)
            #expect(message(folder).contains(name))
            try original.write(to: file)
        }
        #expect(message(folder) == "")
    }

    @Test func theLexiconIsLarge() throws {
        #expect(try Support.frontend.get().lexiconCount == 276_292)
    }
}
