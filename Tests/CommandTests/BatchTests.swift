import Foundation
import Testing

@Suite struct Batch {
    struct Record: Decodable {
        var id: String
        var file: String?
        var error: String?
    }

    /// Twelve short items, of which one is SSML.
    static let manifest: [String] =
        [
            #"{"id": "plain", "text": "Hello there."}"#,
            #"{"id": "marked", "ssml": "<speak>Good <emphasis>morning</emphasis>.</speak>", "format": "flac"}"#,
            #"{"id": "other", "text": "A voice of its own.", "voice": "george", "speed": 1.5, "pitch": -2, "seed": 7}"#,
            #"{"id": "packed_1.2", "text": "The small one.", "format": "opus"}"#,
        ] + (1...8).map { #"{"id": "item-\#($0)", "text": "This is item number \#($0)."}"# }

    private func write(_ lines: [String], to folder: URL) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: folder.appending(path: "list.jsonl"))
    }

    private func batch(_ arguments: String..., in folder: URL, environment: [String: String] = [:]) throws
        -> Program.Outcome
    {
        try Program.run(
            ["batch", "list.jsonl", "-o", "out"] + arguments, in: folder, environment: environment)
    }

    /// The files of a folder but for the journals, with their bytes.
    private func files(_ folder: URL) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try names(in: folder) where !name.hasSuffix(".jsonl") {
            result[name] = try Data(contentsOf: folder.appending(path: name))
        }
        return result
    }

    private func records(_ folder: URL) throws -> [Record] {
        try names(in: folder).filter { $0.hasSuffix(".jsonl") }.flatMap { name in
            try Data(contentsOf: folder.appending(path: name)).split(separator: UInt8(ascii: "\n")).map {
                try JSONDecoder().decode(Record.self, from: $0)
            }
        }
    }

    @Test func itemsAreWhatSayMakes() throws {
        try withFolder { folder in
            try write(Self.manifest, to: folder)
            let outcome = try batch(in: folder)
            #expect(outcome.status == 0 && outcome.lines.count == 1, "\(outcome.complaint)")
            #expect(outcome.complaint.contains("12 of 12 items"))
            let out = try files(folder.appending(path: "out"))
            #expect(out.count == 12)
            for (name, arguments) in [
                ("plain.wav", ["Hello there."]),
                ("marked.flac", ["<speak>Good <emphasis>morning</emphasis>.</speak>"]),
                ("other.wav", ["A voice of its own.", "-v", "george", "-s", "1.5", "-p", "-2", "--seed", "7"]),
                ("packed_1.2.opus", ["The small one."]),
            ] {
                #expect(try Program.run(["say", "-o", name] + arguments, in: folder).status == 0)
                #expect(try Data(contentsOf: folder.appending(path: name)) == out[name], "\(name)")
            }
        }
    }

    @Test func shardsMakeTheWhole() throws {
        try withFolder { folder in
            try write(Self.manifest, to: folder)
            #expect(try batch(in: folder).status == 0)
            let whole = try files(folder.appending(path: "out"))
            // The order of the lines is of no account.
            try write(Self.manifest.reversed(), to: folder)
            var together: [String: Data] = [:]
            for shard in 0..<3 {
                let outcome = try Program.run(
                    ["batch", "list.jsonl", "-o", "part\(shard)", "--shard", "\(shard)/3"], in: folder)
                #expect(outcome.status == 0, "\(outcome.complaint)")
                let part = try files(folder.appending(path: "part\(shard)"))
                #expect(part.count > 0 && part.count < 12)
                together.merge(part) { first, _ in
                    Issue.record("an item is in two shards")
                    return first
                }
            }
            #expect(together == whole)
            // A folder that was filled in three shards is complete for one process.
            for shard in 0..<3 { _ = try batch("--shard", "\(shard)/3", "--output", "all", in: folder) }
            let again = try batch("--output", "all", "--dry-run", in: folder)
            #expect(again.text.contains("12 are done, 0 are left"), "\(again.text)\(again.complaint)")
        }
    }

    @Test func schedulersNameTheShard() throws {
        try withFolder { folder in
            try write(Self.manifest, to: folder)
            let array = ["SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "2"]
            for (shard, environment) in [
                ("slurm", array.merging(["SLURM_ARRAY_TASK_COUNT": "3"]) { $1 }), ("slurm/3", array),
                ("kubernetes/3", ["JOB_COMPLETION_INDEX": "1"]),
            ] {
                let outcome = try batch("--shard", shard, "--dry-run", in: folder, environment: environment)
                #expect(outcome.status == 0 && outcome.text.hasPrefix("shard 1/3 "), "\(shard): \(outcome.complaint)")
            }
            for (shard, environment) in [
                ("slurm", [:]), ("kubernetes/3", [:]), ("kubernetes", ["JOB_COMPLETION_INDEX": "1"]), ("3/3", [:]),
                ("0/0", [:]), ("1", [:]), ("a/b", [:]), ("1/2/3", [:]), ("", [:]),
                // A task that is submitted again alone must not take itself for the whole.
                (
                    "slurm",
                    [
                        "SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_MIN": "2", "SLURM_ARRAY_TASK_MAX": "2",
                        "SLURM_ARRAY_TASK_COUNT": "1",
                    ]
                ),
            ] {
                let outcome = try batch("--shard", shard, "--dry-run", in: folder, environment: environment)
                #expect(outcome.status == 1 && outcome.lines.count == 1, "\(shard): \(outcome.complaint)")
            }
        }
    }

    @Test func doneIsDoneAndNoMore() throws {
        try withFolder { folder in
            try write(Self.manifest, to: folder)
            #expect(try batch(in: folder).status == 0)
            let out = folder.appending(path: "out")
            let before = try files(out)
            let again = try batch(in: folder)
            #expect(again.status == 0 && again.complaint.contains("12 were already done"), "\(again.complaint)")
            #expect(try records(out).count == 12)

            // Gone, cut short, made from another text: spoken again. Touched: still good.
            func path(_ name: String) -> String { out.appending(path: name).path(percentEncoded: false) }
            try FileManager.default.removeItem(atPath: path("item-1.wav"))
            #expect(truncate(path("item-2.wav"), 1_000) == 0)
            var changed = Self.manifest
            changed[6] = #"{"id": "item-3", "text": "This is another text."}"#
            try write(changed, to: folder)
            try FileManager.default.setAttributes([.modificationDate: Date.now], ofItemAtPath: path("item-4.wav"))
            #expect(try batch(in: folder).complaint.contains("3 of 3 items"))
            var after = try files(out)
            #expect(after["item-3.wav"] != before["item-3.wav"])
            after["item-3.wav"] = before["item-3.wav"]
            #expect(after == before)
            // Back to the first text: what a journal said of it once does not count.
            try write(Self.manifest, to: folder)
            #expect(try batch(in: folder).complaint.contains("1 of 1 items"))
            #expect(try files(out) == before)

            // Damage that keeps size and time is found when asked for.
            let time = try FileManager.default.attributesOfItem(atPath: path("item-5.wav"))[.modificationDate] as? Date
            var damaged = try #require(before["item-5.wav"])
            damaged[damaged.count / 2] ^= 1
            let handle = try FileHandle(forWritingTo: out.appending(path: "item-5.wav"))
            try handle.write(contentsOf: damaged)
            try handle.close()
            try FileManager.default.setAttributes(
                [.modificationDate: try #require(time)], ofItemAtPath: path("item-5.wav"))
            #expect(try batch("--verify", in: folder).complaint.contains("1 of 1 items"))
            #expect(try files(out) == before)
            // Other settings make other requests.
            #expect(try batch("--voice", "emma", "--dry-run", in: folder).text.contains("11 are left"))
            try Data("hello = goodbye\n".utf8).write(to: folder.appending(path: "words.txt"))
            #expect(try batch("--lexicon", "words.txt", "--dry-run", in: folder).text.contains("12 are left"))
        }
    }

    @Test func failuresAreToldAndTriedAgain() throws {
        try withFolder { folder in
            try write(
                Self.manifest + [
                    #"{"id": "silent", "text": "…"}"#,
                    #"{"id": "nobody", "ssml": "<speak><voice name=\"nobody\">Hello.</voice></speak>"}"#,
                ], to: folder)
            let out = folder.appending(path: "out")
            for _ in 0..<2 {
                let outcome = try batch(in: folder)
                #expect(outcome.status == 1, "\(outcome.complaint)")
                #expect(outcome.complaint.contains("list.jsonl line 13, silent: nothing in"))
                #expect(outcome.complaint.contains("list.jsonl line 14, nobody: "))
                #expect(outcome.lines.last?.contains("2 of 14 items failed") == true)
                #expect(try files(out).count == 12)
            }
            #expect(
                try records(out).filter { $0.error != nil }.map(\.id).sorted() == [
                    "nobody", "nobody", "silent", "silent",
                ])
            try write(Self.manifest, to: folder)
            #expect(try batch(in: folder).status == 0)
        }
    }

    @Test(arguments: [
        (#"{"id": "a", "text": "x", "volume": 3}"#, "unknown field \"volume\""),
        (#"{"id": "a"}"#, "neither text nor ssml"),
        (#"{"id": "a", "text": "x", "ssml": "<speak>x</speak>"}"#, "both"), (#"{"text": "x"}"#, "no id"),
        (#"{"id": "a", "text": " "}"#, "empty"), (#"{"id": "../a", "text": "x"}"#, "cannot be a file name"),
        (#"{"id": ".a", "text": "x"}"#, "cannot be a file name"),
        (#"{"id": "-a", "text": "x"}"#, "cannot be a file name"),
        (#"{"id": "", "text": "x"}"#, "cannot be a file name"),
        (#"{"id": "a b", "text": "x"}"#, "cannot be a file name"),
        (#"{"id": "a\u0000", "text": "x"}"#, "cannot be a file name"),
        (#"{"id": 5, "text": "x"}"#, "id is not a string"),
        (#"{"id": "a", "text": "x", "speed": "fast"}"#, "speed is not a number"),
        (#"{"id": "a", "text": "x", "speed": 9}"#, "speed 9"),
        (#"{"id": "a", "text": "x", "pitch": -13}"#, "pitch -13"),
        (#"{"id": "a", "text": "x", "seed": -1}"#, "seed is not"),
        (#"{"id": "a", "text": "x", "seed": 1.5}"#, "seed is not"),
        (#"{"id": "a", "text": "x", "format": "aiff"}"#, "not one of wav"),
        (#"{"id": "a", "text": "x""#, "not a JSON object"),
        (#"["a", "x"]"#, "not a JSON object"), ("hello", "not a JSON object"),
        (#"{"id": "plain", "text": "x"}"#, "already used in line 1"),
        (#"{"id": "a", "text": "x", "voice": "nobody"}"#, "nobody"),
        (#"{"id": "a", "ssml": "<speak>x"}"#, "speak"),
    ])
    func badLinesAreRefused(_ line: String, _ reason: String) throws {
        try withFolder { folder in
            try write([Self.manifest[0], "", line, Self.manifest[1]], to: folder)
            // In every shard, also those that the line does not fall to.
            for shard in ["0/1", "0/2", "1/2"] {
                let outcome = try batch("--shard", shard, in: folder)
                #expect(outcome.status == 1 && outcome.lines.count == 1, "\(outcome.complaint)")
                #expect(outcome.complaint.contains("list.jsonl line 3: "), "\(outcome.complaint)")
                #expect(outcome.complaint.contains(reason), "\(outcome.complaint)")
            }
            let out = folder.appending(path: "out")
            #expect(((try? files(out)) ?? [:]).isEmpty)
        }
    }

    @Test func otherMistakesAreOneLine() throws {
        try withFolder { folder in
            #expect(try batch(in: folder).complaint.contains("cannot read the manifest"))
            try write(["", " "], to: folder)
            #expect(try batch(in: folder).complaint.contains("no items"))
            try write(Self.manifest, to: folder)
            #expect(try batch("--output", "list.jsonl", in: folder).complaint.contains("cannot write to the folder"))
            #expect(try batch("--speed", "9", in: folder).status != 0)
        }
    }

    @Test func aShardHasOneWorker() throws {
        try withFolder { folder in
            try write(Self.manifest, to: folder)
            let out = folder.appending(path: "out")
            try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
            let journal = out.appending(path: "results-0-of-1.jsonl").path(percentEncoded: false)
            let held = open(journal, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            #expect(flock(held, LOCK_EX | LOCK_NB) == 0)
            let outcome = try batch(in: folder)
            #expect(outcome.status == 75 && outcome.lines.count == 1, "\(outcome.complaint)")
            #expect(outcome.complaint.contains("another process is working on this shard"))
            #expect(try files(out).isEmpty)
            // The lock goes with its process; what a power cut left of a line does no harm.
            #expect(Glibc.write(held, #"{"id": "pla"#, 11) == 11)
            close(held)
            #expect(try batch(in: folder).status == 0)
            #expect(try batch("--dry-run", in: folder).text.contains("12 are done"))
        }
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGKILL]) func interruptedWorkGoesOn(_ signal: Int32) throws {
        try withFolder { folder in
            let text = String(repeating: "This sentence is there to take some time. ", count: 5)
            let lines = (0..<30).map { #"{"id": "i\#($0)", "text": "Number \#($0). \#(text)"}"# }
            try write(lines, to: folder)
            let out = folder.appending(path: "out")
            let process = Process()
            process.executableURL = Program.url
            process.arguments = ["batch", "list.jsonl", "-o", "out"]
            process.currentDirectoryURL = folder
            process.environment = Program.baseEnvironment(folder)
            process.standardError = FileHandle.nullDevice
            try process.run()
            let end = Date.now + 120
            while ((try? records(out)) ?? []).count < 3, process.isRunning, .now < end { usleep(2_000) }
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            if signal == SIGKILL {
                #expect(process.terminationReason == .uncaughtSignal)
            } else {
                #expect(process.terminationReason == .exit && process.terminationStatus == 75)
                // What was in work is finished.
                #expect(try records(out).count == (try files(out)).count)
            }
            let first = try records(out).map(\.id)
            #expect(first.count >= 3 && first.count < 30, "\(first.count)")
            let outcome = try batch(in: folder)
            #expect(outcome.status == 0, "\(outcome.complaint)")
            #expect(outcome.complaint.contains("\(first.count) were already done"), "\(outcome.complaint)")
            let all = try records(out).map(\.id)
            #expect(all.count == 30 && Set(all).count == 30, "something was done twice")
            #expect(try files(out).count == 30)
        }
    }
}
