import AcousticModel
import Comparison
import Foundation
import Tensor
import Testing
import Weights

/// Against the trainer, on the trained weights (Training/starling_training/fixtures.py).
@Suite struct ContentTests {
    private let golden: GoldenUtterance
    private let acoustic: AcousticModel

    init() throws {
        golden = try GoldenUtterance(fixture("content"))
        acoustic = try AcousticModel(weights: weights("acoustic"), precision: .float32)
    }

    @Test func statesAndMelEqualTheTrainers() throws {
        let encoder = try ContentEncoder(weights: weights("content"), for: acoustic, precision: .float32)
        func expected(_ name: String) throws -> [Float] { try #require(golden.file.values(of: name)) }
        let voice = acoustic.inputs(of: golden.profile)
        let states = try encoder(matrix("heard", in: golden.file), voice: voice)
        expectClose(states.elements, try expected("states"), within: Agreement.stages, "states")
        let mel = try acoustic.mel(
            content: states, f0: expected("f0"), energy: expected("energy"), profile: golden.profile, voice: voice)
        expectClose(mel.elements, try expected("mel"), within: Agreement.stages, "mel")
    }

    /// Frames inside phonemes, and how many of them.
    @Test func paceEqualsTheTrainers() throws {
        let encoder = try ContentEncoder(WeightFile(contentsOf: weights("content")), precision: .float32)
        let heard = try matrix("heard", in: golden.file)
        let pace = try encoder.pace(of: heard, isKept: [Bool](repeating: true, count: heard.rows))
        expectClose(
            [pace.frames, pace.phonemes], try #require(golden.file.values(of: "pace")), within: Agreement.stages, "pace"
        )
        #expect(
            try encoder.pace(of: heard, isKept: [Bool](repeating: false, count: heard.rows)).logFramesPerPhoneme == nil)
    }

    @Test func belongsToOneAcousticModel() throws {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let tiny = try AcousticModel(weights: folder.appending(path: "tiny-acoustic.safetensors"))
        #expect(throws: AcousticError.self) { try ContentEncoder(weights: weights("content"), for: tiny) }
        // The same sizes, but trained for another.
        var bytes = try Data(contentsOf: weights("content"))
        let name = try #require(bytes.firstRange(of: Data(acoustic.fingerprint.utf8)))
        bytes.replaceSubrange(name, with: Data("0123456789ab".utf8))
        let other = FileManager.default.temporaryDirectory.appending(path: "content-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: other) }
        try bytes.write(to: other)
        let error = #expect(throws: AcousticError.self) { try ContentEncoder(weights: other, for: acoustic) }
        #expect("\(try #require(error))".contains("0123456789ab"))
    }

    @Test func damagedWeightsAreItsOwn() throws {
        var bytes = try Data(contentsOf: weights("content"))
        bytes.replaceSubrange(bytes.endIndex - 512..<bytes.endIndex, with: Data(repeating: 0xff, count: 512))
        let file = FileManager.default.temporaryDirectory.appending(path: "content-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        try bytes.write(to: file)
        let encoder = try ContentEncoder(weights: file, for: acoustic)
        let error = #expect(throws: AcousticError.self) {
            try encoder(matrix("heard", in: golden.file), voice: acoustic.inputs(of: golden.profile))
        }
        #expect("\(try #require(error))".contains("content.safetensors"))
    }
}
