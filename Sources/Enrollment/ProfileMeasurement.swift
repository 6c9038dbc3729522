private import Foundation
import SpeechSignal
internal import Tensor

/// The measured numbers of a profile, as the training measures them (Training/starling_training/profile.py): on pieces
/// of a few seconds, whose numbers are averaged.
struct ProfileMeasurement: Sendable {
    /// Mean and deviation of ln F0 over voiced frames.
    var pitchMean: Float
    var pitchDeviation: Float
    /// Deviation of the energy over voiced frames, in the acoustic model's unit.
    var energyDeviation: Float
    /// Average log mel over voiced frames less its mean over the bands below 7.6 kHz, [100].
    var spectrum: [Float]
    /// The statistics of each sound class.
    var sounds: SoundCodebook.Tally
    /// Voiced frames measured.
    var voiced: Int

    /// Mean log mel of the acoustic model's utterances over voiced frames and those bands.
    static let level: Float = -4.5
    /// The acoustic model's unit of energy.
    static let energyScale: Float = 2.8
    /// Frames of speech in a piece, as long as the training's utterances: 6 s.
    static let piece = 480
    /// dB of signal to noise below which the background is taken off, and what is left of a frame's power at least.
    private static let (noisy, residue): (Float, Float) = (25, 0.1)
    /// With fewer voiced frames a piece says nothing.
    static let fewestVoiced = 40

    /// - Parameters:
    ///   - channel: one channel of a recording
    ///   - isKept: the frames to measure, [T]
    ///   - codebook: classifies the frames into sound classes
    /// - Returns: nil if next to nothing is voiced
    init?(_ channel: ChannelAnalysis, isKept: [Bool], codebook: SoundCodebook) {
        let speech = isKept.indices.filter { isKept[$0] && channel.speech.isSpeech[$0] && $0 < channel.mel.rows }
        guard !speech.isEmpty else { return nil }
        let count = max(1, (speech.count + Self.piece / 2) / Self.piece)
        let pieces = (0..<count).compactMap { part in
            let frames = speech[speech.count * part / count..<speech.count * (part + 1) / count]
            var mel = Matrix(rows: frames.count, columns: channel.mel.columns)
            for (index, frame) in frames.enumerated() {
                let row = Self.clean(Array(channel.mel.row(frame)), channel)
                for band in row.indices { mel[index, band] = row[band] }
            }
            return Self(mel: mel, f0: frames.map { channel.f0[$0] }, codebook: codebook)
        }
        guard let mean = Self.mean(of: pieces) else { return nil }
        self = mean
    }

    /// - Parameters:
    ///   - mel: of one piece of speech, [T, M]
    ///   - f0: Hz, 0 where unvoiced, [T]
    /// - Returns: nil if next to nothing is voiced
    init?(mel: Matrix, f0: [Float], codebook: SoundCodebook) {
        let voiced = f0.indices.filter { f0[$0] > 0 }
        guard voiced.count >= min(Self.fewestVoiced, max(8, f0.count / 4)) else { return nil }
        let logarithms = voiced.map { logf(f0[$0]) }
        let average = mel.mean(of: voiced)
        let level = Statistics.mean(average.prefix(Signal.wideBands))
        self.init(
            pitchMean: Statistics.mean(logarithms), pitchDeviation: Statistics.deviation(logarithms),
            energyDeviation: Statistics.deviation(voiced.map { Statistics.mean(mel.row($0).prefix(Signal.wideBands)) })
                / Self.energyScale,
            spectrum: average.map { $0 - level },
            sounds: codebook.tally(mel, average: average, isVoiced: f0.map { $0 > 0 }), voiced: voiced.count)
    }

    private init(
        pitchMean: Float, pitchDeviation: Float, energyDeviation: Float, spectrum: [Float], sounds: SoundCodebook.Tally,
        voiced: Int
    ) {
        (self.pitchMean, self.pitchDeviation, self.energyDeviation) = (pitchMean, pitchDeviation, energyDeviation)
        (self.spectrum, self.sounds, self.voiced) = (spectrum, sounds, voiced)
    }

    /// A frame of a noisy recording with the mean power of its background taken off; the voice shall not hiss.
    private static func clean(_ row: [Float], _ channel: ChannelAnalysis) -> [Float] {
        guard channel.signalToNoise < noisy, let background = channel.background else { return row }
        return zip(row, background).map { value, noise in
            let power = expf(2 * value)
            return 0.5 * logf(max(power - noise, residue * power))
        }
    }

    /// The mel of a recording at the level to which the acoustic model's utterances are brought.
    static func levelled(_ channel: ChannelAnalysis) -> Matrix {
        var mel = channel.mel
        let voiced = channel.f0.indices.filter { channel.f0[$0] > 0 && $0 < mel.rows && channel.speech.isSpeech[$0] }
        let level = Statistics.mean(voiced.map { Statistics.mean(mel.row($0).prefix(Signal.wideBands)) })
        mel.scale(by: 1, plus: voiced.isEmpty ? 0 : Self.level - level)
        return mel
    }

    /// The mean, weighted by how much is voiced; nil for none.
    static func mean(of parts: [ProfileMeasurement]) -> ProfileMeasurement? {
        guard let first = parts.first else { return nil }
        let total = Float(parts.reduce(0) { $0 + $1.voiced })
        func mean(_ value: (ProfileMeasurement) -> Float) -> Float {
            parts.reduce(0) { $0 + value($1) * Float($1.voiced) } / total
        }
        return ProfileMeasurement(
            pitchMean: mean(\.pitchMean), pitchDeviation: mean(\.pitchDeviation),
            energyDeviation: mean(\.energyDeviation),
            spectrum: first.spectrum.indices.map { band in mean { $0.spectrum[band] } },
            sounds: parts.dropFirst().reduce(first.sounds) { $0 + $1.sounds },
            voiced: parts.reduce(0) { $0 + $1.voiced })
    }
}
