import AcousticModel
public import Foundation
public import TextFrontend
import Vocoder
public import VoiceStore

/// Text to speech: the façade over frontend, networks and voices.
///
/// ```swift
/// let synthesizer = try Synthesizer(data: URL(filePath: "data"), voices: [URL(filePath: "voices")])
/// for try await chunk in synthesizer.speak("Hello.", voice: "heart") { player.play(chunk.samples) }
/// ```
/// Loading maps the weights and takes milliseconds; load once and speak often. A synthesizer is a value without changing
/// state: any number of tasks may speak with it at once.
public struct Synthesizer: Sendable {
    /// Samples per second of all speech.
    public static let sampleRate = 24_000

    /// Where voices are looked up.
    public let store: VoiceStore
    /// Words to say otherwise whatever is spoken, behind those of `SpeechOptions` and of the voice.
    public var lexicons: [UserLexicon] = []
    /// Where the networks run, such as threads of a server's own; nil for Swift's shared threads.
    public var executor: (any TaskExecutor)?
    let engine: Engine

    /// What reads the text.
    public var frontend: TextFrontend { engine.frontend }

    /// - Parameters:
    ///   - data: the folder with weights, lexicon and symbols.
    ///   - voices: folders of voices; the first may hold the user's own, see `VoiceStore`.
    public init(data: URL, voices: [URL]) throws {
        try self.init(data: data, store: VoiceStore(user: nil, bundled: voices))
    }

    /// - Parameter store: if it does not say which profiles it accepts, it accepts those that the networks understand.
    public init(data: URL, store: VoiceStore) throws {
        engine = try Engine(data: data)
        var store = store
        store.model = store.model ?? engine.acoustic.profileSpace
        self.store = store
    }

    /// Speaks a text.
    ///
    /// Sentences are worked on in parallel, a bounded number ahead of the one being taken, so memory stays flat however
    /// long the text is. The first sound comes as soon as the first part of the first sentence is ready. Stopping to
    /// iterate, or cancelling the task that does, stops the work.
    ///
    /// - Parameters:
    ///   - voice: a name, or a mix like `ann:0.7+bob:0.3`.
    /// - Returns: the speech in chunks; errors are `SynthesisError`, `VoiceStoreError` and those of the networks.
    public func speak(_ text: String, voice: String, options: SpeechOptions = SpeechOptions())
        -> AsyncThrowingStream<SpeechChunk, any Error>
    {
        do {
            return speak(text, voice: try store.voice(voice), options: options)
        } catch {
            return AsyncThrowingStream { throw error }
        }
    }

    /// Speaks with a voice that was looked up before.
    public func speak(_ text: String, voice: Voice, options: SpeechOptions = SpeechOptions())
        -> AsyncThrowingStream<SpeechChunk, any Error>
    {
        do {
            try options.validate()
            guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
                throw SynthesisError.emptyText
            }
            let script = try SpeechScript(text, voice: voice, options: options, synthesizer: self)
            let pipeline = SpeechPipeline(
                engine: engine, script: script, voice: voice, options: options, executor: executor)
            return AsyncThrowingStream { try await pipeline.next() }
        } catch {
            return AsyncThrowingStream { throw error }
        }
    }
}
