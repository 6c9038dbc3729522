internal import AcousticModel
private import Foundation
internal import SpeakerEncoder
private import Spectral
import SpeechSignal
private import Tensor
internal import VoiceProfile

/// The voice that some recordings have in common.
struct MeasuredVoice: Sendable {
    /// nil if too little is voiced.
    var profile: SpeakerProfile?
    /// The speech that covers all bands of the profile, at the level of the acoustic model.
    var speech = SpokenFrames()
    /// Seconds of speech that went in.
    var seconds = 0.0
    /// Seconds of each recording.
    var secondsOf: [Double] = []
    /// ln frames per spoken phoneme that people keep to; what is heard beyond is a mistake.
    private static let paces = logf(2)...logf(24)
    /// Signal-to-noise ratio in dB from which the dynamics of a recording are those of the voice, not of its
    /// background.
    static let clear: Float = 25
    /// The full band counts as known if this share of the voiced frames covers it.
    private static let enough: Float = 0.3

    /// - Parameters:
    ///   - recordings: of one person
    ///   - typical: the average profile, [360]
    ///   - codebook: classifies the frames into sound classes
    ///   - content: hears the pace
    /// - Throws: `AcousticError.contentEncoder`
    init(
        _ recordings: [AnalyzedRecording], typical: [Float], codebook: SoundCodebook, content: ContentEncoder
    ) throws {
        let windows = recordings.flatMap(\.channel.windows)
        guard let voice = RobustVoice(windows.map(\.embedding)) else { return }
        var passed = 0
        var pace = SpeechPace()
        var measurements: [(numbers: ProfileMeasurement, isFull: Bool)] = []
        var heard: [(channel: ChannelAnalysis, frames: [Bool], isFull: Bool)] = []
        for recording in recordings {
            let channel = recording.channel
            let isKept = voice.isKept[passed..<passed + channel.windows.count]
            passed += channel.windows.count
            let reach = Self.frames(of: channel, windows: Array(isKept))
            let frames = zip(reach, channel.speech.isSpeech).map { $0 && $1 }
            let spoken = Double(frames.count { $0 }) / Double(Signal.frameRate)
            secondsOf.append(spoken)
            seconds += spoken
            pace += try Self.pace(of: channel, isKept: reach, content: content)
            guard var numbers = ProfileMeasurement(channel, isKept: frames, codebook: codebook) else { continue }
            numbers.complete(channel.bandwidth, typical: Array(typical.suffix(Signal.melBands)))
            let isFull = channel.bandwidth.high >= Bandwidth.full
            if !isFull { numbers.sounds.cut(to: Signal.wideBands) }
            measurements.append((numbers, isFull))
            if channel.bandwidth.isWide, channel.signalToNoise >= Self.clear { heard.append((channel, frames, isFull)) }
        }
        guard let numbers = ProfileMeasurement.mean(of: measurements.map(\.numbers)) else { return }
        let full = ProfileMeasurement.mean(of: measurements.filter(\.isFull).map(\.numbers))
        var (spectrum, sounds) = (numbers.spectrum, numbers.sounds)
        var bands = Signal.wideBands
        if let full, Float(full.voiced) >= Self.enough * Float(numbers.voiced) {
            bands = spectrum.count
            for band in Signal.wideBands..<bands { spectrum[band] = full.spectrum[band] }
        } else {
            for band in bands..<spectrum.count { spectrum[band] = 0 }
            sounds.cut(to: bands)
        }
        let logFrames = pace.logFramesPerPhoneme ?? typical[SpeakerProfile.embeddingSize + 2]
        profile = SpeakerProfile(
            embedding: voice.embedding, pitchMean: numbers.pitchMean, pitchDeviation: numbers.pitchDeviation,
            logFramesPerPhoneme: min(max(logFrames, Self.paces.lowerBound), Self.paces.upperBound),
            energyDeviation: numbers.energyDeviation, spectrum: spectrum, classResiduals: sounds.residuals,
            bands: bands)
        for (channel, frames, isFull) in heard where isFull || bands == Signal.wideBands {
            speech.add(ProfileMeasurement.levelled(channel), f0: channel.f0, isKept: frames, codebook: codebook)
        }
    }

    /// How fast the phonemes of a channel follow each other. The frames between them count too: the head tells what is
    /// spoken, and voice activity detection leaves out soft phonemes.
    private static func pace(
        of channel: ChannelAnalysis, isKept: [Bool], content: ContentEncoder
    ) throws -> SpeechPace {
        let frames = min(isKept.count, channel.mel.rows)
        let voiced = (0..<frames).filter { isKept[$0] && channel.speech.isSpeech[$0] && channel.f0[$0] > 0 }
        guard !voiced.isEmpty else { return SpeechPace() }
        let heard = ContentEncoder.heard(channel.mel.rows(0..<frames), average: channel.mel.mean(of: voiced))
        return try content.pace(of: heard, isKept: isKept)
    }

    /// The frames that lie in a window that was kept, or in none at all.
    private static func frames(of channel: ChannelAnalysis, windows isKept: [Bool]) -> [Bool] {
        var keep = [Bool](repeating: true, count: channel.speech.isSpeech.count)
        for (window, kept) in zip(channel.windows, isKept) where !kept {
            for frame in window.frames.clamped(to: keep.indices) { keep[frame] = false }
        }
        for (window, kept) in zip(channel.windows, isKept) where kept {
            for frame in window.frames.clamped(to: keep.indices) { keep[frame] = true }
        }
        return keep
    }
}

extension ProfileMeasurement {
    /// Lower and upper end of every mel band, Hz.
    private static let edges: [(low: Double, high: Double)] = {
        let top = MelScale.htk.mel(Double(Signal.sampleRate) / 2)
        let edges = (0..<Signal.melBands + 2).map {
            MelScale.htk.hertz(top * Double($0) / Double(Signal.melBands + 1))
        }
        return (0..<Signal.melBands).map { (edges[$0], edges[$0 + 2]) }
    }()
    /// Fills the bands below 7.6 kHz that a narrowband recording lacks with those of a typical speaker, to whose level
    /// the others are brought. The acoustic model takes such bands as it takes unknown ones. Sound classes cannot be
    /// determined in a narrow recording; they become those of an average voice.
    ///
    /// - Parameter typical: the average speaker's spectrum, [100]
    mutating func complete(_ bandwidth: Bandwidth, typical: [Float]) {
        let low = bandwidth.low
        let high = bandwidth.high >= Bandwidth.wide || bandwidth.isMasked ? .infinity : bandwidth.high
        guard low > 0 || high < .infinity else { return }
        let known = (0..<Signal.wideBands).filter { Self.edges[$0].low >= low && Self.edges[$0].high <= high }
        sounds = SoundCodebook.Tally()
        guard known.count >= 16 else { return }
        let shift = Statistics.mean(known.map { spectrum[$0] - typical[$0] })
        for band in spectrum.indices {
            spectrum[band] = known.contains(band) ? spectrum[band] - shift : typical[band]
        }
    }
}
