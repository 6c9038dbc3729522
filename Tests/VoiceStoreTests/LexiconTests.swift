import Foundation
import Testing
import VoiceStore

@Suite struct VoiceLexiconTests {
    @Test func aLexiconLivesWithItsVoice() throws {
        try withStore { store, user, bundled in
            let (ann, bob, eve) = (try VoiceName("ann"), try VoiceName("bob"), try VoiceName("eve"))
            try store.save(card("ann"), profile(axis: 0))
            #expect(try store.lexicon(ann) == nil && store.voice("ann").lexicon == nil)
            try store.setLexicon("a = b\n", of: ann)
            #expect(try store.lexicon(ann) == "a = b\n" && store.voice("ann").lexicon == "a = b\n")
            try store.save(card("ann"), profile(axis: 2), replacing: true)
            #expect(try store.lexicon(ann) == "a = b\n", "enrolled again, it keeps its words")
            try store.rename(ann, to: bob)
            #expect(try store.lexicon(bob) == "a = b\n")
            try store.importVoice(store.exportVoice(bob), from: "bob.voice", as: eve)
            #expect(try store.lexicon(eve) == "a = b\n" && store.voice("eve:3+bob").lexicon == "a = b\n")
            try store.setLexicon(nil, of: bob)
            #expect(try store.lexicon(bob) == nil && store.lexicon(eve) != nil)
            #expect(try store.voice("bob").profile == store.voice("eve").profile)
            try bundle(card("dan"), profile(axis: 1), in: bundled)
            #expect(throws: VoiceStoreError.self) { try store.setLexicon("a = b", of: VoiceName("dan")) }
            #expect(throws: VoiceStoreError.self) {
                try store.setLexicon(String(repeating: "x", count: VoiceStore.maximumLexicon + 1), of: bob)
            }
            // Links and what is not text make the voice unusable, not another file readable.
            let file = user.appending(path: "bob/lexicon.txt")
            try Data([0xFF]).write(to: file)
            #expect(throws: VoiceStoreError.self) { try store.voice("bob") }
            try FileManager.default.removeItem(at: file)
            try FileManager.default.createSymbolicLink(at: file, withDestinationURL: URL(filePath: "/etc/passwd"))
            #expect(throws: VoiceStoreError.self) { try store.voice("bob") }
        }
    }
}
