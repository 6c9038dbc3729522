import AudioIO
import Foundation
import Testing

@Suite struct SayFaces {
    static let text = "Bob may buy a map. Or maybe five."

    @Test func sayWritesAFaceBesideTheSound() throws {
        try withFolder { folder in
            let arguments = [
                "say", Self.text, "-o", "a.wav", "--blendshapes", "a.csv", "--mouth-cues", "a.json", "--seed", "7",
            ]
            let outcome = try Program.run(arguments, in: folder)
            #expect(outcome.status == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
            #expect(try names(in: folder) == ["a.csv", "a.json", "a.wav"])
            let seconds = try AudioReader.read(folder.appending(path: "a.wav")).duration
            let table = try Data(contentsOf: folder.appending(path: "a.csv"))
            let rows = String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst()
            #expect((0..<1 / 60).contains(Double(rows.count) / 60 - seconds), "\(rows.count) rows for \(seconds) s")
            let cues = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "a.json")))
            let metadata = (cues as? [String: Any])?["metadata"] as? [String: Any]
            #expect(metadata?["soundFile"] as? String == "a.wav")

            // The same seed, the same bytes; another one, another face.
            _ = try Program.run(arguments, in: folder)
            #expect(try Data(contentsOf: folder.appending(path: "a.csv")) == table)
            _ = try Program.run(arguments.dropLast() + ["8"], in: folder)
            #expect(try Data(contentsOf: folder.appending(path: "a.csv")) != table)
        }
    }

    @Test func linesAreJSONAlsoForAPipe() throws {
        try withFolder { folder in
            let outcome = try Program.run(
                ["say", "-o", "-", "--format", "raw", "--blendshapes", "a.jsonl"], input: Data(Self.text.utf8),
                in: folder)
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let lines = try String(contentsOf: folder.appending(path: "a.jsonl"), encoding: .utf8).split(
                separator: "\n")
            let samples = outcome.output.count / 2
            #expect(lines.count == (samples + 399) / 400)
            for line in lines {
                let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect((row?["blendshapes"] as? [String: Double])?.count == 52)
            }
        }
    }

    /// One would replace the other, whatever they are called.
    @Test(arguments: [
        ["-o", "a.csv", "--format", "wav", "--blendshapes", "a.csv"],
        ["-o", "a.wav", "--blendshapes", "a.jsonl", "--timings", "./a.jsonl"],
        ["-o", "a.wav", "--timings", "a.json", "--mouth-cues", "link.json"],
        ["-o", "a.wav", "--timings", "a.json", "--mouth-cues", "here/a.json"],
    ])
    func twoOutputsInOneFile(_ arguments: [String]) throws {
        try withFolder { folder in
            // A link to a file that is not there yet, and one to the folder itself.
            for (link, target) in [("link.json", "a.json"), ("here", ".")] {
                try FileManager.default.createSymbolicLink(
                    atPath: folder.appending(path: link).path(percentEncoded: false), withDestinationPath: target)
            }
            let outcome = try Program.run(["say", Self.text] + arguments, in: folder)
            try BadInput.expectRefusal(
                outcome, "give each a name of its own", in: folder, left: ["here", "link.json"])
        }
    }

    @Test(arguments: [
        ("--blendshapes", "face.txt", "use the extension .csv or .jsonl"),
        ("--blendshapes", "face", "use the extension .csv or .jsonl"),
        ("--mouth-cues", "face.csv", "use the extension .tsv or .xml or .json"),
        ("--blendshapes", "nowhere/face.csv", "nowhere"),
    ])
    func namesThatTellNothing(_ option: String, _ name: String, _ words: String) throws {
        try withFolder { folder in
            let outcome = try Program.run(["say", Self.text, "-o", "a.wav", option, name], in: folder)
            try BadInput.expectRefusal(outcome, words, in: folder)
        }
    }
}
