/// The result of adapting a voice to its speaker.
public struct AdaptationReport: Sendable, Codable, Equatable {
    /// A stretch of a recording that was not used.
    public struct LeftOut: Sendable, Codable, Equatable {
        /// The recording's name as it was given.
        public var name: String
        /// Seconds from the recording's beginning.
        public var from: Double
        /// Seconds from the beginning of the recording.
        public var to: Double
        /// The reason, as a phrase.
        public var reason: String

        /// One line for people to read.
        public var description: String {
            "\(name), \(Self.tenths(from)) to \(Self.tenths(to)) s, was not used for adaptation: \(reason)"
        }

        private static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
    }

    /// How well a recording matches its transcript.
    public struct Reading: Sendable, Codable, Equatable {
        /// A sentence of a transcript.
        public struct Sentence: Sendable, Codable, Equatable {
            /// As it is written.
            public var text: String
            /// Whether the recording matches it.
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

    /// Why the voice was not adapted, as a phrase; nil if it was.
    public var keptBecause: String?
    /// Number of pieces of speech that match their text.
    public var pieces: Int
    /// Seconds of speech used for training.
    public var seconds: Double
    /// Seconds of speech held out for validation.
    public var heldBackSeconds: Double
    /// Speech that was not used, in the order of the recordings.
    public var leftOut: [LeftOut]
    /// The transcripts of the recordings that were used, sentence by sentence.
    public var readings: [Reading]
    /// Distance of each piece from the clone's speech of its text, as a share of the distance expected by chance.
    public var misfits: [Double]
    /// Mean absolute error of the natural log mel on the held-out pieces, before and after adaptation.
    public var error: [Double]
    /// Cosine of the speaker's embedding and that of the clone's speech, before and after adaptation; empty if the
    /// voice was kept before it came to that.
    public var likeness: [Double] = []
    /// Strength of the adaptation: the one that was asked for, times the share of the change that was kept.
    public var strength: Double

    /// Whether the voice was adapted.
    public var isAdapted: Bool { keptBecause == nil }

    /// Notes how much of the change was kept.
    mutating func note(_ choice: StrengthChoice.Outcome) {
        likeness = [choice.likeness.before, choice.likeness.after].map { (Double($0) * 10_000).rounded() / 10_000 }
        strength *= Double(choice.strength)
        if choice.adaptation == nil { keptBecause = "adaptation did not make the clone sound more like the speaker" }
    }
}
