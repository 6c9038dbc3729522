import AudioIO
import Foundation
import Testing

@Suite struct Say {
    static let text = "The quick brown fox jumps over the lazy dog."

    @Test(arguments: ["wav", "flac", "ogg", "opus", "mp3"])
    func writesEveryFormat(_ format: String) throws {
        try withFolder { folder in
            let outcome = try Program.run(["say", Self.text, "-o", "fox.\(format)"], in: folder)
            #expect(outcome.status == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
            #expect(try names(in: folder) == ["fox.\(format)"])
            let clip = try AudioReader.read(folder.appending(path: "fox.\(format)")).audible(named: "fox")
            #expect((1.5...5).contains(clip.duration), "\(clip.duration) s")
            let data = try Data(contentsOf: folder.appending(path: "fox.\(format)"))
            let words = "Synthetic speech"
            let tagged =
                data.contains(Data(words.utf8)) || data.contains(words.data(using: .utf16LittleEndian) ?? Data([1]))
            #expect(tagged, "the file does not say that it is synthetic")
        }
    }

    @Test func seedsMakeBytes() throws {
        try withFolder { folder in
            func speak(_ seed: String) throws -> Data {
                try Program.run(["say", Self.text, "-o", "-", "--format", "raw", "--seed", seed], in: folder).output
            }
            let first = try speak("1")
            #expect(first.count > 48_000)
            #expect(try speak("1") == first)
            #expect(try speak("2") != first)
        }
    }

    @Test func eitherModelSpeaks() throws {
        try withFolder { folder in
            func speak(_ model: String) throws -> Program.Outcome {
                try Program.run(["say", Self.text, "-o", "-", "--format", "raw", "--model", model], in: folder)
            }
            let (base, small, again) = (try speak("base"), try speak("small"), try speak("small"))
            #expect(base.status == 0 && small.status == 0, "\(base.complaint)\(small.complaint)")
            #expect(base.output != small.output && small.output == again.output)
            #expect(abs(Double(base.output.count) / Double(small.output.count) - 1) < 0.15)
            let other = try speak("large")
            #expect(other.status == 64 && other.complaint.contains("base") && other.complaint.contains("small"))
            let copy = try BadInput.copyData(into: folder, except: "small").path(percentEncoded: false)
            let missing = try Program.run(
                ["say", Self.text, "-o", "fox.wav", "--model", "small", "--data", copy], in: folder)
            #expect(missing.status == 1 && missing.lines.count == 1)
            #expect(missing.complaint.contains("small/acoustic.safetensors is missing"), "\(missing.complaint)")
            let asked = try Program.run(
                ["say", Self.text, "-o", "fox.wav", "--model", "small", "--remote"], in: folder)
            #expect(asked.status == 64 && asked.complaint.contains("--remote"), "\(asked.complaint)")
        }
    }

    @Test func speedScalesTime() throws {
        try withFolder { folder in
            func length(_ speed: String) throws -> Double {
                Double(
                    try Program.run(["say", Self.text, "-o", "-", "--format", "raw", "-s", speed], in: folder).output
                        .count)
            }
            let ratio = try length("2") / length("1")
            #expect((0.4...0.65).contains(ratio), "twice as fast takes \(ratio) of the time")
        }
    }

    @Test func textComesFromAnywhere() throws {
        try withFolder { folder in
            try Data(Self.text.utf8).write(to: folder.appending(path: "fox.txt"))
            let raw = ["-o", "-", "--format", "raw"]
            let expected = try Program.run(["say", Self.text] + raw, in: folder).output
            let sources: [([String], Data)] = [
                (["say", "--file", "fox.txt"], Data()), (["say"], Data(Self.text.utf8)),
                (["say", "-"], Data(Self.text.utf8)), (["say", "-f", "-"], Data(Self.text.utf8)),
                (["say"] + Self.text.split(separator: " ").map(String.init), Data()),
                // A byte-order mark is not spoken.
                (["say"], Data([0xef, 0xbb, 0xbf]) + Data(Self.text.utf8)),
            ]
            for (arguments, input) in sources {
                let outcome = try Program.run(arguments + raw, input: input, in: folder)
                #expect(outcome.status == 0 && outcome.output == expected, "\(arguments): \(outcome.complaint)")
            }
        }
    }

