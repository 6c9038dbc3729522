import Foundation
import Testing

/// `starling enroll` with transcripts.
@Suite struct Adapting {
    private static let text = """
        The harbour was quiet when the first boat came in. Nobody had expected it before noon, and the old man \
        laughed. Would you like to see what they brought?
        """
    private static let other = """
        Eight hundred people had gathered in the square, but the music never started. She keeps a jar of buttons \
        on the shelf above the washing machine, next to an old photograph.
        """

    private func record(_ file: String, in folder: URL) throws {
        let said = try Program.run(["say", Self.text, "--voice", "heart", "-o", file], in: folder)
        try #require(said.status == 0, "\(said.complaint)")
    }

    private func write(_ text: String, _ file: String, in folder: URL) throws {
        try Data(text.utf8).write(to: folder.appending(path: file))
    }

    private func enroll(_ arguments: [String], in folder: URL) throws -> [String: Any] {
        let outcome = try Program.run(
            ["enroll", "ann"] + arguments + ["--consent", "Yes.", "--replace", "--json"], in: folder)
        #expect(outcome.status == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
        return try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
    }

    @Test func transcriptsBesideRecordings() async throws {
        try withFolder { folder in
            try record("one.wav", in: folder)
            #expect(try enroll(["one.wav"], in: folder)["adaptation"] == nil, "without a transcript all is as ever")
            try write(Self.text.uppercased(), "one.txt", in: folder)
            let page = try enroll(["one.wav"], in: folder)
            let adaptation = try #require(page["adaptation"] as? [String: Any])
            #expect(adaptation["pieces"] as? Int ?? 0 >= 2 && (adaptation["left_out"] as? [Any])?.isEmpty == true)
            let error = try #require(adaptation["error"] as? [Double])
            #expect(adaptation["kept_because"] != nil || error[1] < error[0], "\(adaptation)")
            let said = try Program.run(["say", "Hello.", "--voice", "ann", "-o", "ann.wav"], in: folder)
            #expect(said.status == 0, "\(said.complaint)")
            let profile = folder.appending(path: ".share/starling/voices/ann/profile.safetensors")
            #expect(try Data(contentsOf: profile).count <= 700_000)
            #expect(try enroll(["one.wav", "--strength", "0"], in: folder)["adaptation"] == nil)
        }
    }

    @Test func recordingsWithoutATranscript() throws {
        try withFolder { folder in
            try record("one.wav", in: folder)
            let page = try enroll(["one.wav", "--adapt"], in: folder)
            let adaptation = try #require(page["adaptation"] as? [String: Any])
            #expect(adaptation["pieces"] as? Int ?? 0 >= 2 && (adaptation["readings"] as? [Any])?.isEmpty == true)
            let error = try #require(adaptation["error"] as? [Double])
            #expect(adaptation["kept_because"] != nil || error[1] < error[0], "\(adaptation)")
            let profile = folder.appending(path: ".share/starling/voices/ann/profile.safetensors")
            #expect(try Data(contentsOf: profile).count <= 700_000)
            #expect(try enroll(["one.wav", "--adapt", "--strength", "0"], in: folder)["adaptation"] == nil)

            // Too little to adapt to; nobody spoke of transcripts.
            let text = "The harbour was quiet when the first boat came in, and the old man laughed."
            let short = try Program.run(["say", text, "--voice", "heart", "-o", "short.wav"], in: folder)
            try #require(short.status == 0, "\(short.complaint)")
            let kept = try #require(try enroll(["short.wav", "--adapt"], in: folder)["adaptation"] as? [String: Any])
            let reason = try #require(kept["kept_because"] as? String)
            #expect(reason.contains(" s of the recordings are clear speech, but 6 s are needed"), "\(reason)")

            // Nothing hears for the small networks.
            let outcome = try Program.run(
                ["enroll", "bob", "one.wav", "--adapt", "--model", "small", "--consent", "Yes."], in: folder)
            try BadInput.expectRefusal(
                outcome, "the small networks adapt only to recordings with a transcript", in: folder,
                left: names(in: folder))
        }
    }

