/// A correction of the acoustic model's mel spectra toward those of a voice: a map, exemplar frames, and another map.
///
/// Both maps are optimal transport between two normal distributions, of what the model says and of what the voice's
/// owner says (the linear color transfer between pictures of Pitié and Kokaram, 2007). Between them every frame is
/// attracted by the nearest exemplar of the voice, which no normal distribution knows; what that takes from the
/// distribution the second map gives back. Enrollment estimates all three from sentences that the networks speak with
/// the new profile (Training/starling_training/transport.py).
///
/// Letters: T frames, P exemplars, B measured bands, M = `Signal.melBands`.
public struct MelCorrection: Sendable, Equatable {
    /// Moves the model's frames toward the voice's.
    public var before: MelMap
    /// One set per voice of a blend: one for a single voice, none for voices enrolled before exemplars existed.
    public var exemplars: [Exemplars]
    /// Restores the variance that the exemplars remove.
    public var after: MelMap

    /// A correction of these steps, in this order.
    public init(before: MelMap, exemplars: [Exemplars] = [], after: MelMap = .identity) {
        (self.before, self.exemplars, self.after) = (before, exemplars, after)
    }

    /// Changes nothing.
    static let identity = MelCorrection(before: .identity)

    /// Checks that every value is in range.
    ///
    /// - Throws: `ProfileError` naming the first that is not
    func validate() throws {
        try before.validate()
        try after.validate()
        for exemplars in exemplars { try exemplars.validate() }
    }

    static func checkRange(_ values: [Float], of part: String) throws {
        if let (index, value) = values.enumerated().first(where: { !(abs($1) <= 30) }) {
            throw ProfileError.range("number \(index) of the mel correction's \(part)", value, -30...30)
        }
    }
}
