import Foundation
import Synthesis

@main struct Speak {
    static func main() async throws {
        let place = try DataLocation.find()
        let synthesizer = try Synthesizer(data: place.data, voices: [place.voices])

        var count = 0
        for try await chunk in synthesizer.speak("Hello there.", voice: "heart") {
            count += chunk.samples.count
        }
        print("\(count) samples at \(Synthesizer.sampleRate) Hz")
    }
}
