public import AcousticModel
internal import SpeechSignal
public import Tensor
internal import VoiceProfile

/// The mel of an utterance, corrected as its voice's profile says, from its beginning on.
///
///     var stream = try networks.mel(of: outline, profile: profile, beginningFirst: true)
///     while let rows = try stream.next() { vocode(rows) }
///
/// Of a long utterance the beginning may come first, so that it sounds while the rest is decoded. Each part is decoded
/// as if there were no other, with some frames of the other around it, and the two are faded into each other.
/// M = `Signal.melBands`.
public struct MelStream: Sendable {
    /// Frames that come first: 1.6 s, while which the rest is decoded in time.
    package static let opening = 128
    /// Frames behind those, and before the rest, that are decoded with them: 0.8 s, the reach of neighbouring sounds.
    package static let context = 64
    /// Frames over which the beginning passes into the rest.
    package static let fade = 8
    /// Shorter utterances come in one part: it would save little and cost more.
    package static let longEnough = 3 * opening

    private let decode: @Sendable (Range<Int>) throws(AcousticError) -> Matrix
    /// T.
    private let frames: Int
    /// The first frame of the rest.
    private let start: Int
    /// Frames given away.
    private var given = 0
    /// The end of the beginning, which is not given away until it has passed into the rest, [fade, M].
    private var passing: Matrix?

    /// - Parameters:
    ///   - frames: T
    ///   - beginningFirst: whether a long utterance comes in two parts
    ///   - decode: the mel of some frames by themselves
    package init(
        frames: Int, beginningFirst: Bool, decode: @escaping @Sendable (Range<Int>) throws(AcousticError) -> Matrix
    ) {
        (self.frames, self.decode) = (frames, decode)
        start = beginningFirst && frames >= Self.longEnough ? Self.opening : 0
    }

    /// What is known already, [T, M].
    public init(_ mel: Matrix) { self.init(frames: mel.rows, beginningFirst: false) { mel.rows($0) } }

    /// The next rows, nil after the last.
    ///
    /// - Throws: `AcousticError.notFinite`
    public mutating func next() throws(AcousticError) -> Matrix? {
        guard given < frames else { return nil }
        guard start > 0 else {
            given = frames
            return try decode(0..<frames)
        }
        if let passing {
            let first = start - Self.context
            var rest = try decode(first..<frames).rows(given - first..<frames - first)
            rest.fadeIn(after: passing)
            given = frames
            return rest
        }
        let beginning = try decode(0..<start + Self.context)
        given = start - Self.fade
        passing = beginning.rows(given..<start)
        return beginning.rows(0..<given)
    }
}

extension Matrix {
    /// Passes evenly from some rows into the first ones of this matrix.
    fileprivate mutating func fadeIn(after earlier: Matrix) {
        for row in 0..<earlier.rows {
            let share = Float(row + 1) / Float(earlier.rows + 1)
            for column in 0..<columns {
                self[row, column] = earlier[row, column] + share * (self[row, column] - earlier[row, column])
            }
        }
    }
}
