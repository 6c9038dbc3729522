import AudioIO
import Enrollment
import Foundation
import SpeechSignal
import Testing
import VoiceProfile
import VoiceStore
import WaveFile

/// Voices made of the speech of known voices.
@Suite struct MeasuringVoices {
    private func bundled(_ name: String) throws -> SpeakerProfile {
        try SpeakerProfile(contentsOf: Material.voices.appending(path: "\(name)/profile.safetensors"))
    }

    /// The synthesizer follows the profile, so that its speech must give the profile back.
    @Test(arguments: ["heart", "michael", "emma", "george"]) func findsTheVoiceAgain(name: String) async throws {
        let speech = try await Material.speech(name)
        let enrollment = try await Material.enroller().measure([Material.recording(speech, name)])
        let (found, known) = (enrollment.measured, try bundled(name))
        let similarity = Enroller.similarity(found.embedding, known.embedding)
        print(
            "\(name): similarity \(similarity), F0 \(exp(found.pitchMean)) for \(exp(known.pitchMean)) Hz, deviation",
            "\(found.pitchDeviation) for \(known.pitchDeviation), pace \(found.logFramesPerPhoneme) for \(known.logFramesPerPhoneme), energy",
            "\(found.energyDeviation) for \(known.energyDeviation), \(enrollment.report)")
        #expect(similarity > 0.75)
        #expect(abs(found.pitchMean - known.pitchMean) < 0.08)
        #expect(abs(found.pitchDeviation - known.pitchDeviation) < 0.13)
        #expect(abs(found.logFramesPerPhoneme - known.logFramesPerPhoneme) < 0.25)
        #expect(abs(found.energyDeviation - known.energyDeviation) < 0.15)
        let differences = zip(found.spectrum, known.spectrum).map { abs($0 - $1) }
        #expect(differences.reduce(0, +) / 100 < 0.5, "mean difference of the spectrum in nepers")
        #expect(found.bands == 100)
        for other in ["heart", "michael", "emma", "george"] where other != name {
            let distance = Enroller.similarity(found.embedding, try bundled(other).embedding)
            #expect(distance < similarity - 0.03, "\(other) is as near as \(name)")
        }
        let report = enrollment.report
        #expect(report.grade == .good && report.warnings.isEmpty, "\(report)")
        #expect(report.speechSeconds > 12 && report.samples.count == 1)
        #expect(enrollment.sources.count == 1 && enrollment.sources[0].sha256?.count == 64)
    }

    @Test(arguments: AudioFormat.allCases.filter { $0 != .raw }) func readsEveryFormat(format: AudioFormat) async throws
    {
        let speech = try await Material.speech("heart", seconds: 12)
        let enroller = try Material.enroller()
        let plain = try await enroller.measure([Material.recording(speech)])
        let coded = try await enroller.measure([Material.recording(speech, "coded", format)])
        #expect(Enroller.similarity(plain.measured.embedding, coded.measured.embedding) > 0.97)
        #expect(abs(plain.measured.pitchMean - coded.measured.pitchMean) < 0.02)
        #expect(coded.report.clipping < 0.001)
        let differences = zip(plain.measured.spectrum, coded.measured.spectrum).prefix(85).map { abs($0 - $1) }
        #expect(differences.reduce(0, +) / 85 < 0.25, "\(format)")
    }

