import AudioIO
import Foundation
import Testing
import WaveFile

@Suite struct Enrolling {
    private static let text = """
        The harbour was quiet when the first boat came in. Nobody had expected it before noon, and the old man laughed. \
        Would you like to see what they brought?
        """

    /// What is measured in a clear recording of the full band.
    static let profileNumbers = 89_366

    /// A recording of a bundled voice in the folder.
    private func record(_ voice: String, _ file: String, in folder: URL, text: String = Enrolling.text) throws {
        let said = try Program.run(["say", text, "--voice", voice, "-o", file], in: folder)
        try #require(said.status == 0, "\(said.complaint)")
    }

    @Test func fromRecordingToSpeech() throws {
        try withFolder { folder in
            try record("heart", "one.wav", in: folder)
            try record(
                "heart", "two.opus", in: folder, text: "We walked along the wall, counting all the gulls we saw.")
            let consent = "I, Ann Example, agree that this voice is made from my recordings."
            let outcome = try Program.run(
                [
                    "enroll", "ann", "one.wav", "two.opus", "--consent", consent, "--accent", "british", "--gender",
                    "female", "--description", "made in a test",
                ], in: folder)
            #expect(outcome.status == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
            #expect(outcome.text.contains("good quality") && outcome.text.contains("two.opus"), "\(outcome.text)")
            let command = outcome.text.split(separator: "\n").last?.trimmingCharacters(in: .whitespaces) ?? ""
            #expect(command.hasPrefix("starling say ") && command.contains("--voice ann"))
            let show = try Program.run(["voices", "show", "ann"], in: folder).text
            for words in [consent, "british", "female", "made in a test", "one.wav, two.opus", "user"] {
                #expect(show.contains(words), "\(show)")
            }
            let card = folder.appending(path: ".share/starling/voices/ann/voice.json")
            #expect(try String(contentsOf: card, encoding: .utf8).contains("\"sha256\""))
            let profile = card.deletingLastPathComponent().appending(path: "profile.safetensors")
            let header = try Data(contentsOf: profile).count - 4 * Self.profileNumbers
            #expect((8...2_000).contains(header), "\(header) bytes beside the numbers")

            // What it told to type, typed: the shell takes the program's place before anything else runs.
            let program = Program.url.path(percentEncoded: false)
            let typed = try Program.run(
                ["unused"], in: folder,
                shell: "\(command.replacing("starling", with: "'\(program)'", maxReplacements: 1)); exit $?")
            #expect(typed.status == 0, "\(typed.complaint)")
            let like = try Program.run(["compare", "ann.wav", "heart"], in: folder)
            #expect(like.status == 0 && like.text.contains("probably the same person"), "\(like.text)\(like.complaint)")
            let unlike = try Program.run(["compare", "george", "ann", "--json"], in: folder)
            let object = try JSONSerialization.jsonObject(with: unlike.output) as? [String: Any]
            #expect(object?["same_person"] as? String == "unlikely", "\(unlike.text)")
            #expect((object?["similarity"] as? Double ?? 1) < 0.7)
        }
    }

    @Test func theReportAsJSON() throws {
        try withFolder { folder in
            try record("george", "one.flac", in: folder)
            let outcome = try Program.run(
                ["enroll", "bob", "one.flac", "--consent", "Bob agrees.", "--voices", "my voices", "--json"], in: folder
            )
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let object = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
            let report = try #require(object["report"] as? [String: Any])
            #expect(report["grade"] as? String == "good" && (report["speech_seconds"] as? Double ?? 0) > 5)
            #expect((object["next"] as? String)?.contains("--voices 'my voices'") == true)
            #expect((object["pitch_hertz"] as? Double ?? 0) > 60)
            let listed = try Program.run(["voices", "list", "--names", "--voices", "my voices"], in: folder)
            #expect(listed.text.hasPrefix("bob\n"))
        }
    }

