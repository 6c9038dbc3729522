import Foundation
import SpeechSignal
import Testing
import VoiceProfile
import VoiceStore

@Suite struct Store {
    @Test func whatIsSavedComesBack() throws {
        try withStore { store, user, _ in
            let (original, sound) = (try card("ann", accent: .british), profile(axis: 3, pitch: 5.2))
            try store.save(original, sound)
            #expect(try store.card(VoiceName("ann")) == original)
            let voice = try store.voice("ann")
            #expect(voice == Voice(name: "ann", accent: .british, profile: sound))
            let left = try FileManager.default.contentsOfDirectory(atPath: user.path(percentEncoded: false))
            #expect(left.filter { !$0.hasPrefix(".lock") } == ["ann"])
        }
    }

    @Test func theUsersVoiceComesFirst() throws {
        try withStore { store, _, bundled in
            try bundle(try card("ann", accent: .british), profile(axis: 1), in: bundled)
            try bundle(try card("bob"), profile(axis: 2), in: bundled)
            #expect(try store.origin(VoiceName("ann")) == .bundled)
            try store.save(try card("ann"), profile(axis: 5))
            #expect(try store.voice("ann").profile.embedding[5] == 1)
            #expect(store.list().map(\.name.text) == ["ann", "bob"])
            #expect(store.list().map(\.origin) == [.user, .bundled])
            try store.remove(VoiceName("ann"))
            #expect(try store.voice("ann").accent == .british)
        }
    }

    @Test func bundledVoicesStay() throws {
        try withStore { store, _, bundled in
            try bundle(try card("ann"), profile(axis: 1), in: bundled)
            #expect(throws: VoiceStoreError.bundled("ann")) { try store.remove(VoiceName("ann")) }
            #expect(throws: VoiceStoreError.bundled("ann")) {
                try store.rename(VoiceName("ann"), to: VoiceName("eve"))
            }
        }
    }

    @Test func unknownVoicesNameTheirNeighbors() throws {
        try withStore { store, _, bundled in
            for name in ["heart", "bella", "george", "emma"] {
                try bundle(try card(name), profile(axis: 1), in: bundled)
            }
            #expect(throws: VoiceStoreError.unknownVoice("haert", close: ["heart"])) { try store.voice("haert") }
            #expect(throws: VoiceStoreError.unknownVoice("EMMA", close: ["emma"])) { try store.voice("EMMA") }
            #expect(throws: VoiceStoreError.unknownVoice("zzz", close: [])) { try store.voice("zzz") }
        }
    }

    @Test func namesAreNotReplacedUnasked() throws {
        try withStore { store, _, _ in
            try store.save(try card("ann"), profile(axis: 1))
            #expect(throws: VoiceStoreError.exists("ann")) { try store.save(try card("ann"), profile(axis: 2)) }
            try store.save(try card("ann"), profile(axis: 2), replacing: true)
            #expect(try store.voice("ann").profile.embedding[2] == 1)
            try store.save(try card("bob"), profile(axis: 3))
            #expect(throws: VoiceStoreError.exists("bob")) { try store.rename(VoiceName("ann"), to: VoiceName("bob")) }
            try store.rename(VoiceName("ann"), to: VoiceName("eve"))
            #expect(store.list().map(\.name.text) == ["bob", "eve"])
            #expect(try store.card(VoiceName("eve")).name == "eve")
        }
    }

    @Test func exportAndImport() throws {
        try withStore { store, _, _ in
            try store.save(try card("ann"), profile(axis: 7))
            let parcel = try store.exportVoice(VoiceName("ann"))
            #expect(throws: VoiceStoreError.exists("ann")) { try store.importVoice(parcel, from: "p") }
            #expect(try store.importVoice(parcel, from: "p", as: VoiceName("zoe")).text == "zoe")
            #expect(try store.voice("zoe").profile == profile(axis: 7))
            #expect(try store.card(VoiceName("zoe")).consent == "I agree.")
        }
    }

    @Test func hostileParcelsAreRefused() throws {
        try withStore { store, user, _ in
            try store.save(try card("ann"), profile(axis: 7))
            let good = String(decoding: try store.exportVoice(VoiceName("ann")), as: UTF8.self)
            let evil = String(decoding: try card("ann").json(), as: UTF8.self)
                .replacingOccurrences(of: "\"ann\"", with: "\"../../evil\"")
            let named = Data(evil.utf8).base64EncodedString()
            let bad = [
                "", "{}", "[1,2]", String(good.prefix(good.utf8.count / 2)),
                good.replacingOccurrences(of: "\"profile\":\"", with: "\"profile\":\"AAAA"),
                #"{"starling_voice":1,"card":"\#(named)","profile":""}"#,
                #"{"starling_voice":99,"card":"","profile":""}"#,
            ]
            for text in bad {
                #expect(throws: VoiceStoreError.self) {
                    try store.importVoice(Data(text.utf8), from: "p", as: VoiceName("zoe"))
                }
            }
            #expect(throws: VoiceStoreError.self) {
                try store.importVoice(Data(count: VoiceStore.maximumParcel + 1), from: "p")
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: user.path(percentEncoded: false))
            #expect(left.filter { !$0.hasPrefix(".lock") } == ["ann"])
        }
    }

    @Test func mixesBlendAndKeepTheirOrigin() throws {
        try withStore { store, _, _ in
            try store.save(try card("ann", accent: .american), profile(axis: 1, pitch: 5))
            try store.save(try card("bob", accent: .british), profile(axis: 2, pitch: 4))
            let voice = try store.voice("ann:1+bob:3")
            #expect(voice.accent == .british)
            #expect(abs(voice.profile.pitchMean - 4.25) < 1e-5)
            #expect(voice.profile.embedding[2] > voice.profile.embedding[1])
            try store.mix("ann+bob", into: VoiceName("duo"))
            #expect(try abs(store.voice("duo").profile.pitchMean - 4.5) < 1e-5)
            let mixed = try store.card(VoiceName("duo"))
            #expect(mixed.sources.map(\.name) == ["voice ann", "voice bob"])
            #expect(mixed.consent == "ann: I agree.; bob: I agree.")
        }
    }

    @Test func anotherModelsVoiceIsRefused() throws {
        try withStore { store, user, _ in
            try store.save(try card("ann", model: "old"), profile(axis: 1))
            try store.save(try card("any"), profile(axis: 1))
            let newer = VoiceStore(user: user, bundled: [], model: "new")
            #expect(throws: VoiceStoreError.otherModel("ann", found: "old", expected: "new")) {
                try newer.voice("ann")
            }
            #expect(try newer.voice("any").name == "any")
            // Two models' voices do not mix, whichever networks are in use.
            try store.save(try card("bob", model: "new"), profile(axis: 2))
            #expect(throws: VoiceStoreError.otherModel("bob", found: "new", expected: "old")) {
                try store.voice("ann+any+bob")
            }
            #expect(try newer.voice("any+bob").name.contains("bob"))
            let said = VoiceStoreError.otherModel("ann", found: "old", expected: "new").description
            #expect(said.contains("old") && said.contains("new") && said.contains("enroll it again"))
        }
    }
}
