internal import CKernels

/// Layer norm over the channels of every row: gain (x - mean) / sqrt(variance + epsilon) + shift.
public struct LayerNorm: Sendable {
    public var gain: [Float]
    public var shift: [Float]
    public let epsilon: Float

    /// - Parameters:
    ///   - gain: [C]; conditional layer norm computes it from the speaker
    ///   - shift: [C]
    public init(gain: [Float], shift: [Float], epsilon: Float = 1e-5) {
        precondition(gain.count == shift.count)
        (self.gain, self.shift, self.epsilon) = (gain, shift, epsilon)
    }

    /// - Parameters:
    ///   - x: [R, C]
    ///   - y: resized to [R, C]
    public func apply(_ x: Matrix, into y: inout Matrix) {
        precondition(x.columns == gain.count, "\(x.columns) columns for \(gain.count) channels")
        y.resize(rows: x.rows, columns: x.columns)
        y.withUnsafeMutablePointer { y in
            x.elements.withUnsafeBufferPointer { x in
                guard let start = x.baseAddress else { return }
                normalize(start, into: y, rows: x.count / gain.count)
            }
        }
    }

    /// In place.
    public func apply(to x: inout Matrix) {
        precondition(x.columns == gain.count, "\(x.columns) columns for \(gain.count) channels")
        let rows = x.rows
        x.withUnsafeMutablePointer { normalize($0, into: $0, rows: rows) }
    }

    private func normalize(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int) {
        let columns = gain.count
        // About a quarter of a nanosecond for each element.
        Crew.share(rows: rows, workers: Crew.workers(forNanoseconds: rows * columns / 4)) { part, _ in
            let first = part.lowerBound * columns
            starling_layer_norm(x + first, gain, shift, y + first, part.count, columns, epsilon)
        }
    }
}

extension Matrix {
    /// Every element becomes max(x, 0).
    public mutating func rectify() {
        let count = elements.count
        withUnsafeMutablePointer { x in for i in 0..<count { x[i] = max(x[i], 0) } }
    }

    /// Every element becomes x/2 (1 + erf(x / √2)).
    public mutating func gelu() {
        let count = elements.count
        withUnsafeMutablePointer { starling_gelu($0, count) }
    }

    /// Every element becomes x / (1 + e^-x).
    public mutating func silu() {
        let count = elements.count
        withUnsafeMutablePointer { starling_silu($0, count) }
    }

    /// Every element becomes 1 / (1 + e^-x).
    public mutating func sigmoid() {
        let count = elements.count
        withUnsafeMutablePointer { starling_sigmoid($0, $0, count) }
    }

    /// Every element becomes x · factor + offset.
    public mutating func scale(by factor: Float, plus offset: Float) {
        let count = elements.count
        withUnsafeMutablePointer { x in for i in 0..<count { x[i] = x[i] * factor + offset } }
    }

    /// Every row becomes its softmax after scaling.
    public mutating func softmax(scale: Float = 1) {
        let (rows, columns) = (rows, columns)
        guard columns > 0 else { return }
        withUnsafeMutablePointer { starling_softmax($0, rows, columns, scale) }
    }

    /// self[r, c] += scale[c] * x[r, c].
    public mutating func add(_ x: Matrix, scaledBy scale: [Float]) {
        precondition(x.rows == rows && x.columns == columns && scale.count == columns)
        let (rows, columns) = (rows, columns)
        withUnsafeMutablePointer { starling_add_scaled($0, x.elements, scale, rows, columns) }
    }

    /// self[r, c] += bias[c].
    public mutating func add(_ bias: [Float]) {
        precondition(bias.count == columns)
        let (rows, columns) = (rows, columns)
        withUnsafeMutablePointer { starling_add_bias($0, bias, rows, columns) }
    }

    /// self += x.
    public mutating func add(_ x: Matrix) {
        precondition(x.rows == rows && x.columns == columns)
        let count = elements.count
        withUnsafeMutablePointer { starling_add(x.elements, $0, count) }
    }
}
