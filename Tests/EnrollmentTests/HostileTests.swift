import AudioIO
import Enrollment
import Foundation
import Testing
import VoiceProfile
import WaveFile

/// Files that nobody would make on purpose, or only on purpose.
@Suite struct HostileRecordings {
    private func outcome(_ data: Data) async throws -> String {
        do {
            let enrollment = try await Material.enroller().measure([Recording(data, named: "hostile.wav")])
            try enrollment.profile.validate()
            return "made"
        } catch let error as AudioError {
            if case .badSampleRate = error { return "unreadable" }
            #expect(error.description.contains("hostile.wav"), "\(error)")
            return "unreadable"
        } catch let error as EnrollmentError {
            return "\(error)"
        }
    }

    @Test func whatIsNoAudio() async throws {
        #expect(try await outcome(Data()) == "unreadable")
        #expect(try await outcome(Data("RIFF".utf8)) == "unreadable")
        #expect(try await outcome(Data(repeating: 0xa5, count: 10_000)) == "unreadable")
        #expect(try await outcome(Data("<html>not found</html>".utf8)) == "unreadable")
        await #expect(throws: AudioError.self) {
            try await Material.enroller().measure([Recording(URL(filePath: "/no/such/file.wav"))])
        }
        await #expect(throws: AudioError.self) {
            try await Material.enroller().measure([Recording(URL(filePath: "/tmp"))])
        }
    }

    @Test(arguments: [1, 2, 99, 299, 300, 1_000, 12_000]) func fewSamples(count: Int) async throws {
        let speech = Array(try await Material.speech("heart").dropFirst(12_000).prefix(count))
        #expect(try await outcome(WaveFile.floats([speech])).contains("s"))
        #expect(
            try await outcome(WaveFile.floats([[Float](repeating: 0.5, count: count)])).contains(
                "no speech was found"))
    }

    @Test func numbersThatAreNone() async throws {
        let speech = try await Material.speech("heart", seconds: 8)
        var holes = speech
        for i in stride(from: 0, to: holes.count, by: 997) { holes[i] = [.nan, .infinity, -.infinity][i % 3] }
        #expect(try await outcome(WaveFile.floats([holes])) == "made")
        #expect(try await outcome(WaveFile.floats([[Float](repeating: .nan, count: 100_000)])).contains("silence"))
        #expect(try await outcome(WaveFile.floats([speech.map { $0 * 1e30 }])) == "made")
        #expect(try await outcome(WaveFile.floats([speech.map { $0 * 1e-30 }])).contains("silence"))
        #expect(
            try await outcome(WaveFile.floats([[Float](repeating: 1, count: 200_000)])).contains(
                "no speech was found"))
        let square = (0..<200_000).map { Float($0 % 200 < 100 ? 1 : -1) }
        #expect(try await outcome(WaveFile.floats([square])).contains("no speech was found"))
        let click = (0..<200_000).map { Float($0 == 100_000 ? 1 : 0) }
        #expect(try await outcome(WaveFile.floats([click])).contains("no speech was found"))
    }

    @Test func headersThatLie() async throws {
        let speech = try await Material.speech("heart", seconds: 8)
        // A header may promise gigabytes, and a file may end early: what is there counts.
        #expect(try await outcome(WaveFile.floats([speech], claimed: .max - 64)) == "made")
        #expect(try await outcome(WaveFile.floats([speech]).dropLast(100_001)) == "made")
        #expect(try await outcome(WaveFile.floats([speech], claimed: 0)) != "made")
        #expect(try await outcome(WaveFile.floats([speech], rate: 1)) == "unreadable")
        #expect(try await outcome(WaveFile.floats([speech], rate: 2_000_000_000)) == "unreadable")
        for size in [20, 44, 45, 60, 4_000] {
            #expect(try await outcome(WaveFile.floats([speech]).prefix(size)) != "made")
        }
        for format in [AudioFormat.flac, .opus, .mp3, .ogg] {
            let whole = try Material.file(speech, format)
            for share in [0.02, 0.5, 0.9] {
                let part = whole.prefix(Int(Double(whole.count) * share))
                let made = try await outcome(Data(part)) == "made"
                #expect(!made || share >= 0.5, "\(format) \(share)")
            }
        }
    }

    @Test func ratesAndChannelsOfAllKinds() async throws {
        let speech = try await Material.speech("george", seconds: 8)
        for rate in [8_000, 11_025, 22_050, 96_000, 192_000] {
            #expect(try await outcome(Material.file(speech, rate: rate)) == "made", "\(rate) Hz")
        }
        #expect(try await outcome(WaveFile.floats([speech, speech, speech, speech, speech, speech])) == "made")
        // A wrong rate in the header makes chipmunks or giants; neither is a reason to crash.
        for rate in [6_000, 96_000] { _ = try await outcome(WaveFile.floats([speech], rate: rate)) }
    }
}
