import Faces
import Foundation
import SpeechSignal
import Synthesis
import Testing

@Suite struct FaceTrackTests {
    static let texts = [
        "Papa bought my mother a big blue umbrella, but Bob broke it.",
        "Pamper the puppy! Maybe nobody remembers the number of the apartment.",
        "Some more, perhaps? My mum made apple pie.\n\nBump, bump, bump.",
    ]

    // MARK: Mouth

    @Test(arguments: texts, [0.8, 1, 1.6] as [Float])
    func lipsMeetForEveryPBM(_ text: String, _ speed: Float) async throws {
        let speech = try await Speech.real(text, speed: speed)
        let frames = speech.face()
        let middles = speech.middles(of: "pbm")
        #expect(middles.count >= 9)
        for middle in middles {
            let frame = frames.at(middle)
            #expect(frame.gap <= 0.01 && frame[.jawOpen] <= 0.2, "at \(middle) s: \(frame.gap), jaw \(frame[.jawOpen])")
            #expect(frame[.mouthLowerDownLeft] <= 0.02 && frame[.mouthUpperUpLeft] <= 0.02)
        }
        // Between them the mouth opens.
        #expect(frames.contains { $0.gap >= 0.2 })
        for vowel in speech.phonemes(of: "ɑæI") where vowel.end - vowel.start >= 0.034 {
            let gaps = frames.filter { (vowel.start...vowel.end).contains($0.time) }.map(\.gap)
            #expect((gaps.max() ?? 0) >= 0.08, "from \(vowel.start) s: \(gaps)")
        }
    }

    /// The shortest that the networks make, one frame of theirs, between the most open vowels.
    @Test(arguments: ["p", "b", "m"], [0.0125, 0.025, 0.05, 0.12])
    func lipsMeetHoweverShort(_ symbol: String, _ seconds: Double) throws {
        let frames = try Speech.made([(" ", 0.1), ("ɑ", 0.15), (symbol, seconds), ("ɑ", 0.15), (" ", 0.1)]).face()
        #expect(frames.at(0.25 + seconds / 2).gap <= 0.01)
        #expect(frames.at(0.175).gap >= 0.2 && frames.at(0.325 + seconds).gap >= 0.2)
    }

    @Test func theLowerLipTouchesTheTeeth() throws {
        for symbol in ["f", "v"] {
            let frames = try Speech.made([("ɑ", 0.15), (symbol, 0.06), ("ɑ", 0.15)]).face()
            let (inside, outside) = (frames.at(0.18), frames.at(0.08))
            #expect(inside[.mouthRollLower] >= 0.5 && inside.gap <= 0.15 && inside[.mouthClose] == 0)
            #expect(outside[.mouthRollLower] == 0)
        }
    }

    /// Lips round for the vowel while the consonant before it is still said, and not the other way round.
    @Test func consonantsTakeTheShapeOfTheirVowels() throws {
        func atT(_ vowel: String) throws -> FaceFrame {
            try Speech.made([(" ", 0.1), ("t", 0.08), (vowel, 0.2), (" ", 0.1)]).face().at(0.14)
        }
        let (round, wide) = (try atT("u"), try atT("i"))
        #expect(round[.mouthPucker] >= wide[.mouthPucker] + 0.25)
        #expect(wide[.mouthStretchLeft] >= round[.mouthStretchLeft] + 0.07)
    }

    @Test func everySymbolOfTheAlphabetHasATarget() throws {
        func face(_ symbols: [(String, Double)]) throws -> [FaceFrame] {
            try Speech.made([(" ", 0.2)] + symbols + [(" ", 0.2)]).face()
        }
        let marks = Set("ˈˌː\u{303}ʰʲᵝ↓→↗↘".unicodeScalars)
        for symbol in Phoneme.alphabet {
            let phoneme = try #require(Phoneme(symbol: symbol))
            if marks.contains(symbol) {
                // It changes nothing but how long its neighbor is.
                let marked = try face([("a", 0.2), (String(symbol), 0.1), ("a", 0.1)])
                #expect(try marked.map(\.mouth) == face([("a", 0.4)]).map(\.mouth), "\(symbol)")
            } else {
                let middle = try face([(String(symbol), 0.3)]).at(0.35)
                let moves = middle.gap + middle[.mouthRollLower] + middle[.mouthPressLeft] + middle[.mouthPucker]
                #expect((moves > 0.02) == !phoneme.isMark, "\(symbol): \(moves)")
            }
        }
    }

