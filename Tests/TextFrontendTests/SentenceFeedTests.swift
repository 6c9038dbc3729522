import SpeechSignal
import Testing
import TextFrontend

@Suite struct SentenceFeeds {
    /// What a feed gives of a text that arrives in pieces of so many characters.
    private func sentences(_ text: String, pieces size: Int) throws -> [Sentence] {
        var feed = try Support.frontend.get().feed(ReadingStyle(accent: .american))
        return feed.sentences(of: text, pieces: size)
    }

    static let texts = [
        "Dr. Smith came in. He sat down at 3.30 p.m. and said nothing! Was it late? It was.",
        "# A heading\n\nIt cost $3.5 million, e.g. in the U.S. last year. “Really?” she said…\nYes.",
        "Once upon a time, when the days were longer than they are today and nobody had a clock, there lived a miller. "
            + "He was happy.",
        "Version 2.0.1 is out [pause 300ms] at last. [[həlˈO]] World 🙂. Naïve café, 1,234 times; that is all",
        "no stop at all",
    ]

    @Test(arguments: texts) func thePiecesDoNotMatter(text: String) throws {
        let whole = try sentences(text, pieces: text.count)
        #expect(!whole.isEmpty)
        for size in [1, 2, 7, 40] {
            let pieces = try sentences(text, pieces: size)
            #expect(pieces.map(\.text) == whole.map(\.text), "pieces of \(size)")
            #expect(pieces.map(\.phonemes) == whole.map(\.phonemes), "pieces of \(size)")
            #expect(pieces.map(\.range) == whole.map(\.range), "pieces of \(size)")
        }
    }

    @Test(arguments: [texts[0], texts[1], texts[4]]) func shortSentencesAreThoseOfTheWholeText(text: String) throws {
        let whole = try Support.sentences(text)
        let fed = try sentences(text, pieces: 5)
        #expect(fed.map(\.phonemes) == whole.map(\.phonemes))
        #expect(fed.map(\.range) == whole.map(\.range))
        #expect(fed.map(\.endsParagraph) == whole.map(\.endsParagraph))
    }

    @Test func aLongFirstSentenceBeginsWithItsFirstClause() throws {
        var feed = try Support.frontend.get().feed(ReadingStyle(accent: .american))
        feed.append("Once upon a time, when the days were longer than they are")
        let early = feed.next()
        #expect(early == nil, "the clause is too short to be spoken alone")
        feed.append(" today, and nobody had a clock, there lived")
        let clause = feed.next()
        #expect(clause?.text == "Once upon a time, when the days were longer than they are today,")
        #expect(clause?.continues == true)
        let waiting = feed.next()
        #expect(waiting == nil)
        feed.append(" a miller. The")
        let incomplete = feed.next()
        #expect(incomplete == nil, "the word behind it is not complete")
        feed.append(" end")
        let rest = feed.next()
        #expect(rest?.text == "and nobody had a clock, there lived a miller.")
        #expect(rest?.continues == false)
        feed.finish()
        let last = feed.next()
        #expect(last?.text == "The end")
        let nothing = feed.next()
        #expect(nothing == nil)
    }

    @Test func theFirstClauseComesTwoWordsLater() throws {
        var feed = try Support.frontend.get().feed(ReadingStyle(accent: .american))
        feed.append("I can help you with that, but first ")
        let early = feed.next()
        #expect(early == nil)
        feed.append("tell me")
        let clause = feed.next()
        #expect(clause?.text == "I can help you with that,")
        #expect(
            try sentences("I would love to help you, Anna Smith.", pieces: 4).count == 1, "a name is not left alone")
    }

    @Test func flushingGivesWhatHasArrived() throws {
        var feed = try Support.frontend.get().feed(ReadingStyle(accent: .american))
        feed.append("One moment")
        let early = feed.next()
        #expect(early == nil)
        feed.flush()
        let moment = feed.next()
        #expect(moment?.text == "One moment" && moment?.endsParagraph == false)
        feed.flush()
        let nothing = feed.next()
        #expect(nothing == nil, "nothing is given twice")
        feed.append(" please. It is here.\n\n")
        feed.flush()
        var rest: [Sentence] = []
        while let sentence = feed.next() { rest.append(sentence) }
        #expect(rest.map(\.text) == ["please.", "It is here."])
        #expect(rest.map(\.endsParagraph) == [false, true])
        #expect(rest.map(\.range) == [11..<18, 19..<30])
        feed.append("Good")
        feed.finish()
        let last = feed.next()
        #expect(last?.text == "Good" && last?.range == 32..<36)
    }

    @Test func figuresAndMarkUpAreNotTornApart() throws {
        for text in [
            "The festival begins on the evening of May 3, 2024 and goes on until the last guest has left the hill.",
            "The number that was drawn was 12, 15 and nobody in the village had ever seen numbers like these drawn.",
            "It is a very long walk [pause 1s] from here, and so we shall rest in the shadow of the old oak tree.",
        ] {
            #expect(try sentences(text, pieces: 3).map(\.text) == [text])
        }
    }
}
