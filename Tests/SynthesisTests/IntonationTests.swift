import Foundation
import Synthesis
import Testing

/// What a listener expects of a sentence's melody and pauses, in four of the bundled voices.
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

    @Test(arguments: voices) func commasPause(_ voice: String) async throws {
        let parted = try await sentence("When the storm had passed over the valley, the farmers went back.", voice)
        let joined = try await sentence("When the storm had passed over the valley the farmers went back.", voice)
        let comma = try #require(parted.phonemes.firstIndex { $0.symbol == "," })
        #expect(!joined.phonemes.contains { $0.symbol == "," })
        // The lengthened last sound before the comma, the comma and the space after it.
        let pause = parted.phonemes[comma + 1].end - parted.phonemes[comma - 1].start
        #expect(pause > 0.2, "\(pause) s")
        #expect(parted.end > joined.end + 0.1, "\(parted.end) s against \(joined.end) s")
    }
}
