import Comparison
import Enrollment
import Files
import Foundation
import Tensor
import Testing
import Weights

/// Against the trainer (Training/starling_training/fixtures.py codebook).
@Suite struct CodebookTests {
    private static let weights = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../data/codebook.safetensors").standardized
    private let golden: WeightFile
    private let codebook: SoundCodebook

    init() throws {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        golden = try WeightFile(contentsOf: folder.appending(path: "codebook.safetensors"))
        let digest = try Digest.sha256(contentsOf: Self.weights)
        try #require(
            golden.metadata["weights"] == digest,
            "the fixture is of another codebook: run python -m starling_training.fixtures codebook")
        codebook = try SoundCodebook(contentsOf: Self.weights)
    }

    private func values(_ name: String) throws -> [Float] { try #require(golden.values(of: name)) }

    @Test func tallyEqualsTheTrainer() throws {
        let (mel, f0, average) = (try values("mel"), try values("f0"), try values("average"))
        let tally = codebook.tally(
            Matrix(rows: f0.count, columns: 100, elements: mel), average: average, isVoiced: f0.map { $0 > 0 })
        expectClose(tally.counts, try values("counts"), within: 0, "frames of each kind")
        expectClose(tally.totals, try values("totals"), within: 1e-3, "sums")
        expectClose(tally.residuals, try values("colours"), within: 1e-4, "colours")
        let heard = tally.counts.reduce(0, +)
        #expect(heard > 100 && heard < Float(f0.count), "weak frames are no speech")
        #expect(tally.counts.count { $0 > 0 } > 20)
    }

    @Test func nothingHeardIsAnAverageVoice() {
        #expect(SoundCodebook.Tally().residuals == [Float](repeating: 0, count: 3200))
    }
}
