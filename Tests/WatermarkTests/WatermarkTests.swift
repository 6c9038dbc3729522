import AudioIO
import Files
import Foundation
import Synthesis
import Testing
import Watermark

/// Speech made once for all tests, at 24 kHz.
private actor Material {
    static let shared = Material()
    private static let synthesizer = Result {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try Synthesizer(data: root.appending(path: "data"), voices: [root.appending(path: "voices")])
    }
    private var made: [String: [Float]] = [:]

    static let passage = "We will arrive at a quarter past seven, unless the train is delayed again. Bring a coat."
    static let short = "Yes. No. Who? I do. Not now. Maybe later. Go on. Well?"

    func speech(_ text: String, voice: String, marked: Bool) async throws -> [Float] {
        let key = "\(voice) \(marked) \(text)"
        if let samples = made[key] { return samples }
        let synthesizer = try Self.synthesizer.get()
        var options = SpeechOptions()
        options.watermark = marked
        var samples: [Float] = []
        for try await chunk in synthesizer.speak(text, voice: voice, options: options) { samples += chunk.samples }
        made[key] = samples
        return samples
    }
}

private func detect(_ samples: [Float], at rate: Int = 24_000, block: Int = 4_096) throws -> WatermarkFinding {
    let clip = try AudioClip(samples: samples, sampleRate: rate).resampled(to: WatermarkDetector.sampleRate)
    var detector = WatermarkDetector()
    for start in stride(from: 0, to: clip.samples.count, by: block) {
        detector.push(Array(clip.samples[start..<min(start + block, clip.samples.count)]))
    }
    return detector.finish()
}

@Suite struct Detection {
    static let voices = ["heart", "george"]

    @Test(arguments: voices, AudioFormat.allCases.filter { $0 != .raw })
    func theMarkSurvivesEveryFormat(_ voice: String, _ format: AudioFormat) async throws {
        for marked in [true, false] {
            let speech = try await Material.shared.speech(Material.passage, voice: voice, marked: marked)
            let sink = MemorySink()
            let writer = try AudioWriter(to: sink, format: format, sampleRate: 24_000)
            try writer.append(speech)
            try writer.finish()
            let clip = try AudioReader.read(sink.data, named: format.rawValue)
            let finding = try detect(clip.samples, at: clip.sampleRate)
            #expect(finding.verdict == (marked ? .marked : .notFound), "score \(finding.score)")
            if marked { #expect(finding.chance < 1e-6) } else { #expect(finding.chance > 1e-4) }
        }
    }

    @Test(arguments: [0, 1, 77, 149, 1_200, 12_345, 24_001])
    func theMarkIsFoundFromAnySampleOn(_ offset: Int) async throws {
        let speech = try await Material.shared.speech(Material.passage, voice: "heart", marked: true)
        let piece = Array(speech[offset..<offset + 3 * 24_000])
        #expect(try detect(piece).verdict == .marked)
        // Quieter by 40 dB, rounded to 16 bits, and with half the samples, the last being louder than full scale.
        let quiet = piece.map { ($0 * 327.67).rounded() / 32_767 }
        #expect(try detect(quiet).verdict == .marked)
        let narrow = try AudioClip(samples: piece.map { 3 * $0 }, sampleRate: 24_000).resampled(to: 12_000)
        #expect(try detect(narrow.samples, at: 12_000).verdict == .marked)
    }

    @Test func theMarkRunsOnThroughShortSentences() async throws {
        let speech = try await Material.shared.speech(Material.short, voice: "emma", marked: true)
        let finding = try detect(speech)
        #expect(finding.verdict == .marked && finding.regions.count == 1)
        let plain = try await Material.shared.speech(Material.short, voice: "emma", marked: false)
        #expect(try detect(plain).verdict == .notFound)
    }

    @Test func theMarkedStretchIsLocated() async throws {
        let marked = try await Material.shared.speech(Material.passage, voice: "heart", marked: true)
        // Two voices: if the same speech came twice, what looks like a mark in it by chance would come twice, too.
        let george = try await Material.shared.speech(Material.passage, voice: "george", marked: false)
        let sarah = try await Material.shared.speech(Material.passage, voice: "sarah", marked: false)
        let plain = george + sarah
        let (before, length) = (Double(plain.count) / 24_000, Double(marked.count) / 24_000)
        for count in 1...2 {
            let finding = try detect((0..<count).reduce(plain) { speech, _ in speech + marked + plain })
            #expect(finding.regions.count == count)
            for (number, region) in finding.regions.enumerated() {
                let start = before + Double(number) * (before + length)
                #expect(abs(region.start - start) < 1, "\(region) is not at \(start)")
                #expect(abs(region.end - start - length) < 1, "\(region) does not end at \(start + length)")
            }
        }
    }

    @Test func piecesPutTogetherAreOneMark() async throws {
        // Speech joined from two files sways on at another point behind the join.
        let speech = try await Material.shared.speech(Material.passage, voice: "heart", marked: true)
        let (first, second) = (speech[24_000..<60_000], speech[36_001..<72_001])
        #expect(try detect(Array(first + second)).verdict == .marked)
    }

    @Test func howSamplesArriveMakesNoDifference() async throws {
        let speech = try await Material.shared.speech(Material.passage, voice: "heart", marked: true)
        let whole = try detect(speech, block: 1 << 20)
        for block in [160, 333, 16_000] { #expect(try detect(speech, block: block) == whole) }
    }

    @Test func tooLittleIsNotGuessedAt() async throws {
        let speech = try await Material.shared.speech(Material.passage, voice: "heart", marked: false)
        #expect(try detect(Array(speech[..<24_000])).verdict == .tooShort)
        #expect(try detect([]).verdict == .tooShort)
        #expect(try detect([0.5]).verdict == .tooShort)
        #expect(try detect([Float](repeating: 0, count: 240_000)).verdict == .tooShort)
        // One second of speech in ten of silence stays one second of speech.
        #expect(try detect(speech[..<24_000] + [Float](repeating: 0, count: 240_000)).verdict == .tooShort)
    }

    @Test func otherSoundsCarryNoMark() throws {
        var seed: UInt64 = 1
        func noise() -> Float {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: seed >> 32)) * 0x1p-31
        }
        let hiss = (0..<480_000).map { _ in 0.1 * noise() }
        #expect(try detect(hiss).verdict == .notFound)
        // Ten beats a second over the whole spectrum, which is the mark's rate but not its pattern.
        let throb = hiss.enumerated().map { $1 * Float(1 + 0.5 * sin(2 * .pi * 10 * Double($0) / 24_000)) }
        #expect(try detect(throb).verdict == .notFound)
        let damaged = hiss.enumerated().map { $0 % 1_000 == 0 ? Float.infinity : $1 }
        #expect(try detect(damaged).score.isFinite)
    }
}

