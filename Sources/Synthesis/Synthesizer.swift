import AcousticModel
public import Foundation
public import SpeechSignal
public import TextFrontend
public import VoiceModel
public import VoiceStore

/// Text to speech: combines the text frontend, the networks and the voices.
///
/// ```swift
/// let synthesizer = try Synthesizer(data: URL(filePath: "data"), voices: [URL(filePath: "voices")])
/// for try await chunk in synthesizer.speak("Hello.", voice: "heart") { player.play(chunk.samples) }
/// ```
/// Loading takes tens of milliseconds; load once and speak often. A synthesizer is immutable:
/// any number of tasks may use it at once.
public struct Synthesizer: Sendable {
    /// The version of Starling, as in CHANGELOG.md.
    public static let version = "1.1.0"
    /// Name and version, for the metadata of files.
    public static let software = "Starling \(version)"
    /// Samples per second of all speech.
    public static let sampleRate = Signal.sampleRate

    /// Where voices are looked up.
    public let store: VoiceStore
    /// Custom pronunciations for all speech; those of `SpeechOptions` and of the voice precede them.
    public var lexicons: [UserLexicon] = []
    /// The executor of the networks, such as a server's `SpeechScheduler`; nil for Swift's shared thread pool.
    public var executor: (any TaskExecutor)?
    /// The networks.
    public let networks: SpeechNetworks
    /// The text frontend.
    public let frontend: TextFrontend
    /// The name of the networks, such as "starling".
    public var model: String { networks.size.name }

    /// The languages that the acoustic model speaks and the frontend reads, each region of them.
    public var languages: [Language] { frontend.languages.filter { networks.acoustic.languages.contains($0.code) } }

    /// - Throws: `SynthesisError.unspokenLanguage` where the acoustic model did not learn the language
    public func check(_ language: Language) throws(SynthesisError) {
        guard networks.acoustic.languages.contains(language.code) else {
            throw .unspokenLanguage(language, spoken: networks.acoustic.languages)
        }
    }

    /// - Parameters:
    ///   - networks: loaded before, perhaps for an `Enroller` too
    ///   - frontend: what reads the text
    ///   - store: if it does not say which profiles it accepts, it accepts those that the networks understand
    public init(networks: SpeechNetworks, frontend: TextFrontend, store: VoiceStore) {
        self.networks = networks
        self.frontend = frontend
        var store = store
        store.model = store.model ?? networks.profileSpace
        self.store = store
    }

    /// Loads the frontend alone from a data folder.
    public init(networks: SpeechNetworks, data: URL, store: VoiceStore) throws {
        self.init(networks: networks, frontend: try TextFrontend(data: data), store: store)
    }

    /// Loads the networks and the frontend from a data folder.
    public init(data: URL, store: VoiceStore) throws {
        try self.init(networks: SpeechNetworks(data: data), data: data, store: store)
    }

    /// Loads the networks and the frontend from a data folder.
    ///
    /// - Parameters:
    ///   - data: the folder with weights, lexicon and symbols.
    ///   - voices: folders of voices; the first may hold the user's own, see `VoiceStore`.
    public init(data: URL, voices: [URL]) throws {
        try self.init(data: data, store: VoiceStore(user: nil, bundled: voices))
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

    /// Speaks with a voice that has been looked up.
    public func speak(_ text: String, voice: Voice, options: SpeechOptions = SpeechOptions())
        -> AsyncThrowingStream<SpeechChunk, any Error>
    {
        do {
            try options.validate()
            guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
                throw SynthesisError.emptyText
            }
            return speak(try SpeechScript(text, voice: voice, options: options, synthesizer: self), voice, options)
        } catch {
            return AsyncThrowingStream { throw error }
        }
    }

    /// Speaks a text while it is being written, such as the answer of a language model.
    ///
    /// A sentence is spoken as soon as it is complete and the next word has come; of a long first sentence already the
    /// first clause. The speech depends on the text alone, not on the pieces it arrives in. The next piece is asked for
    /// when all before it is spoken, so a listener who is slow slows the writer.
    ///
    /// ```swift
    /// for try await chunk in synthesizer.speak(model.answer(to: question), voice: ann) { player.play(chunk.samples) }
    /// ```
    ///
    /// - Parameters:
    ///   - text: pieces of plain text of any length; SSML needs the whole document
    ///   - voice: looked up before, in `store`
    /// - Returns: the speech in chunks; errors are those of `text`, `SynthesisError`, `VoiceStoreError` and those of
    ///   the networks
    public func speak<Text: AsyncSequence & Sendable>(
        _ text: Text, voice: Voice, options: SpeechOptions = SpeechOptions()
    ) -> AsyncThrowingStream<SpeechChunk, any Error> where Text.Element == String {
        speak(text.map { TextPiece.text($0) }, voice: voice, options: options)
    }

    /// Speaks a text while it is being written; `TextPiece.flush` speaks what has arrived at once.
    public func speak<Text: AsyncSequence & Sendable>(
        _ text: Text, voice: Voice, options: SpeechOptions = SpeechOptions()
    ) -> AsyncThrowingStream<SpeechChunk, any Error> where Text.Element == TextPiece {
        do {
            try options.validate()
            let reading = try ReadingStyle(of: voice, options: options, synthesizer: self)
            return speak(SpeechScript(ArrivingText(text, feed: try frontend.feed(reading))), voice, options)
        } catch {
            return AsyncThrowingStream { throw error }
        }
    }

    private func speak(_ script: sending SpeechScript, _ voice: Voice, _ options: SpeechOptions)
        -> AsyncThrowingStream<SpeechChunk, any Error>
    {
        let pipeline = SpeechPipeline(
            speaker: SentenceSpeaker(networks: networks), script: script, voice: voice, options: options,
            executor: executor)
        return AsyncThrowingStream { try await pipeline.next() }
    }
}
