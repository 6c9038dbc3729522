import AcousticModel
import Comparison
import Foundation
import SpeechSignal
import Tensor
import Testing
import VoiceProfile
import Weights

/// A network of made-up weights that has every part: two frames a step, reference frames, languages.
@Suite struct TinyAcousticTests {
    private let model: AcousticModel
    private let golden: GoldenUtterance

    init() throws {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        model = try AcousticModel(
            weights: folder.appending(path: "tiny-acoustic.safetensors"), precision: .float32)
        golden = try GoldenUtterance(WeightFile(contentsOf: folder.appending(path: "tiny-utterance.safetensors")))
    }

    @Test func everyStageEqualsTheTrainer() throws {
        try golden.expectEveryStage(of: model, language: "es")
    }

    @Test func durationsAreWholeSteps() throws {
        for speed: Float in [0.3, 1, 1.07, 3.9] {
            let utterance = try model.predict(phonemes: golden.tokens, profile: golden.profile, speed: speed)
            #expect(utterance.durations.allSatisfy { $0 >= 2 && $0 % 2 == 0 })
            let frames = utterance.durations.reduce(0, +)
            #expect(utterance.mel.rows == frames && utterance.f0.count == frames)
        }
    }

    @Test func referencesAndLanguagesAreHeard() throws {
        var without = golden.profile
        without.references = nil
        func mel(_ profile: SpeakerProfile, _ language: String) throws -> Matrix {
            try model.predict(phonemes: golden.tokens, profile: profile, language: language).mel
        }
        let spoken = try mel(golden.profile, "es")
        #expect(try mel(without, "es") != spoken)
        #expect(try mel(golden.profile, "it") != spoken)
        #expect(try mel(golden.profile, "es") == spoken)
    }

    @Test func languagesThatItDoesNotSpeak() {
        #expect(model.languages == ["en", "es", "it"])
        let error = #expect(throws: AcousticError.self) {
            try model.predict(phonemes: golden.tokens, profile: golden.profile, language: "fr")
        }
        #expect(error?.description.contains("\"fr\"; it speaks en, es, it") == true)
    }

    @Test func profilesKeepTheirReferences() throws {
        let profile = golden.profile
        let read = try SpeakerProfile(bytes: Array(profile.bytes()), readFrom: URL(filePath: "profile.safetensors"))
        #expect(read == profile && read.references?.count == 7)

        // A blend has frames of each voice by its share, of those that have any.
        var other = profile
        other.references = ReferenceFrames(frames: [Float](repeating: -3, count: 100 * ReferenceFrames.most))
        let mixed = try #require(try SpeakerProfile.blend([(profile, 1), (other, 3)]).references)
        #expect(mixed.count == 7 + 150)
        #expect(mixed.frames.suffix(15_000).allSatisfy { $0 == -3 })
        other.references = nil
        #expect(try SpeakerProfile.blend([(other, 1)]).references == nil)

        var damaged = profile
        damaged.references = ReferenceFrames(frames: [.nan] + [Float](repeating: 0, count: 99))
        #expect(throws: ProfileError.self) { try damaged.validate() }
        damaged.references = ReferenceFrames(frames: [Float](repeating: 0, count: 150))
        #expect(throws: ProfileError.self) { try damaged.validate() }
        damaged.references = ReferenceFrames(frames: [])
        #expect(throws: ProfileError.self) { try damaged.validate() }
    }
}
