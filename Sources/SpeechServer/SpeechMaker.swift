public import SpeechSignal
public import Synthesis
public import TextFrontend
public import VoiceStore

/// Makes speech of text: what the server needs of a `Synthesizer`.
public protocol SpeechMaker: Sendable {
    /// The voices that may speak, and where new ones are kept.
    var store: VoiceStore { get }
    /// The name of the networks that speak, such as "starling".
    var model: String { get }
    /// The languages that it speaks.
    var languages: [Language] { get }
    /// What reads texts.
    var frontend: TextFrontend { get }
    /// Where speech is made. The server sets it to the threads that it keeps for this.
    var executor: (any TaskExecutor)? { get set }

    /// Speaks a text; `Synthesizer.speak` says how.
    func speak(_ text: String, voice: Voice, options: SpeechOptions) -> AsyncThrowingStream<SpeechChunk, any Error>

    /// Speaks a text while it is being written.
    func speak<Text: AsyncSequence & Sendable>(_ text: Text, voice: Voice, options: SpeechOptions)
        -> AsyncThrowingStream<SpeechChunk, any Error> where Text.Element == TextPiece
}

extension Synthesizer: SpeechMaker {}