    /// The bandwidth is that of the sound and not of the file.
    @Test(arguments: [
        (8_000, 8_000, 4_000), (8_000, 48_000, 4_000), (16_000, 16_000, 8_000), (16_000, 44_100, 8_000),
        (24_000, 24_000, 12_000), (24_000, 192_000, 12_000),
    ])
    func hearsTheBandwidth(sound: Int, file: Int, top: Int) async throws {
        let speech = try await Material.speech("michael", seconds: 14)
        let narrow = try AudioClip(samples: speech, sampleRate: 24_000).resampled(to: sound).resampled(to: 24_000)
        let enroller = try Material.enroller()
        let full = try await enroller.measure([Material.recording(speech)])
        let enrollment = try await enroller.measure([Material.recording(narrow.samples, rate: file)])
        let report = enrollment.report
        #expect(
            Double(report.bandwidth) > 0.85 * Double(top) && report.bandwidth <= top + 200, "\(report.bandwidth) Hz")
        #expect(enrollment.measured.bands == (top > 8_000 ? 100 : 85))
        #expect(report.kinds.contains("narrow") == (top < 7_000))
        #expect(report.samples[0].sampleRate == file)
        #expect(abs(enrollment.measured.pitchMean - full.measured.pitchMean) < 0.03)
        // What a telephone does not tell must not be taken for silence.
        let bands = 0..<(top > 8_000 ? 100 : 85)
        let off = bands.map { abs(enrollment.measured.spectrum[$0] - full.measured.spectrum[$0]) }
        print(
            "\(sound) Hz in \(file) Hz: \(report.bandwidth) Hz, spectrum off by \(off.reduce(0, +) / Float(bands.count)),",
            "similarity \(Enroller.similarity(enrollment.measured.embedding, full.measured.embedding))")
        #expect(off.reduce(0, +) / Float(bands.count) < 0.8)
    }

    @Test func severalRecordingsMakeOneVoice() async throws {
        let speech = try await Material.speech("emma")
        let enroller = try Material.enroller()
        let parts = stride(from: 0, to: 3, by: 1).map { Array(speech[$0 * 5 * 24_000..<($0 + 1) * 5 * 24_000]) }
        let whole = try await enroller.measure([Material.recording(Array(speech.prefix(15 * 24_000)))])
        let joined = try await enroller.measure(
            [0, 1, 2].map { try Material.recording(parts[$0], "part\($0)", $0 == 1 ? .flac : .wav) })
        #expect(Enroller.similarity(whole.measured.embedding, joined.measured.embedding) > 0.97)
        #expect(
            joined.report.samples.count == 3 && joined.sources.map(\.name) == ["part0.wav", "part1.flac", "part2.wav"])
        #expect(joined.report.samples.allSatisfy { ($0.similarity ?? 0) > 0.75 && $0.isUsed })
        #expect(abs(joined.report.speechSeconds - whole.report.speechSeconds) < 2)
        let again = try await enroller.measure([
            Material.recording(parts[0], "a"), Material.recording(parts[1], "b"), Material.recording(parts[0], "c"),
        ])
        #expect(again.report.kinds.contains("repeated") && again.sources.count == 2)
    }

    /// Loudness, offset and polarity belong to the equipment and not to the voice.
    @Test func theEquipmentDoesNotMatter() async throws {
        let speech = try await Material.speech("george", seconds: 12)
        let enroller = try Material.enroller()
        let plain = try await enroller.measure([Material.recording(speech)]).measured
        for changed in [speech.map { $0 * 0.02 }, speech.map { -$0 }, speech.map { $0 * 0.5 + 0.2 }] {
            let file = WaveFile.floats([changed])
            let other = try await enroller.measure([Recording(file, named: "other.wav")]).measured
            #expect(Enroller.similarity(plain.embedding, other.embedding) > 0.99)
            #expect(abs(plain.pitchMean - other.pitchMean) < 0.01)
            #expect(zip(plain.spectrum, other.spectrum).allSatisfy { abs($0 - $1) < 0.3 })
        }
    }

    @Test func theCardKeepsConsentAndSources() async throws {
        let speech = try await Material.speech("heart", seconds: 8)
        let enrollment = try await Material.enroller().measure([
            Recording(Material.file(speech), named: "/home/ann/private folder/one.wav")
        ])
        let name = try VoiceName("ann")
        let card = try enrollment.card(
            name: name, consent: "  Ann agrees. ", accent: .british, gender: "female", model: "abc")
        #expect(card.consent == "Ann agrees." && card.accent == .british && card.model == "abc")
        #expect(card.sources.map(\.name) == ["one.wav"], "paths are nobody's business")
        for nothing in ["", " \n", "...", "123"] {
            #expect(throws: EnrollmentError.self) { try enrollment.card(name: name, consent: nothing) }
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "starling-enroll-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = VoiceStore(user: folder, bundled: [], model: "abc")
        try store.save(card, enrollment.profile)
        #expect(try store.voice("ann").profile == enrollment.profile)
    }

    @Test func reportsSurviveJSON() async throws {
        let speech = try await Material.speech("heart", seconds: 4.5)
        let noisy = zip(speech, Material.noise(4.5, level: 0.05)).map { $0 + $1 }
        let enrollment = try await Material.enroller().measure([Material.recording(noisy)])
        let data = try JSONEncoder().encode(enrollment.report)
        #expect(try JSONDecoder().decode(QualityReport.self, from: data) == enrollment.report)
        #expect(enrollment.report.kinds.contains("noisy") && enrollment.report.kinds.contains("short"))
        #expect(enrollment.report.grade != .good)
    }
}
