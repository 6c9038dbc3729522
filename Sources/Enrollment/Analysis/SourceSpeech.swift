private import AcousticModel
package import AudioIO
private import Foundation
private import Spectral
private import SpeechSignal
package import Tensor
package import VoiceProfile

/// What is particular about the speaker of a recording, so that voice conversion can take it away: the level, the
/// average spectrum, mean and range of F0.
///
/// It is measured as the trainer measures its utterances (Training/starling_training/profile.py).
/// Letters: T frames (80 per second), M = 100 mel bands, H = 85 of them below 7.6 kHz.
package struct SourceSpeech: Sendable {
    /// Seconds of speech that were measured.
    package let seconds: Double
    /// Share of the speech behind which there are notes of music, 0 to 1.
    package let music: Float
    /// Mean of ln F0 over voiced frames, and its deviation.
    package let pitchMean: Float
    package let pitchDeviation: Float
    /// What the samples have in common, and the factor that brings the rest to the level of the acoustic model.
    private let offset: Float
    private let gain: Float
    /// Mean log mel over voiced frames at that level, [H].
    private let average: [Float]
    /// A telephone leaves out the fundamental.
    private let lacksFundamental: Bool

    /// A share of the speech from which on there is music behind it.
    package static let musical = HeldNotes.music
    /// Deviation of ln F0 below which a speaker counts as monotonous, and is not given a lively voice's intonation.
    private static let monotone: Float = 0.1
    /// Mean log mel at the acoustic model's level below which a frame is too quiet to be voiced.
    private static let quiet: Float = -9.5

    /// - Parameters:
    ///   - clip: 24 kHz
    ///   - name: how errors call the recording
    /// - Throws: `EnrollmentError.noSpeech`, `AudioError`
    package init(_ clip: AudioClip, named name: String) throws {
        let offset = Statistics.mean(clip.samples)
        let peak = clip.samples.reduce(0) { max($0, abs($1 - offset)) }
        guard peak >= AudioClip.silencePeak else { throw EnrollmentError.noSpeech(names: [name], found: .silence) }
        // About as loud as anything else, so that thresholds mean the same.
        let samples = clip.samples.map { ($0 - offset) / peak }
        func track(_ samples: [Float]) throws -> [Float] {
            try PitchTracker.track(AudioClip(samples: samples, sampleRate: clip.sampleRate))
        }
        let heard = try track(samples)
        let mel = LogMel()(samples)
        let speech = VoiceActivityDetector.find(mel: mel, f0: heard)
        if let found = EnrollmentError.Found(insteadOf: speech, f0: heard, peak: peak) {
            throw EnrollmentError.noSpeech(names: [name], found: found)
        }
        let bandwidth = Bandwidth(samples, speech: speech.isSpeech, background: speech.isBackground)
        lacksFundamental = bandwidth.low > 0
        let f0 = lacksFundamental ? try track(samples.map(abs)) : heard
        let voiced = f0.indices.filter { f0[$0] > 0 && $0 < mel.rows && speech.isSpeech[$0] }
        guard !voiced.isEmpty else { throw EnrollmentError.noSpeech(names: [name], found: .noise) }
        let logarithms = voiced.map { logf(f0[$0]) }
        let mean = mel.mean(of: voiced).prefix(Signal.wideBands)
        let shift = ProfileMeasurement.level - Statistics.mean(mean)
        seconds = speech.seconds
        music = HeldNotes(samples, speech: speech.isSpeech).share
        pitchMean = Statistics.mean(logarithms)
        pitchDeviation = max(Statistics.deviation(logarithms), Self.monotone)
        average = mean.map { $0 + shift }
        self.offset = offset
        gain = expf(shift) / peak
    }

    /// The speaker as a profile, of which only F0 and average spectrum were measured.
    ///
    /// - Parameter typical: the average profile, [360], for the rest
    package func profile(typical: [Float]) -> SpeakerProfile {
        let embedding = Array(typical[..<SpeakerProfile.embeddingSize])
        let statistics = typical[SpeakerProfile.embeddingSize...].prefix(SpeakerProfile.statisticsSize)
        let bands = typical.suffix(Signal.melBands - average.count)
        return SpeakerProfile(
            embedding: embedding, pitchMean: pitchMean, pitchDeviation: pitchDeviation,
            logFramesPerPhoneme: statistics[statistics.startIndex + 2],
            energyDeviation: statistics[statistics.startIndex + 3],
            spectrum: average.map { $0 - ProfileMeasurement.level } + bands,
            classResiduals: [Float](repeating: 0, count: SpeakerProfile.soundClasses * Signal.melBands),
            bands: Signal.melBands)
    }

    /// A stretch of the recording.
    package struct Frames: Sendable {
        /// Natural log mel at the level of the acoustic model, [T, M].
        package var mel: Matrix
        /// Log mel below 7.6 kHz less the average over voiced frames, [T, H].
        package var heard: Matrix
        /// F0 as a z-score under the speaker's mean and deviation, nil where unvoiced, [T].
        package var pitch: [Float?]
        /// Mean log mel below 7.6 kHz at the level of the acoustic model, [T].
        package var level: [Float]
    }

    /// - Parameter samples: of the recording, 24 kHz; a whole number of hops
    /// - Throws: `AudioError`
    package func frames(of samples: [Float]) throws -> Frames {
        let levelled = samples.map { ($0 - offset) * gain }
        let mel = LogMel()(levelled)
        let f0 = try PitchTracker.track(
            AudioClip(
                samples: lacksFundamental ? levelled.map(abs) : levelled, sampleRate: Signal.sampleRate))
        let heard = ContentEncoder.heard(mel, average: average)
        let level = (0..<mel.rows).map { Statistics.mean(mel.row($0).prefix(Signal.wideBands)) }
        let pitch = (0..<mel.rows).map { frame -> Float? in
            guard f0[frame] > 0, level[frame] > Self.quiet else { return nil }
            return (logf(f0[frame]) - pitchMean) / pitchDeviation
        }
        return Frames(mel: mel, heard: heard, pitch: pitch, level: level)
    }
}
