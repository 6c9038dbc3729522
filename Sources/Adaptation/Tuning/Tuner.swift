internal import AcousticModel
internal import Foundation
package import SpeechSignal
internal import Tensor
package import VoiceProfile

/// How far tuning is.
package struct TuningProgress: Sendable {
    /// From 0 to 1.
    package var done: Double
    /// Estimated seconds left.
    package var secondsLeft: Double
}

/// What tuning brought.
package struct TuningOutcome: Sendable {
    /// Nil where the held-back pieces were no better with it.
    package var adaptation: VoiceAdaptation?
    /// Mean absolute error of the log mel of the held-back pieces, before and after.
    package var mel: (before: Float, after: Float)
    /// That of F0, voicing and energy, weighted.
    package var prosody: (before: Float, after: Float)
    /// That of ln durations, squared.
    package var duration: (before: Float, after: Float)
    /// Seconds tuned on in the end, and those of the pieces that were held back to judge by.
    package var seconds: (tuned: Double, heldBack: Double)
}

/// Tunes a small part of the acoustic model to a voice's owner: low-rank changes of the decoder and the predictors, on
/// pieces of recordings whose text is known, or in which the content encoder hears what is said.
///
/// Sentences of the untuned voice keep the network in place where the recordings say nothing. Some pieces are
/// held out from a first tuning and decide whether it helps. If it does, tuning begins again with all of them. The same
/// pieces and seed give the same change.
package struct Tuner: Sendable {
    /// Steps of two pieces and an anchor, in each of the two tunings.
    package static let steps = 60
    /// Pieces in a step.
    fileprivate static let pieces = 2
    fileprivate static let warmup = 10
    fileprivate static let rate: Float = 2e-3
    /// How much an anchor counts beside a piece.
    fileprivate static let anchored: Float = 0.3
    /// One piece of so many is held back, the middle one, and at least one.
    package static let heldBackEvery = 5
    /// Held-back pieces must be better by this share; less is chance.
    private static let leastGain: Float = 0.01
    private static let seed: UInt64 = 17

    private let voice: SpeakingVoice

    /// - Parameter voice: as it was measured, in the language of the recordings; what calibration does to it is done
    ///   again with the tuned network
    package init(_ voice: SpeakingVoice) { self.voice = voice }

    /// - Parameters:
    ///   - pieces: of the owner's speech, two or more
    ///   - heard: the first of the pieces without their phonemes, each tuned on in turn with the one that has them
    ///   - sentences: what the untuned voice says to stay where it is, with pads
    ///   - strength: how much of the change is kept, 0 to 1
    /// - Throws: `AcousticError`, `CancellationError` in a cancelled task
    package func tune(
        on pieces: [SpokenPiece], heard: [SpokenPiece] = [], anchors sentences: [Phonemes], strength: Float = 1,
        progress: @Sendable (TuningProgress) -> Void = { _ in }
    ) async throws -> TuningOutcome {
        let network = TunedNetwork(
            voice.model, voice: voice.inputs, seed: Self.seed, precision: .automatic)
        let examples = try pieces.indices.map { index in
            let voice = voice(without: index, of: pieces)
            return try ([pieces[index]] + heard.dropFirst(index).prefix(1)).map {
                try example($0, isAnchor: false, voice: voice, of: network)
            }
        }
        let anchors = try sentences.map { try anchor($0, of: network) }
        let isHeldBack = Self.heldBack(pieces.map(\.seconds))
        let heldBack = examples.indices.filter { isHeldBack[$0] }.map { examples[$0][0] }
        let others = examples.indices.filter { !isHeldBack[$0] }.map { examples[$0] }
        let seconds = pieces.reduce(0) { $0 + $1.seconds }
        let secondsHeldBack = zip(pieces, isHeldBack).reduce(0) { $0 + ($1.1 ? $1.0.seconds : 0) }
        let start = ContinuousClock.now
        func tuned(on chosen: [[TuningExample]], stepsBefore: Int) async throws -> TunedNetwork {
            try await network.tuned(on: chosen, anchors, strength: strength) { step in
                let done = Double(stepsBefore + step) / Double(2 * Self.steps)
                let passed = (ContinuousClock.now - start) / .seconds(1)
                progress(TuningProgress(done: done, secondsLeft: passed * (1 - done) / done))
            }
        }
        let before = try await Self.loss(of: heldBack, network)
        let trial = try await tuned(on: others, stepsBefore: 0)
        let after = try await Self.loss(of: heldBack, trial)
        var outcome = TuningOutcome(
            adaptation: nil, mel: (before.mel, after.mel), prosody: (before.prosody, after.prosody),
            duration: (before.duration, after.duration),
            seconds: (seconds - secondsHeldBack, secondsHeldBack))
        // Without the decoder the rest is not worth a tuned voice.
        guard Self.isBetter(after.mel, than: before.mel) else { return outcome }
        var adaptation = try await tuned(on: examples, stepsBefore: Self.steps).adaptation
        for (part, wasBetter) in [
            ("prosody.", Self.isBetter(after.prosody, than: before.prosody)),
            ("duration.", Self.isBetter(after.duration, than: before.duration)),
        ] where !wasBetter { adaptation.layers = adaptation.layers.filter { !$0.key.hasPrefix(part) } }
        outcome.adaptation = adaptation
        outcome.seconds.tuned = seconds
        return outcome
    }

    /// Whether held-back pieces are better than chance would make them.
    private static func isBetter(_ after: Float, than before: Float) -> Bool { after < before * (1 - leastGain) }

    /// The voice with reference frames of all pieces but one: the decoder would copy those of the utterance itself.
    private func voice(without index: Int, of pieces: [SpokenPiece]) -> SpeakingVoice {
        guard voice.model.attendsToReferences else { return voice }
        var frames: [ArraySlice<Float>] = []
        for (number, piece) in pieces.enumerated() where number != index {
            let isDoubtful = piece.isDoubtful
            for (frame, level) in MelCorrection.speechLevel(piece.mel).enumerated()
            where level > 0 && !isDoubtful[frame] { frames.append(piece.mel.row(frame)) }
        }
        let kept = min(frames.count, ReferenceFrames.most)
        guard kept > 0 else { return voice }
        let known = voice.profile.bands
        let unknown = [Float](repeating: 0, count: Signal.melBands - known)
        return voice.attending(
            to: ReferenceFrames(
                frames: (0..<kept).flatMap { frames[$0 * frames.count / kept].prefix(known) + unknown }))
    }

    private func example(
        _ piece: SpokenPiece, isAnchor: Bool, voice: SpeakingVoice, of network: TunedNetwork
    ) throws -> TuningExample {
        var example = try TuningExample(
            piece, bands: isAnchor ? Signal.melBands : voice.profile.bands, isAnchor: isAnchor, voice: voice)
        example.untuned = network.mel(of: example.prepared, memory: example.memory)
        return example
    }

    /// A sentence as the untuned voice says it.
    private func anchor(_ phonemes: Phonemes, of network: TunedNetwork) throws -> TuningExample {
        let utterance = try voice.says(phonemes)
        let level = MelCorrection.speechLevel(utterance.mel)
        let piece = SpokenPiece(
            recording: "", phonemes: phonemes,
            heard: HeardProsody(
                durations: utterance.durations, f0: utterance.f0, energy: AcousticModel.energy(of: utterance.mel)),
            mel: utterance.mel, isSpeech: level.map { $0 > 0 }, background: nil)
        return try example(piece, isAnchor: true, voice: voice, of: network)
    }

    private static func loss(of examples: [TuningExample], _ network: TunedNetwork) async throws -> TuningLoss {
        let losses = try await concurrently(examples) { network.loss(of: $0) }
        var mean = TuningLoss()
        for (loss, example) in zip(losses, examples) {
            let share = Float(example.mel.rows) / Float(examples.reduce(0) { $0 + $1.mel.rows })
            mean.mel += share * loss.mel
            mean.prosody += share * loss.prosody
            mean.duration += share * loss.duration
        }
        return mean
    }

    /// Which pieces are held back: about one in five, spread over the recordings, and never the last that is left to
    /// tune on.
    private static func heldBack(_ seconds: [Double]) -> [Bool] {
        let offset = min(heldBackEvery, seconds.count) / 2
        return seconds.indices.map { seconds.count > 1 && $0 % heldBackEvery == offset }
    }
}

