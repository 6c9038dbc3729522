import Comparison
import Foundation
import Spectral
import Tensor
import Testing
import Weights

/// Against torch.stft and the trainer's mel filters (Training/starling_training/fixtures.py).
@Suite struct SpectralTests {
    private func matrix(_ name: String, in file: WeightFile) throws -> Matrix {
        let shape = try #require(file.tensors[name]).shape
        return Matrix(rows: shape[0], columns: shape[1], elements: try #require(file.values(of: name)))
    }

    @Test func equalsTorch() throws {
        let file = try fixture("signal")
        let samples = try #require(file.values(of: "samples"))
        let transform = ShortTimeTransform()
        let spectrum = transform.analyze(samples)
        expectClose(spectrum.elements, try matrix("spectrum", in: file).elements, within: 1e-4, "STFT")
        expectClose(LogMel()(samples).elements, try matrix("log_mel", in: file).elements, within: 1e-4, "log mel")
        expectClose(
            MelFilterBank().matrix.elements, try matrix("filters", in: file).elements, within: 1e-7, "mel filters")
    }

    @Test(arguments: [0, 1, 2, 299, 300, 601]) func shortSignals(count: Int) {
        let spectrum = ShortTimeTransform().analyze([Float](repeating: 0.5, count: count))
        #expect(spectrum.rows == (count == 0 ? 0 : count / 300 + 1))
        #expect(LogMel()([Float](repeating: 0.5, count: count)).rows == count / 300)
        #expect(spectrum.elements.allSatisfy { $0.isFinite })
    }

    /// Plans are shared between threads.
    @Test func concurrentTransforms() async {
        let expected = LogMel()((0..<6000).map { sin(Float($0) / 9) })
        await withTaskGroup(of: Matrix.self) { group in
            for _ in 0..<8 { group.addTask { LogMel()((0..<6000).map { sin(Float($0) / 9) }) } }
            for await mel in group { #expect(mel == expected) }
        }
    }
}
