import AcousticModel
import Comparison
import Foundation
import SpeechSignal
import Tensor
import Testing
import VoiceModel
import VoiceProfile
import Weights

/// Against the trainer, on the trained weights (Training/starling_training/fixtures.py).
@Suite struct AcousticTests {
    private static let model = Result { try AcousticModel(weights: weights("acoustic")) }
    private let golden: GoldenUtterance
    private var tokens: Phonemes { golden.tokens }
    private var profile: SpeakerProfile { golden.profile }

    init() throws { golden = try GoldenUtterance(fixture("acoustic")) }

    @Test(arguments: ModelSize.allCases) func everyStageEqualsTheTrainer(_ size: ModelSize) throws {
        let golden = try GoldenUtterance(fixture("acoustic", size))
        try golden.expectEveryStage(of: AcousticModel(weights: weights("acoustic", size), precision: .float32))
    }

    @Test func gainsWidenPitchAndLoudness() throws {
        let model = try Self.model.get()
        func spoken(pitch: Float, energy: Float) throws -> (pitch: Float, energy: Float) {
            var profile = profile
            (profile.pitchGain, profile.energyGain) = (pitch, energy)
            let utterance = try model.predict(phonemes: tokens, profile: profile)
            let voiced = utterance.f0.indices.filter { utterance.f0[$0] > 0 }
            return (
                deviation(voiced.map { logf(utterance.f0[$0]) }),
                deviation(voiced.map { utterance.mel.row($0).prefix(85).reduce(0, +) / 85 })
            )
        }
        let plain = try spoken(pitch: 1, energy: 1)
        let wider = try spoken(pitch: 1.3, energy: 1)
        let loudness = try spoken(pitch: 1, energy: 1.3)
        #expect(abs(wider.pitch / plain.pitch - 1.3) < 0.01, "exactly: F0 is a z-score")
        #expect(loudness.pitch == plain.pitch)
        #expect((1.1...1.5).contains(loudness.energy / plain.energy), "about: the decoder follows \(loudness) \(plain)")
    }

