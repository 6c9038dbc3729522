import AcousticModel
import Adaptation
import Comparison
import Foundation
import SpeechSignal
import Tensor
import Testing
import VoiceProfile
import Weights

/// Losses and gradients of a small network with every part, beside PyTorch's (Training/starling_training/fixtures.py).
@Suite struct GradientTests {
    private let file: WeightFile
    private let model: AcousticModel
    private let profile: SpeakerProfile
    private let piece: SpokenPiece

    init() throws {
        let file = try Material.fixture()
        func values(_ name: String) throws -> [Float] { try #require(file.values(of: name)) }
        self.file = file
        model = try AcousticModel(weights: Material.tinyAcoustic, precision: .float32)
        profile = Material.profile(file)
        let mel = Matrix(rows: try values("f0").count, columns: 100, elements: try values("mel"))
        piece = SpokenPiece(
            recording: "", phonemes: try values("tokens").map { try #require(Phoneme(rawValue: UInt8($0))) },
            heard: HeardProsody(
                durations: try values("durations").map { Int($0) }, f0: try values("f0"),
                energy: AcousticModel.energy(of: mel)),
            mel: mel, isSpeech: try values("is_speech").map { $0 > 0 },
            background: try values("floor").map { $0 - 0.5 })
    }

    /// The network with the fixture's change, and the example.
    ///
    /// - Parameter bands: those of the recording
    private func tuned(isAnchor: Bool, bands: Int) throws -> (network: TunedNetwork, example: TuningExample) {
        let voice = model.inputs(of: profile)
        var network = TunedNetwork(model, voice: voice, seed: 1, precision: .float32)
        for layer in network.parameters.layers {
            for (part, index) in parts(of: layer) {
                let shape = network.parameters.values[index]
                network.parameters.values[index] = Matrix(
                    rows: shape.rows, columns: shape.columns,
                    elements: try #require(file.values(of: "tuned.\(layer.name).\(part)")))
            }
        }
        var example = try TuningExample(
            piece, bands: bands, isAnchor: isAnchor,
            voice: SpeakingVoice(model, profile: profile, language: "es"))
        example.untuned = Matrix(
            rows: piece.mel.rows, columns: 100, elements: try #require(file.values(of: "untuned")))
        return (network, example)
    }

    private func parts(of layer: TunedParameters.Layer) -> [(String, Int)] {
        [("bias", layer.bias)] + (layer.low.map { [("down", $0.down), ("up", $0.up)] } ?? [])
    }

    @Test(arguments: [("piece", false), ("anchor", true)])
    func lossesAndGradientsEqualTheTrainers(name: String, isAnchor: Bool) throws {
        let (network, example) = try tuned(isAnchor: isAnchor, bands: isAnchor ? 100 : 85)
        let (loss, gradients) = network.gradient(of: example, scale: 1)
        expectClose(
            [loss.mel, loss.prosody, loss.duration], try #require(file.values(of: "\(name).losses")), within: 2e-5,
            "losses")
        var compared = 0
        for layer in network.parameters.layers {
            for (part, index) in parts(of: layer) {
                let expected = try #require(file.values(of: "\(name).\(layer.name).\(part)"))
                let largest = expected.reduce(0) { max($0, abs($1)) }
                #expect(largest > 0, "the gradient of \(layer.name) is nothing")
                expectClose(
                    gradients[index].elements, expected, within: 1e-6 + 2e-4 * largest, "\(layer.name).\(part)")
                compared += 1
            }
        }
        #expect(compared == file.tensors.keys.count { $0.hasPrefix("tuned.") })
    }

    /// Every gradient is the slope of the loss along itself, whoever computed it.
    @Test(arguments: [("piece", false), ("anchor", true)])
    func gradientsAreSlopes(name: String, isAnchor: Bool) throws {
        var (network, example) = try tuned(isAnchor: isAnchor, bands: 100)
        let (_, gradients) = network.gradient(of: example, scale: 1)
        func total() -> Double {
            let loss = network.loss(of: example)
            return Double(loss.mel) + Double(loss.prosody) + Double(loss.duration)
        }
        let values = network.parameters.values
        for (index, gradient) in gradients.enumerated() {
            let length = gradient.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
            func moved(by distance: Float) -> Matrix {
                var moved = gradient
                moved.scale(by: distance / length, plus: 0)
                moved.add(values[index])
                return moved
            }
            let step: Float = 0.02
            network.parameters.values[index] = moved(by: step)
            let ahead = total()
            network.parameters.values[index] = moved(by: -step)
            let slope = (ahead - total()) / Double(2 * step)
            network.parameters.values[index] = values[index]
            #expect(abs(slope - Double(length)) < 2e-3 + 0.03 * Double(length), "\(index): \(slope) and \(length)")
        }
    }

    /// What a profile keeps changes the network as the tuned one is changed, up to float16.
    @Test func theAdaptedModelSaysWhatWasTuned() throws {
        let (network, _) = try tuned(isAnchor: false, bands: 85)
        var adapted = profile
        adapted.adaptation = network.adaptation
        let said = try model.predict(phonemes: piece.phonemes, profile: adapted, language: "es")
        let plain = try model.predict(phonemes: piece.phonemes, profile: profile, language: "es")
        #expect(said.mel != plain.mel)
        // The same durations, F0 and energy give the same mel.
        let heard = HeardProsody(durations: said.durations, f0: said.f0, energy: energies(said, adapted))
        let prepared = try model.prepared(
            piece.phonemes, heard, profile: adapted, voice: model.inputs(of: adapted), language: "es")
        expectClose(
            network.mel(of: prepared, memory: model.inputs(of: adapted).memory).elements, said.mel.elements,
            within: 0.05, "mel")
    }

    /// The energies that the adapted model predicts.
    private func energies(_ utterance: Utterance, _ profile: SpeakerProfile) -> [Float] {
        let prosody = TokenProsody(count: piece.phonemes.count)
        let outline = try? model.outline(phonemes: piece.phonemes, profile: profile, prosody: prosody, language: "es")
        return (0..<utterance.mel.rows).map { outline?.prosody[$0, 2] ?? 0 }
    }
}
