import AcousticModel
import Comparison
import Enrollment
import Foundation
import Tensor
import Testing
import VoiceProfile
import Weights

/// Against the trainer's reference (Training/starling_training/fixtures.py transport).
@Suite struct TransportTests {
    private let golden: WeightFile
    private let codebook: SoundCodebook

    init() throws {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        golden = try WeightFile(contentsOf: folder.appending(path: "transport.safetensors"))
        codebook = try SoundCodebook(contentsOf: Material.data.appending(path: "codebook.safetensors"))
    }

    private func values(_ name: String) throws -> [Float] { try #require(golden.values(of: name)) }

    private func mel(of person: String) throws -> (mel: Matrix, f0: [Float]) {
        let f0 = try values("\(person).f0")
        return (Matrix(rows: f0.count, columns: 100, elements: try values("\(person).mel")), f0)
    }

    private func frames(of person: String, isKept: (Int) -> Bool = { _ in true }) throws -> SpokenFrames {
        let (mel, f0) = try mel(of: person)
        var frames = SpokenFrames()
        frames.add(mel, f0: f0, isKept: f0.indices.map(isKept), codebook: codebook)
        return frames
    }

    @Test func equalsTheReference() throws {
        let (model, owner) = (try frames(of: "model"), try frames(of: "owner"))
        #expect(model.count < 336 && owner.count < 288, "silence does not count")
        let found = try #require(SpectralTransport(from: model, to: owner, bands: 85))
        expectClose(found.offset, try values("offset"), within: 2e-3, "offset")
        expectClose(found.slow, try values("slow"), within: 2e-3, "slow")
        expectClose(found.fast, try values("fast"), within: 2e-3, "fast")
        #expect(found.offset[85...].allSatisfy { $0 == 0 }, "nothing is known up there")
    }

    /// As the acoustic model applies it.
    @Test func correctsAMelAsTheReferenceDoes() throws {
        var (mel, scratch) = (try mel(of: "model").mel, Scratch())
        let found = SpectralTransport(
            offset: try values("offset"), slow: try values("slow"), fast: try values("fast"))
        found.apply(to: &mel, scratch: &scratch)
        expectClose(mel.elements, try values("mel"), within: 1e-3, "corrected mel")
    }

    /// Speech tells nothing of frames beyond the end of what was judged.
    @Test func framesBeyondTheJudgedOnesDoNotCount() throws {
        let (mel, f0) = try mel(of: "owner")
        var (short, whole) = (SpokenFrames(), SpokenFrames())
        short.add(mel, f0: f0, isKept: [Bool](repeating: true, count: 100), codebook: codebook)
        whole.add(mel, f0: f0, isKept: (0..<mel.rows).map { $0 < 100 }, codebook: codebook)
        #expect(short.count == whole.count && short.slow == whole.slow)
    }

    /// What it is for: after it the model's frames are spread as the owner's are.
    @Test func movesOneDistributionOntoTheOther() throws {
        let (model, owner) = (try frames(of: "model"), try frames(of: "owner"))
        let (mel, f0) = try mel(of: "model")
        var moved = SpokenFrames()
        moved.add(Matrix(rows: mel.rows, columns: 100, elements: try values("mel")), f0: f0, codebook: codebook)
        func deviation(_ rows: Matrix) -> Float {
            let covariance = SymmetricMatrix(covarianceOf: rows)
            return Float((0..<85).reduce(0) { $0 + covariance.elements[$1 * 101] } / 85).squareRoot()
        }
        for part in [\SpokenFrames.slow, \.fast] {
            let (before, after, wanted) = (
                deviation(model[keyPath: part]), deviation(moved[keyPath: part]), deviation(owner[keyPath: part])
            )
            print("deviations of model, moved, owner: \(before) \(after) \(wanted)")
            #expect(abs(after - wanted) < 0.85 * abs(before - wanted), "trusted by half, as the recording is short")
        }
    }

    @Test func aPersonIsNotMovedOntoThemselves() throws {
        let owner = try frames(of: "owner")
        let found = try #require(SpectralTransport(from: owner, to: owner, bands: 100))
        #expect((found.offset + found.slow + found.fast).allSatisfy { abs($0) < 1e-3 })
    }

    @Test func tooLittleSpeechMovesNothing() throws {
        let model = try frames(of: "model")
        #expect(SpectralTransport(from: model, to: SpokenFrames(), bands: 100) == nil)
        #expect(SpectralTransport(from: model, to: try frames(of: "owner") { $0 < 120 }, bands: 100) == nil)
    }
}
