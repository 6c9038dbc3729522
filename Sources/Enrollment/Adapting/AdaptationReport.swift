/// What became of adapting a voice to its owner.
public struct AdaptationReport: Sendable, Codable, Equatable {
    /// A stretch that was not learned from.
    public struct LeftOut: Sendable, Codable, Equatable {
        /// The recording's name as it was given.
        public var name: String
        /// Seconds from the recording's beginning.
        public var from: Double
        /// Seconds likewise.
        public var to: Double
        /// Why, in a few words.
        public var reason: String

        /// One line for people to read.
        public var description: String {
            "\(name), \(Self.tenths(from)) to \(Self.tenths(to)) s, was not used for adaptation: \(reason)"
        }

        private static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    }

    /// What was heard of a recording's transcript.
    public struct Reading: Sendable, Codable, Equatable {
        /// A sentence of a transcript.
        public struct Sentence: Sendable, Codable, Equatable {
            /// As it is written.
            public var text: String
            /// Whether it was said so.
            public var isUnderstood: Bool
        }

        /// The recording's name as it was given.
        public var name: String
        /// SHA-256 of the recording's bytes, in hexadecimal.
        public var sha256: String
        /// In the order of the transcript.
        public var sentences: [Sentence]

        /// Whether some words, one sentence or more, were said; how they are spelled does not matter.
        func says(_ words: String) -> Bool {
            func letters(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
            let wanted = letters(words)
            return !wanted.isEmpty
                && sentences.indices.contains { first in
                    var said = ""
                    for sentence in sentences[first...] where said.count < wanted.count {
                        guard sentence.isUnderstood else { return false }
                        said += letters(sentence.text)
                    }
                    return said == wanted
                }
        }
    }

    /// Why the voice stayed as it was, in a few words; nil if it was adapted.
    public var keptBecause: String?
    /// Pieces of speech that fit their text.
    public var pieces: Int
    /// Seconds learned from.
    public var seconds: Double
    /// Seconds held back to judge by.
    public var heldBackSeconds: Double
    /// What was left out, in the order of the recordings.
    public var leftOut: [LeftOut]
    /// What was heard of the transcripts of recordings that are fit to learn from.
    public var readings: [Reading]
    /// How unlike the pieces are to what the clone says of their text, as a share of what chance would give.
    public var misfits: [Double]
    /// Mean absolute error of the natural log mel of the held-back pieces before adapting, and after.
    public var error: [Double]
    /// How much of what was learned is used, 0 to 1.
    public var strength: Double

    /// Whether the voice was adapted.
    public var isAdapted: Bool { keptBecause == nil }
}
