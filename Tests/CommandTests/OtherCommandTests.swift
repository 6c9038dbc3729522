import Foundation
import Testing

@Suite struct OtherCommands {
    @Test func phonemizeAnswersLineByLine() throws {
        try withFolder { folder in
            let input = Data("Hello.\n\nTwo sentences. Here they are.\nlast".utf8)
            let plain = try Program.run(["phonemize"], input: input, in: folder)
            let lines = plain.text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(plain.status == 0 && lines.count == 5 && lines[1].isEmpty && lines[4].isEmpty)
            #expect(lines[0].contains("ˈO"))
            let words = try Program.run(["phonemize", "--print", "normalized", "It costs $5."], in: folder)
            #expect(words.text.lowercased().contains("five dollars"))
            let british = try Program.run(["phonemize", "-a", "british", "goat"], in: folder).text
            let american = try Program.run(["phonemize", "goat"], in: folder).text
            #expect(british.contains("Q") && british != american)
            let json = try Program.run(["phonemize", "--print", "json", "It costs $5."], in: folder)
            let object = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
            #expect((object?["words"] as? [Any])?.isEmpty == false)
            let why = try Program.run(["phonemize", "--explain", "It costs $5."], in: folder)
            #expect(why.text.contains("money"))
        }
    }

    @Test func voicesLiveAndDie() throws {
        try withFolder { folder in
            func voices(_ arguments: String...) throws -> Program.Outcome {
                try Program.run(["voices"] + arguments + ["--voices", "mine"], in: folder)
            }
            #expect(try voices("mix", "heart:2+george", "duo").status == 0)
            #expect(try voices("list", "--names").text.hasPrefix("duo\n"))
            #expect(try voices("show", "duo").text.contains("voice heart, voice george"))
            #expect(try voices("export", "duo", "-o", "duo.voice").status == 0)
            #expect(try voices("rename", "duo", "trio").status == 0)
            #expect(try voices("import", "duo.voice").status == 0)
            #expect(try voices("import", "duo.voice").complaint.contains("replace it with --replace"))
            #expect(try voices("import", "duo.voice", "--as", "again").status == 0)
            #expect(try voices("list", "--names").text.hasPrefix("again\nduo\ntrio\n"))
            let said = try Program.run(
                ["say", "Hello.", "-o", "-", "--format", "raw", "--voice", "again:1+trio:3", "--voices", "mine"],
                in: folder)
            #expect(said.status == 0 && said.output.count > 10_000, "\(said.complaint)")
            for name in ["again", "duo", "trio"] { #expect(try voices("remove", name).status == 0) }
            #expect(try voices("remove", "heart").complaint.contains("bundled"))
            #expect(try voices("show", "gone").complaint.contains("no voice"))
            #expect(try voices("import", "no.voice").complaint.contains("No such file"))
        }
    }

    @Test func atLeastEightVoicesAreBundled() throws {
        try withFolder { folder in
            let lines = try Program.run(["voices"], in: folder).text.split(separator: "\n")
            #expect(lines.count >= 8)
            for accent in ["american", "british"] {
                for gender in [" female", " male"] {
                    #expect(
                        lines.contains { $0.contains(accent) && $0.contains(gender) }, "no \(accent)\(gender) voice")
                }
            }
            #expect(!lines.contains { $0.contains("unusable") })
        }
    }

    /// Others may have the rest: a container's limits, `taskset`, or a batch system.
    @Test func coresAreThoseThatTheProcessMayUse() throws {
        try withFolder { folder in
            let first = "$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')"
            let outcome = try Program.run(["doctor"], in: folder, shell: "taskset -cp \(first) $$ > /dev/null")
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let cores = outcome.text.split(separator: "\n").first { $0.hasPrefix("cores ") }
            #expect(cores?.hasSuffix(" 1") == true, "\(outcome.text)")
        }
    }

