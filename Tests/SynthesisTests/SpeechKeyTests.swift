import Foundation
import SpeechSignal
import Synthesis
import Testing
import TextFrontend
import VoiceModel
import VoiceProfile
import VoiceStore

@Suite struct SpeechKeyTests {
    /// A store of its own with the voice `ann`, and a data folder that may be changed.
    private func withAnn(_ body: (_ store: VoiceStore, _ data: URL) throws -> Void) throws {
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.appending(path: "starling-key-\(UUID().uuidString)")
        let data = folder.appending(path: "data", directoryHint: .isDirectory)
        defer { try? manager.removeItem(at: folder) }
        try manager.createDirectory(at: data, withIntermediateDirectories: true)
        let original = Speaking.repository.appending(path: "data")
        for name in try manager.contentsOfDirectory(atPath: original.path(percentEncoded: false)) {
            let (from, to) = (original.appending(path: name), data.appending(path: name))
            if name == "frontend" {
                try manager.copyItem(at: from, to: to)
            } else {
                try manager.createSymbolicLink(at: to, withDestinationURL: from)
            }
        }
        let bundled = Speaking.repository.appending(path: "voices")
        let store = VoiceStore(user: folder.appending(path: "voices"), bundled: [bundled])
        try store.save(VoiceCard(name: try VoiceName("ann"), accent: .american), try store.voice("heart").profile)
        try body(store, data)
    }

    private func key(
        _ synthesizer: Synthesizer, _ data: URL, _ text: String = "Rain fell.", voice: String = "ann",
        output: [String] = ["wav"], options: SpeechOptions = SpeechOptions()
    ) throws -> SpeechKey {
        var keys = try SpeechKeys(synthesizer, data: data)
        return try keys.key(of: text, voice: synthesizer.store.voice(voice), options: options, output: output)
    }

    private func with<Value>(_ option: WritableKeyPath<SpeechOptions, Value>, _ value: Value) -> SpeechOptions {
        var options = SpeechOptions()
        options[keyPath: option] = value
        return options
    }

    @Test func everythingThatIsHeardCounts() throws {
        try withAnn { store, data in
            let synthesizer = try Synthesizer(data: data, store: store)
            let same = try key(synthesizer, data)
            #expect(try key(synthesizer, data) == same)
            #expect(try key(synthesizer, data, options: with(\.parallelism, 1)) == same)
            #expect(try key(synthesizer, data, options: with(\.keepsFeatures, true)) == same)
            let words = try UserLexicon(parsing: "Rain = snow", name: "a")
            let other = try UserLexicon(parsing: "Rain = hail", name: "a")
            var personal = synthesizer
            personal.lexicons = [words]
            var keys: [SpeechKey] = [
                same, try key(synthesizer, data, "Rain fell"), try key(synthesizer, data, voice: "heart"),
                try key(synthesizer, data, voice: "ann:0.5+george:0.5"),
                try key(synthesizer, data, voice: "ann:0.6+george:0.4"),
                try key(synthesizer, data, output: ["opus"]), try key(synthesizer, data, output: ["wav", "title"]),
                try key(synthesizer, data, options: with(\.speed, 1.1)),
                try key(synthesizer, data, options: with(\.pitch, 1)),
                try key(synthesizer, data, options: with(\.seed, 1)),
                try key(synthesizer, data, options: with(\.sentencePause, 0.1)),
                try key(synthesizer, data, options: with(\.paragraphPause, 0.1)),
                try key(synthesizer, data, options: with(\.watermark, false)),
                try key(synthesizer, data, options: with(\.lexicons, [words])),
                try key(synthesizer, data, options: with(\.lexicons, [other])),
                try key(synthesizer, data, options: with(\.lexicons, [words, other])),
                try key(synthesizer, data, options: with(\.lexicons, [other, words])), try key(personal, data),
                try key(
                    Synthesizer(networks: SpeechNetworks(data: data, size: .small), data: data, store: store), data),
            ]
            // The whole profile, also what is not part of the networks' condition.
            let ann = try VoiceName("ann")
            let (card, profile) = (try store.card(ann), try store.voice("ann").profile)
            for change in [
                { $0.classResiduals[7] += 0.1 }, { $0.pitchGain = 1.1 }, { $0.energyGain = 1.1 },
                { $0.durationGain = 1.1 },
                { $0.pitchOffset = 0.1 }, { $0.loudness -= 1 }, { $0.embedding[0] *= -1 },
                { $0.melCorrection = MelCorrection(before: .identity) },
            ] as [(inout SpeakerProfile) -> Void] {
                var changed = profile
                change(&changed)
                try store.save(card, changed, replacing: true)
                keys.append(try key(synthesizer, data))
            }
            try store.save(card, profile, replacing: true)
            #expect(try key(synthesizer, data) == same)
            for text in ["Rain = snow", ""] {
                try store.setLexicon(text, of: ann)
                keys.append(try key(synthesizer, data))
            }
            try store.setLexicon(nil, of: ann)
            #expect(try key(synthesizer, data) == same)
            for (index, key) in keys.enumerated() {
                #expect(keys.firstIndex(of: key) == index, "number \(index) makes no difference")
            }
        }
    }

    @Test func voicesThatMarkUpNamesCount() throws {
        try withAnn { store, data in
            let synthesizer = try Synthesizer(data: data, store: store)
            let text = #"<speak>Rain. <voice name="ann">Rain.</voice> <voice name="nobody">Rain.</voice></speak>"#
            let first = try key(synthesizer, data, text, voice: "heart")
            let plain = try key(synthesizer, data, text, voice: "heart", options: with(\.isSSML, false))
            try store.setLexicon("Rain = snow", of: try VoiceName("ann"))
            #expect(try key(synthesizer, data, text, voice: "heart") != first)
            #expect(try key(synthesizer, data, text, voice: "heart", options: with(\.isSSML, false)) == plain)
            #expect(throws: FrontendError.self) { try key(synthesizer, data, "<speak>Rain", voice: "heart") }
        }
    }

    @Test func dataFilesCount() throws {
        try withAnn { store, data in
            func now() throws -> SpeechKey { try key(Synthesizer(data: data, store: store), data) }
            let first = try now()
            try Data("prose".utf8).write(to: data.appending(path: "more.md"))
            #expect(try now() == first)
            var keys = [first]
            for byte in [1, 2] as [UInt8] {
                for name in ["new.bin", "frontend/new.tsv"] {
                    try Data([byte]).write(to: data.appending(path: name))
                    keys.append(try now())
                }
            }
            #expect(Set(keys).count == keys.count)
        }
    }
}
