import Foundation
import Testing

@Suite struct Detecting {
    private static let text = "We will arrive at a quarter past seven, unless the train is delayed."

    @Test func marksAreToldByWordsStatusAndJSON() throws {
        try withFolder { folder in
            #expect(try Program.run(["say", Self.text, "-o", "yes.opus"], in: folder).complaint.isEmpty)
            let plain = try Program.run(["say", Self.text, "-o", "no.wav", "--no-watermark"], in: folder)
            #expect(plain.status == 0 && plain.lines.count == 1 && plain.complaint.contains("no watermark"))
            _ = try Program.run(["say", "Hm.", "-o", "hm.wav", "--no-watermark"], in: folder)

            let yes = try Program.run(["detect", "yes.opus"], in: folder)
            #expect(yes.status == 0 && yes.text.hasPrefix("yes.opus: marked at 0."), "\(yes.text)")
            let no = try Program.run(["detect", "no.wav"], in: folder)
            #expect(no.status == 1 && no.text == "no.wav: not found\n" && no.complaint.isEmpty)
            let short = try Program.run(["detect", "hm.wav"], in: folder)
            #expect(short.status == 1 && short.text.contains("too short to tell"))

            let all = try Program.run(["detect", "--json", "no.wav", "yes.opus"], in: folder)
            #expect(all.status == 0)
            let reports = try all.text.split(separator: "\n").map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
            #expect(reports.map { $0["verdict"] as? String } == ["not found", "marked"])
            #expect(reports.map { $0["file"] as? String } == ["no.wav", "yes.opus"])
            let confidence = try #require(reports[1]["confidence"] as? Double)
            #expect(confidence > 0.9999 && confidence <= 1)
            let regions = try #require(reports[1]["regions"] as? [[String: Double]])
            let (start, end) = (regions.first?["start"] ?? -1, regions.last?["end"] ?? -1)
            #expect(start >= 0 && start < 1 && end > 2.5)
        }
    }

    @Test func pipesAreReadAndBadFilesReported() throws {
        try withFolder { folder in
            let speech = try Program.run(["say", Self.text, "-o", "-"], in: folder)
            let piped = try Program.run(["detect", "-"], input: speech.output, in: folder)
            #expect(piped.status == 0 && piped.text.contains("marked"))
            try Data("no sound".utf8).write(to: folder.appending(path: "text.wav"))
            try speech.output.write(to: folder.appending(path: "speech.wav"))
            let bad = try Program.run(["detect", "missing.wav", "text.wav", "speech.wav"], in: folder)
            #expect(bad.status == 2 && bad.lines.count == 2 && bad.text.contains("speech.wav: marked"))
            #expect(try Program.run(["detect"], in: folder).status == 64)
        }
    }

    private static let probe = "/usr/bin/ffprobe"

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: probe), "there is no ffprobe"))
    func otherProgramsReadWhatTheFilesSay() throws {
        try withFolder { folder in
            let version = try Program.run(["--version"], in: folder).text.trimmingCharacters(in: .newlines)
            for name in ["a.wav", "a.flac", "a.ogg", "a.opus", "a.mp3"] {
                let said = try Program.run(["say", "Hello there.", "-o", name], in: folder)
                #expect(said.status == 0)
                let process = Process()
                process.executableURL = URL(filePath: Self.probe)
                process.arguments = [
                    "-v", "error", "-show_entries", "format_tags:stream_tags", "-of", "json",
                    folder.appending(path: name).path(percentEncoded: false),
                ]
                let pipe = Pipe()
                process.standardOutput = pipe
                try process.run()
                let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                for part in ["Starling \(version)", "Starling voice heart", "Synthetic speech", "Hello there."] {
                    #expect(text.contains(part), "\(name) does not say \(part): \(text)")
                }
            }
        }
    }
}
