internal import AudioIO
internal import Foundation
internal import SpeakerEncoder
import SpeechSignal

/// A recording that was listened to.
struct AnalyzedRecording: Sendable {
    let name: String
    let digest: String
    /// Seconds in all.
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

    /// Samples a second of a good recording in all channels, two of 96 kHz; what has more is heard for less time.
    private static let usualRate = 192_000.0
    /// Seconds of speech without which a recording tells nothing.
    static let leastSpeech = 0.5

    /// - Parameters:
    ///   - room: seconds that this and the recordings before it may still have, and may have in all
    ///   - strict: whether channels with two people are refused
    /// - Throws: `AudioError`, `EnrollmentError.channelsDiffer`, `.tooMuchSound`, and `CancellationError` in a cancelled task
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

    /// The one thing that two channels hold, or the better of the two.
    private static func analyze(
        _ channels: [AudioClip], name: String, analyzer: RecordingAnalyzer, strict: Bool
    ) throws -> ChannelAnalysis {
        guard channels.count == 2 else { return try analyzer.analyze(channels[0]) }
        let (left, right) = (channels[0].samples, channels[1].samples)
        var (ll, rr, lr) = (1e-12, 1e-12, 0.0)
        for i in left.indices {
            ll += Double(left[i] * left[i])
            rr += Double(right[i] * right[i])
            lr += Double(left[i] * right[i])
        }
        // 30 dB: a channel with nothing but crosstalk.
        if rr < 1e-3 * ll { return try analyzer.analyze(channels[0]) }
        if ll < 1e-3 * rr { return try analyzer.analyze(channels[1]) }
        let correlation = lr / (ll * rr).squareRoot()
        if abs(correlation) > 0.6 {
            // One of the two may be upside down; then a plain mean would be silence.
            let sign: Float = correlation > 0 ? 0.5 : -0.5
            let mean = AudioClip(
                samples: left.indices.map { 0.5 * left[$0] + sign * right[$0] }, sampleRate: channels[0].sampleRate)
            return try analyzer.analyze(mean)
        }
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
    static func noSpeech(in recordings: [AnalyzedRecording]) -> EnrollmentError {
        let found = recordings.compactMap(\.problem)
        let kind: EnrollmentError.Found =
            found.contains(.tones) ? .tones : found.allSatisfy { $0 == .silence } ? .silence : .noise
        return .noSpeech(names: recordings.map(\.name), found: kind)
    }

    private static func problem(_ channel: ChannelAnalysis, peak: Float) -> EnrollmentError.Found? {
        EnrollmentError.Found(insteadOf: channel.speech, f0: channel.f0, peak: peak)
            ?? (channel.windows.isEmpty ? .noise : nil)
    }
}

extension EnrollmentError.Found {
    /// What there is where there is no speech to speak of; nil where there is.
    ///
    /// - Parameters:
    ///   - f0: Hz, 0 where unvoiced
    ///   - peak: of the samples, full scale 1
    init?(insteadOf speech: VoiceActivity, f0: [Float], peak: Float) {
        if peak < AudioClip.silencePeak {
            self = .silence
        } else if speech.seconds >= AnalyzedRecording.leastSpeech {
            return nil
        } else {
            let voiced = f0.count { $0 > 0 }
            // More voiced frames than the speech accounts for: they were judged to be no voice.
            let isRejected = voiced > 2 * Signal.frameRate / 4 && voiced > speech.isSpeech.count { $0 }
            self = isRejected ? .tones : .noise
        }
    }
}