@Suite struct Pattern {
    @Test func gainsStayWithinTheDepthAndTheBands() {
        let rows = Watermark.gains(sampleRate: 24_000, size: 1200, hop: 300)
        #expect(rows.count == 8)
        let most = Float(pow(10, Watermark.depths.max()! / 20)) * 1.0001
        #expect(Watermark.depths.allSatisfy { (0.6...2).contains($0) })
        for row in rows {
            #expect(row.count == 601)
            #expect(row.allSatisfy { $0 <= most && $0 >= 1 / most })
            let (low, high) = (Int(Watermark.lowest / 20), Int((Watermark.lowest + 110 * Watermark.bandwidth) / 20))
            #expect(row[..<low].allSatisfy { $0 == 1 } && row[high...].allSatisfy { $0 == 1 })
            // The mark does not change the overall level.
            let mean = row[low..<high].map { log10($0) * 20 }.reduce(0, +) / Float(high - low)
            #expect(abs(mean) < 0.2, "\(mean) dB")
        }
    }

    @Test func theSwayRunsOnFromAnyPlace() {
        let rows = Watermark.gains(sampleRate: 24_000, size: 1200, hop: 300)
        let later = Watermark.gains(sampleRate: 24_000, size: 1200, hop: 300, start: 24_000 + 3 * 300)
        for (index, row) in later.enumerated() {
            let difference = zip(row, rows[(index + 3) % 8]).map { abs($0 - $1) }.max()!
            #expect(difference < 1e-6)
        }
    }

    @Test func speechDiffersByTheMarkAlone() async throws {
        let marked = try await Material.shared.speech(Material.passage, voice: "heart", marked: true)
        let plain = try await Material.shared.speech(Material.passage, voice: "heart", marked: false)
        #expect(marked.count == plain.count)
        let energy = plain.reduce(0) { $0 + $1 * $1 }
        let change = zip(marked, plain).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let level = 10 * log10(change / energy)
        #expect((-50 ... -20).contains(level), "\(level) dB")
    }
}
