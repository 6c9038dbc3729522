import AudioIO
import Enrollment
import Foundation
import Testing
import VoiceProfile
import VoiceStore
import WaveFile

/// Recordings that make no voice, and what can be left out of those that do.
@Suite struct Refusals {
    private func refusal(_ recordings: [Recording]) async throws -> EnrollmentError? {
        await #expect(throws: EnrollmentError.self) { try await Material.enroller().measure(recordings) }
    }

    @Test func silenceIsNoSpeech() async throws {
        for level: Float in [0, 0.0003] {
            let error = try await refusal([Material.recording(Material.noise(6, level: level))])
            #expect(error == .noSpeech(names: ["sample.wav"], found: .silence))
        }
        await #expect(throws: EnrollmentError.noRecordings) { try await Material.enroller().measure([]) }
    }

    @Test func noiseIsNoSpeech() async throws {
        let steady = Material.noise(8, level: 0.2)
        let waves = steady.indices.map { steady[$0] * Float(1 + sin(Double($0) / 24_000 * 8 * .pi)) / 2 }
        for sound in [steady, waves] {
            #expect(try await refusal([Material.recording(sound)]) == .noSpeech(names: ["sample.wav"], found: .noise))
        }
    }

    @Test func musicAndHumAreNoSpeech() async throws {
        let sounds = [
            ("tune", Material.tune(10)), ("fast tune", Material.tune(10, note: 0.15)),
            ("strings", Material.tune(10, note: 0.7, vibrato: 40)),
            ("chords", Material.tune(10, note: 1.1, chord: [1, 1.26, 1.5])),
            ("hum of 50 Hz", Material.hum(10, hertz: 50)), ("hum of 100 Hz", Material.hum(10, hertz: 100)),
            ("siren", Material.siren(10)), ("whistle", Material.hum(10, hertz: 440)),
        ]
        for (name, sound) in sounds {
            let error = try await refusal([Material.recording(sound, name)])
            guard case .noSpeech = error else {
                Issue.record("\(name): \(error.map(\.description) ?? "taken for speech")")
                continue
            }
        }
    }

