internal import AcousticModel
internal import AudioIO
internal import Enrollment
internal import Foundation
internal import SpeechSignal
internal import Synthesis
internal import Tensor
internal import Vocoder
internal import VoiceModel
internal import VoiceProfile
internal import Watermark

/// A recording on its way into another voice, block by block, in flat memory.
///
/// Windows of 20 s are converted one after the other. Two neighbors share 2 s and meet where these are quietest.
/// Use one instance from one task at a time.
public final class Conversion {
    /// Share of the speech behind which there is music, 0 to 1; music becomes noise.
    public var music: Double { Double(speech.music) }
    /// Whether there is an audible amount of music.
    public var hasMusic: Bool { speech.music >= SourceSpeech.musical }

    /// How far the networks' own saying of the recording is from it: the mean magnitude over bands below 7.6 kHz,
    /// natural log mel, of what was converted so far.
    public var distance: Double { compared > 0 ? missed / Double(compared) : 0 }

    /// Frames of a window, and of those that two share; whole steps of every network.
    private static let (window, shared) = (1_600, 160)
    /// Frames at either end of a window in which it does not meet another: there it knows too little of its
    /// surroundings.
    private static let context = 40
    /// Frames on either side of the seam over which one mel becomes the other.
    private static let fade = 4
    /// How much of what the networks miss of the recording is added: more keeps more of its sounds, and of its speaker.
    private static let detail: Float = 0.5

    private let blocks: AudioBlocks
    private let speech: SourceSpeech
    private let acoustic: AcousticModel
    private let voice: Speaker
    /// Who speaks in the recording.
    private let owner: Speaker
    private let converter: VoiceConverter
    /// Linear gain that brings the voice to the loudness of all speech.
    private let gain: Float

    private var vocoder: VocoderStream
    /// Samples of the recording from the next window on.
    private var pending: [Float] = []
    private var isRead = false
    /// Samples of the recording that were read, and those given away.
    private var taken = 0
    private var given = 0
    /// Sum of what the networks missed, and values that were compared.
    private var missed = 0.0
    private var compared = 0
    private var isFinished = false
    /// The end of the last window, which the next one shares.
    private var tail: ConvertedFrames?

    init(
        _ source: AudioSource, _ speech: SourceSpeech, to profile: SpeakerProfile, options: ConversionOptions,
        converter: VoiceConverter
    ) throws {
        guard SpeechOptions.pitches.contains(options.pitch) else { throw SynthesisError.badPitch(options.pitch) }
        try profile.validate()
        blocks = try source.blocks(sampleRate: Signal.sampleRate)
        (self.speech, self.converter) = (speech, converter)
        let plain = converter.networks.acoustic
        acoustic = try plain.adapted(to: profile)
        voice = Speaker(profile, shift: options.pitch * Convention.semitone, model: acoustic)
        owner = Speaker(speech.profile(typical: plain.profileMean), model: plain)
        gain = powf(10, (SentencePlan.loudness - profile.loudness) / 20)
        let mark =
            options.watermark
            ? Watermark.gains(
                sampleRate: Double(Signal.sampleRate), size: Signal.fftSize, hop: Signal.hop) : []
        vocoder = VocoderStream(converter.networks.vocoder, seed: options.seed, gains: mark)
    }

    /// The next samples, 24 kHz, nil after the last; in all as many as the recording has at that rate.
    ///
    /// - Throws: `AudioError`, `AcousticError`, `VocoderError`
    public func next() throws -> [Float]? {
        while !isFinished {
            try fill()
            var samples: [Float] = []
            let frames = try convertWindow()
            try vocoder.push(mel: frames.mel, f0: frames.f0, to: &samples)
            if isFinished { vocoder.finish(to: &samples) }
            if isRead, samples.count > taken - given { samples.removeLast(samples.count - (taken - given)) }
            given += samples.count
            for index in samples.indices { samples[index] = Limiter.limit(samples[index] * gain) }
            if !samples.isEmpty { return samples }
        }
        return nil
    }

    /// Reads until there is a window, or no more.
    private func fill() throws {
        while !isRead, pending.count <= Self.window * Signal.hop {
            if let samples = try blocks.next() {
                pending += samples
                taken += samples.count
            } else {
                isRead = true
            }
        }
    }

