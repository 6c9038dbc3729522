import AcousticModel
import Adaptation
import Foundation
import SpeechSignal
import Tensor
import Testing
import VoiceProfile

/// Tuning of a small network to an owner who is the same network with known changes.
@Suite struct TunerTests {
    private let model: AcousticModel
    private let profile: SpeakerProfile
    private let owner: SpeakerProfile

    init() throws {
        let file = try Material.fixture()
        model = try AcousticModel(weights: Material.tinyAcoustic, precision: .float32)
        profile = Material.profile(file)
        var network = TunedNetwork(model, voice: model.inputs(of: profile), seed: 3, precision: .float32)
        for layer in network.parameters.layers where layer.name == "output" || layer.name.hasPrefix("duration") {
            let bias = network.parameters.values[layer.bias]
            network.parameters.values[layer.bias] = Matrix(rows: 1, columns: bias.columns, repeating: 0.3)
        }
        var owner = profile
        owner.adaptation = network.adaptation
        self.owner = owner
    }

    private func piece(_ symbols: String, of speaker: SpeakerProfile) throws -> SpokenPiece {
        let phonemes = [.pad] + Phonemes(symbols: symbols) + [.pad]
        let utterance = try model.predict(phonemes: phonemes, profile: speaker, language: "es")
        return SpokenPiece(
            recording: "tape", phonemes: phonemes,
            heard: HeardProsody(
                durations: utterance.durations, f0: utterance.f0, energy: AcousticModel.energy(of: utterance.mel)),
            mel: utterance.mel, isSpeech: [Bool](repeating: true, count: utterance.mel.rows), background: nil)
    }

    private func pieces(of speaker: SpeakerProfile) throws -> [SpokenPiece] {
        try ["həlˈO, wɜːld?", "lˈæst sˈʌməɹ.", "ænd ɪt ɹˈAnd.", "nˈIn dˈAz.", "tˈu kˈYnz!", "plˈiz, bəfˈɔɹ.", "hˈWs."]
            .map { try piece($0, of: speaker) }
    }

    private func tune(on speaker: SpeakerProfile, strength: Float = 1) async throws -> TuningOutcome {
        try await tune(on: pieces(of: speaker), strength: strength)
    }

    private func tune(on pieces: [SpokenPiece], strength: Float = 1) async throws -> TuningOutcome {
        try await Tuner(SpeakingVoice(model, profile: profile, language: "es"))
            .tune(
                on: pieces, anchors: [[.pad] + Phonemes(symbols: "wˌi ɹˈɛntᵻd.") + [.pad]],
                strength: strength)
    }

    @Test func learnsTheOwner() async throws {
        let outcome = try await tune(on: owner)
        print("held back: mel \(outcome.mel), prosody \(outcome.prosody), durations \(outcome.duration)")
        #expect(outcome.mel.after < 0.8 * outcome.mel.before && outcome.duration.after < outcome.duration.before)
        let adaptation = try #require(outcome.adaptation)
        #expect(adaptation.layers.keys.contains { $0.hasPrefix("duration.") })
        var clone = profile
        clone.adaptation = adaptation
        func distance(_ a: SpeakerProfile) throws -> Float {
            let heard = try pieces(of: owner)[0]
            let said = try model.predict(phonemes: heard.phonemes, profile: a, language: "es")
            let frames = min(said.mel.rows, heard.mel.rows)
            return zip(said.mel.rows(0..<frames).elements, heard.mel.elements).reduce(0) { $0 + abs($1.0 - $1.1) }
                / Float(frames)
        }
        #expect(try distance(clone) < distance(profile))
        #expect(outcome.seconds.heldBack > 0 && outcome.seconds.tuned > outcome.seconds.heldBack)
    }

    /// How much louder the clone says the bands of a hum than the untuned voice.
    private func rise(_ pieces: [SpokenPiece]) async throws -> Float {
        var clone = profile
        clone.adaptation = try #require(try await tune(on: pieces).adaptation)
        func level(_ speaker: SpeakerProfile) throws -> Float {
            let said = try piece("həlˈO, wɜːld?", of: speaker).mel
            return (0..<said.rows).reduce(0) { $0 + said[$1, 1] + said[$1, 2] } / Float(2 * said.rows)
        }
        return try level(clone) - level(profile)
    }

    @Test func humIsNotLearned() async throws {
        var pieces = try pieces(of: owner)
        for index in pieces.indices {
            for frame in 0..<pieces[index].mel.rows { for band in 1...2 { pieces[index].mel[frame, band] += 2 } }
        }
        let learned = try await rise(pieces)
        for index in pieces.indices {
            pieces[index].background = (0..<Signal.melBands).map { (1...2).contains($0) ? .infinity : -.infinity }
        }
        let kept = try await rise(pieces)
        #expect(learned > 0.3 && kept < 0.3 * learned, "\(learned) and \(kept) nepers")
    }