    @Test func otherSoundsAreLeftOut() async throws {
        let speech = try await Material.speech("heart", seconds: 12)
        let enroller = try Material.enroller()
        let plain = try await enroller.measure([Material.recording(speech)])
        let pause = [Float](repeating: 0, count: 24_000)
        let sounds: [(String, [Float])] = [
            ("tune", Material.tune(6)), ("strings", Material.tune(6, note: 0.7, vibrato: 40)),
            ("noise", Material.noise(6, level: 0.1)), ("silence", pause + pause + pause),
        ]
        for (name, sound) in sounds {
            let mixed = try await enroller.measure([Material.recording(sound + pause + speech + pause + sound, name)])
            #expect(
                abs(mixed.report.speechSeconds - plain.report.speechSeconds) < 1.5,
                "\(name): \(mixed.report.speechSeconds) for \(plain.report.speechSeconds) s")
            #expect(Enroller.similarity(mixed.measured.embedding, plain.measured.embedding) > 0.95, "\(name)")
            #expect(abs(mixed.measured.pitchMean - plain.measured.pitchMean) < 0.03, "\(name)")
            #expect(mixed.report.kinds.contains("other-sounds") == (name != "silence"), "\(name)")
        }
    }

    /// Chords, tunes and held strings 13 dB below speech are music; noise, hum and an offset are none, nor is speech
    /// alone.
    @Test func musicBehindSpeechIsNamed() async throws {
        let enroller = try Material.enroller()
        let sounds: [(String, [Float], Bool)] = [
            ("chords", Material.tune(12, note: 1.1, chord: [1, 1.26, 1.5]), true),
            ("guitar", Material.tune(12, note: 0.4, chord: [1, 1.5, 2]), true), ("tune", Material.tune(12), true),
            ("strings", Material.tune(12, note: 1, vibrato: 20, chord: [1, 1.2, 1.5]), true),
            ("noise", Material.noise(12, level: 0.1), false), ("hum", Material.hum(12, hertz: 50), false),
            ("offset", [Float](repeating: 0.1, count: 288_000), false),
        ]
        var found = 0
        for voice in ["heart", "george"] {
            let speech = try await Material.speech(voice, seconds: 12)
            let alone = try await enroller.measure([Material.recording(speech)]).report
            #expect(!alone.kinds.contains("music") && alone.clipping == 0)
            for (name, sound, isMusic) in sounds {
                func power(_ samples: [Float]) -> Float { samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count) }
                let gain = name == "offset" ? 1 : (0.05 * power(speech) / power(sound)).squareRoot()
                let mixed = zip(speech, sound).map { 0.7 * ($0 + gain * $1) }
                let report: QualityReport
                do {
                    report = try await enroller.measure([Material.recording(mixed, name)], isOnePerson: true).report
                } catch is EnrollmentError where isMusic {
                    // Where music drowns the speech none is found.
                    continue
                }
                #expect(report.kinds.contains("music") == isMusic, "\(name) behind \(voice): \(report.kinds)")
                #expect(report.clipping == 0, "\(name): \(report.clipping)")
                if isMusic {
                    found += 1
                    #expect(report.grade != .good)
                }
            }
        }
        #expect(found >= 3)
    }

    /// Samples that were cut off are found whatever offset was added before or after.
    @Test(arguments: [Float(0), 0.1, -0.2]) func clippingIsFoundWithAnOffset(_ offset: Float) async throws {
        let speech = try await Material.speech("heart", seconds: 8)
        let peak = speech.map(abs).max()!
        let share = { (samples: [Float]) async throws -> Double in
            try await Material.enroller().measure([Material.recording(samples)]).report.clipping
        }
        let cut = speech.map { 0.6 * max(-0.35, min(0.35, $0 / peak)) }
        let expected = Double(cut.count { abs($0) > 0.2099 }) / Double(cut.count)
        let found = try await share(cut.map { $0 + offset })
        #expect(found > 0.8 * expected && found < 1.2 * expected, "\(found) for \(expected)")
        #expect(try await share(speech.map { 0.5 * $0 / peak + offset }) == 0)
    }

    @Test func aLittleSpeechIsTooLittle() async throws {
        let error = try await refusal([Material.recording(try await Material.speech("heart", seconds: 2.4))])
        guard case .tooLittleSpeech(let seconds, let needed)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect((1.2...2.6).contains(seconds) && needed == 3)
        // Enough of it in several files is enough.
        let parts = try await Material.speech("heart")
        let enrollment = try await Material.enroller().measure(
            (0..<3).map { try Material.recording(Array(parts[$0 * 60_000..<($0 + 1) * 60_000]), "\($0)") })
        #expect(enrollment.report.speechSeconds > 4)
    }

    @Test func twoPeopleInOneRecording() async throws {
        let one = try await Material.speech("heart", seconds: 9)
        let other = try await Material.speech("george", seconds: 7)
        let recording = try Material.recording(one + other)
        guard case .twoPeople(let name, let similarity, let spans)? = try await refusal([recording]) else {
            Issue.record("taken for one person")
            return
        }
        #expect(name == "sample.wav" && similarity < 0.7)
        #expect(spans.contains { $0.lowerBound >= 6 } && spans.allSatisfy { $0.upperBound <= 17 }, "\(spans)")
        let forced = try await Material.enroller().measure([recording], isOnePerson: true)
        #expect(forced.report.kinds.contains("perhaps-two-people") && forced.report.grade == .poor)
    }

    @Test func twoPeopleInTwoRecordings() async throws {
        let heart = try await Material.speech("heart")
        let (a, b) = (Array(heart[..<192_000]), Array(heart[192_000..<384_000]))
        let george = try await Material.speech("george", seconds: 8)
        guard
            case .otherPerson? = try await refusal([Material.recording(a, "a"), Material.recording(george, "g")])
        else {
            Issue.record("taken for one person")
            return
        }
        let error = try await refusal([
            Material.recording(a, "a"), Material.recording(george, "g"), Material.recording(b, "b"),
        ])
        guard case .otherPerson(let name, let others, _)? = error else {
            Issue.record("taken for one person")
            return
        }
        #expect(name == "g.wav" && others == ["a.wav", "b.wav"], "names the right one")
    }

    @Test func oneOfManyMayBeUseless() async throws {
        let speech = try await Material.speech("heart", seconds: 9)
        let enrollment = try await Material.enroller().measure([
            Material.recording(speech, "speech"), Material.recording(Material.noise(4, level: 0.1), "noise"),
            Material.recording(Material.tune(4), "tune"),
        ])
        #expect(enrollment.report.samples.map(\.isUsed) == [true, false, false])
        #expect(enrollment.report.kinds.count { $0 == "unused" } == 2)
        #expect(enrollment.sources.map(\.name) == ["speech.wav"])
    }

    @Test func stereo() async throws {
        let one = try await Material.speech("heart", seconds: 9)
        let other = try await Material.speech("george", seconds: 9)
        let enroller = try Material.enroller()
        let plain = try await enroller.measure([Recording(WaveFile.floats([one]), named: "mono.wav")])
        func stereo(_ left: [Float], _ right: [Float]) -> Recording {
            Recording(WaveFile.floats([left, right]), named: "stereo.wav")
        }
        let silence = [Float](repeating: 0, count: one.count)
        for recording in [
            stereo(one, one), stereo(one, one.map { -$0 }), stereo(silence, one), stereo(one, one.map { $0 * 0.2 }),
            stereo(one, Material.noise(9, level: 0.05)),
        ] {
            let found = try await enroller.measure([recording])
            #expect(Enroller.similarity(plain.measured.embedding, found.measured.embedding) > 0.99)
        }
        guard case .channelsDiffer? = try await refusal([stereo(one, Array(other.prefix(one.count)))]) else {
            Issue.record("two people in two channels are taken for one")
            return
        }
    }

    @Test func clippingAndNoiseAreMeasured() async throws {
        let speech = try await Material.speech("michael", seconds: 10)
        let enroller = try Material.enroller()
        let peak = speech.map(abs).max() ?? 1
        #expect(try await enroller.measure([Material.recording(speech)]).report.clipping < 0.0005)
        // A codec blurs the flat tops, so that only a part of them is found.
        for (format, part) in [(AudioFormat.wav, 0.8), (.flac, 0.8), (.mp3, 0.1)] {
            let clipped = speech.map { 0.8 * min(max($0 * 3 / peak, -1), 1) }
            let truth = Double(clipped.count { abs($0) >= 0.7999 }) / Double(clipped.count)
            let report = try await enroller.measure([Material.recording(clipped, "clipped", format)]).report
            print("\(format): \(report.clipping) cut off, in truth \(truth)")
            #expect(report.clipping > part * truth && report.clipping < 1.2 * truth, "\(format)")
            #expect(report.kinds.contains("clipped"))
        }
        for decibels: Float in [30, 20, 10] {
            let active = speech.filter { abs($0) > 0.01 * peak }
            let level = (active.reduce(0) { $0 + $1 * $1 } / Float(active.count)).squareRoot()
            // Uniform noise of amplitude a has the power a² / 3.
            let noise = Material.noise(11, level: level * pow(10, -decibels / 20) * 1.732)
            let report = try await enroller.measure([Material.recording(zip(speech, noise).map { $0 + $1 })]).report
            print("noise at \(decibels) dB: \(report.signalToNoise)")
            #expect(abs(report.signalToNoise - Double(decibels)) < 6)
            #expect(report.kinds.contains("noisy") == (decibels < 20) || decibels == 20)
        }
    }
}
