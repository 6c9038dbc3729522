import AudioIO
import Foundation
import Synthesis
import Testing
import TextFrontend
import VoiceStore

/// What markup and lexicons do to the sound.
@Suite struct ControlTests {
    private func speak(_ text: String, _ change: (inout SpeechOptions) -> Void = { _ in }) async throws
        -> Speaking.Whole
    {
        var options = SpeechOptions()
        options.keepsFeatures = true
        change(&options)
        return try await Speaking.speak(Speaking.synthesizer(), text, options: options)
    }

    private func duration(_ whole: Speaking.Whole, _ word: String) throws -> Double {
        let found = try #require(whole.sentences.flatMap(\.words).first { $0.spoken == word })
        return found.end - found.start
    }

    /// Mean F0 in semitones and level in dB while a word sounds.
    private func measure(_ whole: Speaking.Whole, _ word: String) throws -> (pitch: Double, level: Double) {
        let sentence = try #require(whole.sentences.first { $0.words.contains { $0.spoken == word } })
        let found = try #require(sentence.words.first { $0.spoken == word })
        let features = try #require(sentence.features)
        let frames = Int((found.start - features.start) * 80)..<Int((found.end - features.start) * 80)
        let voiced = features.f0[frames.clamped(to: features.f0.indices)].filter { $0 > 0 }.map { Double(log2($0)) }
        let samples = whole.samples[Int(found.start * 24_000)..<Int(found.end * 24_000)]
        let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, samples.count))
        return (12 * voiced.reduce(0, +) / Double(max(1, voiced.count)), 10 * log10(power + 1e-12))
    }

    static let text = "We all know where the yellow lemons are."

    private func marked(_ attributes: String) -> String {
        "<speak>We all know where <prosody \(attributes)>the yellow lemons</prosody> are.</speak>"
    }

    @Test func markUpWithoutEffectIsPlainText() async throws {
        let plain = try await speak(Self.text)
        #expect(try await speak("<speak>\(Self.text)</speak>").samples == plain.samples)
        #expect(try await speak(marked("rate=\"medium\"")).samples == plain.samples)
    }

    @Test func ratePitchAndVolumeChangeWithinASentence() async throws {
        let plain = try await speak(Self.text)
        let slow = try await speak(marked("rate=\"50%\""))
        #expect(abs(try duration(slow, "lemons") / duration(plain, "lemons") - 2) < 0.3)
        #expect(abs(try duration(slow, "know") - duration(plain, "know")) < 0.03)
        let high = try await speak(marked("pitch=\"+4st\""))
        #expect(abs(try measure(high, "yellow").pitch - measure(plain, "yellow").pitch - 4) < 0.5)
        #expect(abs(try measure(high, "know").pitch - measure(plain, "know").pitch) < 0.5)
        let soft = try await speak(marked("volume=\"-12dB\""))
        #expect(abs(try measure(soft, "yellow").level - measure(plain, "yellow").level + 12) < 1)
        #expect(abs(try measure(soft, "know").level - measure(plain, "know").level) < 0.5)
        let flat = try await speak(marked("range=\"0%\""))
        let (sentence, word) = (try #require(flat.sentences.first), try #require(flat.sentences.first?.words[5]))
        let features = try #require(sentence.features)
        let frames = Int((word.start - features.start) * 80) + 4..<Int((word.end - features.start) * 80) - 4
        let f0 = features.f0[frames].filter { $0 > 0 }
        #expect(word.spoken == "yellow" && f0.count > 4 && (f0.max() ?? 2) / (f0.min() ?? 1) < 1.01, "\(f0)")
        let silent = try await speak(marked("volume=\"silent\""))
        #expect(try measure(silent, "lemons").level < -60)
        let hertz = try await speak(marked("pitch=\"300Hz\""))
        #expect(try measure(hertz, "lemons").pitch > measure(plain, "lemons").pitch + 2)
    }

    /// As the networks speak, these are 6 dB apart.
    @Test(arguments: ["nova", "puck", "fable", "nova:0.5+puck:0.5"]) func allVoicesAreEquallyLoud(voice: String)
        async throws
    {
        // Two sentences alone may be a decibel louder than what a voice says on average.
        let text = """
            The boats were late, and nobody on the wall had brought an umbrella. We laughed about it. Then the first \
            sail came round the point, white and very small. My sister counted eleven of them before the rain began. \
            By evening the harbor was full, and the baker had sold every loaf he had.
            """
        let samples = try await Speaking.speak(Speaking.synthesizer(), text, voice: voice).samples
        let loudness = try #require(Loudness.integrated(AudioClip(samples: samples, sampleRate: 24_000)))
        #expect(abs(loudness + 21) < 1.5, "\(loudness) LUFS")
    }

    @Test func nothingIsTooLoud() async throws {
        let loud = try await speak("<speak><prosody volume=\"+12dB\">HELLO THERE, GOOD MORNING!</prosody></speak>")
        #expect((loud.samples.map(abs).max() ?? 2) <= 1)
    }

    /// A word said slower is longer by that much, though no phoneme of it can be by less than 25 ms.
    @Test func aWordKeepsThePaceAskedFor() async throws {
        for word in ["extraordinary", "yellow"] {
            let plain = try duration(try await speak("<speak>We know the \(word) lemons.</speak>"), word)
            for rate in [0.9, 0.83, 0.8, 1.15] {
                let percent = Int((100 * rate).rounded())
                let said = try await speak(
                    "<speak>We know the <prosody rate=\"\(percent)%\">\(word)</prosody> lemons.</speak>")
                // Half a step is 12.5 ms; a phoneme of one step cannot be shorter.
                let off = try duration(said, word) - plain / rate
                #expect(abs(off) < 0.026, "\(off) s at \(percent) %")
            }
        }
    }

    @Test func emphasisIsHeard() async throws {
        let text = "I never saw the <emphasis level=\"strong\">yellow</emphasis> lemons."
        let plain = try await speak("I never saw the yellow lemons.")
        let strong = try await speak("<speak>\(text)</speak>")
        let (before, after) = (try measure(plain, "yellow"), try measure(strong, "yellow"))
        #expect(after.pitch > before.pitch + 0.7 && after.level > before.level + 1.5, "\(before) \(after)")
        #expect(try duration(strong, "yellow") > 1.1 * duration(plain, "yellow"))
        let reduced = try await speak("<speak>\(text.replacing("strong", with: "reduced"))</speak>")
        #expect(try measure(reduced, "yellow").level < before.level - 1)
    }

    @Test func pausesWithinASentenceAreAsLongAsAsked() async throws {
        for (text, asked) in [
            ("<speak>Wait for it<break time=\"700ms\"/> until it comes.</speak>", 0.7),
            ("Wait for it [pause 1500ms] until it comes.", 1.5),
        ] {
            let whole = try await speak(text)
            let words = try #require(whole.sentences.first).words
            #expect(whole.sentences.count == 1)
            let gap = words[3].start - words[2].end
            #expect(gap >= asked - 0.05 && gap < asked + 0.25, "\(gap)")
            let middle = Int((words[2].end + words[3].start) / 2 * 24_000)
            #expect(whole.samples[middle - 1_000..<middle + 1_000].allSatisfy { abs($0) < 1e-4 })
        }
        let end = try await speak("<speak>Bye.<break time=\"2s\"/></speak>")
        #expect(end.samples.suffix(48_000).allSatisfy { $0 == 0 })
    }

    @Test func marksAreReached() async throws {
        let text = "<speak>One two <mark name=\"a\"/>three. <mark name=\"b\"/>Four.<mark name=\"c\"/></speak>"
        let whole = try await speak(text)
        let marks = whole.sentences.flatMap(\.marks)
        #expect(marks.map(\.name) == ["a", "b", "c"])
        let words = whole.sentences.flatMap(\.words)
        #expect(marks[0].time == words[2].start && marks[1].time == words[3].start)
        #expect(abs(marks[2].time - (try #require(whole.sentences.last).end)) < 0.2)
    }

    @Test func voicesTakeTurns() async throws {
        let whole = try await speak(
            "<speak>She said hello. <voice name=\"nobody george\">And he said hello.</voice></speak>")
        let (she, he) = (try measure(whole, "She"), try measure(whole, "he"))
        #expect(he.pitch < she.pitch - 4)
        await #expect(throws: FrontendError.self) {
            try await self.speak("<speak><voice name=\"nobody\">x</voice></speak>")
        }
        await #expect(throws: FrontendError.self) { try await self.speak("<speak><b>x</b></speak>") }
        await #expect(throws: FrontendError.self) { try await self.speak("Hello.") { $0.isSSML = true } }
    }

    @Test func textThatIsNotToBeSSMLIsText() async throws {
        let whole = try await speak("<speak>hello</speak>") { $0.isSSML = false }
        #expect(whole.sentences.flatMap(\.words).map(\.spoken).contains("hello"))
    }

    @Test func lexiconsOfRequestVoiceAndOwnerHold() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "starling-lexicon-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let store = VoiceStore(user: root, bundled: [Speaking.repository.appending(path: "voices")])
        try store.mix("heart:1+emma:3", into: VoiceName("own"))
        try store.setLexicon("foo = /ˈvɔɪs/\nbar = /ˈvɔɪs/", of: VoiceName("own"))
        var synthesizer = try Speaking.synthesizer(store)
        synthesizer.lexicons = [try UserLexicon(["foo": "/ˈoʊn/", "bar": "/ˈoʊn/", "baz": "/ˈoʊn/"])]
        var options = SpeechOptions()
        options.lexicons = [try UserLexicon(["foo": "/ˈɑːsk/"])]
        let spoken = try await Speaking.speak(synthesizer, "foo bar baz", voice: "own", options: options)
        #expect(spoken.sentences.flatMap(\.words).map(\.phonemes) == ["ˈɑːsk", "vˈYs", "ˈQn"])
        try store.setLexicon("broken", of: VoiceName("own"))
        await #expect(throws: FrontendError.self) { try await Speaking.speak(synthesizer, "foo", voice: "own") }
    }
}
