import Comparison
import Foundation
import SpeakerEncoder
import SpeechSignal
import Tensor
import Testing
import Weights

/// Against the trainer, on the trained weights (Training/starling_training/fixtures.py).
@Suite struct SpeakerTests {
    private let golden: WeightFile
    private let samples: [Float]

    init() throws {
        golden = try fixture("speaker")
        samples = try #require(golden.values(of: "samples"))
    }

    /// Mel power of the golden recording without its pause.
    private func heard() -> Matrix {
        let power = SpeakerMel()(samples)
        var heard = Matrix(rows: 0, columns: power.columns)
        for frame in SpeakerMel.active(power) { heard.append(power.rows(frame..<frame + 1)) }
        return heard
    }

    @Test func everyStageEqualsTheTrainer() throws {
        func expected(_ name: String) throws -> [Float] { try #require(golden.values(of: name)) }
        let power = SpeakerMel()(samples)
        let loudest = try expected("power").max() ?? 0
        expectClose(power.elements, try expected("power"), within: 1e-5 * loudest, "mel power")
        let heard = heard()
        #expect(heard.rows < power.rows, "the pause is left out")
        expectClose(heard.elements, try expected("active"), within: 1e-5 * loudest, "active frames")
        let encoder = try SpeakerEncoder(weights: weights("speaker"), precision: .float32)
        let stages = encoder.stages(of: heard)
        expectClose(stages.input.elements, try expected("input"), within: Agreement.stages, "first convolution")
        expectClose(stages.blocks[0].elements, try expected("block0"), within: Agreement.stages, "first block")
        let last = stages.blocks.count - 1
        expectClose(stages.blocks[last].elements, try expected("block\(last)"), within: Agreement.stages, "last block")
        expectClose(stages.pooled.elements, try expected("pooled"), within: Agreement.stages, "statistics")
        expectClose(stages.embeddings.elements, try expected("embeddings"), within: Agreement.samples, "embeddings")
        expectClose(stages.rates.elements, try expected("rates"), within: Agreement.stages, "paces")
        let windows = try encoder.windows(of: heard)
        let mean = try #require(SpeakerEncoder.mean(of: windows.map(\.embedding)))
        expectClose(mean, try expected("embedding"), within: Agreement.samples, "embedding")
    }

    @Test func automaticPrecisionKeepsTheDirection() throws {
        let encoder = try SpeakerEncoder(weights: weights("speaker"))
        let mean = try #require(SpeakerEncoder.mean(of: encoder.windows(of: heard()).map(\.embedding)))
        let similarity = SpeakerEncoder.similarity(mean, try #require(golden.values(of: "embedding")))
        print("speaker encoder on \(Processor.bfloat16): cosine \(similarity)")
        #expect(similarity > 0.999)
    }

    /// The windows of a recording of some minutes are worked on a few at a time.
    @Test func longRecordingsAreTheirWindows() throws {
        let encoder = try SpeakerEncoder(weights: weights("speaker"), precision: .float32)
        let part = heard()
        var long = Matrix(rows: 0, columns: part.columns)
        while long.rows < 40 * SpeakerEncoder.stride { long.append(part) }
        let windows = try encoder.windows(of: long)
        #expect(windows.map(\.start) == SpeakerEncoder.starts(frames: long.rows))
        for window in [windows[0], windows[31], windows[32], windows[windows.count - 1]] {
            let end = min(window.start + SpeakerEncoder.window, long.rows)
            let alone = try encoder.windows(of: long.rows(window.start..<end))
            expectClose(alone[0].embedding, window.embedding, within: 1e-5, "window at \(window.start)")
        }
    }

    @Test(arguments: [1, 2, 3, 119, 160, 161, 236, 237]) func everyLength(frames: Int) throws {
        let encoder = try SpeakerEncoder(weights: weights("speaker"))
        let windows = try encoder.windows(of: Matrix(rows: frames, columns: SpeakerMel.bands, repeating: 0.01))
        #expect(windows.count == (frames < 197 ? 1 : 2))
        for window in windows {
            let length = window.embedding.reduce(0) { $0 + $1 * $1 }
            #expect(
                abs(length - 1) < 1e-4 && window.embedding.allSatisfy { $0 >= 0 } && window.logFramesPerPhoneme.isFinite
            )
        }
    }

    @Test func refusesBadInput() throws {
        let encoder = try SpeakerEncoder(weights: weights("speaker"))
        #expect(throws: SpeakerError.noFrames) { try encoder.windows(of: Matrix(rows: 0, columns: 40)) }
        #expect(throws: SpeakerError.bands(80, expected: 40)) { try encoder.windows(of: Matrix(rows: 9, columns: 80)) }
        #expect(throws: SpeakerError.notFinite) {
            try encoder.windows(of: Matrix(rows: 9, columns: 40, repeating: .infinity))
        }
        #expect(throws: WeightError.self) { try SpeakerEncoder(weights: weights("vocoder")) }
        #expect(SpeakerMel()([]).rows == 0 && SpeakerMel.active(SpeakerMel()([])).isEmpty)
    }
}
