import Foundation
import Synchronization
import Testing
import VoiceProfile
import VoiceStore

@Suite struct HostileStore {
    @Test(arguments: [
        "", ".", "..", "../x", "a/b", "/etc", "a b", "a:b", "a+b", "-x", "_x", "ä", "a\0b", "a\n", ".hidden",
        String(repeating: "a", count: 65),
    ])
    func namesOutsideTheAllowListAreRefused(_ name: String) {
        #expect(throws: VoiceStoreError.badName(name)) { try VoiceName(name) }
    }

    @Test(arguments: ["a", "Z9", "ann-2_x", String(repeating: "a", count: 64)])
    func plainNamesAreAccepted(_ name: String) throws {
        #expect(try VoiceName(name).text == name)
    }

    @Test(arguments: [
        "ann:", ":1", "ann:0+bob", "ann:-1+bob:1", "ann:nan", "ann:inf", "ann:1e39", "ann+", "+", "ann:1:2", "ann+ann",
        "ann:3e38+bob:3e38", (0..<17).map { "v\($0)" }.joined(separator: "+"),
    ])
    func malformedMixesAreRefused(_ text: String) {
        #expect(throws: VoiceStoreError.self) { try VoiceExpression(text) }
    }

    @Test func mixesAreNormalised() throws {
        let mix = try VoiceExpression("ann:3+bob")
        #expect(mix.parts.map(\.name.text) == ["ann", "bob"])
        #expect(mix.parts.map(\.weight) == [0.75, 0.25])
        #expect(mix.description == "ann:0.75+bob:0.25")
    }

    @Test func linksAreNotFollowed() throws {
        try withStore { store, user, bundled in
            try bundle(try card("ann"), profile(axis: 1), in: bundled)
            try store.save(try card("bob"), profile(axis: 2))
            let manager = FileManager.default
            try manager.createSymbolicLink(
                at: user.appending(path: "eve"), withDestinationURL: bundled.appending(path: "ann"))
            #expect(throws: VoiceStoreError.self) { try store.voice("eve") }
            for file in ["voice.json", "profile.safetensors"] {
                try store.save(try card("bob"), profile(axis: 2), replacing: true)
                let inside = user.appending(path: "bob/\(file)")
                try manager.removeItem(at: inside)
                try manager.createSymbolicLink(
                    at: inside, withDestinationURL: bundled.appending(path: "ann/\(file)"))
                let error = #expect(throws: VoiceStoreError.self) { try store.voice("bob") }
                #expect("\(try #require(error))".contains("\(file): it is a symbolic link"))
            }
        }
    }

