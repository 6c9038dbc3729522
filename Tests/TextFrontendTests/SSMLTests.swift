import SpeechSignal
import Testing
import TextFrontend

@Suite struct SSMLTests {
    static func sentences(_ ssml: String, _ accent: Accent = .american) throws -> [Sentence] {
        let text = try MarkedText(ssml: ssml)
        return Array(try Support.frontend.get().sentences(in: text, reading: ReadingStyle(accent: accent)))
    }

    private func spoken(_ body: String, _ accent: Accent = .american) throws -> String {
        try Self.sentences("<speak>\(body)</speak>", accent).map(\.spoken).filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func phonemes(_ body: String) throws -> String {
        try Self.sentences("<speak>\(body)</speak>").map(\.phonemes.symbols).filter { !$0.isEmpty }.joined(
            separator: " ")
    }

    /// Markup that changes no word changes no phoneme either.
    @Test(arguments: [
        "Hello there.", "Dr. Smith paid $20 on May 3rd. <!-- no --> Then he left.", "A &amp; B &lt; C&#33; caf&#xe9;",
        "<![CDATA[5 < 6 & 7]]>",
    ])
    func plainTextReadsAsPlainText(body: String) throws {
        let text = body.replacing("<!-- no -->", with: "").replacing("&amp;", with: "&").replacing("&lt;", with: "<")
            .replacing("&#33;", with: "!").replacing("&#xe9;", with: "é").replacing("<![CDATA[", with: "").replacing(
                "]]>", with: "")
        #expect(try phonemes(body) == Support.phonemes(text))
        #expect(
            try phonemes(
                "<p><s><prosody rate=\"fast\">One two</prosody> <emphasis level=\"none\">three</emphasis>.</s></p>")
                == Support.phonemes("One two three."))
    }

    @Test(arguments: [
        ("cardinal", "", "12345", "twelve thousand three hundred and forty five"), ("cardinal", "", "XIV", "fourteen"),
        ("cardinal", "", "-3.5", "minus three point five"), ("ordinal", "", "3", "third"),
        ("ordinal", "", "21st", "twenty first"),
        ("characters", "", "aB1-", "A B one dash"), ("spell-out", "", "cat", "C A T"),
        ("digits", "", "120", "one two zero"),
        ("date", "dmy", "2/3/2026", "the second of march twenty twenty six"),
        ("date", "mdy", "2/3/2026", "february third twenty twenty six"),
        ("date", "yyyymmdd", "20260203", "february third twenty twenty six"),
        ("date", "md", "12.25", "december twenty fifth"),
        ("date", "my", "May 1999", "may nineteen ninety nine"), ("date", "y", "1805", "eighteen oh five"),
        ("time", "hms12", "2:30pm", "two thirty PM"),
        ("telephone", "", "5551234567", "five five five, one two three, four five six seven"),
        ("currency", "", "$42.50", "forty two dollars fifty cents"), ("unit", "", "5 in", "five inches"),
        ("fraction", "", "3/4", "three quarters"), ("fraction", "", "1+1/2", "one and one half"),
        ("cardinal", "", "none of this", "none of this"),
    ])
    func sayAs(kind: String, format: String, text: String, expected: String) throws {
        let format = format.isEmpty ? "" : " format=\"\(format)\""
        let read = try spoken("<say-as interpret-as=\"\(kind)\"\(format)>\(text)</say-as>")
        #expect(read == expected)
    }

    @Test func substitutesAndPhonemes() throws {
        #expect(try spoken("<sub alias=\"World Wide Web\">WWW</sub> page") == "World Wide Web page")
        #expect(try phonemes("<phoneme ph=\"həˈloʊ\">xx</phoneme>") == "həlˈO")
        #expect(try phonemes("<phoneme alphabet=\"x-starling\" ph=\"həlˈO\"/>") == "həlˈO")
        let sub = try #require(try Self.sentences("<speak>The <sub alias=\"World Wide Web\">WWW</sub>.</speak>").first)
        #expect(sub.words.map(\.text) == ["The", "WWW", "WWW", "WWW"])
        #expect(sub.words[1...].allSatisfy { $0.range == 39..<42 })
    }

