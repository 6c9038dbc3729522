import SpeechSignal
import Synthesis

/// A mouth shape with its times.
public struct MouthCue: Sendable, Equatable {
    /// The nine drawings of Rhubarb Lip Sync, which animators know from Hanna-Barbera's films.
    public enum Shape: String, Sendable, CaseIterable {
        /// Lips together: p, b, m.
        case a = "A"
        /// Teeth together, lips a little open: most consonants, ee.
        case b = "B"
        /// Open: eh, a.
        case c = "C"
        /// Wide open: ah.
        case d = "D"
        /// A little round: aw, er.
        case e = "E"
        /// Puckered: oo, w.
        case f = "F"
        /// Upper teeth on the lower lip: f, v.
        case g = "G"
        /// The tongue behind the upper teeth: a long l.
        case h = "H"
        /// At rest.
        case x = "X"
    }

    /// The mouth shape.
    public var shape: Shape
    /// Seconds.
    public var start: Double
    /// Seconds.
    public var end: Double
}

extension MouthCue.Shape {
    /// Seconds of an l from which on the tongue is seen.
    private static let longL = 0.1

    /// What a phoneme goes through, in equal parts of its time: two drawings for a diphthong.
    static func shapes(of phoneme: Phoneme, lasting seconds: Double) -> [Self] {
        switch phoneme {
        case "A": [.c, .b]
        case "I": [.d, .b]
        case "O", "Q": [.e, .f]
        case "W": [.d, .e]
        case "Y": [.e, .b]
        case "l", "ʎ": [seconds >= longL ? .h : .b]
        default: [table[phoneme] ?? .x]
        }
    }

    private static let table: [Phoneme: Self] = {
        var table: [Phoneme: Self] = [:]
        for (symbols, shape) in phonemes {
            for phoneme in Phonemes(symbols: symbols) { table[phoneme] = shape }
        }
        return table
    }()

    private static let phonemes: [(String, Self)] = [
        ("pbm", .a), ("βɸ", .b), ("iɪᵻɨeɯɤəᵊ", .b), ("ɛSæʌɐ", .c), ("aɑ", .d), ("ɔɒɜɚœoɹɻ", .e), ("uʊyøwɥ", .f),
        ("fvʋ", .g), ("szʦʣtdnTɾrʈɖɳɽθðɲcɟçjʝkɡŋxɣɰqχɴʁhʔʨʥɕʃʒʧʤʂꭧ", .b),
    ]
}

extension SpokenSentence {
    /// The drawings from a moment before the sentence to its end, without gaps.
    func cues(from first: Double) -> [MouthCue] {
        articulations(from: first).flatMap { articulation in
            let seconds = articulation.length
            let shapes = MouthCue.Shape.shapes(of: articulation.phoneme, lasting: seconds)
            return shapes.enumerated().map { index, shape in
                let part = seconds / Double(shapes.count)
                return MouthCue(
                    shape: shape, start: articulation.start + Double(index) * part,
                    end: articulation.start + Double(index + 1) * part)
            }
        }
    }
}
