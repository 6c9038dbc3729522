internal import AudioIO
private import Foundation
internal import SpeakerEncoder
private import Spectral
import SpeechSignal
internal import Tensor

/// One channel of a recording, listened to: where there is speech, its F0, its mel spectrogram and its voice over time.
///
/// Letters: T frames (80 per second), M = 100 mel bands.
struct ChannelAnalysis: Sendable {
    let speech: VoiceActivity
    /// Hz, 0 where unvoiced, [T].
    let f0: [Float]
    /// Natural log mel at the level of the training, [T, M].
    let mel: Matrix
    /// Mean mel power of the background at that level, [M]; nil if there is too little of it.
    let background: [Float]?
    let bandwidth: Bandwidth
    /// dB between speech and background.
    let signalToNoise: Float
    /// Share of the time in which there are notes of music, 0 to 1.
    let music: Float
    /// Windows of 1.6 s of speech, in order of time.
    var windows: [VoiceWindow]

    /// dB of full scale to which speech is brought, as in the recordings whose profiles the networks were trained with.
    static let level: Float = -22
    /// dB; no recording is better, and digital silence is not a number.
    static let bestSignalToNoise: Float = 60

    /// - Parameter clip: 24 kHz, not silent
    /// - Throws: `AudioError`, `SpeakerError`
    init(_ clip: AudioClip, encoder: SpeakerEncoder, telephone: TelephoneBand) throws {
        let samples = Self.levelled(clip.samples)
        let f0 = try PitchTracker.track(AudioClip(samples: samples, sampleRate: clip.sampleRate))
        var mel = LogMel()(samples)
        let speech = VoiceActivityDetector.find(mel: mel, f0: f0)
        self.speech = speech
        let bandwidth = Bandwidth(samples, speech: speech.isSpeech, background: speech.isBackground)
        self.bandwidth = bandwidth
        // A telephone leaves the fundamental out; rectifying brings it back from the distances of its harmonics.
        self.f0 =
            bandwidth.low > 0
            ? try PitchTracker.track(AudioClip(samples: samples.map(abs), sampleRate: clip.sampleRate)) : f0

        // Now that it is known where the speech is, bring that to its level.
        let frames = speech.isSpeech.indices.filter { speech.isSpeech[$0] }
        let hop = samples.count / max(1, speech.isSpeech.count)
        let power = frames.map { frame in
            samples[frame * hop..<(frame + 1) * hop].reduce(0) { $0 + $1 * $1 } / Float(max(1, hop))
        }
        let loudest = Statistics.quantile(power, 0.95)
        let gain =
            powf(10, Self.level / 20) / max(Statistics.mean(power.filter { $0 > 1e-3 * loudest }), 1e-12).squareRoot()
        let isHeard = !frames.isEmpty
        if isHeard {
            let shift = logf(gain)
            let least = logf(Signal.logFloor)
            mel.withUnsafeMutablePointer { [count = mel.rows * mel.columns] mel in
                for i in 0..<count { mel[i] = max(mel[i] + shift, least) }
            }
        }
        self.mel = mel
        background = Self.background(mel, speech)
        signalToNoise = Self.signalToNoise(speech)
        music = HeldNotes(samples, speech: speech.isSpeech).share
        windows =
            isHeard
            ? try Self.listen(
                samples, gain: gain, speech: speech, encoder: encoder,
                telephone: bandwidth.isTelephone ? (telephone, bandwidth.low == 0) : nil) : []
    }

    /// Without an offset and at about the wanted level, so that thresholds and floors mean the same for all recordings.
    private static func levelled(_ samples: [Float]) -> [Float] {
        let mean = samples.reduce(0, +) / Float(max(1, samples.count))
        let peak = samples.reduce(0) { max($0, abs($1 - mean)) }
        guard peak > 0, peak.isFinite else { return [Float](repeating: 0, count: samples.count) }
        let centred = samples.map { ($0 - mean) / peak }
        let size = 600
        let power = stride(from: 0, to: max(1, centred.count - size), by: size).map { start in
            centred[start..<min(start + size, centred.count)].reduce(0) { $0 + $1 * $1 } / Float(size)
        }
        let loud = Statistics.quantile(power, 0.95)
        let active = Statistics.mean(power.filter { $0 > 1e-3 * loud })
        let gain = powf(10, level / 20) / max(active, 1e-9).squareRoot()
        return centred.map { $0 * gain }
    }

    private static func signalToNoise(_ speech: VoiceActivity) -> Float {
        func power(_ level: Float) -> Float { powf(10, level / 10) }
        let spoken = speech.level.indices.filter { speech.isSpeech[$0] }.map { power(speech.level[$0]) }
        let silent = speech.level.indices.filter { speech.isBackground[$0] }.map { speech.level[$0] }
        // Where nobody pauses the closures of the plosives have to do.
        let noise = power(
            silent.count >= 16 ? Statistics.quantile(silent, 0.5) : Statistics.quantile(speech.level, 0.02))
        let signal = Statistics.mean(spoken)
        guard signal > 0 else { return 0 }
        let ratio = 10 * log10f(max(signal - noise, 0.01 * signal) / max(noise, 1e-12))
        return min(max(ratio, -20), bestSignalToNoise)
    }

    private static func background(_ mel: Matrix, _ speech: VoiceActivity) -> [Float]? {
        let frames = speech.isBackground.indices.filter { speech.isBackground[$0] && $0 < mel.rows }
        guard frames.count >= 16 else { return nil }
        return (0..<mel.columns).map { band in
            frames.reduce(0) { $0 + expf(2 * mel[$1, band]) } / Float(frames.count)
        }
    }

    private static func listen(
        _ samples: [Float], gain: Float, speech: VoiceActivity, encoder: SpeakerEncoder,
        telephone: (band: TelephoneBand, keepsLow: Bool)?
    ) throws -> [VoiceWindow] {
        let clip = try AudioClip(samples: samples, sampleRate: Signal.sampleRate).resampled(to: SpeakerMel.sampleRate)
        let power = SpeakerMel()(clip.samples)
        // Frames here come 100 to the second, those of the map 80.
        func place(_ frame: Int) -> Int { frame * Signal.frameRate / SpeakerMel.frameRate }
        let spoken = (0..<power.rows).filter { frame in
            place(frame) < speech.isSpeech.count && speech.isSpeech[place(frame)]
        }
        var heard = Matrix(rows: spoken.count, columns: power.columns)
        for (row, frame) in spoken.enumerated() { heard.copy(rows: frame..<frame + 1, of: power, to: row) }
        heard.scale(by: gain * gain, plus: 0)
        if let telephone { telephone.band.complete(&heard, keepsLow: telephone.keepsLow) }
        let active = SpeakerMel.active(heard)
        var input = Matrix(rows: active.count, columns: power.columns)
        for (row, frame) in active.enumerated() { input.copy(rows: frame..<frame + 1, of: heard, to: row) }
        guard input.rows > 0 else { return [] }
        return try encoder.windows(of: input).map { window in
            let end = min(window.start + SpeakerEncoder.window, active.count) - 1
            let frames = place(spoken[active[window.start]])..<place(spoken[active[end]]) + 1
            return VoiceWindow(frames: frames, embedding: window.embedding)
        }
    }
}

/// The voice in a window of speech.
struct VoiceWindow: Sendable {
    /// The frames it reaches over, 80 per second, with the pauses in between.
    var frames: Range<Int>
    /// Unit length, [256].
    var embedding: [Float]

    /// Seconds from the recording's beginning.
    var start: Double { Signal.seconds(frames: frames.lowerBound) }
    var end: Double { Signal.seconds(frames: frames.upperBound) }
}
