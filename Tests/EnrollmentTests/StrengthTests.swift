import AudioIO
import Enrollment
import Foundation
import SpeechSignal
import Testing
import TextFrontend
import VoiceProfile

/// How much of a change an adapted voice keeps.
@Suite struct StrengthTests {
    /// A bundled voice on a tape that runs too slowly: nobody whom the networks have heard.
    private func recording() async throws -> Recording {
        let tape = AudioClip(samples: try await Material.speech("michael"), sampleRate: 22_300)
        var recording = try Material.recording(try tape.resampled(to: Material.rate).samples)
        recording.transcript = Material.text
        return recording
    }

    private func request() throws -> AdaptationRequest { AdaptationRequest(frontend: try Material.frontend()) }

    /// The kept strength is the most alike of those that are tried, and the speaker encoder confirms it afterwards.
    @Test func theCloneIsAtLeastAsAlikeAsUntuned() async throws {
        let enroller = try Material.enroller()
        let recording = try await recording()
        let plain = try await enroller.measure([recording])
        let adapted = try await enroller.measure([recording], adaptation: request())
        let report = try #require(adapted.adaptation)
        print("strength \(report.strength), likeness \(report.likeness), error \(report.error)")
        try #require(report.likeness.count == 2, "\(report.keptBecause ?? "")")
        #expect(report.likeness[1] >= report.likeness[0])
        #expect(report.isAdapted == (report.likeness[1] > report.likeness[0]))
        #expect(report.isAdapted == (adapted.profile.adaptation != nil))
        let before = try #require(try await enroller.likeness(of: plain.profile))
        let after = try #require(try await enroller.likeness(of: adapted.profile))
        #expect(abs(Double(before) - report.likeness[0]) < 1e-4 && abs(Double(after) - report.likeness[1]) < 1e-4)

        let again = try await enroller.measure([recording], adaptation: request())
        #expect(try again.profile.bytes() == adapted.profile.bytes(), "the same recording gives the same bytes")
    }

    /// A clone of somebody else is less alike than that of the owner.
    @Test func likenessTellsVoicesApart() async throws {
        let enroller = try Material.enroller()
        var clone = try await enroller.measure([recording()]).profile
        let own = try #require(try await enroller.likeness(of: clone))
        clone.embedding = try SpeakerProfile(
            contentsOf: Material.voices.appending(path: "heart/profile.safetensors")
        ).embedding
        let other = try #require(try await enroller.likeness(of: clone))
        #expect(own > other + 0.03, "\(own) and \(other)")
    }
}