    @Test func textFromAPipeIsSpokenWhileItIsWritten() throws {
        try withFolder { folder in
            let pieces = ["It was late. Nobody c", "ame, and the lamp went out."]
            let arguments = ["say", "-o", "-", "--format", "raw"]
            let process = Process()
            process.executableURL = Program.url
            process.arguments = arguments
            process.environment = Program.baseEnvironment(folder)
            let (input, output) = (Pipe(), Pipe())
            (process.standardInput, process.standardOutput) = (input, output)
            try process.run()
            try input.fileHandleForWriting.write(contentsOf: Data(pieces[0].utf8))
            // Nothing more is written before something is heard.
            var heard = output.fileHandleForReading.availableData
            #expect(!heard.isEmpty)
            try input.fileHandleForWriting.write(contentsOf: Data(pieces[1].utf8))
            try input.fileHandleForWriting.close()
            heard += try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            let whole = try Program.run(arguments, input: Data(pieces.joined().utf8), in: folder)
            #expect(heard == whole.output)
        }
    }

    @Test func aPipeMayCutCharactersAndHoldMarkUp() throws {
        try withFolder { folder in
            let raw = ["-o", "-", "--format", "raw"]
            let marked = "<speak>One <break time=\"300ms\"/> two.</speak>"
            let expected = try Program.run(["say", marked] + raw, in: folder).output
            let piped = try Program.run(["say"] + raw, input: Data(("\n" + marked).utf8), in: folder).output
            #expect(piped == expected)
            let broken = try Program.run(["say"] + raw, input: Data("Half a ".utf8) + Data([0xe2, 0x82]), in: folder)
            #expect(broken.status == 1 && broken.lines.count == 1, "\(broken.complaint)")
            let blank = try Program.run(["say"] + raw, input: Data(" \n".utf8), in: folder)
            #expect(blank.status == 1 && blank.complaint.contains("there is no text to speak"), "\(blank.complaint)")
        }
    }

    @Test func aStreamIsTheFile() throws {
        try withFolder { folder in
            let stream = try Program.run(["say", Self.text, "-o", "-"], in: folder).output
            _ = try Program.run(["say", Self.text, "-o", "fox.wav"], in: folder)
            let file = try Data(contentsOf: folder.appending(path: "fox.wav"))
            // Only the two sizes in the header differ: a stream does not know them.
            #expect(stream.count == file.count)
            let different = zip(stream, file).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
            let data = try #require(file.firstRange(of: Data("data".utf8))).lowerBound
            #expect(different.allSatisfy { (4..<8).contains($0) || ((data + 4)..<(data + 8)).contains($0) })
            let clip = try AudioReader.read(stream, named: "stream")
            #expect(clip.samples == (try AudioReader.read(folder.appending(path: "fox.wav"))).samples)
        }
    }

    struct Timings: Decodable {
        struct Item: Decodable {
            var text: String?
            var symbol: String?
            var range: [Int]?
            var start: Double
            var end: Double
        }
        struct Sentence: Decodable {
            var range: [Int]
            var start: Double
            var end: Double
            var words: [Item]
            var phonemes: [Item]
        }
        var duration: Double
        var sentences: [Sentence]
    }

    @Test func timingsPointIntoTheText() throws {
        try withFolder { folder in
            let text = "Hello there, Ann. How are you today?"
            let outcome = try Program.run(["say", text, "-o", "a.wav", "--timings", "a.json"], in: folder)
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let timings = try JSONDecoder().decode(
                Timings.self, from: Data(contentsOf: folder.appending(path: "a.json")))
            let clip = try AudioReader.read(folder.appending(path: "a.wav"))
            #expect(abs(timings.duration - clip.duration) < 0.001)
            #expect(timings.sentences.count == 2)
            let bytes = Array(text.utf8)
            var last = 0.0
            var spoken: [String] = []
            for sentence in timings.sentences {
                #expect(sentence.start >= last && sentence.end <= timings.duration + 0.001)
                last = sentence.start
                for word in sentence.words {
                    let range = try #require(word.range)
                    spoken.append(String(decoding: bytes[range[0]..<range[1]], as: UTF8.self))
                    #expect(word.start >= last - 0.001 && word.end > word.start && word.end <= sentence.end + 0.001)
                    last = word.start
                }
                #expect(sentence.phonemes.count > sentence.words.count)
            }
            #expect(spoken == ["Hello", "there", "Ann", "How", "are", "you", "today"])
        }
    }

