import SpeechSignal
import Testing
import TextFrontend

/// Places of sentences, written words and spoken words, whatever the text.
@Suite struct PlaceTests {
    static func check(_ sentences: [Sentence], in text: String) {
        let bytes = Array(text.utf8)
        var reached = 0
        for sentence in sentences {
            #expect(sentence.range.lowerBound >= reached && sentence.range.upperBound <= bytes.count, "\(text)")
            reached = sentence.range.upperBound
            let count = sentence.phonemes.count
            var phoneme = 0
            for word in sentence.words {
                #expect(!word.range.isEmpty && word.range.upperBound <= bytes.count, "\(text)")
                #expect(String(validating: bytes[word.range], as: UTF8.self) != nil, "\(text): cut inside a character")
                #expect(word.phonemeRange.lowerBound >= phoneme && word.phonemeRange.upperBound <= count, "\(text)")
                #expect(!word.spoken.isEmpty, "\(text): nothing is said for \(word.text)")
                var inside = word.phonemeRange.lowerBound
                for spoken in word.spoken {
                    #expect(spoken.phonemeRange.lowerBound >= inside && !spoken.phonemeRange.isEmpty, "\(text)")
                    inside = spoken.phonemeRange.upperBound
                }
                #expect(inside <= word.phonemeRange.upperBound, "\(text)")
                phoneme = word.phonemeRange.upperBound
            }
        }
    }

    @Test func randomTextKeepsItsPlaces() throws {
        var random = SeededGenerator(7)
        let atoms = [
            "the", "Dr.", "$", "£", "5", "19", "2012", ".", ",", " ", " ", " ", "-", "–", "/", ":", "pm", "km", "@",
            "com",
            "[[həlˈO]]", "[pause 1s]", "[[", "]]", "\\[", "'", "s", "(", ")", "%", "°", "½", "²", "#", "&", "U.S.",
            "IV", "July",
            "é", "好", "😀", "\n", "\n\n", "?", "!", "…", "“", "X", "=", "+", "*", "st", "1,000", "3:30", "\u{301}", "ﬁ",
            "Ⅳ",
        ]
        for _ in 0..<3000 {
            let text = (0..<random.below(16) + 1).map { _ in atoms[random.below(atoms.count)] }.joined()
            Self.check(try Support.sentences(text), in: text)
        }
    }

    @Test func longSentencesKeepTheirPlaces() throws {
        let text =
            String(repeating: "the committee paid $1,234,567.89 for 3.5 km of road on 5/3/2024, ", count: 12)
            + "in all."
        let sentences = try Support.sentences(text)
        #expect(sentences.count > 2)
        Self.check(sentences, in: text)
        #expect(sentences.flatMap(\.words).count == 12 * 10 + 2)
    }
}

/// SplitMix64, so that every run tries the same texts.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
