import Foundation
import Tensor
import Testing
import Weights

/// Expects two arrays to agree, and prints how far they are apart and where.
func expectClose(
    _ actual: [Float], _ expected: [Float], within tolerance: Float, _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        Issue.record("\(name): \(actual.count) values, expected \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    var worst = (difference: Float(0), index: 0)
    for i in actual.indices {
        let difference = abs(actual[i] - expected[i])
        // A NaN compares false: it must count as the worst.
        if !(difference <= worst.difference) { worst = (difference, i) }
    }
    print("\(name): largest difference \(worst.difference) at \(worst.index) of \(actual.count)")
    #expect(
        worst.difference <= tolerance,
        "\(name)[\(worst.index)] is \(actual[worst.index]), expected \(expected[worst.index])",
        sourceLocation: sourceLocation)
}

/// Reproducible numbers for tests, uniform in a range.
struct Numbers {
    private var state: UInt64

    init(seed: UInt64 = 1) { state = seed }

    mutating func next(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + (range.upperBound - range.lowerBound) * Float(state >> 40) / Float(1 << 24)
        }
    }

    mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
        Matrix(rows: rows, columns: columns, elements: next(rows * columns))
    }
}

/// A file for one test, removed at the end.
func withTemporaryFile<Result>(_ body: (URL) throws -> Result) rethrows -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url)
}

/// A golden fixture, which must have been computed with these weights.
func fixture(_ name: String, of weights: URL) throws -> WeightFile {
    let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    let file = try WeightFile(contentsOf: folder.appending(path: "\(name).safetensors"))
    let digest = try Digest.sha256(contentsOf: weights)
    try #require(
        file.metadata["weights"] == digest,
        "the fixture \(name) is of other weights: run python -m starling_training.fixtures \(name)")
    return file
}

func matrix(_ name: String, in file: WeightFile) throws -> Matrix {
    let shape = try #require(file.tensors[name]).shape
    return Matrix(rows: shape[0], columns: shape[1], elements: try #require(file.values(of: name)))
}

/// The trained weights, data/NAME.safetensors of this repository or of the folder STARLING_DATA names.
func weights(_ name: String) -> URL {
    let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    let data = ProcessInfo.processInfo.environment["STARLING_DATA"].map { URL(filePath: $0) }
    return (data ?? repository.appending(path: "data")).appending(path: "\(name).safetensors")
}
