import Foundation
import Testing

@Suite struct Control {
    @Test func lexiconsAreFound() throws {
        try withFolder { folder in
            func phonemize(_ arguments: [String] = []) throws -> String {
                try Program.run(["phonemize", "xyzzy"] + arguments, in: folder).text.trimmingCharacters(in: .newlines)
            }
            let config = folder.appending(path: ".config/starling")
            try FileManager.default.createDirectory(at: config, withIntermediateDirectories: true)
            try Data("xyzzy = /ˈoʊn/".utf8).write(to: config.appending(path: "lexicon.txt"))
            #expect(try phonemize() == "ˈOn")
            try Data("xyzzy = /ˈɑːsk/".utf8).write(to: folder.appending(path: "mine.txt"))
            #expect(try phonemize(["--lexicon", "mine.txt"]) == "ˈɑsk")
            try Data("a = b\nxyzzy".utf8).write(to: config.appending(path: "lexicon.txt"))
            let broken = try Program.run(["say", "Hi.", "-o", "a.wav"], in: folder)
            #expect(broken.status == 1 && broken.lines.count == 1 && broken.complaint.contains("lexicon.txt:2:1:"))
        }
    }

    @Test func voicesTakeLexicons() throws {
        try withFolder { folder in
            func voices(_ arguments: String...) throws -> Program.Outcome {
                try Program.run(["voices"] + arguments + ["--voices", "mine"], in: folder)
            }
            #expect(try voices("mix", "heart:2+george", "duo").status == 0)
            try Data("xyzzy = /ˈoʊn/\n".utf8).write(to: folder.appending(path: "own.txt"))
            try Data("xyzzy\n".utf8).write(to: folder.appending(path: "broken.txt"))
            #expect(try voices("lexicon", "duo", "--set", "broken.txt").complaint.contains("broken.txt:1:1:"))
            #expect(try voices("lexicon", "duo", "--set", "own.txt").status == 0)
            #expect(try voices("lexicon", "duo").text == "xyzzy = /ˈoʊn/\n")
            let said = try Program.run(
                ["say", "Xyzzy.", "-o", "a.wav", "--timings", "a.json", "--voice", "duo", "--voices", "mine"],
                in: folder)
            #expect(said.status == 0, "\(said.complaint)")
            let timings = String(decoding: try Data(contentsOf: folder.appending(path: "a.json")), as: UTF8.self)
            #expect(timings.contains("\"phonemes\" : \"ˈOn\""))
            #expect(try voices("lexicon", "duo", "--remove").status == 0 && voices("lexicon", "duo").text.isEmpty)
            #expect(try voices("lexicon", "heart", "--set", "own.txt").complaint.contains("bundled"))
        }
    }

    @Test func ssmlIsSpokenAndItsMistakesAreToldInOneLine() throws {
        try withFolder { folder in
            let ssml =
                "<?xml version=\"1.0\"?>\n<speak>Hello <break time=\"200ms\"/> <emphasis>there</emphasis>.</speak>"
            let said = try Program.run(["say", ssml, "-o", "a.wav"], in: folder)
            #expect(said.status == 0 && said.complaint.isEmpty, "\(said.complaint)")
            #expect(try Program.run(["phonemize", ssml], in: folder).text == "həlˈO, ðˈɛɹ.\n")
            try FileManager.default.removeItem(at: folder.appending(path: "a.wav"))
            for (text, words) in [
                ("<speak>\n <blink/></speak>", "line 2, column 2"),
                ("<speak>hi <voice name=\"nobody\">x</voice></speak>", "no voice \"nobody\""),
                ("<speak></speak>", "can be spoken"), ("plain", "precedes <speak>"),
            ] {
                try BadInput.expectRefusal(
                    Program.run(["say", "--ssml", text, "-o", "a.wav"], in: folder), words, in: folder)
            }
        }
    }
}
