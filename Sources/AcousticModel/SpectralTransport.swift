private import Foundation
package import Tensor
package import VoiceProfile

/// How a `SpectralTransport` is applied, and the conventions by which enrollment finds it
/// (Training/starling_training/transport.py).
extension SpectralTransport {
    /// Mean log mel below 7.6 kHz of a frame that is speech by half, as every utterance is at the same level; and how
    /// steeply the share rises.
    private static let (threshold, steepness): (Float, Float) = (-7.5, 2)
    /// Bands below 7.6 kHz.
    private static let wideBands = 85

    /// A mel smoothed over time by a Gaussian window of 37.5 ms deviation: syllables stay, sounds blur.
    ///
    /// - Parameter mel: [T, M]
    package static func smoothed(_ mel: Matrix) -> Matrix { TimeSmoothing.ofMels(mel) }

    /// How far above the threshold of speech every frame of a mel [T, M] is, [T]; from 0 on it is speech.
    package static func loudness(_ mel: Matrix) -> [Float] {
        (0..<mel.rows).map { mel.row($0).prefix(wideBands).reduce(0, +) / Float(wideBands) - threshold }
    }

    /// How much of every frame is speech, [T] from 0 to 1.
    fileprivate static func shares(_ mel: Matrix) -> [Float] {
        loudness(mel).map { 1 / (1 + expf(-steepness * $0)) }
    }

    /// Makes a mel [T, M] what the voice would say; silence stays as it is.
    package func apply(to mel: inout Matrix, scratch: inout Scratch) {
        before.apply(to: &mel, scratch: &scratch)
        guard !palettes.isEmpty else { return }
        Palette.apply(palettes, to: &mel, scratch: &scratch)
        after.apply(to: &mel, scratch: &scratch)
    }
}

extension SpectralMap {
    /// Adds what is missing to a mel [T, M]; silence stays as it is.
    package func apply(to mel: inout Matrix, scratch: inout Scratch) {
        let bands = Convention.melBands
        func linear(_ weight: [Float], bias: [Float]? = nil) -> Linear {
            Linear(weight: Matrix(rows: bands, columns: bands, elements: weight), bias: bias, precision: .float32)
        }
        // slow · s + fast · (mel - s) = fast · mel + (slow - fast) · s
        var change = linear(fast, bias: offset)(mel, scratch: &scratch)
        change.add(linear(zip(slow, fast).map { $0 - $1 })(SpectralTransport.smoothed(mel), scratch: &scratch))
        mel.add(change, inShares: SpectralTransport.shares(mel))
    }
}

extension SpectralTransport.Palette {
    /// Bands in each of the means by which sounds are compared.
    private static let pool = 5

    /// Moves the frames of a mel [T, M] towards the nearest sound of every palette, as far as each of them says. The way is
    /// smoothed over time, so that a voice does not jump from sound to sound.
    package static func apply(_ palettes: [Self], to mel: inout Matrix, scratch: inout Scratch) {
        let smooth = SpectralTransport.smoothed(mel)
        let heard = pooled(smooth)
        var way = Matrix(rows: mel.rows, columns: mel.columns)
        for palette in palettes {
            let sounds = Matrix(rows: palette.count, columns: palette.bands, elements: palette.sounds)
            for (frame, sound) in nearest(to: heard, in: pooled(sounds), scratch: &scratch).enumerated() {
                let pairs = zip(sounds.row(sound), smooth.row(frame))
                for (band, (there, here)) in pairs.enumerated() { way[frame, band] += palette.share * (there - here) }
            }
        }
        mel.add(TimeSmoothing.ofWays(way), inShares: SpectralTransport.shares(mel))
    }

    /// Means of five bands each, [R, 17] of rows [R, 85 or more].
    private static func pooled(_ rows: Matrix) -> Matrix {
        let count = toldBy / pool
        var means = Matrix(rows: rows.rows, columns: count)
        for index in 0..<rows.rows {
            let row = rows.row(index)
            for part in 0..<count {
                let first = row.startIndex + part * pool
                means[index, part] = row[first..<first + pool].reduce(0, +) / Float(pool)
            }
        }
        return means
    }

    /// The key [P, 17] that is nearest to each row [T, 17], [T]; of equally near ones the first.
    private static func nearest(to rows: Matrix, in keys: Matrix, scratch: inout Scratch) -> [Int] {
        // |row - key|² = |key|² - 2 row · key, up to what all keys have in common
        let weight = Matrix(rows: keys.rows, columns: keys.columns, elements: keys.elements.map { -2 * $0 })
        let squares = (0..<keys.rows).map { keys.row($0).reduce(0) { $0 + $1 * $1 } }
        let distances = Linear(weight: weight, bias: squares, precision: .float32)(rows, scratch: &scratch)
        return (0..<rows.rows).map { index in
            let row = distances.row(index)
            return (row.indices.min { row[$0] < row[$1] } ?? row.startIndex) - row.startIndex
        }
    }
}

/// Smoothing of every band over time by a Gaussian window; the first and the last frame go on beyond the ends.
private struct TimeSmoothing {
    private let reach: Int
    private let window: DepthwiseConvolution

    static let ofMels = TimeSmoothing(deviation: 3)
    static let ofWays = TimeSmoothing(deviation: 2)

    /// - Parameter deviation: in frames
    private init(deviation: Int) {
        let reach = 4 * deviation
        self.reach = reach
        let weights = (-reach...reach).map { expf(-0.5 * Float($0 * $0) / Float(deviation * deviation)) }
        let total = weights.reduce(0, +)
        let bands = Convention.melBands
        window = DepthwiseConvolution(
            weight: (0..<bands).flatMap { _ in weights.map { $0 / total } },
            bias: [Float](repeating: 0, count: bands), channels: bands, taps: weights.count)
    }

    /// [T, M] of [T, M].
    func callAsFunction(_ mel: Matrix) -> Matrix {
        guard mel.rows > 0 else { return mel }
        var padded = Matrix(rows: mel.rows + 2 * reach, columns: mel.columns)
        padded.copy(rows: 0..<mel.rows, of: mel, to: reach)
        for row in 0..<reach {
            padded.copy(rows: 0..<1, of: mel, to: row)
            padded.copy(rows: mel.rows - 1..<mel.rows, of: mel, to: reach + mel.rows + row)
        }
        var smooth = Matrix(rows: 0, columns: mel.columns)
        window.apply(padded, into: &smooth)
        return smooth
    }
}

extension Matrix {
    /// Adds to every row the other matrix's, multiplied by the row's share.
    fileprivate mutating func add(_ other: Matrix, inShares shares: [Float]) {
        let width = columns
        withUnsafeMutablePointer { elements in
            for (row, share) in shares.enumerated() {
                for (column, value) in other.row(row).enumerated() { elements[row * width + column] += share * value }
            }
        }
    }
}
