import Foundation
import Testing

@Suite struct BadInput {
    /// Expects one line on standard error that contains some words, a failing exit, and nothing but `left` in the
    /// folder.
    static func expectRefusal(
        _ outcome: Program.Outcome, _ words: String, in folder: URL, left: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(outcome.status == 1, "\(outcome.status): \(outcome.complaint)", sourceLocation: sourceLocation)
        #expect(outcome.lines.count == 1, "\(outcome.complaint)", sourceLocation: sourceLocation)
        #expect(outcome.complaint.contains(words), "\(outcome.complaint)", sourceLocation: sourceLocation)
        #expect(try names(in: folder) == left.sorted(), sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        ("", "no text to speak"), (" \n\t ", "no text to speak"), ("\u{a0}\u{3000}", "no text to speak"),
        ("\u{1}\u{2}\u{7f}", "can be spoken"), ("…!?", "can be spoken"),
    ])
    func textWithoutWords(_ text: String, _ words: String) throws {
        try withFolder { folder in
            try Self.expectRefusal(Program.run(["say", text, "-o", "a.wav"], in: folder), words, in: folder)
            try Self.expectRefusal(
                Program.run(["say", "-o", "a.wav"], input: Data(text.utf8), in: folder), words, in: folder)
        }
    }

    @Test func levelsOfInstructionsThatThereAreNot() throws {
        try withFolder { folder in
            for level in ["avx3", "", "AVX2"] {
                let outcome = try Program.run(
                    ["say", "Hello.", "-o", "a.wav"], in: folder, environment: ["STARLING_CPU": level])
                try Self.expectRefusal(
                    outcome, "one of baseline, dotprod, i8mm, avx2, avx-vnni, avx512, avx512-vnni, avx512-bf16, amx",
                    in: folder)
            }
            let spoken = try Program.run(
                ["say", "Hello.", "-o", "a.wav"], in: folder, environment: ["STARLING_CPU": "baseline"])
            #expect(spoken.status == 0, "\(spoken.complaint)")
        }
    }

    /// Without the program that has FFmpeg's libraries only its own formats are missing.
    @Test func withoutTheMediaProgram() throws {
        let recording = Program.repository.appending(path: "Tests/AudioIOTests/Fixtures/speech.m4a").path(
            percentEncoded: false)
        for program in ["/nowhere/starling-media", ""] {
            try withFolder { folder in
                for arguments in [["say", "Hello.", "-o", "a.m4a"], ["say", "Hello.", "-o", "a.aac"]] {
                    try Self.expectRefusal(
                        Program.run(arguments, in: folder, environment: ["STARLING_MEDIA": program]),
                        "cannot start starling-media", in: folder)
                }
                let detected = try Program.run(
                    ["detect", recording], in: folder, environment: ["STARLING_MEDIA": program])
                #expect(detected.status != 0 && detected.complaint.contains("cannot start starling-media"))
                #expect(
                    try Program.run(
                        ["say", "Hello.", "-o", "a.wav"], in: folder, environment: ["STARLING_MEDIA": program]
                    )
                    .status == 0)
            }
        }
    }

    /// Files that the caller left open reach neither the encoder, which would take one for metadata, nor the decoder.
    @Test func openFilesOfTheCaller() throws {
        try withFolder { folder in
            try Data("no metadata".utf8).write(to: folder.appending(path: "notes.txt"))
            let open = "exec 3< notes.txt 4< notes.txt"
            let spoken = try Program.run(["say", "Hello there, you.", "-o", "a.aac"], in: folder, shell: open)
            #expect(spoken.status == 0, "\(spoken.complaint)")
            let heard = try Program.run(["detect", "a.aac"], in: folder, shell: open)
            #expect(heard.status != 2, "\(heard.complaint)")
        }
    }

    /// What no rule reads may be skipped or refused, but neither crash nor leave half a file.
    @Test(arguments: [
        "😀😀😀", "こんにちは世界", "Привет, мир", "مرحبا", "a\u{0}b", "\u{202e}evil\u{202c}", "x\u{301}\u{301}\u{301}",
        "[[", "[[]]", "[[zzzz]]", "[pause]", "[pause 1s]", "[pause 99999999999s] hi", "s's's's's's's's",
        "<speak>hi</speak>",
    ])
    func strangeText(_ text: String) throws {
        try withFolder { folder in
            let outcome = try Program.run(
                ["say", "-o", "a.flac", "--speed", "4"], input: Data(text.utf8), in: folder)
            if outcome.status == 0 {
                #expect(outcome.complaint.isEmpty)
                #expect(try names(in: folder) == ["a.flac"])
            } else {
                try Self.expectRefusal(outcome, "starling: ", in: folder)
            }
        }
    }

    @Test func textThatIsNoText() throws {
        try withFolder { folder in
            try Data([0xff, 0xfe, 0x41, 0x00]).write(to: folder.appending(path: "a.txt"))
            try Self.expectRefusal(
                Program.run(["say", "-f", "a.txt", "-o", "a.wav"], in: folder), "not UTF-8", in: folder, left: ["a.txt"]
            )
            try Self.expectRefusal(
                Program.run(["say", "-f", "no.txt", "-o", "a.wav"], in: folder), "no.txt: No such file", in: folder,
                left: ["a.txt"])
            try Self.expectRefusal(
                Program.run(["say", "-f", ".", "-o", "a.wav"], in: folder), "Is a directory", in: folder,
                left: ["a.txt"])
            try Self.expectRefusal(
                Program.run(["say", "words", "-f", "a.txt", "-o", "a.wav"], in: folder), "use one of them", in: folder,
                left: ["a.txt"])
        }
    }

    @Test(arguments: [
        (["--voice", "haert"], "did you mean \"heart\""), (["--voice", "../heart"], "not a valid voice name"),
        (["--voice", "heart:x+emma"], "positive number"), (["--voice", ""], "not a valid voice name"),
        (["--speed", "0"], "outside the range 0.25 to 4"), (["--speed", "nan"], "outside the range 0.25 to 4"),
        (["--speed", "5"], "outside the range 0.25 to 4"), (["--pitch", "-13"], "outside the range -12"),
        (["--data", "/no/such"], "data folder was not found"),
    ])
    func wrongOptions(_ options: [String], _ words: String) throws {
        try withFolder { folder in
            try Self.expectRefusal(
                Program.run(["say", "Hello.", "-o", "a.wav"] + options, in: folder), words, in: folder)
        }
    }

    @Test func wrongDestinations() throws {
        try withFolder { folder in
            func refuse(_ options: [String], _ words: String) throws {
                try Self.expectRefusal(Program.run(["say", "Hello there."] + options, in: folder), words, in: folder)
            }
            for format in ["wav", "flac", "ogg", "opus", "mp3", "raw"] {
                try refuse(["-o", "/dev/full", "--format", format], "no space is left")
            }
            try refuse(["-o", "no/such/a.wav"], "no/such/a.wav does not exist")
            try refuse(["-o", "."], "does not say which audio format")
            try refuse(["-o", ".", "--format", "wav"], "is a folder")
            try refuse(["-o", "a.doc"], "does not say which audio format")
            try refuse(["-o", "/proc/a.wav"], "cannot write /proc/a.wav")
            try refuse(["-o", "a.wav", "--timings", "no/such.json"], "no/such.json")
            try refuse(["-o", "a.wav", "--picture", "/dev/full"], "no space is left")
        }
    }

    /// Files are named as they were typed, not by places that the user may never have heard of.
    @Test(arguments: [
        ["say", "Hello.", "-o", "no/such.wav"], ["say", "Hello.", "-o", "a.wav", "--subtitles", "no/such.srt"],
        ["say", "Hello.", "-o", "a.wav", "--lexicon", "no/such.txt"], ["convert", "no/such.wav", "-v", "heart"],
        ["detect", "no/such.wav"], ["compare", "no/such.wav", "heart"], ["batch", "no/such.jsonl", "-o", "out"],
        ["narrate", "no/such.epub", "-o", "out"], ["voices", "import", "no/such.voice"],
        ["voices", "export", "heart", "-o", "no/such.voice"], ["enroll", "ann", "no/such.wav", "--consent", "Yes."],
    ])
    func filesAreNamedAsTheyWereTyped(_ arguments: [String]) throws {
        try withFolder { folder in
            let outcome = try Program.run(arguments, in: folder)
            #expect(outcome.status != 0 && outcome.lines.count == 1, "\(outcome.complaint)")
            #expect(outcome.complaint.contains(" no/such."), "\(outcome.complaint)")
            #expect(!outcome.complaint.contains(folder.lastPathComponent), "\(outcome.complaint)")
        }
    }

    /// An output that is a link to nothing yet makes what it leads to, as a shell's `>` does.
    @Test func linksAreWrittenThrough() throws {
        try withFolder { folder in
            func link(_ name: String, to target: String) throws {
                try FileManager.default.createSymbolicLink(
                    atPath: folder.appending(path: name).path(percentEncoded: false), withDestinationPath: target)
            }
            try link("a.wav", to: "real.wav")
            try link("heart.voice", to: "lost/heart.voice")
            let said = try Program.run(["say", "Hello.", "-o", "a.wav"], in: folder)
            #expect(said.status == 0 && said.complaint.isEmpty, "\(said.complaint)")
            #expect(try names(in: folder) == ["a.wav", "heart.voice", "real.wav"])
            let path = folder.appending(path: "a.wav").path(percentEncoded: false)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "real.wav")
            try Self.expectRefusal(
                Program.run(["voices", "export", "heart"], in: folder), "the folder of lost/heart.voice does not exist",
                in: folder, left: ["a.wav", "heart.voice", "real.wav"])
        }
    }

    /// A disk that fills up half way: a limit on file size stands for it, which needs no privileges.
    @Test(arguments: ["wav", "flac", "ogg", "mp3"])
    func theDiskFillsUp(_ format: String) throws {
        try withFolder { folder in
            let text = String(repeating: "One more sentence to fill the disk. ", count: 40)
            let outcome = try Program.run(
                ["say", text, "-o", "a.\(format)"], in: folder, shell: "ulimit -f 16")
            try Self.expectRefusal(outcome, "no space is left", in: folder)
        }
    }

    /// Root may write anywhere, so as root the program runs without that capability.
    @Test func aFolderThatMayNotBeWritten() throws {
        let capability = "dac_override"
        let dropping =
            "exec setpriv --bounding-set=-\(capability) --inh-caps=-\(capability) \"$0\" \"$@\""
        try withFolder { folder in
            let locked = folder.appending(path: "locked")
            try FileManager.default.createDirectory(
                at: locked, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o500])
            try Self.expectRefusal(
                Program.run(
                    ["say", "Hello.", "-o", "locked/a.wav"], in: folder, shell: getuid() == 0 ? dropping : nil),
                "Permission denied", in: folder, left: ["locked"])
            #expect(try names(in: locked).isEmpty)
        }
    }

    @Test func aReaderThatGoesAway() throws {
        try withFolder { folder in
            let text = String(repeating: "One more sentence for the pipe. ", count: 40)
            let program = Program.url.path(percentEncoded: false)
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "\"$0\" say \"$1\" -o - 2>err | head -c 1000 >/dev/null", program, text]
            process.currentDirectoryURL = folder
            process.environment = Program.baseEnvironment(folder)
            try process.run()
            process.waitUntilExit()
            let complaint = try String(contentsOf: folder.appending(path: "err"), encoding: .utf8)
            #expect(complaint == "starling: the reader of standard output closed it before everything was written\n")
        }
    }

    /// A copy of the data folder made of links, in which one file can be spoiled.
    static func copyData(into folder: URL, except spoiled: String) throws -> URL {
        let copy = folder.appending(path: "copy/data")
        let manager = FileManager.default
        try manager.createDirectory(at: copy, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: Program.data) where name != spoiled {
            try manager.createSymbolicLink(
                at: copy.appending(path: name), withDestinationURL: URL(filePath: Program.data).appending(path: name))
        }
        try manager.createSymbolicLink(
            at: folder.appending(path: "copy/voices"),
            withDestinationURL: Program.repository.appending(path: "voices"))
        return copy
    }

    @Test(arguments: [
        "acoustic.safetensors", "vocoder.safetensors", "g2p.safetensors", "lexicon.bin", "tagger.bin",
        "homographs.safetensors", "names.bin",
        "symbols.json",
    ])
    func spoiledData(_ name: String) throws {
        try withFolder { folder in
            let copy = try Self.copyData(into: folder, except: name)
            let arguments = ["say", "Hello.", "-o", "a.wav", "--data", copy.path(percentEncoded: false)]
            let file = copy.appending(path: name)
            let whole = try Data(contentsOf: URL(filePath: Program.data).appending(path: name))
            func refuse(_ words: String) throws {
                try Self.expectRefusal(Program.run(arguments, in: folder), words, in: folder, left: ["copy"])
            }
            // Without symbols.json a folder is not taken for the data folder at all.
            try refuse(name == "symbols.json" ? "data folder was not found" : name)
            var kinds = [Data(), whole.prefix(7), whole.prefix(whole.count / 2), Data(repeating: 0xa5, count: 4_096)]
            if name.hasSuffix("safetensors") { kinds.append(whole.dropLast(1)) }
            for bytes in kinds {
                try Data(bytes).write(to: file)
                try refuse(name)
            }
        }
    }
}
