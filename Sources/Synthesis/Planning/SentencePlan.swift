package import AcousticModel
import Foundation
package import SpeechSignal
package import TextFrontend
package import VoiceProfile

/// What is to be spoken of a sentence, before a network runs: the first of the three stages from a sentence to samples.
///
/// Letters: N tokens, the pads included.
package struct SentencePlan: Sendable, Equatable {
    /// A silence within the sentence.
    package struct Pause: Sendable, Equatable {
        /// The token that it lengthens.
        package var token: Int
        /// How long it lasts in all.
        package var frames: Int
    }

    /// What the networks speak: the sentence's phonemes between two pads, [N].
    package let phonemes: Phonemes
    /// How each token is spoken, [N].
    package let prosody: TokenProsody
    /// Linear gain of every token, [N]; nil where the markup changes none.
    package let gains: [Float]?
    /// In the order of their tokens.
    package let pauses: [Pause]
    /// Where F0 rises at the end, if it does.
    package let rise: FinalRise?
    /// Linear gain that brings the voice to the loudness of all speech.
    package let level: Float

    /// LUFS of every voice (ITU-R BS.1770): with its pauses the RMS of a narration is within the -23 to -18 dB that
    /// publishers of audiobooks ask for, and its peaks need hardly be bent.
    package static let loudness: Float = -21

    package init(_ sentence: Sentence, profile: SpeakerProfile, options: SpeechOptions) {
        phonemes = [.pad] + sentence.phonemes + [.pad]
        pauses = Self.pauses(in: sentence)
        var plan = ProsodyPlan(sentence, options: options, profile: profile)
        for pause in pauses { plan.rest(at: pause.token) }
        (prosody, gains) = (plan.prosody, plan.gains)
        rise = Intonation.rise(of: sentence).map {
            FinalRise(tokens: Self.token(of: $0.lowerBound)..<Self.token(of: $0.upperBound))
        }
        level = powf(10, (Self.loudness - profile.loudness) / 20)
    }

    /// The token of the phoneme at a place in `Sentence.phonemes`: one after, for the pad in front.
    static func token(of place: Int) -> Int { place + 1 }

    /// The tokens at the end that are not sounds: punctuation and the pad.
    var trailingMarks: Int { phonemes.dropLast().reversed().prefix(while: \.isMark).count + 1 }

    /// Together they are no longer than one may be.
    private static func pauses(in sentence: Sentence) -> [Pause] {
        var left = SpeechOptions.longestPause * 1000
        return sentence.pauses.compactMap { pause in
            guard sentence.phonemes.indices.contains(pause.phonemeOffset) else { return nil }
            let milliseconds = min(left, Double(pause.milliseconds))
            left -= milliseconds
            let frames = milliseconds * Double(Signal.frameRate) / 1000
            return Pause(token: token(of: pause.phonemeOffset), frames: Int(frames.rounded()))
        }
    }
}
