import Files
import Foundation
import Testing

/// `starling enroll --read`, with stand-ins for the recorders.
@Suite struct ReadingAloud {
    /// A folder with a recorder of this name that "hears" reading.wav, and records until it is interrupted.
    private static func withRecorder<R>(
        _ script: [String: String] = ["arecord": hears + waits], _ body: (URL, [String: String]) throws -> R
    ) throws -> R {
        try withFolder { folder in
            for name in ["bin", "tmp"] {
                try FileManager.default.createDirectory(
                    at: folder.appending(path: name), withIntermediateDirectories: false)
            }
            for (name, lines) in script {
                let file = folder.appending(path: "bin/\(name)")
                try Data("#!/bin/bash\n\(lines)".utf8).write(to: file)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755], ofItemAtPath: file.path(percentEncoded: false))
            }
            let environment = [
                "PATH": folder.appending(path: "bin").path(percentEncoded: false),
                "TMPDIR": folder.appending(path: "tmp").path(percentEncoded: false),
            ]
            return try body(folder, environment)
        }
    }

    private static let hears = "for file; do :; done\n/bin/cp reading.wav \"$file\"\n"
    private static let waits = "trap 'exit 0' INT\nwhile :; do /bin/sleep 0.05; done\n"

    private func say(_ text: String, in folder: URL) throws {
        let said = try Program.run(["say", text, "-o", "reading.wav"], in: folder)
        try #require(said.status == 0, "\(said.complaint)")
    }

    private func script(_ arguments: [String] = [], in folder: URL) throws -> String {
        let printed = try Program.run(["enroll", "--script"] + arguments, in: folder)
        #expect(printed.status == 0 && printed.complaint.isEmpty, "\(printed.complaint)")
        return printed.text
    }

    @Test func aPassageMakesAVoiceWithItsConsent() throws {
        try Self.withRecorder { folder, environment in
            let passage = try script(in: folder)
            try say(passage, in: folder)
            let outcome = try Program.run(
                ["enroll", "ann", "--read", "--keep", "kept.wav", "--json"], input: Data("\n".utf8), in: folder,
                environment: environment)
            try #require(outcome.status == 0, "\(outcome.complaint)")
            for line in passage.split(separator: "\n") { #expect(outcome.complaint.contains(line), "\(line)") }
            let bytes = try Data(contentsOf: folder.appending(path: "reading.wav"))
            #expect(try Data(contentsOf: folder.appending(path: "kept.wav")) == bytes)
            #expect(try names(in: folder.appending(path: "tmp")).isEmpty)
            let page = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
            #expect(page["spoken_consent"] as? String == Digest.sha256(bytes))
            let adaptation = try #require(page["adaptation"] as? [String: Any])
            let reading = try #require((adaptation["readings"] as? [[String: Any]])?.first)
            let sentences = try #require(reading["sentences"] as? [[String: Any]])
            #expect(sentences.count >= 9 && sentences.allSatisfy { $0["is_understood"] as? Bool == true })
            let show = try Program.run(["voices", "show", "ann"], in: folder).text
            #expect(show.contains("I agree to a voice being made from this recording."), "\(show)")
            #expect(show.contains(Digest.sha256(bytes)), "\(show)")
        }
    }

    @Test func aConsentThatIsNotHeardMakesNoVoice() throws {
        try Self.withRecorder { folder, environment in
            try say(
                String(repeating: "The weather was fine, and nobody had expected that before noon. ", count: 3),
                in: folder)
            let refused = try Program.run(
                ["enroll", "ann", "--read"], input: Data("\n".utf8), in: folder, environment: environment)
            #expect(refused.status == 1 && refused.output.isEmpty)
            #expect(refused.lines.last?.contains("was not heard; read it") == true, "\(refused.complaint)")
            #expect(try Program.run(["voices", "show", "ann"], in: folder).status == 1)
            // In writing it counts all the same.
            let made = try Program.run(
                ["enroll", "ann", "--read", "--consent", "Ann agrees.", "--strength", "0"], input: Data("\n".utf8),
                in: folder, environment: environment)
            #expect(made.status == 0, "\(made.complaint)")
            #expect(made.complaint.contains("    Ann agrees.\n"), "\(made.complaint)")
            let show = try Program.run(["voices", "show", "ann"], in: folder).text
            #expect(show.contains("Ann agrees.") && !show.contains("SHA-256"), "\(show)")
        }
    }

    /// The recorder ends with the reading, however it takes the request.
    @Test(arguments: ["exec /bin/sleep 600\n", "trap '' INT TERM\nwhile :; do /bin/sleep 0.05; done\n"])
    func noRecorderIsLeftBehind(waits: String) throws {
        try Self.withRecorder(["arecord": "echo $$ > pid\n" + Self.hears + waits]) { folder, environment in
            try say("The weather was fine, and nobody had expected that before noon. It rained later.", in: folder)
            let made = try Program.run(
                ["enroll", "ann", "--read", "--consent", "Ann agrees.", "--strength", "0"], input: Data("\n".utf8),
                in: folder, environment: environment)
            #expect(made.status == 0, "\(made.complaint)")
            let text = try String(contentsOf: folder.appending(path: "pid"), encoding: .utf8)
            let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(kill(pid, 0) == -1 && errno == ESRCH)
        }
    }

    /// A recorder without its sound server makes room for the next; one that ends needs no Enter.
    @Test func anotherRecorderHears() throws {
        try Self.withRecorder(["pw-record": "exit 1\n", "parecord": "exit 0\n", "arecord": Self.hears]) {
            folder, environment in
            try say("The weather was fine, and nobody had expected that before noon. It rained later.", in: folder)
            let made = try Program.run(
                ["enroll", "ann", "--read", "--consent", "Ann agrees.", "--strength", "0"], in: folder,
                environment: environment)
            #expect(made.status == 0 && made.text.contains("reading.wav"), "\(made.complaint)")
        }
    }

    @Test(arguments: [
        ([:], "no recorder found (pw-record, parecord, arecord); install alsa-utils"),
        (["arecord": "exit 1\n"], "no microphone responds to arecord; plug one in"),
        (
            ["arecord": "exit 1\n", "pw-record": "exit 0\n"],
            "no microphone responds to pw-record or arecord; plug one in"
        ),
    ])
    func whereNothingHears(recorders: [String: String], words: String) throws {
        try Self.withRecorder(recorders) { folder, environment in
            let files = try names(in: folder)
            let outcome = try Program.run(["enroll", "ann", "--read"], in: folder, environment: environment)
            try BadInput.expectRefusal(outcome, words, in: folder, left: files)
            #expect(try names(in: folder.appending(path: "tmp")).isEmpty)
        }
    }

    @Test func theScript() throws {
        try withFolder { folder in
            let english = try script(in: folder).split(separator: "\n")
            #expect(english.count == 9 && english[0] == "I agree to a voice being made from this recording.")
            #expect(
                try script(["--consent", " I, Ann,\nagree "], in: folder).hasPrefix("I, Ann, agree.\nLast Thursday"))
            for (tag, word) in [("es-MX", "grabación"), ("it", "registrazione"), ("fr", "enregistrement")] {
                let lines = try script(["--language", tag], in: folder).split(separator: "\n")
                #expect(lines.count == 9 && lines[0].contains(word), "\(lines)")
            }
            for arguments in [
                ["--script", "--language", "tlh"], ["ann"], ["--read"], ["ann", "a.wav", "--keep", "b.wav"],
            ] {
                #expect(try Program.run(["enroll"] + arguments, in: folder).status == 64, "\(arguments)")
            }
            let refused = try Program.run(["enroll", "ann", "--read", "--strength", "0"], in: folder)
            try BadInput.expectRefusal(refused, "cloning a voice needs the speaker's consent", in: folder, left: [])
        }
    }
}