    @Test func boundariesArePlacedByTheDocument() throws {
        #expect(
            try Self.sentences("<speak><s>Mr. X. Y. is here. Truly</s><s>yes</s></speak>").map(\.text) == [
                "Mr. X. Y. is here. Truly", "yes",
            ])
        let paragraphs = try Self.sentences("<speak><p>One</p><p>Two. Three</p></speak>")
        #expect(
            paragraphs.map(\.text) == ["One", "Two.", "Three"]
                && paragraphs.map(\.endsParagraph) == [true, false, true])
        let voices = try Self.sentences("<speak>He said <voice name=\"emma\">hello there</voice> to me.</speak>")
        #expect(voices.map(\.voice) == [nil, "emma", nil] && voices.map(\.continues) == [true, true, false])
    }

    @Test func breaksMarksAndStyles() throws {
        let text =
            "<speak>One<break time=\"300ms\"/> two <mark name=\"m\"/>three <prosody rate=\"50%\" pitch=\"+2st\" volume=\"-6dB\">four five</prosody>.</speak>"
        let sentence = try #require(try Self.sentences(text).first)
        #expect(sentence.phonemes.symbols.hasPrefix("wˈʌn, tˈu"))
        #expect(sentence.pauses == [InnerPause(phonemeOffset: 4, milliseconds: 300)])
        let mark = try #require(sentence.marks.first)
        #expect(mark.name == "m" && mark.phonemeOffset == sentence.words[2].phonemeRange.lowerBound)
        #expect(Array(text.utf8)[mark.offset] == UInt8(ascii: "<"))
        let span = try #require(sentence.styles.first)
        #expect(
            sentence.styles.count == 1 && span.style.rate == 0.5 && span.style.pitch == 2 && span.style.volume == -6)
        #expect(span.phonemeRange.lowerBound == sentence.words[3].phonemeRange.lowerBound)
        #expect(span.phonemeRange.upperBound >= sentence.words[4].phonemeRange.upperBound)
        let between = try Self.sentences("<speak>One. <break time=\"2s\"/> Two.<mark name=\"end\"/> </speak>")
        #expect(between.map(\.pauseMilliseconds) == [2000, nil] && between[1].marks.map(\.name) == ["end"])
        let nested = try Self.sentences(
            "<speak><prosody rate=\"50%\"><prosody rate=\"50%\" pitch=\"high\">x</prosody></prosody></speak>")
        #expect(nested[0].styles[0].style.rate == 0.25 && nested[0].styles[0].style.pitch == 3)
    }

    @Test func emphasisGivesStress() throws {
        #expect(try phonemes("I said <emphasis>the</emphasis> book.").contains("ðˈi bˈʊk"))
        let strong = try #require(
            try Self.sentences("<speak>a <emphasis level=\"strong\">very good</emphasis> one</speak>").first)
        #expect(strong.styles.contains { $0.style.pitch > 2 && $0.style.rate < 1 && $0.style.volume > 0 })
        let reduced = try phonemes("a <emphasis level=\"reduced\">good</emphasis> one")
        #expect(reduced.contains("ɡˌʊd"))
    }

    @Test func accentsFollowTheLanguage() throws {
        #expect(try phonemes("<lang xml:lang=\"en-GB\">goat</lang> goat") == "ɡˈQt ɡˈOt")
        #expect(try Self.sentences("<speak xml:lang=\"en-GB\">goat</speak>")[0].phonemes.symbols == "ɡˈQt")
    }

    @Test func prefixesAndNamespaces() throws {
        let own =
            "<s:speak xmlns:s=\"http://www.w3.org/2001/10/synthesis\" xmlns:x=\"urn:x\" x:y=\"z\" version=\"1.1\"><s:p>Hi.</s:p></s:speak>"
        #expect(try Self.sentences(own).map(\.text) == ["Hi."])
        #expect(MarkedText.isSSML(" <?xml version=\"1.0\"?>\n<!-- x --><speak>"))
        #expect(!MarkedText.isSSML("I <speak> of it") && !MarkedText.isSSML("") && !MarkedText.isSSML("<p>"))
    }

    @Test(arguments: [
        ("<speak>\n  <blink>hi</blink></speak>", 2, 3, "<blink> is unknown"), ("<speak>hi", 1, 1, "not closed"),
        ("<speak><p>hi</s></speak>", 1, 13, "</s> closes <p>"), ("hi", 1, 1, "text precedes"),
        ("<speak>hi</speak>x", 1, 18, "follows </speak>"), ("<p>hi</p>", 1, 1, "begins with <p>"),
        ("<speak>&foo;</speak>", 1, 8, "&foo; is not defined"), ("<speak>a & b</speak>", 1, 10, "without \";\""),
        ("<!DOCTYPE speak [<!ENTITY a \"b\">]><speak>&a;</speak>", 1, 1, "document type"),
        ("<speak><prosody rate=\"-50\">x</prosody></speak>", 1, 17, "rate=\"-50\" is not understood"),
        ("<speak><prosody rate=\"1e9%\">x</prosody></speak>", 1, 17, "not understood"),
        ("<speak><prosody rate=\"100000%\">x</prosody></speak>", 1, 17, "out of range"),
        ("<speak><prosody pitch=\"+99st\">x</prosody></speak>", 1, 17, "out of range"),
        ("<speak><prosody volume=\"+99dB\">x</prosody></speak>", 1, 17, "out of range"),
        ("<speak><prosody volume=\"nan\">x</prosody></speak>", 1, 17, "not understood"),
        ("<speak><prosody contour=\"x\">x</prosody></speak>", 1, 17, "not supported"),
        ("<speak><break time=\"-1s\"/></speak>", 1, 15, "not understood"),
        ("<speak><break time=\"9999s\"/></speak>", 1, 15, "out of range"),
        ("<speak><break size=\"big\"/></speak>", 1, 15, "no attribute size"),
        ("<speak><voice>x</voice></speak>", 1, 8, "has no name"),
        ("<speak><say-as interpret-as=\"magic\">x</say-as></speak>", 1, 16, "use one of"),
        ("<speak><phoneme ph=\"§\">x</phoneme></speak>", 1, 17, "is not a known phoneme"),
        ("<speak><sub alias=\"x\"><p>x</p></sub></speak>", 1, 23, "text only"),
        ("<speak><p><p>x</p></p></speak>", 1, 11, "<p> stands in <p>"),
        ("<speak><a:p>x</a:p></speak>", 1, 8, "prefix"), ("<speak a='1' a='2'/>", 1, 14, "two attributes"),
        ("<speak a=1/>", 1, 10, "not quoted"),
        ("<speak xml:lang=\"tlh\">x</speak>", 1, 8, "language"), ("<speak>\u{1}</speak>", 1, 8, "control character"),
        ("<speak><audio src=\"x\"/></speak>", 1, 8, "not supported"), ("<speak><!-- x</speak>", 1, 8, "is not closed"),
        ("", 1, 1, "no <speak>"), ("<speak>&#0;</speak>", 1, 8, "not a character"),
        ("<speak>&#xD800;</speak>", 1, 8, "not a character"),
    ])
    func mistakesAreFound(text: String, line: Int, column: Int, words: String) throws {
        let error = #expect(throws: FrontendError.self) { try MarkedText(ssml: text) }
        guard case .ssml(let foundLine, let foundColumn, let problem, let remedy)? = error else {
            Issue.record("\(text): \(String(describing: error))")
            return
        }
        #expect(
            foundLine == line && foundColumn == column, "\(text): line \(foundLine), column \(foundColumn): \(problem)")
        #expect(problem.contains(words) || remedy.contains(words), "\(problem); \(remedy)")
        #expect(!remedy.isEmpty && !problem.contains("\n"))
    }

    @Test func hostileDocumentsAreRefusedQuickly() throws {
        let laughs =
            "<!DOCTYPE lolz [<!ENTITY lol \"lol\">"
            + (1..<10).map { "<!ENTITY lol\($0) \"&lol\($0 - 1);&lol\($0 - 1);\">" }.joined()
            + "]><speak>&lol9;</speak>"
        let hostile = [
            laughs, String(repeating: "<p>", count: 100_000),
            "<speak>" + String(repeating: "<prosody rate=\"fast\">", count: 100_000),
            "<speak " + String(repeating: "a", count: 1_000_000) + "=\"\"/>",
            "<speak a=\"" + String(repeating: "x", count: 1_000_000) + "\"/>",
            "<speak " + (0..<100_000).map { "a\($0)=\"\" " }.joined() + "/>",
            "<speak><![CDATA[" + String(repeating: "x", count: 100_000),
            String(repeating: "<", count: 100_000), String(repeating: "&", count: 100_000),
            "<speak>" + String(repeating: "&#9;", count: 1_000) + "</spe",
            "<speak>" + String(repeating: "é", count: 17 << 19) + "</speak>",
        ]
        let clock = ContinuousClock()
        let elapsed = clock.measure {
            for text in hostile { #expect(throws: FrontendError.self) { try MarkedText(ssml: text) } }
        }
        #expect(elapsed < .seconds(20), "\(elapsed)")
        // Much that is right is read.
        let many =
            "<speak>"
            + String(
                repeating: "<s>A <prosody rate=\"fast\">word</prosody>.<break time=\"1ms\"/><mark name=\"x\"/></s>",
                count: 2_000) + "</speak>"
        #expect(try Self.sentences(many).count { !$0.words.isEmpty } == 2_000)
    }

    /// Whatever is made of tags and text is refused or has its places right.
    @Test func randomDocumentsKeepTheirPlaces() throws {
        var random = SeededGenerator(11)
        let open = [
            "<p>", "<s>", "<prosody rate=\"fast\">", "<emphasis>", "<voice name=\"x\">",
            "<sub alias=\"three small words\">", "<lang xml:lang=\"en-GB\">",
            "<say-as interpret-as=\"characters\">", "<phoneme ph=\"həˈloʊ\">", "<emphasis level=\"strong\">",
        ]
        let inside = [
            "Dr. ", "$3.50", " ", "word", "é", "&amp;", "&#128512;", "<break/>", "<mark name=\"m\"/>", ". ", "Then",
            "<![CDATA[<x>]]>", "\n", "1/2/2020", "[pause 1s]",
            "\u{FFFC}", "<!-- c -->", "?", "<phoneme ph=\"a\"/>", "<sub alias=\"b\"/>", "好",
        ]
        var read = 0
        for _ in 0..<2000 {
            var text = "<speak>"
            var stack: [String] = []
            for _ in 0..<random.below(14) {
                if random.below(4) == 0 {
                    let tag = open[random.below(open.count)]
                    text += tag
                    stack.append(String(tag.dropFirst().prefix { $0 != " " && $0 != ">" }))
                } else if random.below(3) == 0, let last = stack.popLast() {
                    text += "</\(last)>"
                } else {
                    text += inside[random.below(inside.count)]
                }
            }
            text += stack.reversed().map { "</\($0)>" }.joined() + "</speak>"
            guard let sentences = try? Self.sentences(text) else { continue }
            read += 1
            PlaceTests.check(sentences, in: text)
            for sentence in sentences {
                let count = sentence.phonemes.count
                for mark in sentence.marks {
                    #expect(mark.phonemeOffset <= count && mark.offset < text.utf8.count, "\(text)")
                }
                for pause in sentence.pauses { #expect(pause.phonemeOffset < count, "\(text)") }
                var reached = 0
                for span in sentence.styles {
                    #expect(span.phonemeRange.lowerBound >= reached && span.phonemeRange.upperBound <= count, "\(text)")
                    reached = span.phonemeRange.upperBound
                }
            }
            let marks = sentences.flatMap(\.marks).count
            #expect(marks == text.split(separator: "<mark ", omittingEmptySubsequences: false).count - 1, "\(text)")
        }
        #expect(read > 300, "\(read)")
    }
}

@Suite struct InlineTests {
    @Test func pausesMayStandWithinASentence() throws {
        let sentences = try Support.sentences("Wait [pause 500ms] for it, [Pause 1s] please.")
        #expect(sentences.count == 1 && sentences[0].pauses.map(\.milliseconds) == [500, 1000])
        #expect(sentences[0].phonemes.symbols.hasPrefix("wˈAt, fɔɹ"))
        #expect(try Support.sentences("One. [pause 1s] Two.").map(\.pauseMilliseconds) == [nil, 1000, nil])
    }

    @Test func aBackslashMakesBracketsOfBrackets() throws {
        let escaped = try Support.sentences("Say \\[pause 1s] and \\[[a]].")
        #expect(escaped.count == 1 && escaped[0].pauses.isEmpty && escaped[0].pauseMilliseconds == nil)
        #expect(try Support.spoken("Say \\[pause 1s].").contains("pause"))
        #expect(try Support.phonemes("[[həˈloʊ]]") == "həlˈO", "stress marks move to the vowel")
    }
}
