import Foundation
import Synthesis

/// Speaks a text while it is being written, as the answer of a language model is: a word every 30 ms.
///
///     swift run -c release --package-path Examples answer "A first sentence. And then a second one, which is longer."
@main struct Answer {
    static func main() async throws {
        let words = CommandLine.arguments.dropFirst().joined(separator: " ").split(separator: " ")
        let place = try DataLocation.find()
        let synthesizer = try Synthesizer(data: place.data, voices: [place.voices])
        let voice = try synthesizer.store.voice("emma")

        let start = ContinuousClock.now
        let text = AsyncStream<String> { continuation in
            Task {
                for word in words {
                    continuation.yield(word + " ")
                    try await Task.sleep(for: .milliseconds(30))
                }
                print("written after \(seconds(since: start)) s")
                continuation.finish()
            }
        }
        var samples = 0
        for try await chunk in synthesizer.speak(text, voice: voice) {
            if samples == 0 { print("heard after \(seconds(since: start)) s") }
            samples += chunk.samples.count
            if let sentence = chunk.sentence { print("    \(sentence.text)") }
        }
        print("\(Double(samples) / Double(Synthesizer.sampleRate)) s of speech")
    }

    static func seconds(since start: ContinuousClock.Instant) -> String {
        String(format: "%.3f", (ContinuousClock.now - start) / .seconds(1))
    }
}
