private import Foundation
internal import SpeechSignal
public import Tensor

extension MelCorrection {
    /// Mean log mel below 7.6 kHz of a frame that is speech by half, as every utterance is at the same level; and how
    /// steeply the share rises.
    private static let (threshold, steepness): (Float, Float) = (-7.5, 2)

    /// Corrects a mel [T, M]; silence stays unchanged.
    public func apply(to mel: inout Matrix, scratch: inout Scratch) {
        before.apply(to: &mel, scratch: &scratch)
        guard !exemplars.isEmpty else { return }
        Exemplars.apply(exemplars, to: &mel, scratch: &scratch)
        after.apply(to: &mel, scratch: &scratch)
    }

    /// A mel [T, M] smoothed over time by a Gaussian window of 37.5 ms deviation: syllables stay, sounds blur.
    package static func smoothed(_ mel: Matrix) -> Matrix { TimeSmoothing.ofMels(mel) }

    /// How far above the threshold of speech every frame of a mel [T, M] is, in mean natural log mel, [T]; from 0 on it
    /// is speech.
    package static func speechLevel(_ mel: Matrix) -> [Float] {
        (0..<mel.rows).map { mel.row($0).prefix(Signal.wideBands).reduce(0, +) / Float(Signal.wideBands) - threshold }
    }

    /// How much of every frame is speech, [T] from 0 to 1.
    fileprivate static func shares(_ mel: Matrix) -> [Float] {
        speechLevel(mel).map { 1 / (1 + expf(-steepness * $0)) }
    }
}

extension MelMap {
    /// Adds what is missing to a mel [T, M]; silence stays as it is.
    package func apply(to mel: inout Matrix, scratch: inout Scratch) {
        let bands = Signal.melBands
        func linear(_ weight: [Float], bias: [Float]? = nil) -> Linear {
            Linear(weight: Matrix(rows: bands, columns: bands, elements: weight), bias: bias, precision: .float32)
        }
        // slow · s + fast · (mel - s) = fast · mel + (slow - fast) · s
        var change = linear(fast, bias: offset)(mel, scratch: &scratch)
        change.add(linear(zip(slow, fast).map { $0 - $1 })(MelCorrection.smoothed(mel), scratch: &scratch))
        mel.add(change, inShares: MelCorrection.shares(mel))
    }
}

extension Exemplars {
    /// Bands in each of the means by which frames are compared.
    private static let pool = 5

    /// Moves the frames of a mel [T, M] toward the nearest exemplar of every voice, as far as its attraction says. The
    /// moves are smoothed over time, so that a voice does not jump from sound to sound.
    package static func apply(_ voices: [Exemplars], to mel: inout Matrix, scratch: inout Scratch) {
        let smooth = MelCorrection.smoothed(mel)
        let keys = pooled(smooth)
        var moves = Matrix(rows: mel.rows, columns: mel.columns)
        for exemplars in voices {
            let frames = Matrix(rows: exemplars.count, columns: exemplars.bands, elements: exemplars.frames)
            for (frame, nearest) in nearest(to: keys, in: pooled(frames), scratch: &scratch).enumerated() {
                let pairs = zip(frames.row(nearest), smooth.row(frame))
                for (band, (there, here)) in pairs.enumerated() {
                    moves[frame, band] += exemplars.attraction * (there - here)
                }
            }
        }
        mel.add(TimeSmoothing.ofMoves(moves), inShares: MelCorrection.shares(mel))
    }

    /// Means of five bands each, [R, 17] of rows [R, 85 or more].
    private static func pooled(_ rows: Matrix) -> Matrix {
        let count = comparedBands / pool
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
