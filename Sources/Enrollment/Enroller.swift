import AcousticModel
public import Foundation
internal import SpeakerEncoder
internal import Tensor
public import VoiceModel
package import VoiceProfile
internal import VoiceStore
internal import Weights

/// Clones voices from recordings.
///
///     let enroller = try Enroller(data: URL(filePath: "data"))
///     let enrollment = try await enroller.measure([Recording(URL(filePath: "ann.wav"))])
///     print(enrollment.report.speechSeconds, enrollment.report.warnings)
///
/// Loading takes tens of milliseconds. An enroller is immutable: any number of tasks may use it at once.
public struct Enroller: Sendable {
    /// Minimum seconds of speech for a voice.
    public static let neededSeconds = 3.0
    /// Seconds of speech below which there is a warning.
    public static let recommendedSeconds = 5.0
    /// Maximum seconds of each recording that are analyzed.
    public static let longest = 600.0
    /// The networks that speak with a new profile to calibrate it.
    public let networks: SpeechNetworks
    /// The analyzer of the recordings.
    public let analyzer: RecordingAnalyzer
    /// Fingerprint of the profile space (`ProfileSpace`), for the cards of new voices.
    public let profileSpace: String
    private let codebook: SoundCodebook
    private let content: ContentEncoder

    /// - Parameters:
    ///   - networks: loaded before, perhaps for a `Synthesizer` too
    ///   - data: the folder with the weights of the analysis: speaker.safetensors, telephone.safetensors,
    ///     codebook.safetensors and content.safetensors. All of them are read here; nothing is read again to enroll.
    /// - Throws: `FileError`, `WeightError`, `SpeakerError`, `AcousticError.contentEncoder`
    public init(networks: SpeechNetworks, data: URL) throws {
        self.networks = networks
        let speaker = try WeightFile(contentsOf: data.appending(path: "speaker.safetensors"))
        let codebook = try WeightFile(contentsOf: data.appending(path: "codebook.safetensors"))
        analyzer = try RecordingAnalyzer(encoder: SpeakerEncoder(speaker), data: data)
        self.codebook = try SoundCodebook(codebook)
        content = try ContentEncoder(WeightFile(contentsOf: data.appending(path: "content.safetensors")))
        profileSpace = ProfileSpace.fingerprint(speaker: speaker, codebook: codebook)
    }

    /// Loads all networks from a data folder.
    ///
    /// - Throws: as `SpeechNetworks.init` and `init(networks:data:)`
    public init(data: URL) throws { try self.init(networks: SpeechNetworks(data: data), data: data) }

    /// Measures the recordings of one person.
    ///
    /// The work runs where the caller's task prefers to (`withTaskExecutorPreference`), and on no other threads;
    /// without a preference it takes all cores.
    ///
    /// - Parameters:
    ///   - recordings: at least one
    ///   - isOnePerson: the caller asserts that all are of one person, even if they sound different
    ///   - atMost: seconds that all recordings may have together; more is refused as soon as it is met, whatever a
    ///     header promised. Without a limit the first ten minutes of each are listened to.
    /// - Throws: `EnrollmentError`, `AudioError` for a file that cannot be read, and `CancellationError` in a cancelled
    ///   task
    public func measure(
        _ recordings: [Recording], isOnePerson: Bool = false, atMost: Double = .infinity
    ) async throws -> Enrollment {
        try await measure(recordings, isOnePerson: isOnePerson, atMost: atMost, adaptation: nil)
    }