    /// What is said in a doubtful sound changes nothing.
    @Test func nothingIsLearnedFromDoubtfulSounds() async throws {
        var (plain, loud) = (try pieces(of: owner), try pieces(of: owner))
        for index in plain.indices {
            plain[index].doubtful = [3]
            loud[index].doubtful = [3]
            let first = loud[index].heard.durations[..<3].reduce(0, +)
            for frame in first..<first + loud[index].heard.durations[3] {
                for band in 0..<Signal.melBands { loud[index].mel[frame, band] = -1 }
            }
        }
        #expect(try await tune(on: plain).adaptation == tune(on: loud).adaptation)
        #expect(plain[0].seconds < Signal.seconds(frames: plain[0].mel.rows))
    }

    @Test func theSamePiecesGiveTheSameBytes() async throws {
        var (one, other) = (profile, profile)
        one.adaptation = try await tune(on: owner).adaptation
        other.adaptation = try await tune(on: owner).adaptation
        #expect(try one.bytes() == other.bytes() && one.adaptation != nil)
    }

    @Test func nobodyBecomesWorse() async throws {
        // What is held back is of somebody else, who is as the network was.
        var mixed = try pieces(of: owner)
        mixed[Tuner.heldBackEvery / 2] = try pieces(of: profile)[Tuner.heldBackEvery / 2]
        let outcome = try await tune(on: mixed)
        #expect(outcome.adaptation == nil && outcome.mel.after > outcome.mel.before, "\(outcome.mel)")
        #expect(try await tune(on: owner, strength: 0).adaptation == nil)
    }

    @Test func progressAndCancellation() async throws {
        let tuner = Tuner(SpeakingVoice(model, profile: profile, language: "es"))
        let pieces = try pieces(of: owner)
        let (stream, told) = AsyncStream.makeStream(of: TuningProgress.self)
        _ = try await tuner.tune(on: pieces, anchors: []) { told.yield($0) }
        told.finish()
        var seen: [TuningProgress] = []
        for await progress in stream { seen.append(progress) }
        #expect(seen.count == 2 * Tuner.steps && seen.last?.done == 1 && seen.last?.secondsLeft == 0)
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.done < $1.done })

        let task = Task { try await tuner.tune(on: pieces, anchors: []) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func profilesCarryTheChange() async throws {
        var clone = profile
        clone.adaptation = try await tune(on: owner).adaptation
        let read = try SpeakerProfile(bytes: Array(clone.bytes()), readFrom: URL(filePath: "profile.safetensors"))
        #expect(read == clone && read.adaptation != nil)

        // In equal shares with itself a voice stays what it is; the ranks add up.
        var doubled = clone
        doubled.adaptation = try SpeakerProfile.blend([(clone, 0.5), (clone, 0.5)]).adaptation
        let layer = try #require(doubled.adaptation?.layers["output"])
        #expect(layer.rank == 2 * (clone.adaptation?.layers["output"]?.rank ?? 0))
        func mel(_ profile: SpeakerProfile) throws -> [Float] {
            try model.predict(phonemes: pieces(of: owner)[0].phonemes, profile: profile, language: "es").mel.elements
        }
        let distance = try zip(mel(doubled), mel(clone)).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        #expect(distance < 0.05, "\(distance)")
        // Half of it with a voice that has none.
        let half = try SpeakerProfile.blend([(clone, 0.5), (profile, 0.5)]).adaptation
        #expect(half == clone.adaptation?.scaled(by: 0.5))
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let phonemes = [.pad] + Phonemes(symbols: "hˈWs.") + [.pad]
        func refuse(_ change: (inout VoiceAdaptation) -> Void, _ words: String) throws {
            var clone = owner
            change(&clone.adaptation!)
            let error = #expect(throws: AcousticError.self) { try model.predict(phonemes: phonemes, profile: clone) }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
        try refuse({ $0.model = "another" }, "another acoustic model")
        let wide = LayerChange(
            inputs: 3, outputs: 200, down: [1, 1, 1], up: .init(repeating: 1, count: 200),
            bias: .init(repeating: 0, count: 200))
        try refuse({ $0.layers["output"] = wide }, "layer output")
        try refuse({ $0.layers["nothing"] = wide }, "layer nothing")

        var damaged = owner
        damaged.adaptation?.layers["output"] = LayerChange(
            inputs: 1, outputs: 200, down: [], up: [], bias: [.nan] + .init(repeating: 0, count: 199))
        #expect(throws: ProfileError.self) { try damaged.validate() }
        var other = owner
        other.adaptation?.model = "another"
        #expect(throws: ProfileError.self) { try SpeakerProfile.blend([(owner, 0.5), (other, 0.5)]) }
    }
}
