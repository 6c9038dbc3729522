internal import AudioIO
internal import Foundation
internal import SpeakerEncoder
import SpeechSignal

/// A recording that was listened to.
struct AnalyzedRecording: Sendable {
    let name: String
    let digest: String
    /// Duration in seconds.
    let seconds: Double
    /// Samples per second in the file.
    let sourceRate: Int
    let isCut: Bool
    /// Share of the samples cut off for being too loud.
    let clipping: Float
    let channel: ChannelAnalysis
    /// Why it cannot be used, if so.
    let problem: EnrollmentError.Found?
    /// Similarity with the other recordings, if there are any.
    var similarity: Float?

    /// Samples a second of a good recording in all channels, two of 96 kHz; recordings with more are analyzed for less
    /// time.
    private static let usualRate = 192_000.0
    /// Minimum seconds of speech for a recording to be usable.
    static let leastSpeech = 0.5

    /// - Parameters:
    ///   - room: seconds that this and the recordings before it may still have, and may have in all
    ///   - strict: whether channels with two people are refused
    /// - Throws: `AudioError`, `EnrollmentError.channelsDiffer`, `.tooMuchSound`, and `CancellationError` in a
    ///   cancelled task
    init(
        _ bytes: Data, name: String, digest: String, analyzer: RecordingAnalyzer,
        room: (left: Double, inAll: Double) = (.infinity, .infinity), strict: Bool
    ) throws {
        guard room.left > 0 else { throw EnrollmentError.tooMuchSound(name: name, limit: room.inAll) }
        var meters = [Clipping(), Clipping()]
        let recording = try AudioReader.readChannels(
            bytes, named: name, sampleRate: Signal.sampleRate, longest: min(Enroller.longest, room.left),
            most: room.left * Self.usualRate
        ) { channel, samples in
            try Task.checkCancellation()
            meters[channel].add(samples)
        }
        guard !recording.isCut || room.left > Enroller.longest else {
            throw EnrollmentError.tooMuchSound(name: name, limit: room.inAll)
        }
        (self.name, self.digest) = (name, digest)
        (sourceRate, isCut) = (recording.sourceRate, recording.isCut)
        seconds = recording.channels[0].duration
        clipping = meters.map(\.share).max() ?? 0
        channel = try Self.analyze(recording.channels, name: name, analyzer: analyzer, strict: strict)
        problem = Self.problem(channel, peak: meters.map(\.peak).max() ?? 0)
    }

    /// The one sound of a recording, or the better of two.
    private static func analyze(
        _ channels: [AudioClip], name: String, analyzer: RecordingAnalyzer, strict: Bool
    ) throws -> ChannelAnalysis {
        guard channels.count == 2 else { return try analyzer.analyze(channels[0]) }
        let analyses = try channels.map { try analyzer.analyze($0) }
        let voices = analyses.map { RobustVoice($0.windows.map(\.embedding)) }
        if let a = voices[0], let b = voices[1], analyses.allSatisfy({ $0.speech.seconds >= 2 }), strict {
            let similarity = SpeakerEncoder.similarity(a.embedding, b.embedding)
            if similarity < PersonCheck.otherPerson {
                throw EnrollmentError.channelsDiffer(name: name, similarity: similarity)
            }
        }
        return analyses[0].speech.seconds >= analyses[1].speech.seconds ? analyses[0] : analyses[1]
    }

    /// Why there is no voice in any of some recordings.
    ///
    /// - Parameter needed: seconds of speech that they should have together
    static func refusal(of recordings: [AnalyzedRecording], needed: Double) -> EnrollmentError {
        let short = recordings.filter { $0.problem == .tooLittle }
        let seconds = short.reduce(0) { $0 + $1.channel.speech.seconds }
        if let first = short.first {
            return recordings.count == 1
                ? .tooShort(name: first.name, seconds: seconds, needed: needed)
                : .tooLittleSpeech(seconds: seconds, needed: needed)
        }
        let found = recordings.compactMap(\.problem)
        let kind: EnrollmentError.Found =
            found.contains(.tones) ? .tones : found.allSatisfy { $0 == .silence } ? .silence : .noise
        return .noSpeech(names: recordings.map(\.name), found: kind)
    }

    private static func problem(_ channel: ChannelAnalysis, peak: Float) -> EnrollmentError.Found? {
        EnrollmentError.Found(insteadOf: channel.speech, f0: channel.f0, peak: peak)
            ?? (channel.speech.seconds < leastSpeech || channel.windows.isEmpty ? .tooLittle : nil)
    }
}

extension EnrollmentError.Found {
    /// What there is where there is no speech; nil where there is some, however little.
    ///
    /// - Parameters:
    ///   - f0: Hz, 0 where unvoiced
    ///   - peak: of the samples, full scale 1
    init?(insteadOf speech: VoiceActivity, f0: [Float], peak: Float) {
        if peak < AudioClip.silencePeak {
            self = .silence
        } else if speech.seconds >= AnalyzedRecording.leastSpeech || speech.standsOut {
            return nil
        } else {
            let voiced = f0.count { $0 > 0 }
            // More voiced frames than the speech accounts for: they were judged to be no voice.
            let isRejected = voiced > 2 * Signal.frameRate / 4 && voiced > speech.isSpeech.count { $0 }
            self = isRejected ? .tones : .noise
        }
    }
}
