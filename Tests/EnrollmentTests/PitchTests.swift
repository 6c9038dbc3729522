import AudioIO
import Comparison
import Enrollment
import Foundation
import Testing
import Weights

/// Against the trainer (Training/starling_training/fixtures.py pitch) and against signals whose F0 is known.
@Suite struct PitchTests {
    private func golden() throws -> WeightFile {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return try WeightFile(contentsOf: folder.appending(path: "pitch.safetensors"))
    }

    @Test(arguments: ["low", "high"]) func everyStageEqualsTheTrainer(voice: String) throws {
        let golden = try golden()
        func values(_ name: String) throws -> [Float] { try #require(golden.values(of: "\(voice).\(name)")) }
        let samples = try values("samples")
        let expected = try values("f0")
        let candidates = PitchCandidates(samples, frames: expected.count)
        expectClose(candidates.unvoiced, try values("unvoiced"), within: 1e-3, "\(voice): scores of no voice")
        let perFrame = candidates.score.count / expected.count
        let best = expected.indices.map { frame -> Float in
            let places = frame * perFrame..<(frame + 1) * perFrame
            return candidates.frequency[places.max { candidates.score[$0] < candidates.score[$1] } ?? 0]
        }
        // Frames without a single peak have no best candidate.
        let known = expected.indices.filter { frame in
            (frame * perFrame..<(frame + 1) * perFrame).contains { candidates.score[$0] > 0.3 }
        }
        let theirs = try values("best")
        expectClose(known.map { best[$0] }, known.map { theirs[$0] }, within: 0.05, "\(voice): best candidates, Hz")
        expectClose(PitchTracker.track(samples, frames: expected.count), expected, within: 0.05, "\(voice): F0, Hz")
        #expect(expected.contains { $0 > 0 } && expected.contains { $0 == 0 })
    }

    /// The trainer resamples with another setting of the same library, so an edge frame may differ.
    @Test func wholeRecordingsAgreeWithTheTrainer() throws {
        let golden = try golden()
        let clip = AudioClip(samples: try #require(golden.values(of: "whole.samples")), sampleRate: 24_000)
        let expected = try #require(golden.values(of: "whole.f0"))
        let f0 = try PitchTracker.track(clip)
        #expect(f0.count == expected.count)
        let voicing = zip(f0, expected).count { ($0 > 0) != ($1 > 0) }
        #expect(voicing <= 2, "\(voicing) frames differ in voicing")
        let both = f0.indices.filter { f0[$0] > 0 && expected[$0] > 0 }
        #expect(both.count > 60)
        expectClose(both.map { log($0 < 0 ? 0 : f0[$0]) }, both.map { log(expected[$0]) }, within: 0.005, "ln F0")
    }

    /// A tone that glides from 70 to 420 Hz, at rates from the telephone's to the studio's.
    @Test(arguments: [8_000, 11_025, 24_000, 44_100, 96_000]) func followsAGlide(rate: Int) throws {
        let seconds = 4.0
        var phase = 0.0
        var samples: [Float] = []
        func hertz(_ time: Double) -> Double { 70 * pow(6, time / seconds) }
        for i in 0..<Int(seconds * Double(rate)) {
            phase += 2 * .pi * hertz(Double(i) / Double(rate)) / Double(rate)
            samples.append(Float((1...7).reduce(0.0) { $0 + 0.1 * cos(Double($1) * phase) / Double($1) }))
        }
        let f0 = try PitchTracker.track(AudioClip(samples: samples, sampleRate: rate))
        #expect(f0.count == Int(seconds * 80))
        // 0.1 s at either end lies half outside.
        let errors = (8..<f0.count - 8).map { frame -> Double in
            f0[frame] > 0 ? abs(log2(Double(f0[frame]) / hertz((Double(frame) + 0.5) / 80))) : 1
        }
        let worst = errors.max() ?? 1
        print("glide at \(rate) Hz: worst error \(1200 * worst) cents")
        #expect(worst < 0.02, "worst error \(1200 * worst) cents")
    }

    @Test func findsNoVoiceWhereThereIsNone() throws {
        var numbers = Numbers(seed: 3)
        let noise = AudioClip(samples: numbers.next(48_000).map { $0 * 0.1 }, sampleRate: 16_000)
        let voiced = try PitchTracker.track(noise).count { $0 > 0 }
        #expect(voiced < 12, "\(voiced) of 240 frames")
        let silence = AudioClip(samples: [Float](repeating: 0, count: 48_000), sampleRate: 16_000)
        #expect(try PitchTracker.track(silence).allSatisfy { $0 == 0 })
        #expect(try PitchTracker.track(AudioClip(samples: [], sampleRate: 16_000)).isEmpty)
        #expect(try PitchTracker.track(AudioClip(samples: [0.5], sampleRate: 16_000)).isEmpty)
    }
}
