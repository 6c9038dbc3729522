import Foundation
public import SpeechSignal
public import TextFrontend

/// Options of a synthesis: speed, pitch, language, pauses and more.
public struct SpeechOptions: Sendable, Equatable {
    /// The range of `speed`.
    public static let speeds: ClosedRange<Float> = 0.25...4
    /// The range of `pitch`, in semitones.
    public static let pitches: ClosedRange<Float> = -12...12
    /// The longest pause of `[pause 2s]` and the like, in seconds; longer ones are shortened to it.
    public static let longestPause = 60.0

    /// Speed as a multiple of the voice's own pace.
    public var speed: Float = 1
    /// Pitch shift in semitones.
    public var pitch: Float = 0
    /// Seed of the vocoder's noise. Equal text, voice, options and machine give equal samples.
    public var seed: UInt64 = 0
    /// Silence between sentences at speed 1, in seconds.
    public var sentencePause: Double = 0.35
    /// Silence between paragraphs at speed 1, in seconds.
    public var paragraphPause: Double = 0.75
    /// Whether each sentence carries its mel spectrogram and F0, for pictures.
    public var keepsFeatures = false
    /// Whether the text is SSML; nil: if it begins with `<speak`.
    public var isSSML: Bool?
    /// The language of the text; nil: the English of the voice. Markup changes it for a stretch.
    public var language: Language?
    /// Whether each sentence is read in the language that it is found to be of, among those that the acoustic model
    /// speaks; one that does not say is read as the one before it, and a text that never says in `language`. The voice
    /// stays.
    public var detectsLanguage = false
    /// Custom pronunciations, which precede those of the voice and of the synthesizer; the first lexicon that has a
    /// word wins.
    public var lexicons: [UserLexicon] = []
    /// Whether the speech carries the inaudible mark that `starling detect` finds; see docs/provenance.md.
    public var watermark = true
    /// Maximum number of sentences synthesized ahead of the one being read; 0 takes the least memory.
    public var parallelism = SpeechScheduler.cores

    /// The voice's own pace and pitch, with the watermark.
    public init() {}

    /// The same as one choice; nil: the English of the voice.
    public var languageChoice: LanguageChoice? {
        get { detectsLanguage ? .auto : language.map { .language($0) } }
        set {
            language = newValue?.language
            detectsLanguage = newValue == .auto
        }
    }

    func validate() throws(SynthesisError) {
        guard Self.speeds.contains(speed) else { throw .badSpeed(speed) }
        guard Self.pitches.contains(pitch) else { throw .badPitch(pitch) }
    }
}
