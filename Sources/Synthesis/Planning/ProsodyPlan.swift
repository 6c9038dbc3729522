import AcousticModel
import Foundation
import SpeechSignal
import TextFrontend
import VoiceProfile

/// How the markup of a sentence bends its speech: prosody for the acoustic model, token by token, and loudness.
struct ProsodyPlan: Sendable, Equatable {
    var prosody: TokenProsody
    /// Linear gain of every token, [N]; nil where nothing changes it.
    var gains: [Float]?

    init(_ sentence: Sentence, options: SpeechOptions, profile: SpeakerProfile) {
        let count = sentence.phonemes.count + 2
        prosody = TokenProsody(count: count, speed: options.speed, pitchShift: options.pitch)
        for span in sentence.styles {
            let style = span.style
            let gain = style.volume == -.infinity ? 0 : pow(10, min(style.volume, Self.loudest) / 20)
            if gain != 1, gains == nil { gains = [Float](repeating: 1, count: count) }
            let shift = options.pitch + style.pitch + Self.semitones(style, profile)
            for place in span.phonemeRange.clamped(to: sentence.phonemes.indices) {
                let token = SentencePlan.token(of: place)
                prosody.speed[token] = (options.speed * style.rate).clamped(to: TokenProsody.speeds)
                prosody.pitchShift[token] = shift.clamped(to: TokenProsody.pitchShifts)
                prosody.pitchRange[token] = style.pitchRange.clamped(to: TokenProsody.pitchRanges)
                gains?[token] = gain
            }
        }
    }

    /// Makes the comma a pause falls on as slow as commas are where the voice really rests, so that the word before it
    /// dies away.
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
