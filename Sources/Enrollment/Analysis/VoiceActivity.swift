private import Foundation
import SpeechSignal
internal import Tensor

/// Where in a recording somebody speaks.
///
/// Voiced stretches and what surrounds them closely are candidates. Those that behave like no speech are left out:
/// tones, hum and music hold F0 far steadier than any voice, or keep one level where syllables rise and fall.
///
/// Letters: T frames (80 per second), M mel bands.
struct VoiceActivity: Sendable {
    /// Whether a frame belongs to speech, [T].
    var isSpeech: [Bool]
    /// The stretches of speech, in frames.
    var stretches: [Range<Int>]
    /// Level of each frame in dB, on a scale of its own, [T].
    var level: [Float]
    /// Frames whose sound is background, [T].
    var isBackground: [Bool]
    /// Seconds of sound as loud as speech that is none.
    var otherSeconds: Double

    /// dB between the medians of speech and background from which on short speech is taken for some.
    private static let standing: Float = 15

    /// Seconds of speech.
    var seconds: Double { Double(isSpeech.count { $0 }) / Double(Signal.frameRate) }

    /// Whether the speech is far louder than the rest, and other sounds are rarer. In noise some frames always pass for
    /// speech, but none of them stands out.
    var standsOut: Bool {
        let spoken = level.indices.filter { isSpeech[$0] }.map { level[$0] }
        let rest = level.indices.filter { isBackground[$0] }.map { level[$0] }
        guard !spoken.isEmpty, otherSeconds < seconds else { return false }
        return rest.isEmpty
            || Statistics.quantile(spoken, 0.5) - Statistics.quantile(rest, 0.5) > Self.standing
    }
}

/// Features that distinguish other sounds from speech.
package struct SoundCharacter: Sendable {
    /// Frames looked at.
    package var frames: Int
    /// Share of the frames that are voiced.
    package var voiced: Float
    /// Share of the voiced frames whose F0 stands still.
    package var steady: Float
    /// Deviation of the level in dB.
    package var levelDeviation: Float

    var isSpeech: Bool {
        if steady > VoiceActivityDetector.steadiest { return false }
        guard frames >= VoiceActivityDetector.longEnough else { return true }
        return levelDeviation > VoiceActivityDetector.flattest && voiced < VoiceActivityDetector.mostVoiced
    }
}