extension TunedNetwork {
    /// The network after all steps, with a share of its change.
    ///
    /// - Parameters:
    ///   - examples: of every piece, those that it is tuned on in turn
    ///   - progress: gets the number of steps done
    fileprivate func tuned(
        on examples: [[TuningExample]], _ anchors: [TuningExample], strength: Float, progress: (Int) -> Void
    ) async throws -> TunedNetwork {
        var network = self
        var optimizer = AdamW(rate: Tuner.rate, warmup: Tuner.warmup, steps: Tuner.steps)
        for step in 0..<Tuner.steps {
            try Task.checkCancellation()
            let chosen = Tuner.chosen(step, of: examples.count).enumerated().map { place, piece in
                examples[piece][place % examples[piece].count]
            }
            let batch = chosen + (anchors.isEmpty ? [] : [anchors[step % anchors.count]])
            let gradients = try await concurrently(batch) { [network] example in
                let scale = example.isAnchor ? Tuner.anchored : 1 / Float(chosen.count)
                return network.gradient(of: example, scale: scale).gradients
            }
            var sum = gradients[0]
            for other in gradients.dropFirst() { for index in sum.indices { sum[index].add(other[index]) } }
            optimizer.step(&network.parameters.values, sum)
            progress(step + 1)
        }
        for layer in parameters.layers {
            for index in [layer.low?.up, layer.bias].compactMap(\.self) {
                network.parameters.values[index].scale(by: strength, plus: 0)
            }
        }
        return network
    }
}

extension Tuner {
    /// Pieces of a step, each equally often.
    fileprivate static func chosen(_ step: Int, of count: Int) -> [Int] {
        (0..<min(pieces, count)).map { place in
            let drawn = step * min(pieces, count) + place
            let round = UInt64(drawn / count)
            let drawnAt = (0..<count).map { SplitMix64.value(at: UInt64($0), seed: seed &+ round) }
            return (0..<count).sorted { drawnAt[$0] < drawnAt[$1] }[drawn % count]
        }
    }
}
