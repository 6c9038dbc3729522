import AudioIO
import Foundation
import Testing

@Suite struct Narrate {
    static let text = """
        Title: Two Days

        Chapter 1

        The sun rose over the hill. Nobody was awake, and nobody cared.

        Chapter 2

        Rain fell all day. "Stay," she said; he went.
        """

    private func write(_ text: String, to folder: URL) throws {
        try Data(text.utf8).write(to: folder.appending(path: "days.txt"))
    }

    /// Name, size and time of each file.
    private func state(_ folder: URL) throws -> [String: Date] {
        var result: [String: Date] = [:]
        for name in try names(in: folder) {
            let path = folder.appending(path: name).path(percentEncoded: false)
            result[name] = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        }
        return result
    }

    @Test func chaptersBecomeFilesAndStay() throws {
        try withFolder { folder in
            try write(Self.text, to: folder)
            let arguments = ["narrate", "days.txt", "-o", "out", "--subtitles", "vtt"]
            let first = try Program.run(arguments, in: folder)
            #expect(first.status == 0 && first.complaint.isEmpty, "\(first.complaint)")
            let out = folder.appending(path: "out")
            let expected = [
                "01 Chapter 1.opus", "01 Chapter 1.vtt", "02 Chapter 2.opus", "02 Chapter 2.vtt", "chapters.ffmetadata",
                "narration.json",
                "playlist.m3u8",
            ]
            #expect(try names(in: out) == expected)
            let clip = try AudioReader.read(out.appending(path: "01 Chapter 1.opus"))
            #expect((3...12).contains(clip.duration), "\(clip.duration) s")
            let cues = try String(contentsOf: out.appending(path: "02 Chapter 2.vtt"), encoding: .utf8)
            #expect(cues.hasPrefix("WEBVTT\n\n00:00:0") && cues.contains("Rain fell all day."))
            let marks = try String(contentsOf: out.appending(path: "chapters.ffmetadata"), encoding: .utf8)
            #expect(marks.contains("title=Two Days") && marks.contains("[CHAPTER]"))
            // Again: nothing is done anew.
            let before = try state(out)
            #expect(try Program.run(arguments, in: folder).status == 0)
            var after = try state(out)
            #expect(
                before["01 Chapter 1.opus"] == after["01 Chapter 1.opus"]
                    && before["02 Chapter 2.opus"] == after["02 Chapter 2.opus"])
            // A changed chapter alone is done anew.
            try write(Self.text.replacingOccurrences(of: "all day", with: "all night"), to: folder)
            #expect(try Program.run(arguments, in: folder).status == 0)
            after = try state(out)
            #expect(
                before["01 Chapter 1.opus"] == after["01 Chapter 1.opus"]
                    && before["02 Chapter 2.opus"] != after["02 Chapter 2.opus"])
            // So is a file that was lost; another voice changes all.
            try FileManager.default.removeItem(at: out.appending(path: "01 Chapter 1.opus"))
            #expect(try Program.run(arguments, in: folder).status == 0)
            #expect(try names(in: out) == expected)
            let second = try state(out)
            #expect(try Program.run(arguments + ["--voice", "george", "--format", "flac"], in: folder).status == 0)
            #expect(try names(in: out).contains("01 Chapter 1.flac") && !names(in: out).contains("01 Chapter 1.opus"))
            #expect(second["narration.json"] != (try state(out))["narration.json"])
        }
    }

    @Test func chaptersMayBeChosen() throws {
        try withFolder { folder in
            try write(Self.text, to: folder)
            let list = try Program.run(["narrate", "days.txt", "--list"], in: folder)
            #expect(
                list.text.split(separator: "\n").map { $0.split(separator: "\t")[1] } == ["Chapter 1", "Chapter 2"])
            #expect(
                try Program.run(["narrate", "days.txt", "-o", "out", "--chapters", "2", "--format", "wav"], in: folder)
                    .status == 0)
            #expect(try names(in: folder.appending(path: "out")).filter { $0.hasSuffix("wav") } == ["02 Chapter 2.wav"])
            // The rest later: what is there stays.
            #expect(try Program.run(["narrate", "days.txt", "-o", "out", "--format", "wav"], in: folder).status == 0)
            #expect(
                try names(in: folder.appending(path: "out")).filter { $0.hasSuffix("wav") } == [
                    "01 Chapter 1.wav", "02 Chapter 2.wav",
                ])
        }
    }

    /// One file with chapters and words; what is spoken already stays when a chapter changes.
    @Test func aBookBecomesOneFile() throws {
        try withFolder { folder in
            try write(Self.text, to: folder)
            let arguments = ["narrate", "days.txt", "-o", "days.m4b"]
            let first = try Program.run(arguments, in: folder)
            #expect(first.status == 0, "\(first.complaint)")
            let parts = folder.appending(path: "days.parts")
            #expect(try names(in: parts).filter { $0.hasSuffix("aac") } == ["01 Chapter 1.aac", "02 Chapter 2.aac"])
            let url = folder.appending(path: "days.m4b")
            let seconds = try ["01 Chapter 1.aac", "02 Chapter 2.aac"].reduce(0) {
                try $0 + AudioReader.read(parts.appending(path: $1)).duration
            }
            #expect(abs(try AudioReader.read(url).duration - seconds) < 0.1)
            let data = try Data(contentsOf: url)
            for word in [
                "M4A ", "chpl", "Chapter 2", "Two Days", "Starling voice heart", "replaygain_track_gain", "eng",
            ] {
                #expect(data.contains(Data(word.utf8)), "there is no \(word)")
            }
            let before = try state(parts)
            try write(Self.text.replacingOccurrences(of: "all day", with: "all night"), to: folder)
            #expect(try Program.run(arguments, in: folder).status == 0)
            let after = try state(parts)
            #expect(before["01 Chapter 1.aac"] == after["01 Chapter 1.aac"])
            #expect(before["02 Chapter 2.aac"] != after["02 Chapter 2.aac"])
            #expect(try Data(contentsOf: url) != data)
            #expect(try Program.run(arguments + ["--format", "wav"], in: folder).status == 64)
        }
    }

    @Test func speakersHaveVoices() throws {
        try withFolder { folder in
            try write(Self.text, to: folder)
            let cast = folder.appending(path: "cast.toml")
            try Data("[speakers]\nshe = \"emma\"\n".utf8).write(to: cast)
            let shown = try Program.run(["narrate", "days.txt", "--cast", "cast.toml", "--dry-run"], in: folder)
            #expect(shown.status == 0 && shown.text == "she\temma\t1 quotations\n", "\(shown.text)\(shown.complaint)")
            #expect(try names(in: folder) == ["cast.toml", "days.txt"])
            let spoken = try Program.run(
                ["narrate", "days.txt", "--cast", "cast.toml", "-o", "out", "--format", "wav"], in: folder)
            #expect(spoken.status == 0 && spoken.complaint.contains("she\temma"), "\(spoken.complaint)")
            let alone = try Program.run(["narrate", "days.txt", "-o", "alone", "--format", "wav"], in: folder)
            #expect(alone.status == 0)
            func samples(_ place: String) throws -> [Float] {
                try AudioReader.read(folder.appending(path: "\(place)/02 Chapter 2.wav")).samples
            }
            #expect(try samples("out") != samples("alone"))
            try Data("[speakers]\nAnn = \"nobody\"\n".utf8).write(to: cast)
            for arguments in [["--cast", "cast.toml"], ["--cast", "none.toml"], ["--include", "everything"]] {
                let outcome = try Program.run(["narrate", "days.txt", "-o", "x"] + arguments, in: folder)
                #expect(outcome.status == 1 && outcome.lines.count == 1, "\(arguments): \(outcome.complaint)")
            }
        }
    }

    @Test func complaintsAreOneLine() throws {
        try withFolder { folder in
            try write(Self.text, to: folder)
            for arguments in [
                ["narrate", "nothing.epub", "-o", "out"], ["narrate", "days.txt", "-o", "out", "--chapters", "3"],
                ["narrate", "days.txt", "-o", "days.txt"], ["narrate", "days.txt", "-o", "out", "--voice", "nobody"],
            ] {
                let outcome = try Program.run(arguments, in: folder)
                #expect(outcome.status == 1 && outcome.lines.count == 1, "\(arguments): \(outcome.complaint)")
            }
            #expect(try Program.run(["narrate", "days.txt"], in: folder).status == 64)
        }
    }

    @Test func sayWritesSubtitles() throws {
        try withFolder { folder in
            let text =
                "It rained, and the long grey afternoon went by without a single word from anybody in the house, until the bell rang. Yes."
            for (name, head) in [("a.srt", "1\n00:00:00,"), ("a.vtt", "WEBVTT\n\n00:00:00.")] {
                let outcome = try Program.run(["say", text, "-o", "a.wav", "--subtitles", name], in: folder)
                #expect(outcome.status == 0, "\(outcome.complaint)")
                let file = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                #expect(file.hasPrefix(head))
                let words = file.split(separator: "\n").filter {
                    !$0.contains("-->") && $0 != "WEBVTT" && Int($0) == nil
                }
                #expect(words.joined(separator: " ") == text)
                #expect(words.allSatisfy { $0.count <= 46 }, "\(words)")
            }
            let outcome = try Program.run(["say", text, "-o", "a.wav", "--subtitles", "a.txt"], in: folder)
            #expect(outcome.status == 1 && outcome.complaint.contains(".srt or .vtt"))
        }
    }
}
