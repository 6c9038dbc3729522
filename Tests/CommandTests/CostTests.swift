import Foundation
import Testing

/// What whole runs of the program cost in processor time, with ample room for slow machines.
@Suite struct Costs {
    @Test func enrollmentTakesLittle() throws {
        try withFolder { folder in
            let text = """
                The harbour was quiet when the first boat came in. Nobody had expected it before noon, and the old man \
                laughed. Would you like to see what they brought? We walked along the wall, counting the gulls. It took a \
                while, because my sister had forgotten her shoes. In the evening we sat by the window and listened to the \
                rain. The next morning brought a letter from the town, which nobody wanted to open before breakfast was done.
                """
            let said = try Program.run(["say", text, "-o", "thirty.wav", "--speed", "0.8"], in: folder)
            try #require(said.status == 0, "\(said.complaint)")
            let (outcome, seconds) = try Program.measure(
                ["enroll", "ann", "thirty.wav", "--consent", "Yes.", "--json"], in: folder)
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let page = try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any]
            let report = try #require(page?["report"] as? [String: Any])
            let speech = try #require(report["speech_seconds"] as? Double)
            print("enrolling \(speech) s of speech took \(seconds) s of processor time")
            #expect(speech > 22)
            #expect(seconds < 6)
        }
    }

    @Test func tenThousandVoicesListQuickly() throws {
        // In memory where there is such a place: deleting twenty thousand files from a disk can take minutes.
        let memory = URL(filePath: "/dev/shm")
        let place =
            FileManager.default.isWritableFile(atPath: "/dev/shm") ? memory : FileManager.default.temporaryDirectory
        let voices = place.appending(path: "starling-voices-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: voices) }
        try withFolder { folder in
            let options = ["--voices", voices.path(percentEncoded: false)]
            #expect(try Program.run(["voices", "mix", "emma:2+george", "v0"] + options, in: folder).status == 0)
            let card = try String(contentsOf: voices.appending(path: "v0/voice.json"), encoding: .utf8)
            #expect(card.contains("\"v0\""))
            for index in 1..<10_000 {
                let voice = voices.appending(path: "v\(index)")
                try FileManager.default.createDirectory(at: voice, withIntermediateDirectories: false)
                try Data(card.replacing("\"v0\"", with: "\"v\(index)\"").utf8).write(
                    to: voice.appending(path: "voice.json"))
            }
            func list() throws -> Double {
                let (outcome, seconds) = try Program.measure(["voices", "list", "--names"] + options, in: folder)
                #expect(outcome.status == 0, "\(outcome.complaint)")
                #expect(Set(outcome.text.split(separator: "\n")).isSuperset(of: (0..<10_000).map { "v\($0)" }))
                return seconds
            }
            let first = try list()
            let later = try (0..<5).map { _ in try list() }.min() ?? .infinity
            print("listing 10,000 voices took \(first) s of processor time, then \(later) s")
            #expect(first < 1)
            #expect(later < 0.3)
        }
    }
}