    /// Measures the recordings of one person, and adapts the networks to those with a transcript and, if the request
    /// says so, to those without.
    ///
    /// Recordings that do not say their transcript are left out of adapting, and where the voice does not come out more
    /// alike it stays unadapted; `Enrollment.adaptation` says so.
    ///
    /// - Parameter request: how to adapt; not at all if nil
    /// - Throws: as without
    public func measure(
        _ recordings: [Recording], isOnePerson: Bool = false, atMost: Double = .infinity,
        adaptation request: AdaptationRequest?
    ) async throws -> Enrollment {
        guard !recordings.isEmpty else { throw EnrollmentError.noRecordings }
        let listener = content.belongs(to: networks.acoustic) ? content : nil
        if request?.listens == true, listener == nil, recordings.allSatisfy({ $0.transcript == nil }) {
            throw EnrollmentError.needsTranscript(size: networks.size.rawValue)
        }
        var left = atMost
        var notes: [QualityReport.Warning] = []
        var analyzed: [AnalyzedRecording] = []
        var transcripts: [String: String] = [:]
        for recording in recordings {
            let bytes = try recording.bytes()
            let digest = Recording.digest(bytes)
            guard !analyzed.contains(where: { $0.digest == digest }) else {
                notes.append(.repeated(name: recording.name))
                continue
            }
            transcripts[digest] = recording.transcript
            let one = try AnalyzedRecording(
                bytes, name: recording.name, digest: digest, analyzer: analyzer, room: (left, atMost),
                strict: !isOnePerson)
            left -= one.seconds
            analyzed.append(one)
            try Task.checkCancellation()
            // Who waits for speech on the same threads gets a turn.
            await Task.yield()
        }
        notes += analyzed.compactMap { $0.isCut ? .cut(name: $0.name, seconds: Self.longest) : nil }
        var used = analyzed.filter { $0.problem == nil }
        guard !used.isEmpty else { throw AnalyzedRecording.refusal(of: analyzed, needed: Self.neededSeconds) }
        let speech = used.reduce(0) { $0 + $1.channel.speech.seconds }
        guard speech >= Self.neededSeconds else {
            throw EnrollmentError.tooLittleSpeech(seconds: speech, needed: Self.neededSeconds)
        }
        let judgement = try PersonCheck.judge(&used, isOnePerson: isOnePerson)
        let voice = try MeasuredVoice(
            used, typical: networks.acoustic.profileMean, codebook: codebook, content: content)
        guard voice.seconds >= Self.neededSeconds, var measured = voice.profile else {
            throw EnrollmentError.tooLittleSpeech(seconds: voice.seconds, needed: Self.neededSeconds)
        }
        if networks.acoustic.attendsToReferences {
            measured.references = voice.speech.references(bands: measured.bands)
        }
        try measured.validate()
        let calibration = Calibration(networks: networks, codebook: codebook)
        var profile = try await calibration.calibrated(measured, like: voice.speech)
        var adapting: AdaptationReport?
        let isHeard = request?.listens == true && listener != nil
        let heard = used.filter { isHeard || transcripts[$0.digest] != nil }
        if let request, !heard.isEmpty {
            let tuning = VoiceTuning(networks: networks, content: listener, request: request)
            (measured.adaptation, adapting) = try await tuning.adapt(
                measured, clone: profile, to: heard.map { ($0, transcripts[$0.digest]) })
            if measured.adaptation != nil {
                let choice = StrengthChoice(calibration: calibration, likeness: likeness)
                let outcome = try await choice.outcome(of: measured, untuned: profile, like: voice.speech)
                (profile, measured.adaptation) = (outcome.clone, outcome.adaptation)
                adapting?.note(outcome)
            }
        }
        try profile.validate()
        let report = QualityReport(
            analyzed: analyzed, used: used, voice: voice, consistency: judgement, notes: notes)
        return Enrollment(
            profile: profile, measured: measured, report: report, adaptation: adapting,
            sources: used.map { .init(name: Self.lastName($0.name), sha256: $0.digest) })
    }

    private var likeness: VoiceLikeness { VoiceLikeness(networks: networks, analyzer: analyzer) }

    /// How much a clone sounds like its owner, as adaptation judges it; for measurements.
    package func likeness(of clone: SpeakerProfile) async throws -> Float? { try await likeness(clone) }

    /// Similarity of the two parts into which windows fall most naturally; for measurements.
    package static func consistency(of embeddings: [[Float]]) -> Float { Consistency(embeddings).similarity }

    /// The voice that windows have in common; for measurements.
    package static func voice(of embeddings: [[Float]]) -> [Float]? { RobustVoice(embeddings)?.embedding }

    /// Cosine of the angle between two embeddings, of recordings or of voices; `SpeakerMatch` interprets it.
    ///
    /// - Parameters:
    ///   - a: unit length, [256]
    ///   - b: unit length, [256]
    public static func similarity(_ a: [Float], _ b: [Float]) -> Float { SpeakerEncoder.similarity(a, b) }

    /// A path reveals more about a machine than others need to know.
    private static func lastName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
