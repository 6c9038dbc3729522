internal import SpeechSignal
internal import Tensor
internal import VoiceProfile

/// Speaker-independent features of speech sounds: pooled bands, their deltas, and voicing, one row per step.
///
/// Letters: T frames, U steps.
struct AlignmentFeatures: Sendable {
    /// [U, 2 · 17 + 1].
    let rows: Matrix
    /// Mean log mel above the threshold of speech, [U].
    let level: [Float]

    /// Mel bands in each pooled one, and how many those are: up to 7.6 kHz.
    private static let pool = 5
    private static let pooled = Signal.wideBands / pool
    /// Log mel below which all is silence.
    private static let floor: Float = -8.5
    /// How much a change, and voicing, count beside a band.
    private static let (change, voicing): (Float, Float) = (0.7, 2)

    /// - Parameters:
    ///   - mel: natural log mel at the level of all utterances, [T, M]
    ///   - f0: Hz, 0 where unvoiced, [T]
    ///   - stride: frames of a step; those that fill no step are left out
    init(mel: Matrix, f0: [Float], stride: Int) {
        let steps = mel.rows / stride
        let frames = MelCorrection.speechLevel(mel)
        let level = (0..<steps).map { frames[$0 * stride..<($0 + 1) * stride].reduce(0, +) / Float(stride) }
        var bands = Matrix(rows: steps, columns: Self.pooled)
        for step in 0..<steps {
            for frame in step * stride..<(step + 1) * stride {
                let row = mel.row(frame)
                for band in 0..<Self.pooled {
                    let first = row.startIndex + band * Self.pool
                    let mean = row[first..<first + Self.pool].reduce(0, +) / Float(Self.pool)
                    bands[step, band] += max(mean, Self.floor) / Float(stride)
                }
            }
        }
        // Less the mean of the speech, which removes the response of the microphone.
        let speech = level.indices.filter { level[$0] > 0 }
        for band in 0..<Self.pooled where !speech.isEmpty {
            let mean = speech.reduce(0) { $0 + bands[$1, band] } / Float(speech.count)
            for step in 0..<steps { bands[step, band] -= mean }
        }
        var rows = Matrix(rows: steps, columns: 2 * Self.pooled + 1)
        for step in 0..<steps {
            let (before, after) = (max(0, step - 1), min(steps - 1, step + 1))
            for band in 0..<Self.pooled {
                rows[step, band] = bands[step, band]
                rows[step, Self.pooled + band] = Self.change * (bands[after, band] - bands[before, band])
            }
            let voiced = f0[step * stride..<(step + 1) * stride].count { $0 > 0 }
            rows[step, 2 * Self.pooled] = Self.voicing * Float(voiced) / Float(stride)
        }
        (self.rows, self.level) = (rows, level)
    }

    /// Euclidean distances of all steps to some of another's, [range, U].
    func distances(to other: AlignmentFeatures, steps range: Range<Int>) -> Matrix {
        let some = other.rows.rows(range)
        func squares(_ rows: Matrix) -> [Float] { (0..<rows.rows).map { rows.row($0).reduce(0) { $0 + $1 * $1 } } }
        let (own, others) = (squares(rows), squares(some))
        var distances = Matrix(some.block(), rows.transposed, scale: -2)
        let columns = distances.columns
        distances.withUnsafeMutablePointer { d in
            for row in others.indices {
                for column in 0..<columns {
                    d[row * columns + column] = max(0, d[row * columns + column] + others[row] + own[column])
                        .squareRoot()
                }
            }
        }
        return distances
    }

    /// Euclidean distance of one step to one of another's.
    func distance(of own: Int, to other: AlignmentFeatures, step: Int) -> Float {
        zip(rows.row(own), other.rows.row(step)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
}
