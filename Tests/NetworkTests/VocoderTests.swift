import Comparison
import Foundation
import Tensor
import Testing
import Vocoder
import VoiceModel
import Weights

/// Against the trainer, on the trained weights (Training/starling_training/fixtures.py).
@Suite struct VocoderTests {
    private static let vocoder = Result { try Vocoder(weights: weights("vocoder")) }
    private let golden: WeightFile
    private let mel: Matrix
    private let f0: [Float]
    private let noise: Matrix

    init() throws {
        golden = try fixture("vocoder")
        mel = try matrix("mel", in: golden)
        f0 = try #require(golden.values(of: "f0"))
        noise = try matrix("noise", in: golden)
    }

    @Test(arguments: ModelSize.allCases) func everyStageEqualsTheTrainer(_ size: ModelSize) throws {
        let golden = try fixture("vocoder", size)
        let (mel, noise) = (try matrix("mel", in: golden), try matrix("noise", in: golden))
        let f0 = try #require(golden.values(of: "f0"))
        let vocoder = try Vocoder(weights: weights("vocoder", size), precision: .float32)
        let stages = vocoder.stages(mel: mel, f0: f0)
        expectClose(
            stages.trunk.elements, try matrix("trunk", in: golden).elements, within: Agreement.stages, "vocoder trunk")
        expectClose(
            stages.output.elements, try matrix("parts", in: golden).elements, within: Agreement.stages, "vocoder parts")
        let samples = try vocoder.synthesize(mel: mel, f0: f0, noise: .given(noise))
        expectClose(samples, try #require(golden.values(of: "samples")), within: Agreement.samples, "vocoder samples")
    }

    /// Products in int8 must not be heard: what they change is far below the speech.
    @Test func automaticPrecisionKeepsTheSignal() throws {
        let vocoder = try Self.vocoder.get()
        let samples = try vocoder.synthesize(mel: mel, f0: f0, noise: .given(noise))
        let expected = try #require(golden.values(of: "samples"))
        let error = zip(samples, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let ratio = 10 * log10(error / expected.reduce(0) { $0 + $1 * $1 })
        print("vocoder on \(Processor.level): error \(ratio) dB")
        #expect(ratio < Agreement.coarseSamples)
    }

    @Test(arguments: [1, 7, 64]) func chunksGiveTheSamplesOfTheWhole(size: Int) throws {
        let vocoder = try Vocoder(weights: weights("vocoder"), precision: .float32)
        let whole = try vocoder.synthesize(mel: mel, f0: f0, seed: 3)
        var stream = VocoderStream(vocoder, seed: 3)
        var samples: [Float] = []
        for start in stride(from: 0, to: mel.rows, by: size) {
            let rows = start..<min(start + size, mel.rows)
            try stream.push(mel: mel.rows(rows), f0: Array(f0[rows]), to: &samples)
        }
        stream.finish(to: &samples)
        expectClose(samples, whole, within: 1e-4, "chunks of \(size)")
    }

    @Test func theSeedDecides() throws {
        let vocoder = try Self.vocoder.get()
        let first = try vocoder.synthesize(mel: mel, f0: f0, seed: 1)
        #expect(try vocoder.synthesize(mel: mel, f0: f0, seed: 1) == first)
        #expect(try vocoder.synthesize(mel: mel, f0: f0, seed: 2) != first)
    }

    /// Threads share weights, FFT plans and the processor's tile registers.
    @Test func concurrentSynthesis() async throws {
        let vocoder = try Self.vocoder.get()
        let (mel, f0) = (mel, f0)
        let expected = try vocoder.synthesize(mel: mel, f0: f0, seed: 1)
        try await withThrowingTaskGroup(of: [Float].self) { group in
            for _ in 0..<8 { group.addTask { try vocoder.synthesize(mel: mel, f0: f0, seed: 1) } }
            for try await samples in group { #expect(samples == expected) }
        }
    }

    @Test(arguments: [0, 1, 2, 3, 130]) func everyLength(frames: Int) throws {
        let vocoder = try Self.vocoder.get()
        let samples = try vocoder.synthesize(
            mel: Matrix(rows: frames, columns: 100, repeating: -4), f0: [Float](repeating: 150, count: frames), seed: 1)
        #expect(samples.count == frames * 300)
        #expect(samples.allSatisfy { $0.isFinite })
    }

    @Test func refusesBadInput() throws {
        let vocoder = try Self.vocoder.get()
        #expect(throws: VocoderError.self) { try vocoder.synthesize(mel: mel, f0: [], seed: 1) }
        #expect(throws: VocoderError.self) {
            try vocoder.synthesize(mel: Matrix(rows: 2, columns: 80), f0: [100, 100], seed: 1)
        }
        var broken = mel
        broken[5, 3] = .nan
        let error = #expect(throws: VocoderError.self) { try vocoder.synthesize(mel: broken, f0: f0, seed: 1) }
        #expect(try #require(error).description.contains("frame 5"))
    }
}
