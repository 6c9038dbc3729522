import AcousticModel
import Comparison
import SpeechSignal
import Tensor
import Testing
import VoiceProfile
import Weights

/// What the trainer's acoustic model made of an utterance, stage by stage (Training/starling_training/fixtures.py).
struct GoldenUtterance {
    let file: WeightFile
    let tokens: Phonemes
    let profile: SpeakerProfile
    let speed: Float
    let pitchShift: Float

    init(_ file: WeightFile) throws {
        self.file = file
        tokens = try #require(file.values(of: "tokens")).map { try #require(Phoneme(rawValue: UInt8($0))) }
        let numbers = try #require(file.values(of: "profile"))
        let options = try #require(file.values(of: "options"))
        let residuals = try #require(file.values(of: "colours"))
        profile = SpeakerProfile(
            embedding: Array(numbers[..<256]), pitchMean: numbers[256], pitchDeviation: numbers[257],
            logFramesPerPhoneme: numbers[258], energyDeviation: numbers[259], spectrum: Array(numbers[260...]),
            classResiduals: residuals, pitchGain: options[2], energyGain: options[3],
            references: file.values(of: "references").map(ReferenceFrames.init), bands: 85)
        (speed, pitchShift) = (options[0], options[1])
    }

    /// Expects every stage of a model in float32 to equal the trainer's.
    func expectEveryStage(of model: AcousticModel, language: String = "en") throws {
        let prosody = TokenProsody(count: tokens.count, speed: speed, pitchShift: pitchShift)
        let outline = try model.outline(phonemes: tokens, profile: profile, prosody: prosody, language: language)
        func expected(_ name: String) throws -> [Float] { try #require(file.values(of: name)) }
        expectClose(outline.encoded.elements, try expected("encoded"), within: Agreement.stages, "encoder")
        expectClose(outline.logDurations, try expected("log_durations"), within: Agreement.stages, "log durations")
        expectClose(outline.durations.map { Float($0) }, try expected("durations"), within: 0, "durations")
        expectClose(outline.states.elements, try expected("states"), within: Agreement.stages, "regulated states")
        expectClose(outline.prosody.elements, try expected("prosody"), within: Agreement.stages, "prosody")
        expectClose(try outline.mel().elements, try expected("mel"), within: Agreement.stages, "mel")
        // Hz: a relative error of 1e-5.
        let f0 = try expected("f0")
        expectClose(outline.f0, f0, within: 1e-5 * (f0.max() ?? 0), "F0")
        #expect(f0.contains { $0 > 0 })
    }
}