    /// Converts the next window; what it gives away lies between its seams with its neighbors.
    private func convertWindow() throws -> ConvertedFrames {
        let size = Self.window * Signal.hop
        isFinished = pending.count <= size
        var samples = Array(pending.prefix(size))
        // Whole steps, and all of the last one.
        let whole = 2 * Signal.hop
        samples += repeatElement(0, count: (whole - samples.count % whole) % whole)
        var frames = try convert(samples)
        if let tail { frames.meet(tail, apart: Self.context, fade: Self.fade) }
        guard !isFinished else { return frames }
        pending.removeFirst((Self.window - Self.shared) * Signal.hop)
        tail = frames.removeLast(Self.shared)
        return frames
    }

    private func convert(_ samples: [Float]) throws -> ConvertedFrames {
        let heard = try speech.frames(of: samples)
        let energy = heard.level.map { AcousticModel.energy(ofLevel: $0) }
        func say(_ model: AcousticModel, _ speaker: Speaker) throws -> (mel: Matrix, f0: [Float]) {
            let f0 = heard.pitch.map { z in z.map { speaker.f0($0) } ?? 0 }
            let states = try converter.content(heard.heard, voice: speaker.inputs)
            let mel = try model.mel(
                content: states, f0: f0, energy: energy, profile: speaker.profile, voice: speaker.inputs)
            return (mel, f0)
        }
        var said = try say(acoustic, voice)
        // What the networks miss of the recording in its own voice, they miss in the other one, too.
        let again = try say(converter.networks.acoustic, owner).mel
        for frame in 0..<said.mel.rows {
            for band in 0..<heard.heard.columns {
                let difference = heard.mel[frame, band] - again[frame, band]
                said.mel[frame, band] += Self.detail * difference
                missed += Double(abs(difference))
            }
        }
        compared += said.mel.rows * heard.heard.columns
        try converter.networks.correct(&said.mel, profile: voice.profile)
        return ConvertedFrames(mel: said.mel, f0: said.f0, level: heard.level)
    }
}

/// Who speaks, as the networks take it.
private struct Speaker {
    let profile: SpeakerProfile
    let inputs: VoiceInputs

    /// - Parameter shift: ln F0 above the profile's own
    init(_ profile: SpeakerProfile, shift: Float = 0, model: AcousticModel) {
        inputs = model.inputs(of: profile)
        var profile = profile
        profile.pitchMean += shift
        self.profile = profile
    }

    /// Hz of a z-score.
    func f0(_ z: Float) -> Float {
        let deviation = max(profile.pitchDeviation, Convention.minimalPitchDeviation)
        let extreme = AcousticModel.extremePitch
        return expf(profile.pitchMean + deviation * min(max(z, -extreme), extreme))
    }
}

/// Frames in another voice.
private struct ConvertedFrames {
    /// Natural log mel, [T, M].
    var mel: Matrix
    /// Hz, 0 where unvoiced, [T].
    var f0: [Float]
    /// Mean log mel of the recording, [T].
    var level: [Float]

    /// Cuts off the last frames, and returns them.
    mutating func removeLast(_ count: Int) -> ConvertedFrames {
        let left = f0.count - count
        let last = ConvertedFrames(
            mel: mel.rows(left..<f0.count), f0: Array(f0[left...]), level: Array(level[left...]))
        mel.resize(rows: left, columns: mel.columns)
        f0.removeLast(count)
        level.removeLast(count)
        return last
    }

    /// Replaces the first frames by those of the window before, up to the quietest one that is far enough from either
    /// end.
    mutating func meet(_ before: ConvertedFrames, apart context: Int, fade: Int) {
        let shared = min(before.f0.count, f0.count)
        let free = min(context, shared)..<max(context, shared - context)
        let seam = free.min { before.level[$0] < before.level[$1] } ?? shared / 2
        for frame in 0..<min(seam, shared) { f0[frame] = before.f0[frame] }
        for frame in 0..<min(seam + fade, shared) {
            let share = min(max(Float(seam + fade - frame) / Float(2 * fade), 0), 1)
            for band in 0..<mel.columns {
                mel[frame, band] += share * (before.mel[frame, band] - mel[frame, band])
            }
        }
    }
}
