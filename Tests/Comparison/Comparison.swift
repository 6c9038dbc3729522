public import Foundation
public import Tensor
public import Testing

/// Expects two arrays to agree, and prints how far they are apart and where.
public func expectClose(
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
public struct Numbers {
    private var state: UInt64

    public init(seed: UInt64 = 1) { state = seed }

    public mutating func next(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + (range.upperBound - range.lowerBound) * Float(state >> 40) / Float(1 << 24)
        }
    }

    public mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
        Matrix(rows: rows, columns: columns, elements: next(rows * columns))
    }
}

/// A file for one test, removed at the end.
public func withTemporaryFile<Result>(_ body: (URL) throws -> Result) rethrows -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url)
}