    @Test func whoIsLouderOpensWider() throws {
        let jaws = try [0.003, 0.03, 0.3].map { (loudness: Float) in
            try Speech.made([("ɑ", 0.4)], loudness: loudness).face().at(0.2)[.jawOpen]
        }
        #expect(jaws[0] + 0.05 < jaws[1] && jaws[1] + 0.05 < jaws[2])
    }

    // MARK: Frames

    @Test(arguments: texts + ["Hm.", "One. [pause 1s] Two. [pause 700ms]"], [0.7, 1, 2] as [Float])
    func framesAndSoundEndTogether(_ text: String, _ speed: Float) async throws {
        let speech = try await Speech.real(text, speed: speed)
        let frames = speech.face()
        let seconds = Double(frames.count) / 60
        #expect(seconds >= speech.seconds && seconds - speech.seconds < 1 / 60)
        #expect(frames.map(\.index) == Array(0..<frames.count))
        for frame in frames {
            #expect(frame.values.count == 52)
            let isInside = frame.values.allSatisfy { (0...1).contains($0) }
            #expect(isInside)
            let head = frame.head
            #expect([head.yaw, head.pitch, head.roll].allSatisfy { abs($0) < 0.12 })
        }
        // Nothing jumps but what touches and lids: a fifth of the way in a frame.
        for (one, next) in zip(frames, frames.dropFirst()) {
            #expect(abs(one[.jawOpen] - next[.jawOpen]) < 0.2 && abs(one[.mouthPucker] - next[.mouthPucker]) < 0.2)
            #expect(abs(one.head.yaw - next.head.yaw) < 0.01 && abs(one.head.pitch - next.head.pitch) < 0.01)
        }
        #expect((frames.last?.gap ?? 1) < 0.1)
    }

    @Test func framesDoNotDependOnTheChunks() async throws {
        let speech = try await Speech.real(Self.texts[2])
        let expected = speech.face()
        for size in [1_000, 399, 24_000] { #expect(speech.cut(to: size).face() == expected, "pieces of \(size)") }
    }

    @Test func framesComeWithTheirSound() async throws {
        var track = FaceTrack(seed: 1)
        var samples = 0
        for chunk in try await Speech.real(Self.texts[0]).cut(to: 1_111).chunks {
            samples += chunk.samples.count
            #expect(track.append(chunk).last.map { $0.index + 1 } ?? samples / 400 == samples / 400)
        }
    }

    @Test func nothingMakesNoFrames() {
        var track = FaceTrack(seed: 1)
        #expect(track.finish().isEmpty)
        #expect(track.append(SpeechChunk(samples: [0], start: 0)).isEmpty && track.finish().count == 1)
    }

    // MARK: Chance

    @Test func seedsMoveEyesAndHeadAlone() async throws {
        let speech = try await Speech.real(Self.texts[0])
        let (one, same, other) = (speech.face(seed: 5), speech.face(seed: 5), speech.face(seed: 6))
        #expect(one == same)
        #expect(one.map { $0[.eyeBlinkLeft] } != other.map { $0[.eyeBlinkLeft] })
        #expect(one.map(\.head) != other.map(\.head))
        #expect(one.map(\.mouth) == other.map(\.mouth))
    }

    @Test(arguments: [0, 1, 2, UInt64.max])
    func eyesBlinkAsOftenAsThoseOfSpeakers(_ seed: UInt64) {
        var track = FaceTrack(seed: seed)
        let minutes = 20
        let second = [Float](repeating: 0, count: Synthesizer.sampleRate)
        let lids = (0..<60 * minutes).flatMap { track.append(SpeechChunk(samples: second, start: $0 * second.count)) }
            .map { $0[.eyeBlinkLeft] }
        let peaks = zip(lids, zip(lids.dropFirst(), lids.dropFirst(2))).filter { $0 < $1.0 && $1.0 >= $1.1 }
        let blinks = Double(peaks.count) / Double(minutes)
        #expect((20...32).contains(blinks), "\(blinks) a minute")
        #expect(peaks.allSatisfy { $0.1.0 > 0.85 })
        #expect(lids.filter { $0 == 0 }.count > lids.count * 3 / 4)
    }
}
