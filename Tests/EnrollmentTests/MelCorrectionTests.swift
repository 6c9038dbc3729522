import AcousticModel
import Comparison
import Enrollment
import Foundation
import Tensor
import Testing
import VoiceProfile
import Weights

/// Against the trainer's reference (Training/starling_training/fixtures.py transport).
@Suite struct MelCorrectionTests {
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

    private func map(_ name: String) throws -> MelMap {
        MelMap(
            offset: try values("\(name).offset"), slow: try values("\(name).slow"), fast: try values("\(name).fast"))
    }

    private func reference() throws -> MelCorrection {
        let exemplars = Exemplars(frames: try values("palette"), bands: 85, attraction: 0.3)
        return MelCorrection(before: try map("before"), exemplars: [exemplars], after: try map("after"))
    }

    @Test func equalsTheReference() async throws {
        let owner = try frames(of: "owner")
        #expect(try frames(of: "model").count < 336 && owner.count < 288, "silence does not count")
        let found = try #require(
            try await MelCorrection(from: [try mel(of: "model")], to: owner, bands: 85, codebook: codebook))
        let wanted = try reference()
        for (name, map) in [("before", \MelCorrection.before), ("after", \.after)] {
            let (found, wanted) = (found[keyPath: map], wanted[keyPath: map])
            expectClose(found.offset, wanted.offset, within: 3e-3, "offset \(name)")
            expectClose(found.slow, wanted.slow, within: 3e-3, "slow map \(name)")
            expectClose(found.fast, wanted.fast, within: 3e-3, "fast map \(name)")
            #expect(found.offset[85...].allSatisfy { $0 == 0 }, "nothing is known up there")
        }
        let exemplars = try #require(found.exemplars.first)
        #expect(found.exemplars.count == 1 && exemplars.bands == 85 && exemplars.attraction == 0.3)
        expectClose(exemplars.frames, wanted.exemplars[0].frames, within: 1e-4, "palette")
    }

    /// As the acoustic model applies it, step by step.
    @Test func correctsAMelAsTheReferenceDoes() throws {
        var (mel, scratch) = (try mel(of: "model").mel, Scratch())
        let correction = try reference()
        var whole = mel
        correction.before.apply(to: &mel, scratch: &scratch)
        expectClose(mel.elements, try values("mapped"), within: 1e-3, "mapped mel")
        Exemplars.apply(correction.exemplars, to: &mel, scratch: &scratch)
        expectClose(mel.elements, try values("pulled"), within: 1e-3, "mel on its way to the palette")
        correction.apply(to: &whole, scratch: &scratch)
        expectClose(whole.elements, try values("mel"), within: 2e-3, "corrected mel")
    }

    /// How far frames of speech lie from the nearest exemplar, mean over frames and bands.
    private func distance(of mel: Matrix, to exemplars: Exemplars) -> Float {
        let smooth = MelCorrection.smoothed(mel)
        let speech = MelCorrection.speechLevel(mel).enumerated().filter { $0.element > 0.5 }.map(\.offset)
        let each = speech.map { frame in
            (0..<exemplars.count).map { sound in
                (0..<85).reduce(Float(0)) {
                    $0 + abs(smooth[frame, $1] - exemplars.frames[sound * exemplars.bands + $1])
                } / 85
            }.min()!
        }
        return each.reduce(0, +) / Float(each.count)
    }

    @Test func goesTowardsTheNearestSounds() throws {
        let plain = try mel(of: "model").mel
        let sounds = try reference().exemplars[0].frames
        func moved(_ attraction: Float) -> Matrix {
            var (mel, scratch) = (plain, Scratch())
            let exemplars = Exemplars(frames: sounds, bands: 85, attraction: attraction)
            Exemplars.apply([exemplars], to: &mel, scratch: &scratch)
            return mel
        }
        let exemplars = try reference().exemplars[0]
        let distances = [0, 0.3, 0.6].map { distance(of: moved($0), to: exemplars) }
        print("distance of speech from exemplars that it goes towards by 0, 0.3 and 0.6: \(distances)")
        #expect(moved(0) == plain)
        #expect(distances[1] < 0.9 * distances[0] && distances[2] < 0.9 * distances[1])
        let half = moved(0.3)
        #expect((0..<plain.rows).allSatisfy { half.row($0).suffix(15).elementsEqual(plain.row($0).suffix(15)) })
        // Exemplars given twice attract as those of twice the attraction does.
        var (twice, scratch) = (plain, Scratch())
        Exemplars.apply([exemplars, exemplars], to: &twice, scratch: &scratch)
        expectClose(twice.elements, moved(0.6).elements, within: 1e-5, "two palettes")
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
        let found = MelMap(from: owner, to: owner, bands: 100)
        #expect((found.offset + found.slow + found.fast).allSatisfy { abs($0) < 1e-3 })
    }

    @Test func tooLittleSpeechMovesNothing() async throws {
        func correction(_ said: [(mel: Matrix, f0: [Float])], to owner: SpokenFrames) async throws -> MelCorrection? {
            try await MelCorrection(from: said, to: owner, bands: 100, codebook: codebook)
        }
        let model = try mel(of: "model")
        #expect(try await correction([model], to: SpokenFrames()) == nil)
        #expect(try await correction([model], to: try frames(of: "owner") { $0 < 120 }) == nil)
        #expect(try await correction([(model.mel.rows(0..<120), model.f0)], to: try frames(of: "owner")) == nil)
    }
}
