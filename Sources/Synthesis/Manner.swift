import AcousticModel
import Foundation
import Tensor
import TextFrontend
import VoiceProfile

/// How the mark-up of a sentence bends its speech: prosody for the acoustic model, token by token, and loudness.
struct Manner {
    var prosody: TokenProsody
    /// Gain of every token, [N]; nil where nothing changes it.
    var gains: [Float]?

    /// - Parameters:
    ///   - tokenOf: the token of each scalar of the sentence's phonemes.
    ///   - count: tokens in all, N.
    init(_ sentence: Sentence, tokenOf: [Int?], count: Int, options: SpeechOptions, profile: SpeakerProfile) {
        prosody = TokenProsody(count: count, speed: options.speed, pitchShift: options.pitch)
        for span in sentence.styles {
            let style = span.style
            let gain = style.volume == -.infinity ? 0 : pow(10, min(style.volume, Self.loudest) / 20)
            if gain != 1, gains == nil { gains = [Float](repeating: 1, count: count) }
            let shift = options.pitch + style.pitch + Self.semitones(style, profile)
            for token in tokenOf[span.phonemeRange.clamped(to: tokenOf.indices)].compactMap(\.self) {
                prosody.speed[token] = (options.speed * style.rate).clamped(to: TokenProsody.speeds)
                prosody.pitchShift[token] = shift.clamped(to: TokenProsody.pitchShifts)
                prosody.pitchRange[token] = style.pitchRange.clamped(to: TokenProsody.pitchRanges)
                gains?[token] = gain
            }
        }
    }

    /// Makes the comma a pause falls on as slow as commas are where the voice really rests, so that the word before it dies
    /// away.
    mutating func rest(at token: Int) {
        prosody.speed[token] = (prosody.speed[token] * Self.restfulness).clamped(to: TokenProsody.speeds)
    }

    private static let restfulness: Float = 0.4

    /// Decibels beyond which nothing gets louder.
    private static let loudest: Float = 12

    /// How far hertz move this speaker.
    private static func semitones(_ style: SpeechStyle, _ profile: SpeakerProfile) -> Float {
        guard style.meanPitch != nil || style.hertz != 0 else { return 0 }
        let mean = exp(profile.pitchMean)
        return 12 * log2(max(30, (style.meanPitch ?? mean) + style.hertz) / mean)
    }
}

extension Float {
    fileprivate func clamped(to range: ClosedRange<Float>) -> Float {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}

/// What the vocoder is to make of an utterance: its frames with the silences that the text asks for, and their gains.
struct Performance {
    /// Natural log mel, [T, M].
    var mel: Matrix
    /// Hz, [T]
    var f0: [Float]
    /// Frames of every token, [N].
    var durations: [Int]
    /// The frames that are heard.
    var kept: Range<Int>
    /// Linear gain, [T]; nil for 1 throughout.
    var gains: [Float]?
    /// Linear gain of everything, which makes all voices equally loud.
    let level: Float

    /// Log mel of silence.
    private static let silence: Float = -11.5
    /// Frames around a pause in which the utterance's own silence counts as a part of it.
    private static let reach = 24

    /// Frames over which what is left of the sound fades around a pause.
    private static let fade = 3

    init(_ utterance: Utterance, kept: Range<Int>, gains tokenGains: [Float]?, level: Float) {
        self.level = level
        (mel, f0, durations, self.kept) = (utterance.mel, utterance.f0, utterance.durations, kept)
        gains = tokenGains.map { TokenProsody.spread($0, durations: utterance.durations) }
    }

    /// Lengthens a token by silence, so that with what silence there is around it already it lasts `frames`.
    mutating func pause(at token: Int, frames wanted: Int) {
        let start = durations[..<token].reduce(0, +)
        let end = start + durations[token]
        let energy = EdgeTrim.energy(mel)
        guard
            let quietest = (start..<max(end, start + 1)).clamped(to: energy.indices).min(by: { energy[$0] < energy[$1] }
            )
        else { return }
        let loud = energy.sorted()[energy.count * 9 / 10]
        let isSilent = { (frame: Int) in energy[frame] < loud - EdgeTrim.depthInPauses }
        var own = quietest..<quietest
        while own.lowerBound > max(0, quietest - Self.reach), isSilent(own.lowerBound - 1) {
            own = own.lowerBound - 1..<own.upperBound
        }
        while own.upperBound < min(energy.count, quietest + Self.reach), isSilent(own.upperBound) {
            own = own.lowerBound..<own.upperBound + 1
        }
        let count = wanted - own.count
        guard count > 0 else { return }
        let bands = mel.columns
        var elements = mel.elements
        elements.insert(contentsOf: repeatElement(Self.silence, count: count * bands), at: quietest * bands)
        mel = Matrix(rows: mel.rows + count, columns: bands, elements: elements)
        f0.insert(contentsOf: repeatElement(0, count: count), at: quietest)
        if gains == nil { gains = [Float](repeating: 1, count: mel.rows - count) }
        for step in 1...Self.fade {
            let gain = Float(step) / Float(Self.fade + 1)
            if quietest - step >= start { gains?[quietest - step] *= gain }
            if quietest + step - 1 < end { gains?[quietest + step - 1] *= gain }
        }
        gains?.insert(contentsOf: repeatElement(0, count: count), at: quietest)
        durations[token] += count
        if quietest < kept.lowerBound {
            kept = kept.lowerBound + count..<kept.upperBound + count
        } else if quietest < kept.upperBound {
            kept = kept.lowerBound..<kept.upperBound + count
        }
    }

    /// Makes samples louder or softer; between the middles of frames the gain changes evenly, and what would be too loud is
    /// bent, not cut.
    ///
    /// - Parameter first: the place of the first sample, counted from the first frame that is heard.
    func shape(_ samples: inout [Float], first: Int) {
        for index in samples.indices {
            var value = samples[index] * level
            if let gains {
                let place = max(0, Float(first + index) / Float(Engine.hop) - 0.5) + Float(kept.lowerBound)
                let frame = min(Int(place), gains.count - 1)
                let next = min(frame + 1, gains.count - 1)
                value *= gains[frame] + (gains[next] - gains[frame]) * (place - Float(frame))
            }
            samples[index] = abs(value) > Self.knee ? Self.bent(value) : value
        }
    }

    private static let knee: Float = 0.8

    private static func bent(_ value: Float) -> Float {
        let over = (abs(value) - knee) / (1 - knee)
        return (value < 0 ? -1 : 1) * (knee + (1 - knee) * tanh(over))
    }
}