    @Test func picturesAreDrawn() throws {
        try withFolder { folder in
            let outcome = try Program.run(["say", Self.text, "-o", "a.wav", "--picture", "a.png"], in: folder)
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let png = Array(try Data(contentsOf: folder.appending(path: "a.png")))
            #expect(png.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
            func number(_ at: Int) -> Int { png[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) } }
            #expect(number(16) > 240 && number(20) > 500)
            // A blank page of this size packs into a few kilobytes.
            #expect(png.count > 30_000, "\(png.count) bytes")
        }
    }

    /// A script stands for the player; what it reads is what would be heard.
    @Test func playersGetTheSamples() throws {
        try withFolder { folder in
            func install(_ script: String) throws {
                let player = folder.appending(path: "paplay")
                try Data("#!/bin/sh\n\(script)\n".utf8).write(to: player)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755], ofItemAtPath: player.path(percentEncoded: false))
            }
            let path = ["PATH": folder.path(percentEncoded: false) + ":/usr/bin:/bin"]
            try install("cat > heard")
            let outcome = try Program.run(["say", Self.text], in: folder, environment: path)
            #expect(outcome.status == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
            let expected = try Program.run(["say", Self.text, "-o", "-", "--format", "raw"], in: folder).output
            #expect(try Data(contentsOf: folder.appending(path: "heard")) == expected)

            try install("echo noise >&2; exit 3")
            let failed = try Program.run(["say", Self.text], in: folder, environment: path)
            #expect(failed.status == 1 && failed.lines.count == 1 && failed.complaint.contains("status 3"))
            let none = try Program.run(["say", Self.text], in: folder, environment: ["PATH": "/nonexistent"])
            #expect(none.status == 1 && none.lines.count == 1 && none.complaint.contains("no player found"))
        }
    }

    @Test func longTextKeepsMemoryFlatAndStopsCleanly() throws {
        try withFolder { folder in
            let text = String(repeating: "This is one of very many sentences, and it goes on. ", count: 20_000)
            try Data(text.utf8).write(to: folder.appending(path: "long.txt"))
            let process = Process()
            process.executableURL = Program.url
            process.arguments = ["say", "--file", "long.txt", "-o", "long.wav"]
            process.currentDirectoryURL = folder
            process.environment = Program.baseEnvironment(folder)
            try process.run()
            func peak() throws -> Int {
                let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
                let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
                let digits = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
                return try #require(digits.flatMap { Int($0) })
            }
            /// Waits until so much speech is written; the file has no name before it is whole.
            func write(seconds: Int) throws {
                let files = "/proc/\(process.processIdentifier)/fd"
                func size() -> Int {
                    let names = (try? FileManager.default.contentsOfDirectory(atPath: files)) ?? []
                    return names.reduce(0) { largest, name in
                        var status = stat()
                        let path = "\(files)/\(name)"
                        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path),
                            target.contains(folder.lastPathComponent), stat(path, &status) == 0
                        else { return largest }
                        return max(largest, Int(status.st_size))
                    }
                }
                while size() < seconds * 48_000 {
                    try #require(process.isRunning, "it ended early")
                    usleep(10_000)
                }
            }
            try write(seconds: 200)
            let early = try peak()
            try write(seconds: 600)
            let late = try peak()
            process.terminate()
            process.waitUntilExit()
            #expect(late < 300_000, "\(late) kB")
            #expect(late - early < 60_000, "grew from \(early) to \(late) kB")
            #expect(try names(in: folder) == ["long.txt"], "a partial file is left")
        }
    }
}