    @Test func transcriptsInAnotherLanguage() throws {
        try withFolder { folder in
            let text =
                "El puerto estaba tranquilo cuando llegó el primer barco. ¿Quieres ver lo que trajeron? Nadie lo esperaba."
            let said = try Program.run(
                ["say", text, "--language", "es", "--voice", "dora", "-o", "one.wav"], in: folder)
            try #require(said.status == 0, "\(said.complaint)")
            try write(text, "one.txt", in: folder)
            func understood(_ arguments: [String]) throws -> [Bool] {
                let page = try enroll(["one.wav"] + arguments, in: folder)
                let adaptation = try #require(page["adaptation"] as? [String: Any])
                let reading = try #require((adaptation["readings"] as? [[String: Any]])?.first)
                let sentences = try #require(reading["sentences"] as? [[String: Any]])
                return sentences.compactMap { $0["is_understood"] as? Bool }
            }
            #expect(try understood(["--language", "es"]) == [true, true, true])
            let refused = try Program.run(
                ["enroll", "bob", "one.wav", "--language", "tlh", "--consent", "Yes."], in: folder)
            #expect(refused.status == 64 && refused.complaint.contains("the language \"tlh\" is not supported"))
        }
    }

    @Test func transcriptsOfOtherWordsKeepTheVoiceAsItWas() throws {
        try withFolder { folder in
            try record("one.wav", in: folder)
            try write(Self.other, "other.txt", in: folder)
            try write("", "nothing.txt", in: folder)
            try write(String(repeating: Self.other, count: 30), "long.txt", in: folder)
            let plain = try enroll(["one.wav"], in: folder)
            let voice = folder.appending(path: ".share/starling/voices/ann/profile.safetensors")
            let bytes = try Data(contentsOf: voice)
            for file in ["other.txt", "nothing.txt", "long.txt"] {
                let page = try enroll(["one.wav", "--transcript", file], in: folder)
                let adaptation = try #require(page["adaptation"] as? [String: Any])
                #expect((adaptation["kept_because"] as? String)?.contains("match their transcripts") == true)
                let left = try #require((adaptation["left_out"] as? [[String: Any]])?.first)
                #expect(left["name"] as? String == "one.wav")
                #expect(try Data(contentsOf: voice) == bytes && plain["adaptation"] == nil)
            }
            let outcome = try Program.run(
                ["enroll", "bob", "one.wav", "--transcript", "other.txt", "--consent", "Yes."], in: folder)
            #expect(outcome.text.contains("not adapted: only "), "\(outcome.text)")
            #expect(outcome.text.contains("one.wav, 0"), "\(outcome.text)")
        }
    }

    /// One long sentence without a pause makes one piece, of which nothing can be held back.
    @Test func oneSentenceIsNotEnough() throws {
        try withFolder { folder in
            let text = """
                The old man who lived beside the harbour told everybody who came to see him that the boats had all gone \
                out to the islands before the sun was up.
                """
            let said = try Program.run(["say", text, "--voice", "heart", "-o", "one.wav"], in: folder)
            try #require(said.status == 0, "\(said.complaint)")
            try write(text, "one.txt", in: folder)
            let page = try enroll(["one.wav"], in: folder)
            let adaptation = try #require(page["adaptation"] as? [String: Any])
            #expect(adaptation["pieces"] as? Int == 1 && adaptation["seconds"] as? Double ?? 0 >= 6, "\(adaptation)")
            let reason = try #require(adaptation["kept_because"] as? String)
            #expect(reason.contains("two are needed") && reason.hasSuffix("record another sentence"), "\(reason)")
        }
    }

    @Test func whatIsRefused() throws {
        try withFolder { folder in
            try record("one.wav", in: folder)
            try write(Self.text, "a.txt", in: folder)
            try write(Self.text, "b.txt", in: folder)
            try Data([0xff, 0xfe, 0x41]).write(to: folder.appending(path: "latin.txt"))
            let files = try names(in: folder)
            for (arguments, words) in [
                (["--strength", "2"], "the strength 2.0 is outside the range 0 to 1"),
                (["--strength", "nan"], "is outside the range 0 to 1"),
                (["--transcript", "no.txt"], "cannot read the text in no.txt"),
                (["--transcript", "latin.txt"], "latin.txt is not UTF-8 text"),
                (["--transcript", "a.txt", "b.txt"], "a.txt matches none of the 1 recordings"),
            ] {
                let outcome = try Program.run(
                    ["enroll", "ann", "one.wav", "--consent", "Yes."] + arguments, in: folder)
                try BadInput.expectRefusal(outcome, words, in: folder, left: files)
            }
        }
    }
}