    /// Somebody swaps the profile, its folder or the name of it for a link to another's, over and over, while it is
    /// read. A reader gets the voice itself or an error, never the other profile.
    @Test(arguments: ["ann/profile.safetensors", "ann"]) func aSwapDoesNotSlipIn(_ swapped: String) throws {
        try withStore { store, user, bundled in
            try store.save(try card("ann"), profile(axis: 1))
            try bundle(try card("ann"), profile(axis: 2), in: bundled)
            let place = user.appending(path: swapped).path(percentEncoded: false)
            let other = bundled.appending(path: swapped).path(percentEncoded: false)
            let (own, link) = (place + ".own", place + ".link")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: other)
            try FileManager.default.moveItem(atPath: place, toPath: own)
            let isDone = Mutex(false)
            let swapper = Thread {
                while !isDone.withLock({ $0 }) {
                    rename(own, place)
                    rename(place, own)
                    rename(link, place)
                    rename(place, link)
                }
                isDone.withLock { $0 = false }
            }
            swapper.start()
            var (whole, refused) = (0, 0)
            let end = Date.now + 10
            while whole < 200 || refused < 20, .now < end {
                do {
                    let voice = try VoiceStore(user: user, bundled: []).voice("ann")
                    #expect(voice.profile.embedding[1] == 1, "the other's profile was read")
                    whole += 1
                } catch is VoiceStoreError {
                    refused += 1
                }
            }
            #expect(whole > 0 && refused > 0, "\(whole) read, \(refused) refused")
            isDone.withLock { $0 = true }
            while isDone.withLock({ $0 }) { usleep(1_000) }
        }
    }

    @Test func damageIsNamedAndListed() throws {
        try withStore { store, user, _ in
            let json = user.appending(path: "ann/voice.json")
            let cases: [(String, String)] = [
                ("", "not valid JSON"), ("{", "not valid JSON"), ("{}", "\"schema\" is missing"),
                (#"{"schema":1}"#, "is missing"), (#"{"schema":"x"}"#, "wrong type"),
                (#"{"schema":2}"#, "update Starling"),
            ]
            for (text, expected) in cases {
                try store.save(try card("ann"), profile(axis: 1), replacing: true)
                try Data(text.utf8).write(to: json)
                let error = #expect(throws: VoiceStoreError.self) { try store.voice("ann") }
                #expect("\(try #require(error))".contains(expected))
                let summary = try #require(store.list().first)
                #expect(summary.problem?.contains(expected) == true)
            }
            try store.save(try card("ann"), profile(axis: 1), replacing: true)
            try Data(count: 10).write(to: user.appending(path: "ann/profile.safetensors"))
            #expect(throws: VoiceStoreError.self) { try store.voice("ann") }
        }
    }

    @Test func leftoversOfACrashAreClearedAway() throws {
        try withStore { store, user, _ in
            try store.save(try card("ann"), profile(axis: 1))
            try store.save(try card("eve"), profile(axis: 4))
            let manager = FileManager.default
            // Killed while adding, while removing, and between the two renames of a replacement.
            try manager.createDirectory(at: user.appending(path: ".new-bob-1"), withIntermediateDirectories: false)
            try manager.createDirectory(at: user.appending(path: ".gone-bob-1"), withIntermediateDirectories: false)
            try manager.moveItem(at: user.appending(path: "eve"), to: user.appending(path: ".old-eve"))
            try store.save(try card("zoe"), profile(axis: 2))
            let left = try manager.contentsOfDirectory(atPath: user.path(percentEncoded: false)).sorted()
            #expect(left == [".lock", "ann", "eve", "zoe"])
            #expect(try store.voice("eve").profile.embedding[4] == 1)
        }
    }

    @Test func writersTakeTurnsAndReadersSeeWholeVoices() throws {
        try withStore { store, _, _ in
            try store.save(try card("ann"), profile(axis: 0))
            // The tasks share nothing but the file system, as processes do.
            DispatchQueue.concurrentPerform(iterations: 8) { worker in
                for round in 0..<20 {
                    do {
                        if worker < 4 {
                            try store.save(try card("ann"), profile(axis: worker), replacing: true)
                            try store.save(try card("w\(worker)r\(round)"), profile(axis: worker))
                        } else {
                            let voice = try store.voice("ann")
                            #expect(voice.profile.embedding.filter { $0 == 1 }.count == 1)
                        }
                    } catch {
                        Issue.record(error)
                    }
                }
            }
            let summaries = store.list()
            #expect(summaries.count == 81)
            #expect(summaries.allSatisfy { $0.problem == nil })
        }
    }

    @Test func aStoreWithoutAPlaceSaysSo() throws {
        let store = VoiceStore(user: nil, bundled: [])
        #expect(throws: VoiceStoreError.noUserStore) { try store.save(try card("ann"), profile(axis: 1)) }
        let blocked = VoiceStore(user: URL(filePath: "/dev/null/voices"), bundled: [])
        #expect(throws: VoiceStoreError.self) { try blocked.save(try card("ann"), profile(axis: 1)) }
        #expect(VoiceStore.userFolder(environment: [:]) == nil)
        #expect(
            VoiceStore.userFolder(environment: ["HOME": "/h"])?.path(percentEncoded: false)
                == "/h/.local/share/starling/voices")
        #expect(
            VoiceStore.userFolder(environment: ["HOME": "/h", "XDG_DATA_HOME": "/d"])?.path(percentEncoded: false)
                == "/d/starling/voices")
    }
}
