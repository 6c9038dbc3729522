import Foundation
import Synthesis
import Testing

/// What a listener expects of a sentence's intonation and pauses, in four of the bundled voices.
@Suite struct Intonation {
    static let voices = ["heart", "michael", "emma", "george"]

    private func sentence(_ text: String, _ voice: String) async throws -> SpokenSentence {
        var options = SpeechOptions()
        options.keepsFeatures = true
        let whole = try await Speaking.speak(Speaking.synthesizer(), text, voice: voice, options: options)
        return try #require(whole.sentences.first)
    }

    /// Semitones from the median of F0 to its last voiced frames.
    private func ending(_ text: String, _ voice: String) async throws -> Float {
        let features = try #require(try await sentence(text, voice).features)
        let voiced = features.f0.filter { $0 > 0 }.map { 12 * log2($0) }
        try #require(voiced.count > 20)
        return voiced.suffix(4).reduce(0, +) / 4 - voiced.sorted()[voiced.count / 2]
    }

    @Test(arguments: voices) func questionsOfYesOrNoRise(_ voice: String) async throws {
        let question = try await ending("Are you coming home tonight?", voice)
        #expect(question > 2, "\(question) semitones")
        for falling in ["You are coming home tonight.", "When are you coming home?", "Do you want tea or coffee?"] {
            let fall = try await ending(falling, voice)
            #expect(fall < 0 && fall < question - 3, "\(falling) \(fall) semitones, the question \(question)")
        }
    }

    /// Seconds from the last sound of "valley" to the word after it.
    private func gap(_ text: String, _ voice: String) async throws -> Double {
        let spoken = try await sentence(text, voice)
        let word = try #require(spoken.words.firstIndex { $0.text == "valley" })
        let end = spoken.words[word].end
        let last = try #require(spoken.phonemes.last { $0.end <= end + 1e-9 && $0.end > $0.start })
        return spoken.words[word + 1].start - last.start
    }

    @Test(arguments: voices) func commasPause(_ voice: String) async throws {
        let parted = try await gap("When the storm had passed over the valley, the farmers went back.", voice)
        let joined = try await gap("When the storm had passed over the valley the farmers went back.", voice)
        #expect(parted > 0.15, "\(parted) s")
        #expect(parted > joined + 0.05, "\(parted) s with a comma, \(joined) s without")
    }
}
