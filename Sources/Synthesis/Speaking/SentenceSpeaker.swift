import AcousticModel
import SpeechSignal
import Tensor
import TextFrontend
import VoiceModel
import VoiceStore

/// Speaks sentences with what cores are idle, each in three stages:
///
///     sentence ─ SentencePlan ─▶ tokens, prosody, pauses, gains
///              ─ networks, SentenceRendition ─▶ F0, durations, times; mel, its beginning first
///              ─ SampleStream ─▶ samples
struct SentenceSpeaker: Sendable {
    let networks: SpeechNetworks

    /// What is ready of a sentence: first the times, then samples piece by piece.
    enum Piece: Sendable {
        /// Times count from the sentence's first sample.
        case begin(SpokenSentence)
        case samples([Float])
    }

    /// Speaks a sentence.
    ///
    /// - Parameters:
    ///   - place: where the sentence comes in the whole speech; receives the length before the first sample is made.
    ///   - emit: takes the pieces in order; returns false to stop.
    func speak(
        _ sentence: Sentence, voice: Voice, options: SpeechOptions, seed: UInt64, at place: SentencePlace,
        emit: (Piece) -> Bool
    ) async throws {
        let (rendition, mel, timings) = try Crew.work {
            let plan = SentencePlan(sentence, profile: voice.profile, options: options)
            let outline = try networks.outline(
                plan.phonemes, profile: voice.profile, prosody: plan.prosody, rise: plan.rise,
                language: sentence.language.code)
            guard !outline.f0.isEmpty else {
                throw SynthesisError.noFrames(excerpt: SynthesisError.excerpt(sentence.text))
            }
            let rendition = SentenceRendition(plan, outline)
            let decoded = networks.mel(of: outline, profile: voice.profile, beginningFirst: place.isFirst)
            var mel = RenditionMel(decoded, of: rendition)
            // A mel that cannot be spoken is reported before anything else is.
            _ = try mel.advance()
            let whole = options.keepsFeatures ? try mel.whole() : nil
            return (rendition, mel, rendition.timings(of: sentence, mel: whole))
        }
        guard emit(.begin(timings)) else { return }

        let start = await place.claim(length: rendition.kept.count * Signal.hop)
        var stream = SampleStream(
            rendition, mel: mel, vocoder: networks.vocoder, seed: seed,
            watermarkedFrom: options.watermark ? start : nil)
        while true {
            if Task.isCancelled { throw CancellationError() }
            guard let samples = try Crew.work({ try stream.next() }) else { return }
            guard emit(.samples(samples)) else { return }
            // Lets the listener have it before the next block is made, also where there is only one core.
            await Task.yield()
        }
    }
}