    @Test func theDoctorFindsHealthAndSickness() throws {
        try withFolder { folder in
            let healthy = try Program.run(["doctor"], in: folder)
            #expect(healthy.status == 0, "\(healthy.text)\(healthy.complaint)")
            for word in [
                "kernels", "acoustic.safetensors", "sha256", "bundled", "real time", "similarity to the voice",
                "converting", "small/vocoder.safetensors", "voice heart, model base",
            ] { #expect(healthy.text.contains(word), "\(word)") }
            let small = try Program.run(["doctor", "--model", "small"], in: folder)
            #expect(small.status == 0 && small.text.contains("voice heart, model small"), "\(small.text)")
            let copy = try BadInput.copyData(into: folder, except: "vocoder.safetensors")
            try Data("broken".utf8).write(to: copy.appending(path: "vocoder.safetensors"))
            let sick = try Program.run(["doctor", "--data", copy.path(percentEncoded: false)], in: folder)
            #expect(sick.status == 1 && sick.lines.count == 1)
            #expect(sick.text.contains("PROBLEM"))
        }
    }

    /// What enrollment needs is looked at as well, in a data folder made of links.
    @Test(arguments: ["speaker", "codebook", "telephone"]) func theDoctorMissesWhatEnrollmentNeeds(_ name: String)
        throws
    {
        try withFolder { folder in
            let copy = try BadInput.copyData(into: folder, except: "\(name).safetensors").path(percentEncoded: false)
            let sick = try Program.run(["doctor", "--data", copy], in: folder)
            #expect(sick.status == 1 && sick.lines.count == 1, "\(sick.text)\(sick.complaint)")
            let lines = sick.text.split(separator: "\n")
            for label in ["\(name).safetensors", "enrolling"] {
                let line = try #require(lines.first { $0.hasPrefix(label) }, "\(sick.text)")
                #expect(line.contains("PROBLEM") && line.contains("\(name).safetensors"), "\(line)")
            }
            #expect(lines.count { $0.contains("PROBLEM") } == 2, "\(sick.text)")
            let sizes = sick.text.matches(of: /([\d.]+) [kM]B/).compactMap { Double($0.1) }
            #expect(sizes.count == 8 && sizes.allSatisfy { $0 >= 1 }, "the sizes of links: \(sizes)")
            let said = try Program.run(["say", "Hello.", "-o", "hello.wav", "--data", copy], in: folder)
            let enrolled = try Program.run(
                ["enroll", "ann", "hello.wav", "--consent", "Yes.", "--data", copy], in: folder)
            #expect(said.status == 0 && enrolled.status == 1)
            #expect(
                enrolled.lines.count == 1 && enrolled.complaint.contains("\(name).safetensors"), "\(enrolled.complaint)"
            )
        }
    }

    /// What conversion needs is tried: the file to blame is named, whatever is wrong with it.
    @Test func theDoctorTriesAConversion() throws {
        let good = try Data(contentsOf: URL(filePath: Program.data).appending(path: "content.safetensors"))
        let header = 8 + good.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        let name = try #require(good.firstRange(of: Data("\"acoustic\":\"".utf8)))
        var (otherModel, notFinite) = (good, good)
        otherModel.replaceSubrange(name.upperBound..<name.upperBound + 12, with: Data("0123456789ab".utf8))
        notFinite.replaceSubrange(good.count - 512..<good.count, with: Data(repeating: 0xff, count: 512))
        for (kind, bytes) in [
            ("cut", good.dropLast(1_000)), ("of another model", otherModel), ("not finite", notFinite),
            ("blank", good[..<header] + Data(repeating: 0, count: good.count - header)),
        ] {
            try withFolder { folder in
                let copy = try BadInput.copyData(into: folder, except: "content.safetensors")
                try bytes.write(to: copy.appending(path: "content.safetensors"))
                let sick = try Program.run(["doctor", "--data", copy.path(percentEncoded: false)], in: folder)
                #expect(sick.status == 1 && sick.lines.count == 1, "\(kind): \(sick.text)\(sick.complaint)")
                let line = try #require(sick.text.split(separator: "\n").first { $0.hasPrefix("converting") })
                #expect(line.contains("PROBLEM") && line.contains("content.safetensors"), "\(kind): \(line)")
            }
        }
    }

    @Test func helpVersionAndCompletions() throws {
        try withFolder { folder in
            #expect(try Program.run(["--version"], in: folder).text.contains(/^\d+\.\d+\.\d+\n$/))
            #expect(try Program.run(["say", "--help"], in: folder).text.contains("--timings"))
            #expect(try Program.run(["frobnicate"], in: folder).status == 64)
            #expect(try Program.run(["say", "--speed", "fast", "Hi"], in: folder).status == 64)
            for shell in ["bash", "zsh", "fish"] {
                let script = try Program.run(["--generate-completion-script", shell], in: folder)
                #expect(script.status == 0 && script.text.contains("phonemize"))
            }
        }
    }
}
