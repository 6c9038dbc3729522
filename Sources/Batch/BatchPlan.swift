import AudioIO
public import Foundation
public import Synthesis
public import TextFrontend
public import VoiceStore

/// What is to be done of a shard, and what is done already.
public struct BatchPlan: Sendable {
    /// An item that is to be spoken.
    public struct Job: Sendable {
        public var item: BatchItem
        public var voice: Voice
        public var options: SpeechOptions
        public var key: SpeechKey
    }

    public private(set) var jobs: [Job] = []
    /// Items that are there, whole.
    public private(set) var kept = 0

    /// Compares the items with what lies in a folder.
    ///
    /// - Parameters:
    ///   - data: the folder that the synthesizer was loaded from.
    ///   - lexicons: words that all items say otherwise, beside those of the user and the voice.
    ///   - verifies: whether to compare the digests of all files that are there, not only size and time.
    /// - Throws: `BatchError.line` for a voice that does not exist or a language that is not spoken, `FileError` for a
    ///   data file that cannot be read
    public init(
        _ manifest: BatchManifest, shard: Shard, folder: URL, synthesizer: Synthesizer, data: URL,
        lexicons: [UserLexicon] = [],
        verifies: Bool = false
    ) throws {
        var voices: [String: Voice] = [:]
        for (name, line) in manifest.voices.sorted(by: { $0.value < $1.value }) {
            do { voices[name] = try synthesizer.store.voice(name) } catch {
                throw BatchError.line(path: manifest.path, line: line, reason: "\(error)", more: 0)
            }
        }
        for (language, line) in manifest.languages.sorted(by: { $0.value < $1.value }) {
            do throws(SynthesisError) { try synthesizer.check(language) } catch {
                throw BatchError.line(path: manifest.path, line: line, reason: "\(error)", more: 0)
            }
        }
        var keys = try SpeechKeys(synthesizer, data: data)
        let records = BatchJournal.records(in: folder, shard: shard)
        for item in manifest.items {
            let voice = try voices[item.voice] ?? synthesizer.store.voice(item.voice)
            let options = item.options(lexicons: lexicons)
            let key = try keys.key(of: item.text, voice: voice, options: options, output: [item.format.rawValue])
            let isDone = records[item.name.text]?.contains {
                $0.isWhole(request: key.description, file: item.file, in: folder, thoroughly: verifies)
            }
            if isDone == true {
                kept += 1
            } else {
                jobs.append(Job(item: item, voice: voice, options: options, key: key))
            }
        }
    }
}

extension BatchItem {
    /// How it is to be spoken.
    func options(lexicons: [UserLexicon]) -> SpeechOptions {
        var options = SpeechOptions()
        options.speed = speed
        options.pitch = pitch
        options.seed = seed
        options.languageChoice = language
        options.isSSML = isSSML
        options.lexicons = lexicons
        return options
    }
}
