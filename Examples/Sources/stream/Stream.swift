import Foundation
import Synthesis

/// Shows when the chunks of a text arrive: the first long before the last is made. A player would take them as they
/// come.
///
///     swift run -c release --package-path Examples stream "One sentence. And another one."
@main struct Stream {
    static func main() async throws {
        let text = CommandLine.arguments.dropFirst().joined(separator: " ")
        let place = try DataLocation.find()
        let synthesizer = try Synthesizer(data: place.data, voices: [place.voices])
        var options = SpeechOptions()
        options.speed = 1.1

        let start = ContinuousClock.now
        var (chunks, samples) = (0, 0)
        for try await chunk in synthesizer.speak(text, voice: "heart:0.7+george:0.3", options: options) {
            chunks += 1
            samples += chunk.samples.count
            // The first chunk of every sentence brings its words with their times.
            if let sentence = chunk.sentence {
                print("at \(seconds(ContinuousClock.now - start)) s: \"\(sentence.text)\"")
                for word in sentence.words {
                    print("    \(word.text) \(word.phonemes) from \(word.start) to \(word.end) s")
                }
            }
        }
        let spoken = Double(samples) / Double(Synthesizer.sampleRate)
        print("\(chunks) chunks, \(spoken) s of speech after \(seconds(ContinuousClock.now - start)) s")
    }

    static func seconds(_ duration: Duration) -> String { String(format: "%.3f", duration / .seconds(1)) }
}
