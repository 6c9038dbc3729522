import Foundation
import SpeechSignal
import Testing
import VoiceProfile
import VoiceStore

/// What was spoken stays as long as nothing changed that it depends on, and no longer.
@Suite struct Stale {
    enum Command: String, CaseIterable { case batch, narrate }

    /// Something that the voice `ann` speaks differently after.
    enum Change: String, CaseIterable {
        /// A profile that differs in what no network is given as a vector.
        case enrolledAgain
        case voiceLexicon
        case userLexicon

        func make(in store: VoiceStore, _ folder: URL) throws {
            let name = try VoiceName("ann")
            switch self {
            case .enrolledAgain:
                var profile = try store.voice("ann").profile
                profile.loudness -= 3
                try store.save(try store.card(name), profile, replacing: true)
            case .voiceLexicon: try store.setLexicon("Rain = snow\n", of: name)
            case .userLexicon:
                let place = folder.appending(path: ".config/starling")
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                try Data("Rain = hail\n".utf8).write(to: place.appending(path: "lexicon.txt"))
            }
        }
    }

    private static let arguments: [Command: [String]] = [
        .batch: ["batch", "list.jsonl", "-o", "out"],
        .narrate: ["narrate", "book.txt", "-o", "out", "--voice", "ann", "--format", "wav"],
    ]

    /// A folder with a voice `ann` and something to speak for each command.
    private func withVoice(_ body: (_ folder: URL, _ store: VoiceStore) throws -> Void) throws {
        try withFolder { folder in
            let bundled = VoiceStore(user: nil, bundled: [Program.repository.appending(path: "voices")])
            let store = VoiceStore(user: folder.appending(path: ".share/starling/voices"), bundled: [])
            try store.save(
                VoiceCard(name: try VoiceName("ann"), accent: .american), try bundled.voice("heart").profile)
            let items = [
                #"{"id": "plain", "text": "Rain fell.", "voice": "ann"}"#,
                #"{"id": "mixed", "text": "Rain fell.", "voice": "heart:0.6+ann:0.4"}"#,
                #"{"id": "marked", "ssml": "<speak>Rain fell. <voice name=\"ann\">Rain fell.</voice></speak>"}"#,
            ]
            try Data((items.joined(separator: "\n") + "\n").utf8).write(to: folder.appending(path: "list.jsonl"))
            try Data("Title: Rain\n\nChapter 1\n\nRain fell.\n\nChapter 2\n\nRain fell again.\n".utf8)
                .write(to: folder.appending(path: "book.txt"))
            try body(folder, store)
        }
    }

    /// The sound files that the command leaves, and when each was put in place.
    private func run(_ command: Command, in folder: URL) throws -> [String: (bytes: Data, inode: Int)] {
        let outcome = try Program.run(
            try #require(Self.arguments[command]), in: folder,
            environment: ["XDG_CONFIG_HOME": folder.appending(path: ".config").path(percentEncoded: false)])
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let out = folder.appending(path: "out")
        var result: [String: (bytes: Data, inode: Int)] = [:]
        for name in try names(in: out) where name.hasSuffix(".wav") {
            let file = out.appending(path: name)
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path(percentEncoded: false))
            result[name] = (try Data(contentsOf: file), try #require(attributes[.systemFileNumber] as? Int))
        }
        return result
    }

    @Test(arguments: Command.allCases, Change.allCases)
    func whatChangedIsSpokenAgain(_ command: Command, _ change: Change) throws {
        try withVoice { folder, store in
            let before = try run(command, in: folder)
            #expect(before.count == (command == .batch ? 3 : 2))
            // Nothing changed: nothing is spoken again.
            #expect(try run(command, in: folder).mapValues(\.inode) == before.mapValues(\.inode))
            try change.make(in: store, folder)
            let after = try run(command, in: folder)
            #expect(after.keys.sorted() == before.keys.sorted())
            for (name, file) in after {
                // A mix has the lexicon of its heaviest part, which is not ann.
                if name == "mixed.wav", change == .voiceLexicon {
                    #expect(file.inode == before[name]?.inode)
                } else {
                    #expect(file.bytes != before[name]?.bytes, "\(name) is stale")
                }
            }
            #expect(try run(command, in: folder).mapValues(\.inode) == after.mapValues(\.inode))
        }
    }
}
