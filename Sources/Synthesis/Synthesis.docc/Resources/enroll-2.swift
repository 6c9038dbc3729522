import Enrollment
import Foundation
import Synthesis
import VoiceStore

@main struct Enroll {
    static func main() async throws {
        let place = try DataLocation.find()

        let enroller = try Enroller(data: place.data)
        let enrollment = try await enroller.measure([Recording(URL(filePath: "ann.wav"))])
        let report = enrollment.report
        print("\(report.grade.rawValue) quality, \(String(format: "%.1f", report.speechSeconds)) s of speech")
        for warning in report.warnings { print("  ! \(warning)") }

        let folder = URL.temporaryDirectory.appending(path: "voices")
        let store = VoiceStore(user: folder, bundled: [place.voices])
        let name = try VoiceName("ann")
        let card = try enrollment.card(
            name: name, consent: "I agree that this voice is made from my recording.", model: enroller.profileSpace)
        try store.save(card, enrollment.profile)
    }
}
