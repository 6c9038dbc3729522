/// The quality of the recordings of a voice, and how to improve it.
public struct QualityReport: Sendable, Codable, Equatable {
    /// What was found in one recording.
    public struct Sample: Sendable, Codable, Equatable {
        /// The recording's name as it was given.
        public var name: String
        /// Duration in seconds.
        public var seconds: Double
        /// Seconds of speech that went into the voice.
        public var speechSeconds: Double
        /// Samples per second in the file.
        public var sampleRate: Int
        /// Upper end of the speech spectrum in Hz, independent of the sample rate; at most 12 000.
        public var bandwidth: Int
        /// dB between speech and background noise; 60 means 60 or more.
        public var signalToNoise: Double
        /// Share of clipped samples, 0 to 1.
        public var clipping: Double
        /// Similarity to the other recordings; nil if there are none.
        public var similarity: Double?
        /// Whether it was used for the voice.
        public var isUsed: Bool
    }

    /// An overall grade.
    public enum Grade: String, Sendable, Codable {
        /// No warning.
        case good
        /// At least one warning.
        case fair
        /// A serious problem that the voice will reproduce.
        case poor
    }

    /// One for each recording, in the order given.
    public var samples: [Sample]
    /// Seconds of speech that went into the voice.
    public var speechSeconds: Double
    /// dB, the mean over the samples by their seconds of speech.
    public var signalToNoise: Double
    /// Share of clipped samples, averaged likewise.
    public var clipping: Double
    /// Hz, the best of the samples.
    public var bandwidth: Int
    /// Similarity of the two parts into which the speech falls most naturally, 1 if it is too short to part: low for
    /// recordings of two people.
    public var consistency: Double
    /// The warnings, most severe first; empty for good recordings.
    public var warnings: [Warning]
    /// Poor with a severe warning, good without any.
    public var grade: Grade

    /// A problem of the recordings that degrades the voice.
    public enum Warning: Sendable, Equatable, CustomStringConvertible {
        /// A recording was not used, and why.
        case unused(name: String, reason: String)
        /// A recording was given twice and counts once.
        case repeated(name: String)
        /// Only the first seconds of a long recording were used.
        case cut(name: String, seconds: Double)
        /// The speech falls into two dissimilar parts.
        case perhapsTwoPeople(similarity: Double)
        /// A share of the samples, 0 to 1, is clipped.
        case clipped(share: Double)
        /// There are only so many decibels between speech and background.
        case noisy(decibels: Double)
        /// The speech has nothing above this frequency in Hz.
        case narrow(hertz: Int)
        /// There are only so many seconds of speech.
        case short(seconds: Double)
        /// So many seconds were ignored as music or noise.
        case otherSounds(seconds: Double)
        /// There is music behind the speech, in a share of the time from 0 to 1.
        case music(share: Double)
        /// The pitch varies by only so many semitones.
        case monotonous(semitones: Double)

        /// One line for people to read.
        public var description: String {
            switch self {
            case .unused(let name, let reason): "\(name) was not used: \(reason)"
            case .repeated(let name): "\(name) is a duplicate and counts once"
            case .cut(let name, let seconds): "only the first \(Int(seconds / 60)) minutes of \(name) were used"
            case .perhapsTwoPeople(let similarity):
                "the speech varies so much (similarity \(EnrollmentError.hundredths(Float(similarity)))) that two people "
                    + "may be speaking; listen to it again"
            case .clipped(let share):
                "\(Self.percent(share)) of the samples are clipped; lower the recording gain"
            case .noisy(let decibels):
                "the background noise is only \(Int(decibels)) dB below the speech; record closer to the microphone or in a "
                    + "quieter room"
            case .narrow(let hertz):
                "the speech has nothing above \(Self.kilohertz(hertz)) kHz, as over a telephone; the rest is estimated, so "
                    + "use a better recording if you have one"
            case .short(let seconds):
                "there are only \(Int(seconds)) s of speech; with 10 s or more the clone is more similar"
            case .otherSounds(let seconds):
                "\(Int(seconds.rounded())) s of music, tones or noise were ignored; record speech alone"
            case .music(let share):
                "there is music behind \(Self.percent(share)) of the speech, which affects the voice and its "
                    + "intonation; record without music"
            case .monotonous(let semitones):
                "the pitch varies by only \(Int(semitones.rounded())) semitones; speak with more expression for a "
                    + "livelier voice"
            }
        }

        /// A machine-readable identifier.
        public var kind: String {
            switch self {
            case .unused: "unused"
            case .repeated: "repeated"
            case .cut: "cut"
            case .perhapsTwoPeople: "perhaps-two-people"
            case .clipped: "clipped"
            case .noisy: "noisy"
            case .narrow: "narrow"
            case .short: "short"
            case .otherSounds: "other-sounds"
            case .music: "music"
            case .monotonous: "monotonous"
            }
        }

        private static func percent(_ share: Double) -> String {
            share >= 0.1 ? "\(Int(share * 100)) %" : "\(Double(Int(share * 1_000)) / 10) %"
        }

        private static func kilohertz(_ hertz: Int) -> String { "\(Double(hertz / 100) / 10)" }
    }
}

extension QualityReport.Warning: Codable {
    private enum Key: String, CodingKey { case kind, text, value, name }

    /// Encodes the kind, its values and the description.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(description, forKey: .text)
        switch self {
        case .unused(let name, let reason):
            try container.encode(name, forKey: .name)
            try container.encode(reason, forKey: .value)
        case .repeated(let name): try container.encode(name, forKey: .name)
        case .cut(let name, let seconds):
            try container.encode(name, forKey: .name)
            try container.encode(seconds, forKey: .value)
        case .perhapsTwoPeople(let value), .clipped(let value), .noisy(let value), .short(let value),
            .otherSounds(let value), .music(let value), .monotonous(let value):
            try container.encode(value, forKey: .value)
        case .narrow(let hertz): try container.encode(hertz, forKey: .value)
        }
    }

    /// Decodes the kind and its values; the description follows from them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func name() throws -> String { try container.decode(String.self, forKey: .name) }
        func value() throws -> Double { try container.decode(Double.self, forKey: .value) }
        let kind = try container.decode(String.self, forKey: .kind)
        switch kind {
        case "unused":
            self = .unused(name: try name(), reason: try container.decode(String.self, forKey: .value))
        case "repeated": self = .repeated(name: try name())
        case "cut": self = .cut(name: try name(), seconds: try value())
        case "perhaps-two-people": self = .perhapsTwoPeople(similarity: try value())
        case "clipped": self = .clipped(share: try value())
        case "noisy": self = .noisy(decibels: try value())
        case "narrow": self = .narrow(hertz: Int(try value()))
        case "short": self = .short(seconds: try value())
        case "other-sounds": self = .otherSounds(seconds: try value())
        case "music": self = .music(share: try value())
        case "monotonous": self = .monotonous(semitones: try value())
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "no warning is called \(kind)")
        }
    }
}
