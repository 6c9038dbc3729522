import Enrollment
import Foundation
import Weights

/// Measures how well voices are told apart, and how often two people are found or one person is taken for two.
///
///     swift run -c release starling-voices-bench DATA FOLDER [SPEAKER …]
///
/// The folder holds recordings named as in LibriSpeech, SPEAKER-CHAPTER-NUMBER.flac, at any depth; with speakers named,
/// only those are used. `--windows FILE` also writes every window's embedding as safetensors.
@main
struct VoicesBench {
    struct Recorded {
        var speaker: String
        var chapter: String
        var name: String
        var windows: [[Float]]
        var seconds: Double
    }

    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        var output: String?
        if let place = arguments.firstIndex(of: "--windows"), place + 1 < arguments.count {
            output = arguments[place + 1]
            arguments.removeSubrange(place...place + 1)
        }
        guard arguments.count >= 2 else {
            complain("usage: starling-voices-bench DATA FOLDER [SPEAKER …] [--windows FILE]")
            exit(64)
        }
        do {
            let analyzer = try RecordingAnalyzer(data: URL(filePath: arguments[0]))
            let heard = try listen(analyzer, folder: arguments[1], speakers: Set(arguments.dropFirst(2)))
            if let output { try write(heard, to: URL(filePath: output)) }
            verification(heard)
            var numbers = SplitMix(state: 1)
            consistency(heard, &numbers)
            files(heard, &numbers)
        } catch {
            complain("starling-voices-bench: \(error)")
            exit(1)
        }
    }

    private static func complain(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

    private static func listen(_ analyzer: RecordingAnalyzer, folder: String, speakers: Set<String>) throws
        -> [Recorded]
    {
        let root = URL(filePath: folder)
        let paths = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
        var heard: [Recorded] = []
        var seconds = 0.0
        let start = ContinuousClock.now
        var deaf = 0
        for path in paths where [".flac", ".opus", ".wav"].contains(where: path.hasSuffix) {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let parts = name.split(separator: "-").map(String.init)
            guard parts.count >= 2, speakers.isEmpty || speakers.contains(parts[0]) else { continue }
            let (windows, speech) = try analyzer.windows(in: Recording(root.appending(path: path)))
            seconds += speech
            if speech == 0 { deaf += 1 }
            heard.append(
                Recorded(speaker: parts[0], chapter: parts[1], name: name, windows: windows, seconds: speech))
        }
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        print(
            "\(heard.count) recordings of \(Set(heard.map(\.speaker)).count) people, \(Int(seconds)) s of speech, "
                + "\(deaf) without speech, \(Int(seconds / elapsed)) times real time")
        return heard.filter { $0.seconds > 0 }
    }

    private static func write(_ heard: [Recorded], to url: URL) throws {
        let windows = heard.flatMap(\.windows)
        let index = heard.map { "\($0.name)\t\($0.windows.count)\t\($0.seconds)" }.joined(separator: "\n")
        try WeightFile.write(
            [.init("embeddings", shape: [windows.count, 256], values: windows.flatMap { $0 })],
            metadata: ["recordings": index], to: url)
    }

    // MARK: Two recordings

    /// Pairs of pieces of some seconds, of different recordings.
    private static func verification(_ heard: [Recorded]) {
        for count in [2, 4, 6, 12] {
            var pieces: [(recording: Recorded, voice: [Float])] = []
            for recording in heard where recording.windows.count >= count {
                if let voice = Enroller.voice(of: Array(recording.windows.prefix(count))) {
                    pieces.append((recording, voice))
                }
            }
            var same: [Float] = []
            var different: [Float] = []
            for (index, piece) in pieces.enumerated() {
                for other in pieces[(index + 1)...] {
                    let similarity = Enroller.similarity(piece.voice, other.voice)
                    if piece.recording.speaker == other.recording.speaker {
                        same.append(similarity)
                    } else {
                        different.append(similarity)
                    }
                }
            }
            guard !same.isEmpty, !different.isEmpty else { continue }
            print(
                "\npieces of \(format(0.77 * Double(count) + 0.83)) s: \(pieces.count), "
                    + "\(same.count) pairs of one person, \(different.count) of two")
            table("one person", same)
            table("two people", different)
            print("  equal error rate \(format(100 * equalErrorRate(same, different))) %")
            rates(below: [0.64, 0.7, 0.72, 0.74, 0.76, 0.78, 0.8, 0.83, 0.85], same, different)
        }
    }

    // MARK: Two people in one recording

    private static func consistency(_ heard: [Recorded], _ numbers: inout SplitMix) {
        let people = Dictionary(grouping: heard, by: \.speaker).filter { $0.value.count >= 4 }
        let names = people.keys.sorted()
        guard names.count >= 2 else { return }
        func stretch(_ name: String, _ count: Int, chapter: Bool, _ numbers: inout SplitMix) -> [[Float]] {
            var recordings = people[name] ?? []
            if chapter, let chosen = recordings.randomElement(using: &numbers)?.chapter {
                recordings = recordings.filter { $0.chapter == chosen }
            }
            recordings.shuffle(using: &numbers)
            return Array(recordings.flatMap(\.windows).prefix(count))
        }
        for (count, share) in [(7, 2), (12, 2), (12, 4), (24, 2), (24, 4), (24, 8), (60, 2), (60, 10)] {
            var same: [Float] = []
            var across: [Float] = []
            var different: [Float] = []
            for _ in 0..<600 {
                let name = names.randomElement(using: &numbers)!
                let one = stretch(name, count, chapter: true, &numbers)
                if one.count == count { same.append(Enroller.consistency(of: one)) }
                let wide = stretch(name, count, chapter: false, &numbers)
                if wide.count == count { across.append(Enroller.consistency(of: wide)) }
                let other = names.filter { $0 != name }.randomElement(using: &numbers)!
                let second = stretch(other, count / share, chapter: true, &numbers)
                let first = stretch(name, count - second.count, chapter: true, &numbers)
                if first.count + second.count == count {
                    different.append(Enroller.consistency(of: first + second))
                }
            }
            print(
                "\none recording of \(format(0.77 * Double(count) + 0.83)) s, with a second person in a "
                    + "\(share == 2 ? "half" : "\(share)th") of it")
            table("one, chapter", same)
            table("one, any", across)
            table("two people", different)
            rates(below: [0.7, 0.72, 0.74, 0.76, 0.78, 0.8, 0.82, 0.85], same + across, different)
        }
    }

    // MARK: One recording among several

    private static func files(_ heard: [Recorded], _ numbers: inout SplitMix) {
        let people = Dictionary(grouping: heard.filter { $0.windows.count >= 3 }, by: \.speaker)
            .filter { $0.value.count >= 5 }
        let names = people.keys.sorted()
        guard names.count >= 2 else { return }
        for (seconds, windows) in [(3, 3), (6, 7)] {
            for others in [1, 2, 4] {
                var same: [Float] = []
                var different: [Float] = []
                for _ in 0..<2_000 {
                    let name = names.randomElement(using: &numbers)!
                    let own = (people[name] ?? []).shuffled(using: &numbers).prefix(others + 1)
                    let voices = own.compactMap { Enroller.voice(of: Array($0.windows.prefix(windows))) }
                    guard let rest = Enroller.voice(of: Array(voices.dropFirst())) else { continue }
                    same.append(Enroller.similarity(voices[0], rest))
                    let other = names.filter { $0 != name }.randomElement(using: &numbers)!
                    if let recording = people[other]?.randomElement(using: &numbers),
                        let voice = Enroller.voice(of: Array(recording.windows.prefix(windows)))
                    {
                        different.append(Enroller.similarity(voice, rest))
                    }
                }
                print("\na recording of \(seconds) s against \(others) of the same length")
                table("one person", same)
                table("two people", different)
                rates(below: [0.64, 0.7, 0.72, 0.74, 0.77, 0.8, 0.85], same, different)
            }
        }
    }

    // MARK: Figures

    private static func table(_ name: String, _ values: [Float]) {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return }
        let shares = [0.001, 0.01, 0.05, 0.5, 0.95, 0.99, 0.999]
        let figures = shares.map { format(Double(sorted[Int(Double(sorted.count - 1) * $0)])) }
        print(
            "  \(name.padding(toLength: 13, withPad: " ", startingAt: 0)) 0.1/1/5/50/95/99/99.9 %: "
                + figures.joined(separator: "  "))
    }

    private static func rates(below thresholds: [Float], _ same: [Float], _ different: [Float]) {
        for threshold in thresholds {
            let wrong = Double(same.count { $0 < threshold }) / Double(max(1, same.count))
            let right = Double(different.count { $0 < threshold }) / Double(max(1, different.count))
            print(
                "  below \(format(Double(threshold))): one person \(format(100 * wrong)) %, two \(format(100 * right)) %"
            )
        }
    }

    private static func equalErrorRate(_ same: [Float], _ different: [Float]) -> Double {
        let (same, different) = (same.sorted(), different.sorted())
        var best = 1.0
        var rate = 1.0
        for step in 0...1_000 {
            let threshold = Float(step) / 1_000
            let missed = Double(same.count { $0 < threshold }) / Double(same.count)
            let accepted = Double(different.count { $0 >= threshold }) / Double(different.count)
            if abs(missed - accepted) < best { (best, rate) = (abs(missed - accepted), (missed + accepted) / 2) }
        }
        return rate
    }

    private static func format(_ value: Double) -> String { String(format: "%.2f", value) }
}

/// Repeatable chance (Steele et al. 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
