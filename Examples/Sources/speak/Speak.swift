import AudioIO
import Foundation
import Synthesis

/// Speaks a text into a WAV file, in memory that does not depend on the length of the text.
///
///     swift run -c release --package-path Examples speak "Hello there." hello.wav
@main struct Speak {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { throw Usage() }
        let place = try DataLocation.find()
        let synthesizer = try Synthesizer(data: place.data, voices: [place.voices])

        let file = URL(filePath: arguments[2])
        let writer = try AudioWriter(to: file, format: .wav, sampleRate: Synthesizer.sampleRate)
        for try await chunk in synthesizer.speak(arguments[1], voice: "heart") {
            try writer.append(chunk.samples)
        }
        // The file appears under its name here, whole.
        try writer.finish()
        let seconds = Double(writer.sampleCount) / Double(Synthesizer.sampleRate)
        print("\(file.lastPathComponent): \(seconds.formatted(.number.precision(.fractionLength(2)))) s of speech")
    }

    struct Usage: Error, CustomStringConvertible {
        var description: String { "usage: speak TEXT FILE.wav" }
    }
}
