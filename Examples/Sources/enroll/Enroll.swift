import AudioIO
import Enrollment
import Foundation
import Synthesis
import VoiceStore

/// Makes a voice of a recording and speaks a text with it.
///
///     swift run -c release --package-path Examples enroll ann.wav "Hello, this is my new voice." hello.wav
@main struct Enroll {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else { throw Usage() }
        let place = try DataLocation.find()

        let enroller = try Enroller(data: place.data)
        let enrollment = try await enroller.measure([Recording(URL(filePath: arguments[1]))])
        let report = enrollment.report
        print("\(report.grade.rawValue) quality, \(String(format: "%.1f", report.speechSeconds)) s of speech")
        for warning in report.warnings { print("  ! \(warning)") }

        // A store of its own, which is gone at the end; `VoiceStore.userFolder()` is where the command keeps voices.
        let folder = URL.temporaryDirectory.appending(path: "starling-example-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = VoiceStore(user: folder, bundled: [place.voices])
        let name = try VoiceName("ann")
        let card = try enrollment.card(
            name: name, consent: "I agree that this voice is made from my recording.", model: enroller.profileSpace)
        try store.save(card, enrollment.profile)

        let synthesizer = try Synthesizer(networks: enroller.networks, data: place.data, store: store)
        let file = URL(filePath: arguments[3])
        let writer = try AudioWriter(to: file, format: .wav, sampleRate: Synthesizer.sampleRate)
        for try await chunk in synthesizer.speak(arguments[2], voice: name.text) { try writer.append(chunk.samples) }
        try writer.finish()

        // Is it the same person?
        let clone = try enroller.analyzer.voice(in: Recording(file))
        let similarity = Enroller.similarity(clone.embedding, enrollment.profile.embedding)
        print("similarity \(String(format: "%.2f", similarity)): \(SpeakerMatch(similarity: similarity).description)")
    }

    struct Usage: Error, CustomStringConvertible {
        var description: String { "usage: enroll RECORDING TEXT FILE.wav" }
    }
}
