/// Why no voice can be made of some recordings; each description is one line with the remedy.
public enum EnrollmentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No recording was given.
    case noRecordings
    /// Nobody speaks in the recording or recordings.
    case noSpeech(names: [String], found: Found)
    /// There are too few seconds of speech.
    case tooLittleSpeech(seconds: Double, needed: Double)
    /// Two people speak in one recording; `spans` are the seconds in which the one that is heard less speaks.
    case twoPeople(name: String, similarity: Float, spans: [ClosedRange<Int>])
    /// The two channels of a recording are of two people.
    case channelsDiffer(name: String, similarity: Float)
    /// A recording is of another person than the other recordings.
    case otherPerson(name: String, others: [String], similarity: Float)
    /// The recordings together are longer than the caller allows; `name` is the one in which the limit was reached.
    case tooMuchSound(name: String, limit: Double)
    /// The consent statement is missing.
    case noConsent(name: String)

    /// What there is instead of speech.
    public enum Found: String, Sendable, Equatable {
        /// Nothing is loud enough.
        case silence = "only silence"
        /// Sound that nothing voiced is in.
        case noise = "only sound without a voice, such as noise or whispering"
        /// Sound with a pitch that stands still or moves in steps.
        case tones = "only tones, music or hum"
    }

    /// One line: what was wrong, and the remedy.
    public var description: String {
        switch self {
        case .noRecordings: "there is no recording; give one or more files of the person speaking"
        case .noSpeech(let names, let found):
            "nobody speaks in \(Self.listed(names)): there is \(found.rawValue); record some sentences in a quiet room"
        case .tooLittleSpeech(let seconds, let needed):
            "there are only \(Self.tenths(seconds)) s of speech, \(Int(needed)) s are needed and 10 s or more are better; "
                + "record some more sentences"
        case .twoPeople(let name, let similarity, let spans):
            "two people seem to speak in \(name) (similarity \(Self.hundredths(similarity))), the other one at "
                + "\(Self.spans(spans)); cut it so that only one is left, or add --one-person if you are sure"
        case .channelsDiffer(let name, let similarity):
            "the left and the right channel of \(name) seem to be two people (similarity \(Self.hundredths(similarity))); "
                + "give the channel of one of them, or add --one-person if you are sure"
        case .otherPerson(let name, let others, let similarity):
            "\(name) seems to be another person than \(Self.listed(others)) (similarity \(Self.hundredths(similarity))); "
                + "leave it out, or add --one-person if you are sure"
        case .tooMuchSound(let name, let limit):
            "the recordings are longer than \(Self.length(limit)) together (\(name) goes on beyond that); 10 to 30 seconds are "
                + "enough, so give less"
        case .noConsent(let name):
            "a voice needs the consent of its owner; add --consent with who agreed to what, such as "
                + "--consent \"I, \(name.isEmpty ? "Ann Example" : name), agree that this voice is made from my recordings.\""
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
