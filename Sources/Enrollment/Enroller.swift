public import Foundation
internal import SpeakerEncoder
internal import Tensor
internal import VoiceProfile
internal import VoiceStore
private import Weights

/// Makes voices from recordings.
///
///     let enroller = try Enroller(data: URL(filePath: "data"))
///     let enrollment = try enroller.measure([Recording(URL(filePath: "ann.wav"))])
///     print(enrollment.report.speechSeconds, enrollment.report.warnings)
///
/// Loading maps the weights and takes milliseconds. An enroller is a value without changing state: any number of tasks may
/// use it at once.
public struct Enroller: Sendable {
    /// Seconds of speech that a voice needs.
    public static let neededSeconds = 3.0
    /// Seconds of speech from which on there is no warning.
    public static let recommendedSeconds = 5.0
    /// Seconds of each recording that are listened to.
    public static let longest = 600.0
    /// Hz at which recordings are looked at.
    static let sampleRate = 24_000

    private let ears: Ears
    /// The average of many speakers' profiles, [360]; fills the bands that a recording does not tell.
    private let typical: [Float]
    private let codebook: SoundCodebook
    private let data: URL

    /// - Parameter data: the folder with the networks' weights
    /// - Throws: `WeightError`, `SpeakerError`
    public init(data: URL) throws {
        self.data = data
        ears = Ears(
            encoder: try SpeakerEncoder(weights: data.appending(path: "speaker.safetensors")),
            telephone: try TelephoneBand(contentsOf: data.appending(path: "telephone.safetensors")))
        codebook = try SoundCodebook(contentsOf: data.appending(path: "codebook.safetensors"))
        let acoustic = try WeightFile(contentsOf: data.appending(path: "acoustic.safetensors"))
        let size = SpeakerProfile.embeddingSize + 4 + SpeakerProfile.spectrumSize
        guard let mean = acoustic.values(of: "profile_mean"), mean.count == size else {
            throw WeightError.mismatch(acoustic.url, missing: ["profile_mean"], misshaped: [], unused: [])
        }
        typical = mean
    }

    /// Fingerprint of the profiles it makes (`ProfileSpace`), for their cards.
    ///
    /// - Throws: `WeightError`
    public func space() throws -> String { try ProfileSpace.fingerprint(data: data) }

    /// Listens to the recordings of one person.
    ///
    /// - Parameters:
    ///   - recordings: at least one
    ///   - isOnePerson: the caller vouches that they are of one person, however different they sound
    ///   - atMost: seconds that all recordings may have together; more is refused as soon as it is met, whatever a header
    ///     promised. Without a limit the first ten minutes of each are listened to.
    /// - Throws: `EnrollmentError`, `AudioError` for a file that cannot be read, and `CancellationError` in a cancelled task
    public func measure(
        _ recordings: [Recording], isOnePerson: Bool = false, atMost: Double = .infinity
    ) throws -> Enrollment {
        guard !recordings.isEmpty else { throw EnrollmentError.noRecordings }
        var left = atMost
        var notes: [QualityReport.Warning] = []
        var heard: [HeardRecording] = []
        var digests: Set<String> = []
        for recording in recordings {
            let bytes = try recording.bytes()
            let digest = Recording.digest(bytes)
            guard digests.insert(digest).inserted else {
                notes.append(.repeated(name: recording.name))
                continue
            }
            let one = try HeardRecording(
                bytes, name: recording.name, digest: digest, ears: ears, room: (left, atMost), strict: !isOnePerson)
            left -= one.seconds
            heard.append(one)
            try Task.checkCancellation()
        }
        notes += heard.compactMap { $0.isCut ? .cut(name: $0.name, seconds: Self.longest) : nil }
        var used = heard.filter { $0.problem == nil }
        guard !used.isEmpty else { throw Self.noSpeech(in: heard) }
        let speech = used.reduce(0) { $0 + $1.track.speech.seconds }
        guard speech >= Self.neededSeconds else {
            throw EnrollmentError.tooLittleSpeech(seconds: speech, needed: Self.neededSeconds)
        }
        let judgement = try PersonCheck.judge(&used, isOnePerson: isOnePerson)
        let voice = VoiceSummary(used, typical: typical, codebook: codebook)
        guard voice.seconds >= Self.neededSeconds, let measured = voice.profile else {
            throw EnrollmentError.tooLittleSpeech(seconds: voice.seconds, needed: Self.neededSeconds)
        }
        try measured.validate()
        let profile = try Rehearsal(data: data, codebook: codebook).rehearse(measured, like: voice.speech)
        try profile.validate()
        let report = QualityReport(
            heard: heard, used: used, voice: voice, consistency: judgement, notes: notes)
        return Enrollment(
            profile: profile, measured: measured, report: report,
            sources: used.map { .init(name: Self.lastName($0.name), sha256: $0.digest) })
    }

    /// A voice heard in a recording.
    public struct HeardVoice: Sendable {
        /// Unit length, [256].
        public var embedding: [Float]
        /// Seconds of speech it was heard in.
        public var speechSeconds: Double
        /// Whether the recording came over a telephone, or something like it.
        public var isTelephone: Bool
    }

    /// The voice in a recording, for comparisons.
    ///
    /// - Throws: `EnrollmentError`, `AudioError`
    public func voice(in recording: Recording) throws -> HeardVoice {
        let heard = try HeardRecording(
            recording.bytes(), name: recording.name, digest: "", ears: ears, strict: true)
        guard heard.problem == nil, let voice = RobustVoice(heard.track.windows.map(\.embedding)) else {
            throw Self.noSpeech(in: [heard])
        }
        return HeardVoice(
            embedding: voice.embedding, speechSeconds: heard.track.speech.seconds,
            isTelephone: heard.track.bandwidth.isTelephone)
    }

    /// The embeddings of all windows of a recording, in order of time, with the seconds of speech; for measurements.
    package func windows(in recording: Recording) throws -> (embeddings: [[Float]], speechSeconds: Double) {
        let heard = try HeardRecording(
            recording.bytes(), name: recording.name, digest: "", ears: ears, strict: false)
        return (heard.track.windows.map(\.embedding), heard.problem == nil ? heard.track.speech.seconds : 0)
    }

    /// Similarity of the two parts into which windows fall most naturally; for measurements.
    package static func consistency(of embeddings: [[Float]]) -> Float { Consistency(embeddings).similarity }

    /// The voice that windows have in common; for measurements.
    package static func voice(of embeddings: [[Float]]) -> [Float]? { RobustVoice(embeddings)?.embedding }

    /// Cosine of the angle between two embeddings, of recordings or of voices; `SpeakerMatch` tells what it means.
    ///
    /// - Parameters:
    ///   - a: unit length, [256]
    ///   - b: unit length, [256]
    public static func similarity(_ a: [Float], _ b: [Float]) -> Float { SpeakerEncoder.similarity(a, b) }

    private static func noSpeech(in heard: [HeardRecording]) -> EnrollmentError {
        let found = heard.compactMap(\.problem)
        let kind: EnrollmentError.Found =
            found.contains(.tones) ? .tones : found.allSatisfy { $0 == .silence } ? .silence : .noise
        return .noSpeech(names: heard.map(\.name), found: kind)
    }

    /// A path tells more about a machine than others need to know.
    private static func lastName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
