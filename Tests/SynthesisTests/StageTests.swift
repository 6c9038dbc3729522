import AcousticModel
import Foundation
import SpeechSignal
import Synthesis
import Tensor
import Testing
import TextFrontend
import Vocoder
import VoiceModel
import VoiceProfile
import VoiceStore

/// The three stages from a sentence to samples, each by itself.
@Suite struct StageTests {
    private static let frontend = Result { try Speaking.synthesizer().frontend }
    private static let networks = Result { try Speaking.synthesizer().networks }
    private let profile: SpeakerProfile

    init() throws {
        profile = try SpeakerProfile(
            contentsOf: Speaking.repository.appending(path: "voices/heart/profile.safetensors"))
    }

    private func sentence(_ text: String) throws -> Sentence {
        try #require(Self.frontend.get().sentences(in: text, accent: .american).first { _ in true })
    }

    private func plan(_ text: String, _ options: SpeechOptions = SpeechOptions()) throws -> SentencePlan {
        try SentencePlan(sentence(text), profile: profile, options: options)
    }

    // MARK: Plan

    @Test func plansThePhonemesBetweenPads() throws {
        let (sentence, plan) = (try sentence("It was late."), try plan("It was late."))
        #expect(plan.phonemes == [.pad] + sentence.phonemes + [.pad])
        #expect(plan.prosody == TokenProsody(count: plan.phonemes.count) && plan.gains == nil)
        #expect(plan.pauses.isEmpty && plan.rise == nil)
        #expect(abs(20 * log10(plan.level) - (SentencePlan.loudness - profile.loudness)) < 1e-4)
    }

    @Test func plansPausesWhereTheirCommasAre() throws {
        let plan = try plan("It was late, [pause 500ms] and cold, [pause 90s] and dark, [pause 1s] too.")
        #expect(plan.pauses.map(\.frames) == [40, 4_760, 0], "together no longer than the longest")
        for pause in plan.pauses {
            #expect(plan.phonemes[pause.token] == ",")
            #expect(plan.prosody.speed[pause.token] < 0.5, "the voice comes to rest")
        }
        #expect(plan.prosody.speed.count { $0 != 1 } == 3)
    }

    @Test func plansRisesOfQuestions() throws {
        let plan = try plan("Is it late?")
        let rise = try #require(plan.rise).tokens
        #expect(plan.phonemes[rise.lowerBound] == .primaryStress && plan.phonemes[rise.upperBound] == "?")
        #expect(try self.plan("Who is it?").rise == nil && self.plan("Tea or coffee?").rise == nil)
    }

