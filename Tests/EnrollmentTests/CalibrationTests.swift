import AudioIO
import Enrollment
import Foundation
import SpeechSignal
import Synthesis
import Testing
import VoiceProfile
import VoiceStore

@Suite struct CalibrationTests {
    private static let text =
        "The boats were late, and nobody on the wall had brought an umbrella. We laughed about it."

    /// What a profile sounds like to enrollment when it speaks.
    private func heard(_ profile: SpeakerProfile) async throws -> SpeakerProfile {
        try await Material.enroller().measure([Material.recording(try await speech(of: profile))]).measured
    }

    /// The text in a voice of this profile, 24 kHz.
    private func speech(of profile: SpeakerProfile) async throws -> [Float] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "starling-rehearsal-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = VoiceStore(user: folder, bundled: [])
        try store.save(VoiceCard(name: VoiceName("ann"), accent: .american, consent: "A test voice."), profile)
        let synthesizer = try Material.synthesizer(store)
        var samples: [Float] = []
        for try await chunk in synthesizer.speak(Self.text, voice: "ann") { samples += chunk.samples }
        return samples
    }

    private func distance(_ a: [Float], _ b: [Float]) -> Float {
        zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(a.count)
    }

    /// A voice nobody has heard: slower and deeper than it was, as a tape that runs too slowly.
    @Test func bringsOutWhatIsParticular() async throws {
        let speech = try await Material.speech("michael")
        let deep = try AudioClip(samples: speech, sampleRate: 22_300).resampled(to: 24_000)
        let enrollment = try await Material.enroller().measure([Material.recording(deep.samples)])
        let (wanted, asked) = (enrollment.measured, enrollment.profile)
        #expect(asked.vector == wanted.vector && asked.known == wanted.known, "what was measured stays")
        let (before, after) = (try await heard(wanted), try await heard(asked))
        let residuals = (
            distance(before.classResiduals, wanted.classResiduals),
            distance(after.classResiduals, wanted.classResiduals)
        )
        print("class residuals off before and after the calibration: \(residuals)")
        #expect(residuals.1 < residuals.0)
        print("F0 off before and after: \(before.pitchMean - wanted.pitchMean), \(after.pitchMean - wanted.pitchMean)")
        #expect(abs(after.pitchMean - wanted.pitchMean) < 0.04)
    }

    /// People speak more lively than the networks do; the gains make up for it.
    @Test func bringsOutLiveliness() async throws {
        var lively = try SpeakerProfile(contentsOf: Material.voices.appending(path: "george/profile.safetensors"))
        (lively.pitchGain, lively.energyGain) = (1.8, 1.4)
        let enrollment = try await Material.enroller().measure([Material.recording(try await speech(of: lively))])
        let (wanted, asked) = (enrollment.measured, enrollment.profile)
        #expect(asked.pitchGain > 1.05, "the clamp alone would give 1")
        let (before, after) = (try await heard(wanted), try await heard(asked))
        #expect(abs(after.pitchDeviation - wanted.pitchDeviation) < abs(before.pitchDeviation - wanted.pitchDeviation))
        #expect(asked.energyGain > 1.05)
        #expect(
            abs(after.energyDeviation - wanted.energyDeviation) < abs(before.energyDeviation - wanted.energyDeviation))
    }

    /// A recording's level is its microphone's; all clones are equally loud, however loud the networks find the voice.
    @Test(arguments: [("nova", 22_000, 0.1), ("puck", 27_000, 1.0)] as [(String, Int, Float)])
    func isAsLoudAsAllVoices(name: String, rate: Int, level: Float) async throws {
        let tape = AudioClip(samples: try await Material.speech(name).map { $0 * level }, sampleRate: rate)
        let profile = try await Material.enroller().measure([Material.recording(try tape.resampled(to: 24_000).samples)]
        )
        .profile
        let clip = AudioClip(samples: try await speech(of: profile), sampleRate: 24_000)
        #expect(abs(try #require(Loudness.integrated(clip)) + 21) < 1.2)
    }

    /// A correction moves frames as the recording's move; those of a noisy or narrow one are not only the owner's.
    @Test func onlyClearRecordingsMakeATransport() async throws {
        let speech = try await Material.speech("george", seconds: 12)
        let enroller = try Material.enroller()
        let noise = Material.noise(12, level: 0.03)
        let noisy = zip(speech, noise).map { $0 + $1 }
        let clear = try await enroller.measure([Material.recording(speech)])
        #expect(clear.profile.melCorrection != nil && clear.measured.melCorrection == nil)
        #expect(try await enroller.measure([Material.recording(noisy)]).profile.melCorrection == nil)
        #expect(try await enroller.measure([Material.recording(speech, rate: 8000)]).profile.melCorrection == nil)
    }

    /// Clones of a slow and of a quick owner differ by most of what their owners do; several owners count together.
    @Test func keepsToTheOwnersPace() async throws {
        var (owners, clones) = ([Float](), [Float]())
        for name in ["emma", "george", "heart", "michael", "nova", "puck"] {
            var profile = try SpeakerProfile(contentsOf: Material.voices.appending(path: "\(name)/profile.safetensors"))
            func spoken(_ gain: Float) async throws -> (owner: Float, clone: Float) {
                profile.durationGain = gain
                let owner = try await speech(of: profile)
                let clone = try await Material.enroller().measure([Material.recording(owner)]).profile
                return try await (Float(owner.count), Float(speech(of: clone).count))
            }
            let (quick, slow) = (try await spoken(0.85), try await spoken(1.2))
            owners.append(log(slow.owner / quick.owner))
            clones.append(log(slow.clone / quick.clone))
        }
        let followed = clones.reduce(0, +) / owners.reduce(0, +)
        print("clones follow \(followed) of their owners' pace: \(clones) of \(owners)")
        #expect((0.6...1.2).contains(followed), "\(clones) of \(owners)")
    }

    @Test func theSameRecordingMakesTheSameVoice() async throws {
        let recording = try Material.recording(try await Material.speech("emma", seconds: 8))
        let enroller = try Material.enroller()
        #expect(try await enroller.measure([recording]).profile == enroller.measure([recording]).profile)
    }
}