    @Test func namesAndConsentAreChecked() throws {
        try withFolder { folder in
            try record("heart", "one.wav", in: folder)
            func refuse(_ arguments: [String], _ words: String) throws {
                let outcome = try Program.run(["enroll"] + arguments, in: folder)
                #expect(outcome.status == 1 && outcome.lines.count == 1, "\(outcome.complaint)")
                #expect(outcome.complaint.contains(words), "\(outcome.complaint)")
                #expect(outcome.output.isEmpty)
            }
            try refuse(["ann", "one.wav"], "--consent \"I, Ann Example, agree")
            try refuse(["ann", "one.wav", "--consent", " "], "--consent \"I, ")
            for name in ["../ann", "a/b", ".ann", "", "ann bob", "ann:1"] {
                try refuse([name, "one.wav", "--consent", "Yes."], "not a valid voice name")
            }
            try refuse(["ann", "no.wav", "--consent", "Yes."], "no.wav: No such file")
            #expect(try Program.run(["enroll", "ann", "--consent", "Yes."], in: folder).status == 64)
            // Nothing is left of all that.
            #expect(try names(in: folder) == ["one.wav"])

            #expect(try Program.run(["enroll", "ann", "one.wav", "--consent", "Yes."], in: folder).status == 0)
            try refuse(
                ["ann", "one.wav", "--consent", "Yes."],
                "already exists; choose another name, or replace it with --replace")
            let again = try Program.run(["enroll", "ann", "one.wav", "--consent", "Still.", "--replace"], in: folder)
            #expect(again.status == 0)
            #expect(try Program.run(["voices", "show", "ann"], in: folder).text.contains("Still."))
        }
    }

    @Test func recordingsThatMakeNoVoice() throws {
        try withFolder { folder in
            try record("heart", "short.wav", in: folder, text: "Good morning.")
            try record("heart", "ann.wav", in: folder)
            try record("george", "bob.mp3", in: folder)
            try Data("no audio".utf8).write(to: folder.appending(path: "text.wav"))
            // Half a second.
            let speech = try AudioReader.read(folder.appending(path: "ann.wav")).samples
            try WaveFile.floats([Array(speech[6_000..<14_400])]).write(to: folder.appending(path: "word.wav"))
            let files = try names(in: folder)
            func refuse(_ recordings: [String], _ words: String) throws {
                let outcome = try Program.run(["enroll", "ann"] + recordings + ["--consent", "Yes."], in: folder)
                try BadInput.expectRefusal(outcome, words, in: folder, left: files)
            }
            try refuse(["short.wav"], "s of speech were found, but 3 s are needed")
            try refuse(["word.wav"], "s of speech; record 3.0 s or more")
            try refuse(["ann.wav", "bob.mp3"], "seems to have a different speaker")
            try refuse(["text.wav"], "text.wav is not in a known audio format")
            try refuse(["."], "it is a folder")
        }
    }

    @Test func comparisons() throws {
        try withFolder { folder in
            try record("heart", "one.wav", in: folder)
            try record("heart", "short.wav", in: folder, text: "Good morning.")
            let mixed = try Program.run(["compare", "heart:0.9+george:0.1", "one.wav"], in: folder)
            #expect(mixed.status == 0 && mixed.text.contains("similarity 0."))
            let same = try Program.run(["compare", "heart", "heart"], in: folder)
            #expect(same.text.contains("similarity 1.00: probably the same person"))
            let short = try Program.run(["compare", "short.wav", "one.wav"], in: folder)
            #expect(short.text.contains("uncertain"), "\(short.text)\(short.complaint)")
            for (arguments, words) in [
                (["haert", "one.wav"], "did you mean \"heart\""), (["no.wav", "heart"], "no.wav: No such file"),
                (["one.wav", "no/such"], "no/such: No such file"), (["", "heart"], "not a valid voice name"),
            ] {
                let outcome = try Program.run(["compare"] + arguments, in: folder)
                #expect(outcome.status == 1 && outcome.complaint.contains(words), "\(outcome.complaint)")
            }
        }
    }
}