    @Test func plansWhatTheMarkUpAsksFor() throws {
        let text = "<speak>One <prosody rate=\"200%\" pitch=\"+2st\" volume=\"+6dB\">two</prosody> three.</speak>"
        let marked = try MarkedText(ssml: text)
        let sentence = try #require(
            try Self.frontend.get().sentences(in: marked, reading: ReadingStyle(accent: .american)).first { _ in true })
        var options = SpeechOptions()
        options.speed = 1.5
        let plan = SentencePlan(sentence, profile: profile, options: options)
        let two = try #require(sentence.words.first { $0.text == "two" }).phonemeRange
        for (token, phoneme) in plan.phonemes.enumerated() where phoneme != .space {
            let isInside = two.contains(token - 1)
            #expect(plan.prosody.speed[token] == (isInside ? 3 : 1.5), "\(phoneme)")
            #expect(plan.prosody.pitchShift[token] == (isInside ? 2 : 0), "\(phoneme)")
            #expect(abs((plan.gains?[token] ?? 0) - (isInside ? 1.9953 : 1)) < 1e-3, "\(phoneme)")
        }
    }

    // MARK: Rendition

    /// What the networks say of a plan.
    private struct Said {
        var durations: [Int]
        var f0: [Float]
        var mel: Matrix

        var energy: [Float] { (0..<mel.rows).map { mel[$0, 0] } }

        func rendition(of plan: SentencePlan) -> SentenceRendition {
            SentenceRendition(plan, durations: durations, f0: f0, energy: energy)
        }
    }

    /// An utterance that is silent at its ends and in its commas, ten frames a token.
    private func said(of plan: SentencePlan, loud: Float = -4) -> Said {
        let durations = [Int](repeating: 10, count: plan.phonemes.count)
        let frames = durations.reduce(0, +)
        var mel = Matrix(rows: frames, columns: Signal.melBands)
        for frame in 0..<frames {
            let phoneme = plan.phonemes[frame / 10]
            let isSilent = phoneme == .pad || phoneme.isPause
            for band in 0..<Signal.melBands { mel[frame, band] = isSilent ? -11 : loud }
        }
        return Said(durations: durations, f0: [Float](repeating: 120, count: frames), mel: mel)
    }

    @Test func keepsLittleOfTheSilenceAtTheEnds() throws {
        let plan = try plan("It was late.")
        let rendition = said(of: plan).rendition(of: plan)
        // The pads and the full stop are silent; 4 frames stay in front and 8 behind.
        #expect(rendition.kept == 6..<(10 * (plan.phonemes.count - 2) + 8))
        #expect(rendition.gains == nil && rendition.f0.count == 10 * plan.phonemes.count)
    }

    @Test func aPauseLastsAsLongAsItIsAskedFor() throws {
        let plan = try plan("It was late, [pause 1s] and cold.")
        let plain = said(of: plan)
        let rendition = plain.rendition(of: plan)
        let comma = try #require(plan.pauses.first).token
        #expect(rendition.durations[comma] == 80, "its own ten frames of silence count")
        #expect(rendition.f0.count == plain.f0.count + 70)
        #expect(rendition.durations.reduce(0, +) == rendition.f0.count)
        let gains = try #require(rendition.gains)
        #expect(gains.count == rendition.f0.count && gains.count { $0 == 0 } == 70)
        let short = try self.plan("It was late, [pause 50ms] and cold.")
        #expect(said(of: short).rendition(of: short).f0.count == 10 * short.phonemes.count)
    }

    @Test func silenceLiesBetweenTheFramesOfTheMel() throws {
        let plan = try plan("It was late, [pause 1s] and cold, [pause 2s] and dark.")
        var said = said(of: plan)
        for frame in 0..<said.mel.rows { said.mel[frame, 99] = Float(frame) }
        let rendition = said.rendition(of: plan)
        #expect(rendition.silences.map(\.count) == [70, 150])
        var mel = RenditionMel(MelStream(said.mel), of: rendition)
        let whole = try mel.whole()
        let isSilent = (0..<whole.rows).map { frame in rendition.silences.contains { $0.contains(frame) } }
        #expect((0..<whole.rows).filter { !isSilent[$0] }.map { whole[$0, 99] } == (0..<said.mel.rows).map(Float.init))
        for silence in rendition.silences { #expect(whole.rows(silence).elements.allSatisfy { $0 < -11 }) }
        #expect(rendition.f0.indices.allSatisfy { (rendition.f0[$0] == 0) == isSilent[$0] })
    }

    @Test func timesFollowTheFrames() throws {
        let text = "It was late."
        let plan = try plan(text)
        let rendition = said(of: plan).rendition(of: plan)
        let timings = rendition.timings(of: try sentence(text), mel: said(of: plan).mel)
        #expect(timings.end == Signal.seconds(frames: rendition.kept.count))
        #expect(timings.phonemes.map(\.symbol).joined() == plan.phonemes.symbols)
        // The first sound begins 4 frames in, and each lasts 10.
        let starts = timings.phonemes.dropLast().enumerated().map { Signal.seconds(frames: 4 + 10 * $0.offset) }
        #expect(zip(timings.phonemes, starts).allSatisfy { abs($0.start - $1) < 1e-9 })
        #expect(timings.words.map(\.spoken) == ["It", "was", "late"] && timings.words[0].start == 0.05)
        #expect(timings.features?.mel.rows == rendition.kept.count)
        #expect(rendition.timings(of: try sentence(text)).features == nil)
    }

    // MARK: Samples

    private func samples(
        _ rendition: SentenceRendition, _ said: Said, from start: Int? = nil
    ) throws -> [[Float]] {
        var stream = SampleStream(
            rendition, mel: RenditionMel(MelStream(said.mel), of: rendition),
            vocoder: try Self.networks.get().vocoder, seed: 7, watermarkedFrom: start)
        var pieces: [[Float]] = []
        while let piece = try stream.next() { pieces.append(piece) }
        #expect(pieces.reduce(0) { $0 + $1.count } == stream.count)
        return pieces
    }

    @Test func samplesAreTheVocodersAtTheirLevel() throws {
        let plan = try plan("It was late, [pause 1s] and cold.")
        let said = said(of: plan)
        let rendition = said.rendition(of: plan)
        let pieces = try samples(rendition, said)
        #expect(pieces.count > 3, "they come piece by piece")
        let samples = pieces.flatMap(\.self)
        #expect(samples.count == rendition.kept.count * Signal.hop)
        #expect(abs(samples[0]) < 1e-3 && abs(samples[samples.count - 1]) < 1e-3, "faded")
        // From the same frames without a break, behind the first fade.
        let first = rendition.kept.lowerBound
        let rows = (first - min(8, first))..<(first + 60)
        let whole = try Self.networks.get().vocoder.synthesize(
            mel: said.mel.rows(rows), f0: Array(rendition.f0[rows]), seed: 7)
        let skipped = (first - rows.lowerBound) * Signal.hop
        for index in stride(from: 200, to: 20 * Signal.hop, by: 37) {
            #expect(abs(samples[index] - Limiter.limit(rendition.level * whole[skipped + index])) < 1e-5)
        }
        #expect(try self.samples(rendition, said, from: 0).flatMap(\.self) != samples, "a mark changes them")
    }

    @Test func aPauseIsSilent() throws {
        let plan = try plan("It was late, [pause 1s] and cold.")
        let said = said(of: plan)
        let rendition = said.rendition(of: plan)
        let samples = try samples(rendition, said).flatMap(\.self)
        let comma = try #require(plan.pauses.first).token
        let end = rendition.durations[...comma].reduce(0, +) - rendition.kept.lowerBound
        let silence = samples[(end - 65) * Signal.hop..<(end - 15) * Signal.hop]
        #expect(silence.allSatisfy { $0 == 0 })
    }

    @Test func nothingExceedsFullScale() throws {
        let plan = try plan("It was late.")
        let said = said(of: plan, loud: 3)
        let samples = try samples(said.rendition(of: plan), said).flatMap(\.self)
        let peak = samples.map(abs).max() ?? 0
        #expect(peak > Limiter.knee && peak <= 1, "peak \(peak)")
    }

    @Test func theLimiterBendsSmoothly() {
        for value: Float in [0, 0.1, -0.5, 0.8, -0.8] { #expect(Limiter.limit(value) == value) }
        let curve = (0...400).map { Limiter.limit(Float($0) / 100) }
        for (low, high) in zip(curve, curve.dropFirst()) { #expect(high >= low && high - low < 0.011) }
        #expect(curve.allSatisfy { $0 <= 1 } && abs(Limiter.limit(0.81) - 0.81) < 1e-4)
        #expect(Limiter.limit(-1.3) == -Limiter.limit(1.3))
    }
}
