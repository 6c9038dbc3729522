/// Why a voice cannot be cloned from recordings. Each description is one line that names the remedy.
public enum EnrollmentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No recording was given.
    case noRecordings
    /// Nobody speaks in the recording or recordings.
    case noSpeech(names: [String], found: Found)
    /// There are too few seconds of speech.
    case tooLittleSpeech(seconds: Double, needed: Double)
    /// There is too little speech in one recording.
    case tooShort(name: String, seconds: Double, needed: Double)
    /// Two people speak in one recording. `spans` are the seconds in which the person who speaks less speaks.
    case twoPeople(name: String, similarity: Float, spans: [ClosedRange<Int>])
    /// The two channels of a recording have different speakers.
    case channelsDiffer(name: String, similarity: Float)
    /// One recording has a different speaker than the others.
    case otherPerson(name: String, others: [String], similarity: Float)
    /// The recordings together exceed the caller's limit. `name` is the recording in which it was reached.
    case tooMuchSound(name: String, limit: Double)
    /// The consent statement is missing.
    case noConsent(name: String)
    /// Networks of this size cannot adapt to recordings without a transcript.
    case needsTranscript(size: String)

    /// What was found instead of speech.
    public enum Found: String, Sendable, Equatable {
        /// Nothing is loud enough.
        case silence = "only silence"
        /// Sound without any voiced part.
        case noise = "only sound without a voice, such as noise or whispering"
        /// Sound whose pitch is constant or moves in steps.
        case tones = "only tones, music or hum"
        /// Speech, but hardly any.
        case tooLittle = "too little speech"
    }

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .noRecordings: "no recording was given; name one or more recordings of the speaker"
        case .noSpeech(let names, let found):
            "no speech was found in \(Self.listed(names)), \(found.rawValue); record a few sentences in a quiet room"
        case .tooLittleSpeech(let seconds, let needed):
            "only \(Self.tenths(seconds)) s of speech were found, but \(Int(needed)) s are needed (10 s or more is better); "
                + "record a few more sentences"
        case .tooShort(let name, let seconds, let needed):
            "\(name) has only \(Self.tenths(seconds)) s of speech; record \(Self.tenths(needed)) s or more"
        case .twoPeople(let name, let similarity, let spans):
            "two people seem to speak in \(name) (similarity \(Self.hundredths(similarity))), the second one at "
                + "\(Self.spans(spans)); cut out the second one, or add --one-person if only one person speaks"
        case .channelsDiffer(let name, let similarity):
            "the left and right channels of \(name) seem to have different speakers (similarity "
                + "\(Self.hundredths(similarity))); use one channel, or add --one-person if only one person speaks"
        case .otherPerson(let name, let others, let similarity):
            "\(name) seems to have a different speaker than \(Self.listed(others)) (similarity "
                + "\(Self.hundredths(similarity))); omit it, or add --one-person if only one person speaks"
        case .tooMuchSound(let name, let limit):
            "the recordings exceed \(Self.length(limit)) in total (reached in \(name)); 10 to 30 seconds are enough, "
                + "so use fewer or shorter files"
        case .needsTranscript(let size):
            "the \(size) networks adapt only to recordings with a transcript; add one, or use the base networks"
        case .noConsent(let name):
            "cloning a voice needs the speaker's consent; add --consent and state who agreed to what, such as "
                + "--consent \"I, \(name.isEmpty ? "Ann Example" : name), agree that this voice is made from my "
                + "recordings.\""
        }
    }

    private static func length(_ seconds: Double) -> String {
        seconds >= 120 ? "\(Int(seconds / 60)) minutes" : "\(Int(seconds)) seconds"
    }

    private static func listed(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "the recordings" }
        if names.count > 4 { return "\(names.prefix(3).joined(separator: ", ")) and \(names.count - 3) more" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func spans(_ spans: [ClosedRange<Int>]) -> String {
        let shown = spans.prefix(4).map { "\($0.lowerBound)-\($0.upperBound) s" }.joined(separator: ", ")
        return spans.count > 4 ? shown + ", …" : shown
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int(value * 10)  // never rounded up to what would be enough
        return "\(tenths / 10).\(tenths % 10)"
    }

    static func hundredths(_ value: Float) -> String {
        let hundredths = Int((value * 100).rounded())
        let digits = String(abs(hundredths) % 100)
        return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(digits.count < 2 ? "0" : "")\(digits)"
    }
}
