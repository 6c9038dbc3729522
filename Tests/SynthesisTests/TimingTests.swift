import Foundation
import SpeechSignal
import Synthesis
import Testing

@Suite struct TimingTests {
    private func speak(_ text: String) async throws -> [SpokenSentence] {
        try await Speaking.speak(Speaking.synthesizer(), text).sentences
    }

    @Test func whatIsSaidPointsAtWhatIsWritten() async throws {
        let sentences = try await speak("It costs $3.50 today.")
        let words = try #require(sentences.first).words
        #expect(words.map(\.spoken) == ["It", "costs", "three", "dollars", "fifty", "cents", "today"])
        for word in words[2...5] { #expect(word.text == "$3.50" && word.range == 9..<14) }
        #expect(words[6].range == 15..<20)
    }

    /// The three ways to count agree with what the languages that use them would cut out.
    @Test func placesCountLikeTheLanguagesThatUseThem() async throws {
        let text = "Café 😀 naïve “words” cost £5. 𝄞 Then the end."
        for sentence in try await speak(text) {
            for word in sentence.words {
                #expect(String(decoding: Array(text.utf8)[word.range], as: UTF8.self) == word.text)
                #expect(String(decoding: Array(text.utf16)[word.utf16Range], as: UTF16.self) == word.text)
                var view = String.UnicodeScalarView()
                view.append(contentsOf: Array(text.unicodeScalars)[word.scalarRange])
                #expect(String(view) == word.text)
            }
            #expect(String(decoding: Array(text.utf16)[sentence.utf16Range], as: UTF16.self) == sentence.text)
        }
    }

    @Test func everythingNestsAndNothingOverlaps() async throws {
        let text = "Dr. Smith, 42, paid $1,000.50 on 5/3/2024? \"Yes!\" — at 5:30 p.m.\n\nWell-known: the FBI's cats."
        var last = 0.0
        for sentence in try await speak(text) {
            #expect(sentence.start >= last)
            last = sentence.end
            var reached = sentence.start
            var place = sentence.range.lowerBound
            for word in sentence.words {
                #expect(sentence.range.lowerBound <= word.range.lowerBound)
                #expect(word.range.upperBound <= sentence.range.upperBound)
                #expect(word.range.lowerBound >= place && !word.range.isEmpty)
                #expect(word.start >= reached && word.end > word.start && word.end <= sentence.end)
                (reached, place) = (word.end, word.range.lowerBound)
                let inside = sentence.phonemes.filter {
                    $0.start >= word.start && $0.end <= word.end && $0.end > $0.start
                }
                #expect(inside.map(\.symbol).joined().contains(word.phonemes.filter { !"ˈˌ".contains($0) }.prefix(1)))
            }
            for (one, next) in zip(sentence.phonemes, sentence.phonemes.dropFirst()) { #expect(one.end == next.start) }
            #expect(sentence.visemes.first?.start == sentence.start && sentence.visemes.last?.end == sentence.end)
            for (one, next) in zip(sentence.visemes, sentence.visemes.dropFirst()) {
                #expect(one.end == next.start && one.id != next.id && one.end > one.start)
            }
        }
    }

    @Test func mouthsCloseForMAndOpenForAh() async throws {
        let sentence = try #require(try await speak("Mama.").first)
        let shapes = sentence.visemes.map(\.id.rawValue)
        #expect(shapes.first == 0)
        #expect(shapes.filter { $0 == 21 }.count == 2 && shapes.contains(2))
    }

    @Test func everySpokenSymbolHasAShape() throws {
        let shapeless = Phoneme.alphabet.filter { Phoneme(symbol: $0).flatMap(Viseme.init(phoneme:)) == nil }
        // Blanks, stress, length, and marks that modify others; tones.
        #expect(Set(shapeless).isSubset(of: Set(" \u{303}ˈˌːʰʲ↓→↗↘ᵝꭧ".unicodeScalars)))
        for symbol in Phoneme.alphabet {
            let phoneme = try #require(Phoneme(symbol: symbol))
            let isSpoken = PhonemeSet.vowels.contains(phoneme) || PhonemeSet.consonants.contains(phoneme)
            #expect(!isSpoken || Viseme(phoneme: phoneme) != nil, "\(symbol)")
        }
        // Lips: round for u and y, spread for i; s is s however long it is.
        #expect(Viseme(phoneme: "y") == Viseme(phoneme: "u") && Viseme(phoneme: "y") != Viseme(phoneme: "i"))
        #expect(Viseme(phoneme: "S") == Viseme(phoneme: "s"))
        #expect(Viseme(rawValue: 22) == nil && Viseme(rawValue: -1) == nil)
    }

    @Test func timingsSurviveJSON() async throws {
        let sentences = try await speak("It costs $3.50 today. Fine.")
        let timings = SpeechTimings(voice: "heart", sampleCount: 48_000, sentences: sentences)
        let json = try timings.json()
        let back = try JSONDecoder().decode(SpeechTimings.self, from: json)
        #expect(try back.json() == json && back.duration == 2)
        #expect(back.sentences.flatMap(\.words) == sentences.flatMap(\.words))
        let object = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
        let first = try #require((object["sentences"] as? [[String: Any]])?.first)
        #expect(first["utf16_range"] as? [Int] == [0, 21] && first["features"] == nil)
        #expect(((first["visemes"] as? [[String: Any]])?.first?["id"] as? Int) == 0)
    }
}
