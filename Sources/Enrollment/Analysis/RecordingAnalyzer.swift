internal import AudioIO
public import Foundation
internal import SpeakerEncoder
internal import Weights

/// Analyzes recordings: voice activity, F0 and speaker embedding.
///
///     let analyzer = try RecordingAnalyzer(data: URL(filePath: "data"))
///     let (ann, bob) = (try analyzer.voice(in: annRecording), try analyzer.voice(in: bobRecording))
///     print(Enroller.similarity(ann.embedding, bob.embedding))
///
/// It is immutable: any number of tasks may use it at once.
public struct RecordingAnalyzer: Sendable {
    private let encoder: SpeakerEncoder
    private let telephone: TelephoneBand

    /// - Parameter data: the folder with speaker.safetensors and telephone.safetensors
    /// - Throws: `WeightError`, `SpeakerError`
    public init(data: URL) throws {
        try self.init(
            encoder: SpeakerEncoder(weights: data.appending(path: "speaker.safetensors")), data: data)
    }

    init(encoder: SpeakerEncoder, data: URL) throws {
        self.encoder = encoder
        telephone = try TelephoneBand(contentsOf: data.appending(path: "telephone.safetensors"))
    }

    /// The voice in a recording.
    public struct Voice: Sendable {
        /// Unit length, [256].
        public var embedding: [Float]
        /// Seconds of speech that it was measured on.
        public var speechSeconds: Double
        /// Whether the recording has the bandwidth of a telephone.
        public var isTelephone: Bool
    }

    /// The voice in a recording, for comparison.
    ///
    /// - Throws: `EnrollmentError`, `AudioError`
    public func voice(in recording: Recording) throws -> Voice {
        let analyzed = try AnalyzedRecording(
            recording.bytes(), name: recording.name, digest: "", analyzer: self, strict: true)
        guard analyzed.problem == nil, let voice = RobustVoice(analyzed.channel.windows.map(\.embedding)) else {
            throw AnalyzedRecording.refusal(of: [analyzed], needed: AnalyzedRecording.leastSpeech)
        }
        return Voice(
            embedding: voice.embedding, speechSeconds: analyzed.channel.speech.seconds,
            isTelephone: analyzed.channel.bandwidth.isTelephone)
    }

    /// The embeddings of all windows of a recording, in order of time, with the seconds of speech; for measurements.
    package func windows(in recording: Recording) throws -> (embeddings: [[Float]], speechSeconds: Double) {
        let analyzed = try AnalyzedRecording(
            recording.bytes(), name: recording.name, digest: "", analyzer: self, strict: false)
        return (
            analyzed.channel.windows.map(\.embedding), analyzed.problem == nil ? analyzed.channel.speech.seconds : 0
        )
    }

    func analyze(_ clip: AudioClip) throws -> ChannelAnalysis {
        try ChannelAnalysis(clip, encoder: encoder, telephone: telephone)
    }
}