package enum VoiceActivityDetector {
    /// Frames on either side of a voiced one that may belong to speech: consonants, 0.125 s.
    static let margin = 10
    /// Shorter gaps do not part two stretches, 0.3 s.
    static let gap = 24
    /// Fewer voiced frames are not speech, 0.1 s.
    static let fewestVoiced = 8
    /// Stretches are judged in pieces of about this length, 2 s.
    static let piece = 160
    /// Shorter pieces are judged by their F0 only, 0.75 s.
    static let longEnough = 60
    /// dB below the loud frames, and above the background, at which sound is too quiet to be meant.
    static let (quiet, aboveFloor): (Float, Float) = (35, 5)

    // Measured on 80 utterances of LibriSpeech, clean and with white noise 10 dB below: 99 % of speech lies below 0.05,
    // above 4.5 dB and below 0.9; tunes, chords, hum, sirens and engines on the other side of at least one.
    /// Share of voiced frames with an F0 that stands still.
    static let steadiest: Float = 0.2
    /// dB.
    static let flattest: Float = 2.5
    static let mostVoiced: Float = 0.97
    /// F0 stands still where its logarithm deviates less over nine frames; the most monotonous of speakers reach 0.011.
    static let stillness: Float = 0.003

    /// - Parameters:
    ///   - mel: natural log mel, [T, M]
    ///   - f0: Hz, 0 where unvoiced, [T]
    static func find(mel: Matrix, f0: [Float]) -> VoiceActivity {
        let frames = min(mel.rows, f0.count)
        let level = (0..<frames).map { frame -> Float in
            // From 80 Hz to 7.6 kHz.
            let power = mel.row(frame)[(frame * mel.columns + 3)..<(frame * mel.columns + Signal.wideBands)].reduce(
                Float(0)
            ) {
                $0 + expf(2 * $1)
            }
            return 10 * log10f(power + 1e-9)
        }
        let sorted = level.sorted()
        let (loud, floor) = (Statistics.quantile(sorted: sorted, 0.95), Statistics.quantile(sorted: sorted, 0.05))
        let gate = max(loud - quiet, min(floor + aboveFloor, loud - quiet / 2))

        let isLoud = level.map { $0 > gate }
        let voiced = (0..<frames).map { f0[$0] > 0 && isLoud[$0] }
        var isSpeech = [Bool](repeating: false, count: frames)
        var stretches: [Range<Int>] = []
        let candidates = stretched(voiced, isLoud: isLoud)
        for stretch in candidates {
            for piece in pieces(of: stretch) {
                let character = character(of: piece, level: level, voiced: voiced, f0: f0)
                guard piece.count(where: { voiced[$0] }) >= fewestVoiced, character.isSpeech else { continue }
                for frame in piece { isSpeech[frame] = true }
            }
        }
        stretches = Statistics.runs(isSpeech)

        // Background is what lies well apart from all candidates.
        var isBackground = [Bool](repeating: true, count: frames)
        for stretch in candidates {
            for frame in max(0, stretch.lowerBound - 8)..<min(frames, stretch.upperBound + 8) {
                isBackground[frame] = false
            }
        }
        // Steady background is not a sound of its own, nor is what speech leaves behind in a room.
        let striking = max(gate, loud - 20, floor + 10)
        var isRejected = [Bool](repeating: false, count: frames)
        for stretch in candidates where !stretch.contains(where: { isSpeech[$0] }) {
            for frame in stretch { isRejected[frame] = true }
        }
        let other = (0..<frames).count { (isBackground[$0] || isRejected[$0]) && level[$0] > striking }
        return VoiceActivity(
            isSpeech: isSpeech, stretches: stretches, level: level, isBackground: isBackground,
            otherSeconds: Double(other) / Double(Signal.frameRate))
    }

    /// Voiced frames with what surrounds them, joined over short gaps.
    private static func stretched(_ voiced: [Bool], isLoud: [Bool]) -> [Range<Int>] {
        var stretches: [Range<Int>] = []
        for run in Statistics.runs(voiced) {
            var (first, end) = (run.lowerBound, run.upperBound)
            while first > 0, run.lowerBound - first < margin, isLoud[first - 1] { first -= 1 }
            while end < voiced.count, end - run.upperBound < margin, isLoud[end] { end += 1 }
            if let last = stretches.last, first - last.upperBound <= gap {
                stretches[stretches.count - 1] = last.lowerBound..<max(end, last.upperBound)
            } else {
                stretches.append(first..<end)
            }
        }
        return stretches
    }

    /// Equal parts of about two seconds.
    private static func pieces(of stretch: Range<Int>) -> [Range<Int>] {
        let count = max(1, (stretch.count + piece / 2) / piece)
        return (0..<count).map { part in
            let first = stretch.lowerBound + stretch.count * part / count
            return first..<stretch.lowerBound + stretch.count * (part + 1) / count
        }
    }

    private static func character(
        of piece: Range<Int>, level: [Float], voiced: [Bool], f0: [Float]
    ) -> SoundCharacter {
        var (measured, still) = (0, 0)
        for frame in piece where frame >= piece.lowerBound + 4 && frame + 4 < piece.upperBound {
            let around = frame - 4...frame + 4
            guard around.allSatisfy({ voiced[$0] }) else { continue }
            measured += 1
            if Statistics.deviation(around.map { logf(f0[$0]) }) < stillness { still += 1 }
        }
        return SoundCharacter(
            frames: piece.count, voiced: Float(piece.count { voiced[$0] }) / Float(max(1, piece.count)),
            steady: measured >= 4 ? Float(still) / Float(measured) : 0,
            levelDeviation: Statistics.deviation(level[piece]))
    }
}
