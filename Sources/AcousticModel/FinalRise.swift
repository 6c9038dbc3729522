import Tensor

/// The rise at the end of a question of yes or no: from the last stressed syllable on, F0 dips and then climbs.
///
/// The networks' training speech ends its questions like its statements, so the contour is laid over the predicted one
/// before the decoder uses it. It is drawn in the speaker's own range: its numbers are z-scores of ln F0 (the low tone
/// and high boundary tone, L* H-H%, of Pierrehumbert 1980).
public struct FinalRise: Sendable, Equatable {
    /// The tokens from the last stressed vowel to the last one spoken.
    public var tokens: Range<Int>

    public init(tokens: Range<Int>) { self.tokens = tokens }

    /// Where the dip is, as a part of the voiced time, and how deep; how high the end.
    static let dip: (place: Float, z: Float) = (0.35, -0.4)
    static let end: Float = 1.4

    /// Replaces F0 in the first column of `prosody` [T, 3] (F0 z-score, voicing logit, energy) under the tokens.
    func apply(to prosody: inout Matrix, durations: [Int]) {
        let tokens = tokens.clamped(to: durations.indices)
        let first = durations[..<tokens.lowerBound].reduce(0, +)
        let voiced = (first..<first + durations[tokens].reduce(0, +)).filter { prosody[$0, 1] > 0 }
        guard let start = voiced.first, let last = voiced.last, last > start else { return }
        let from = prosody[start, 0]
        for frame in voiced {
            let x = Float(frame - start) / Float(last - start)
            prosody[frame, 0] =
                x < Self.dip.place
                ? Self.blend(from, Self.dip.z, x / Self.dip.place)
                : Self.blend(Self.dip.z, Self.end, (x - Self.dip.place) / (1 - Self.dip.place))
        }
    }

    /// From a to b with level ends, x in 0...1.
    private static func blend(_ a: Float, _ b: Float, _ x: Float) -> Float { a + (b - a) * x * x * (3 - 2 * x) }
}
