import Files
public import Foundation
import SpeechSignal
import Synchronization
import TextFrontend
import VoiceProfile
public import VoiceStore

/// A digest of everything that a piece of speech depends on: equal keys mean equal speech. Store the key beside cached
/// speech, and synthesize again when the key changes.
///
/// In it are the text; the voice with its whole profile and its lexicon, each of a mix, and each that SSML names; the
/// lexicons of the request and of the user; the speed, pitch, seed, pauses and watermark; every file of the data
/// folder, and which networks of it speak; the version of the program; and what the caller adds, such as the file's
/// format.
public struct SpeechKey: Sendable, Hashable, CustomStringConvertible {
    /// 64 hexadecimal digits.
    public let description: String
}

/// Computes the keys of a synthesizer's speech.
///
/// ```swift
/// var keys = try SpeechKeys(synthesizer, data: data)
/// let key = try keys.key(of: "Hello.", voice: voice, options: options, output: ["opus"])
/// ```
/// Making one reads the data folder (a few hundredths of a second); a key takes microseconds, and for a voice that was
/// not seen before some milliseconds.
public struct SpeechKeys: Sendable {
    private let store: VoiceStore
    /// Digest of what all speech depends on: the program, its data, the user's lexicons.
    private let common: String
    /// Digests of voices that SSML names; nil for one that cannot be used.
    private var named: [String: String?] = [:]
    /// Digests of the voices that were asked for, by their names.
    private var asked: [String: (voice: Voice, digest: String)] = [:]
    /// The lexicons of the request that were given last, and their digest.
    private var lexicons: (read: [UserLexicon], digest: String)?

    /// - Parameter data: the folder that the synthesizer was loaded from.
    /// - Throws: `FileError` for a data file that cannot be read
    public init(_ synthesizer: Synthesizer, data: URL) throws {
        store = synthesizer.store
        common = Digest.sha256(
            parts: [Synthesizer.version, synthesizer.model, try Self.digest(ofData: data)]
                + synthesizer.lexicons.map(\.digest))
    }

    /// The key of a text.
    ///
    /// - Parameters:
    ///   - voice: as `VoiceStore.voice` gives it.
    ///   - output: what else the result depends on, such as the format and the title of a file.
    /// - Throws: `FrontendError` for SSML with a mistake, `ProfileError` for a profile that is not valid
    public mutating func key(
        of text: String, voice: Voice, options: SpeechOptions, output: [String] = []
    ) throws -> SpeechKey {
        let isSSML = options.isSSML ?? MarkedText.isSSML(text)
        var parts = [common, try digest(of: voice), digest(of: options.lexicons), isSSML ? "ssml" : "text", text]
        parts +=
            [options.speed, options.pitch].map { "\($0)" }
            + [options.sentencePause, options.paragraphPause].map { "\($0)" }
        parts += ["\(options.seed)", "\(options.watermark)"]
        if let language = options.language { parts.append("in \(language)") }
        if options.detectsLanguage { parts.append("in any language") }
        // One that is missing is the speech's failure, not the key's.
        for use in isSSML ? try MarkedText(ssml: text).voices : [] {
            for name in use.name.split(separator: " ").map(String.init) {
                parts.append(digest(ofVoice: name) ?? "no \(name)")
            }
        }
        return SpeechKey(description: Digest.sha256(parts: parts + output))
    }

    private mutating func digest(of voice: Voice) throws -> String {
        if let known = asked[voice.name], known.voice == voice { return known.digest }
        let digest = try Self.digest(of: voice)
        asked[voice.name] = (voice, digest)
        return digest
    }

    private mutating func digest(ofVoice name: String) -> String? {
        if let known = named[name] { return known }
        let digest = try? Self.digest(of: store.voice(name))
        named[name] = digest
        return digest
    }

    private mutating func digest(of lexicons: [UserLexicon]) -> String {
        if let known = self.lexicons, known.read == lexicons { return known.digest }
        let digest = Digest.sha256(parts: lexicons.map(\.digest))
        self.lexicons = (lexicons, digest)
        return digest
    }

    private static func digest(of voice: Voice) throws -> String {
        Digest.sha256(parts: [
            voice.name, voice.accent.rawValue, Digest.sha256(try voice.profile.bytes()), voice.lexicon ?? "",
            voice.lexicon == nil ? "without" : "with",
        ])
    }

    /// Digest of a data folder: every file but prose, by name and contents, read on all cores.
    private static func digest(ofData folder: URL) throws -> String {
        let names = FileManager.default.subpaths(atPath: folder.path(percentEncoded: false)) ?? []
        let files = names.filter { !$0.hasSuffix(".md") }.sorted().filter {
            FileStatus(folder.appending(path: $0).path(percentEncoded: false))?.kind == .file
        }
        let digests = Mutex([Int: Result<String, FileError>]())
        DispatchQueue.concurrentPerform(iterations: files.count) { index in
            let digest = Result { () throws(FileError) in
                try Digest.sha256(contentsOf: folder.appending(path: files[index]))
            }
            digests.withLock { $0[index] = digest }
        }
        let found = digests.withLock { $0 }
        return Digest.sha256(parts: try files.indices.flatMap { [files[$0], try found[$0]?.get() ?? ""] })
    }
}
