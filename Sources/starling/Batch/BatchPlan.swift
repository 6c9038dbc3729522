import AudioIO
import Batch
import Files
import Foundation
import SpeechSignal
import Synthesis
import TextFrontend
import VoiceProfile
import VoiceStore

/// What is to be done of a shard, and what is done already.
struct BatchPlan {
    struct Job: Sendable {
        var item: BatchItem
        var voice: Voice
        /// Digest of all that the sound depends on.
        var request: String
    }

    private(set) var jobs: [Job] = []
    /// Items that are there, whole.
    private(set) var kept = 0

    /// - Throws: `BatchError.line` for a voice that does not exist.
    init(
        _ manifest: BatchManifest, shard: Shard, folder: URL, synthesizer: Synthesizer, lexicons: [UserLexicon],
        settings: String, verifies: Bool
    ) throws {
        var voices: [String: (voice: Voice, digest: String)] = [:]
        func look(_ name: String) throws -> (voice: Voice, digest: String) {
            if let known = voices[name] { return known }
            let voice = try synthesizer.store.voice(name)
            let found = (voice, Self.digest(of: voice))
            voices[name] = found
            return found
        }
        for (name, line) in manifest.voices.sorted(by: { $0.value < $1.value }) {
            do { _ = try look(name) } catch {
                throw BatchError.line(path: manifest.path, line: line, reason: "\(error)", more: 0)
            }
        }
        let records = BatchJournal.records(in: folder, shard: shard)
        for item in manifest.items {
            let (voice, digest) = try look(item.voice)
            var parts = [
                settings, digest, item.isSSML ? "ssml" : "text", item.text, "\(item.speed)", "\(item.pitch)",
                "\(item.seed)", item.format.rawValue,
            ]
            // Mark-up may name further voices; one that is missing is the item's failure when it is spoken.
            for use in item.isSSML ? try MarkedText(ssml: item.text).voices : [] {
                for name in use.name.split(separator: " ").map(String.init) {
                    parts.append((try? look(name).digest) ?? "no \(name)")
                }
            }
            let request = Digest.sha256(parts: parts)
            let isDone = records[item.name.text]?.contains {
                $0.isWhole(request: request, file: item.file, in: folder, thoroughly: verifies)
            }
            if isDone == true { kept += 1 } else { jobs.append(Job(item: item, voice: voice, request: request)) }
        }
    }

    private static func digest(of voice: Voice) -> String {
        let profile = voice.profile.vector.withUnsafeBytes { Digest.sha256($0) }
        return Digest.sha256(parts: [voice.name, voice.accent.rawValue, profile, voice.lexicon ?? ""])
    }

    /// Digest of what all items depend on: program, networks, tables, lexicons.
    ///
    /// - Parameters:
    ///   - data: the folder with weights and tables.
    ///   - lexicons: files with words to say otherwise.
    static func settings(data: URL, lexicons: [URL]) throws -> String {
        var parts = ["starling \(version)"]
        let root = data.path(percentEncoded: false)
        let names = (FileManager.default.subpaths(atPath: root) ?? []).sorted()
        // What only enrollment uses, and prose, change no speech.
        let others = ["speaker.safetensors", "telephone.safetensors"]
        for name in names where !name.hasSuffix(".md") && !others.contains(name) {
            let url = data.appending(path: name)
            guard FileStatus(url.path(percentEncoded: false))?.kind == .file else { continue }
            parts += [name, try Digest.sha256(contentsOf: url)]
        }
        for file in lexicons { parts.append("lexicon " + (try Digest.sha256(contentsOf: file))) }
        return Digest.sha256(parts: parts)
    }
}