    /// What is kept of the voices that spoke last is theirs: more voices than are kept, in turn, by several threads.
    @Test func voicesThatSpeakInTurnAreTheirOwn() async throws {
        let profiles = (0..<6).map { index in
            var changed = profile
            changed.classResiduals[index] += 1
            changed.spectrum[index] += 0.5
            return changed
        }
        let (shared, tokens) = (try Self.model.get(), golden.tokens)
        let alone = try profiles.map { profile in
            try AcousticModel(weights: weights("acoustic")).predict(phonemes: tokens, profile: profile).mel
        }
        #expect(Set(alone.map(\.elements)).count == profiles.count)
        try await withThrowingTaskGroup(of: [Matrix].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try (profiles + profiles).map { try shared.predict(phonemes: tokens, profile: $0).mel }
                }
            }
            for try await spoken in group { #expect(spoken == alone + alone) }
        }
    }

    @Test func pitchOffsetIsAShift() throws {
        let model = try Self.model.get()
        var high = profile
        high.pitchOffset = 2 * log(2) / 12
        let (moved, shifted) = try (
            model.predict(phonemes: tokens, profile: high),
            model.predict(phonemes: tokens, profile: profile, pitchShift: 2)
        )
        expectClose(moved.f0, shifted.f0, within: 1e-3, "Hz")
        expectClose(moved.mel.elements, shifted.mel.elements, within: 1e-2, "mel")
    }

    /// All speech lasts longer by the gain, in spite of whole steps: enrollment counts on it.
    @Test(arguments: [0.85, 0.95, 1.1, 1.25] as [Float]) func durationGainIsKept(gain: Float) throws {
        let model = try Self.model.get()
        var slow = profile
        slow.durationGain = gain
        let (before, after) = (
            try model.predict(phonemes: tokens, profile: profile), try model.predict(phonemes: tokens, profile: slow)
        )
        #expect(abs(Float(after.mel.rows) - gain * Float(before.mel.rows)) <= 4)
        let fast = try model.predict(phonemes: tokens, profile: profile, speed: 1 / gain)
        #expect(zip(after.durations, fast.durations).allSatisfy { abs($0 - $1) <= 2 }, "as a lower speed does")
    }

    private func deviation(_ values: [Float]) -> Float {
        let mean = values.reduce(0, +) / Float(values.count)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)).squareRoot()
    }

    /// Products in int8 must not be heard: a mean error of 0.03 in natural log is 0.26 dB.
    @Test func automaticPrecisionKeepsTheMel() throws {
        let exact = try AcousticModel(weights: weights("acoustic"), precision: .float32)
        let fast = try Self.model.get()
        let expected = try exact.predict(phonemes: tokens, profile: profile)
        let actual = try fast.predict(phonemes: tokens, profile: profile)
        // A duration on the edge between two frames may fall to either side. That phoneme has other frames then, so
        // only those of the same length are compared.
        let moved = zip(expected.durations, actual.durations).reduce(0) { $0 + abs($1.0 - $1.1) }
        #expect(moved <= 2)
        var (error, frames, start, other) = (Float(0), 0, 0, 0)
        for (length, otherLength) in zip(expected.durations, actual.durations) {
            for frame in 0..<(length == otherLength ? length : 0) {
                let rows = zip(expected.mel.row(start + frame), actual.mel.row(other + frame))
                error += rows.reduce(0) { $0 + abs($1.0 - $1.1) }
                frames += 1
            }
            (start, other) = (start + length, other + otherLength)
        }
        #expect(start == expected.mel.rows && other == actual.mel.rows && frames > start / 2)
        let mean = error / Float(frames * expected.mel.columns)
        print("acoustic model on \(Processor.level): mean error \(mean)")
        #expect(mean < Agreement.coarseMel)
    }

    @Test func speedAndPitch() throws {
        let model = try Self.model.get()
        let plain = try model.predict(phonemes: tokens, profile: profile)
        let slow = try model.predict(phonemes: tokens, profile: profile, speed: 0.5)
        let high = try model.predict(phonemes: tokens, profile: profile, pitchShift: 12)
        #expect(plain.mel.rows == plain.durations.reduce(0, +) && plain.f0.count == plain.mel.rows)
        #expect(abs(Float(slow.mel.rows) / Float(plain.mel.rows) - 2) < 0.25)
        let octaves = zip(high.f0, plain.f0).filter { $0 > 0 && $1 > 0 }.map { $0 / $1 }
        #expect(octaves.allSatisfy { abs($0 - 2) < 0.01 })
    }

    /// The second half slower, higher and in a monotone; the first half as ever.
    @Test func halvesMayBeSpokenDifferently() throws {
        let model = try Self.model.get()
        let plain = try model.predict(phonemes: tokens, profile: profile)
        let same = try model.predict(
            phonemes: tokens, profile: profile, prosody: TokenProsody(count: tokens.count))
        #expect(same.mel.elements == plain.mel.elements && same.f0 == plain.f0)
        var prosody = TokenProsody(count: tokens.count)
        let half = tokens.count / 2
        for token in half..<tokens.count { (prosody.speed[token], prosody.pitchShift[token]) = (0.5, 6) }
        let mixed = try model.predict(phonemes: tokens, profile: profile, prosody: prosody)
        #expect(mixed.durations[..<half] == plain.durations[..<half])
        let (slow, normal) = (mixed.durations[half...].reduce(0, +), plain.durations[half...].reduce(0, +))
        #expect(abs(Float(slow) / Float(normal) - 2) < 0.25)
        // Slower speech has an intonation of its own, so the pitch is compared with that of equally slow speech.
        for token in half..<tokens.count { prosody.pitchShift[token] = 0 }
        let low = try model.predict(phonemes: tokens, profile: profile, prosody: prosody)
        #expect(low.durations == mixed.durations)
        let start = mixed.durations[..<half].reduce(0, +)
        let ratios = zip(mixed.f0, low.f0).map { $1 > 0 ? $0 / $1 : 0 }
        // The shift glides for four frames on either side of the boundary.
        let (first, second) = (ratios[..<(start - 4)], ratios[(start + 4)...])
        #expect(first.allSatisfy { $0 == 0 || $0 == 1 })
        #expect(second.count { $0 > 0 } > 10 && second.allSatisfy { $0 == 0 || abs($0 - exp2(0.5)) < 0.001 })
        prosody = TokenProsody(count: tokens.count, pitchRange: 0)
        let flat = try model.predict(phonemes: tokens, profile: profile, prosody: prosody).f0.filter { $0 > 0 }
        #expect((flat.max() ?? 2) / (flat.min() ?? 1) < 1.001)
    }

    @Test func refusesBadInput() throws {
        let model = try Self.model.get()
        for tokens: Phonemes in [[], Phonemes(repeating: ";", count: 5000)] {
            #expect(throws: AcousticError.self) { try model.predict(phonemes: tokens, profile: profile) }
        }
        for speed: Float in [0, -1, .nan, .infinity] {
            #expect(throws: AcousticError.self) { try model.predict(phonemes: tokens, profile: profile, speed: speed) }
        }
        #expect(throws: AcousticError.self) { try model.predict(phonemes: tokens, profile: profile, pitchShift: 99) }
        #expect(throws: AcousticError.self) {
            try model.predict(phonemes: tokens, profile: profile, prosody: TokenProsody(count: tokens.count + 1))
        }
        var broken = profile
        broken.pitchMean = .nan
        #expect(throws: ProfileError.self) { try model.predict(phonemes: tokens, profile: broken) }
    }

    @Test func refusesWeightsOfAnotherNetwork() throws {
        #expect(throws: WeightError.self) { try AcousticModel(weights: weights("vocoder")) }
    }
}
