import AcousticModel
import Adaptation
import Foundation
import SpeechSignal
import Tensor
import Testing
import VoiceProfile

/// A bundled voice reads what nobody wrote down, and another voice is tuned to it.
@Suite struct ListeningTests {
    private static let sentences = [
        "lˈæst sˈʌməɹ wi ɹˈɛntᵻd ɐ lˈɪTᵊl hˈWs bI ðə lˈAk, ænd ɪt ɹˈAnd fɔɹ nˈIn dˈAz.",
        "ðə kwˈɪk jˈʌŋ fˈɪʃəɹ mˈɛʒəɹd ˈɛvəɹi ʤˈYnt ʌv ði ˈOld wˈʊdᵊn bɹˈɪʤ ðɪs mˈɔɹnɪŋ.",
        "hˌu wʊd hæv θˈɔt ðæt fˈɑðəɹz nˈu bˈOt kʊd kˈɛɹi fˈIv hjˈuʤ bˈɑksᵻz?",
    ].map { [.pad] + Phonemes(symbols: $0) + [.pad] }

    private let model: AcousticModel
    private let clone: SpeakingVoice
    private let reader: SpeakerProfile
    private let listener: ContentListener

    init() throws {
        model = try Material.acoustic.get()
        func profile(_ name: String) throws -> SpeakerProfile {
            try SpeakerProfile(contentsOf: Material.voices.appending(path: "\(name)/profile.safetensors"))
        }
        clone = SpeakingVoice(model, profile: try profile("heart"), language: "en")
        reader = try profile("george")
        let content = try ContentEncoder(weights: Material.data.appending(path: "content.safetensors"), for: model)
        listener = ContentListener(content, for: clone)
    }

    /// Sentences as the reader says them, with silence around each.
    private func read(_ sentences: [Phonemes], silence frames: Int = 40) throws -> RecordedSpeech {
        let silence = Matrix(rows: frames, columns: Signal.melBands, repeating: -11.5)
        var (mel, f0) = (silence, [Float](repeating: 0, count: frames))
        for phonemes in sentences {
            let utterance = try model.predict(phonemes: phonemes, profile: reader)
            mel.append(utterance.mel)
            mel.append(silence)
            f0 += utterance.f0 + [Float](repeating: 0, count: frames)
        }
        return RecordedSpeech(
            name: "tape", mel: mel, f0: f0, isSpeech: MelCorrection.speechLevel(mel).map { $0 > 0 }, background: nil)
    }

    @Test func recordingsAreCutAtTheirPauses() async throws {
        let speech = try read(Self.sentences)
        let pieces = try await listener.pieces(of: [speech])
        #expect(pieces.count == 3, "\(pieces.map(\.seconds))")
        for piece in pieces {
            #expect(piece.phonemes.isEmpty && piece.doubtful.isEmpty && piece.recording == "tape")
            #expect(piece.mel.rows % model.config.stride == 0 && piece.heard.f0.count == piece.mel.rows)
            #expect(piece.content?.rows == piece.mel.rows / model.config.stride)
            // A pause of half a second is not a part of it, but what leads in and out is.
            #expect((1.5...7.5).contains(piece.seconds))
        }
        let spoken = speech.isSpeech.count { $0 }
        #expect(pieces.reduce(0) { $0 + $1.isSpeech.count { $0 } } == spoken)
    }

    @Test func whoNeverPausesIsCutIntoEqualParts() async throws {
        let speech = try read([Self.sentences.flatMap { $0.dropFirst().dropLast() }], silence: 0)
        let pieces = try await listener.pieces(of: [speech])
        #expect(pieces.count >= 2 && pieces.allSatisfy { $0.seconds <= 7.5 }, "\(pieces.map(\.seconds))")
    }

    @Test func silenceAndScrapsAreNoPieces() async throws {
        let silence = Matrix(rows: 400, columns: Signal.melBands, repeating: -11.5)
        let quiet = RecordedSpeech(
            name: "quiet", mel: silence, f0: [Float](repeating: 0, count: 400),
            isSpeech: [Bool](repeating: false, count: 400), background: nil)
        let short = try read([[.pad] + Phonemes(symbols: "hˈWs.") + [.pad]])
        #expect(try await listener.pieces(of: [quiet, short]).isEmpty)
    }

    /// Ten minutes are not all learned from, but from the first to the last.
    @Test func ofLongRecordingsSomePiecesAreHeard() async throws {
        let speech = try read(Self.sentences)
        let pieces = try await listener.pieces(
            of: (0..<20).map { number in
                var tape = speech
                tape.name = "tape \(number)"
                return tape
            })
        let seconds = pieces.reduce(0) { $0 + $1.seconds }
        #expect((100...127).contains(seconds), "\(seconds)")
        #expect(pieces.first?.recording == "tape 0" && pieces.last?.recording == "tape 19")
    }

    /// Without any text the voice comes nearer to the reader, on speech that it was not tuned on.
    @Test func theVoiceIsTunedByEar() async throws {
        let pieces = try await listener.pieces(of: [read(Self.sentences), read(Self.sentences.reversed())])
        let outcome = try await Tuner(clone).tune(on: pieces, anchors: [])
        print("by ear: mel \(outcome.mel), prosody \(outcome.prosody)")
        let adaptation = try #require(outcome.adaptation)
        #expect(outcome.mel.after < 0.9 * outcome.mel.before)
        #expect(adaptation.layers.keys.contains { $0.hasPrefix("decoder.") })
        #expect(!adaptation.layers.keys.contains { $0.hasPrefix("duration.") }, "nothing was heard of durations")
    }

    /// What is heard in a piece is what its phonemes say: either gives the decoder nearly the same mel.
    @Test func aPieceIsHeardAsItIsWritten() async throws {
        let speech = try read([Self.sentences[0]], silence: 0)
        let utterance = try model.predict(phonemes: Self.sentences[0], profile: reader)
        let piece = SpokenPiece(
            recording: "tape", phonemes: Self.sentences[0],
            heard: HeardProsody(
                durations: utterance.durations, f0: utterance.f0, energy: AcousticModel.energy(of: utterance.mel)),
            mel: utterance.mel, isSpeech: speech.isSpeech, background: nil,
            average: speech.average)
        let heard = try listener.heard(piece)
        let network = TunedNetwork(model, voice: clone.inputs, seed: 1, precision: .float32)
        func mel(_ piece: SpokenPiece) throws -> Matrix {
            let example = try TuningExample(piece, bands: Signal.wideBands, isAnchor: false, voice: clone)
            return network.mel(of: example.prepared, memory: clone.inputs.memory)
        }
        let (written, listened) = (try mel(piece), try mel(heard))
        func distance(_ a: Matrix, _ b: Matrix) -> Float {
            let spoken = a.elements.indices.filter {
                speech.isSpeech[$0 / a.columns] && $0 % a.columns < Signal.wideBands
            }
            return spoken.reduce(0) { $0 + abs(a.elements[$1] - b.elements[$1]) } / Float(spoken.count)
        }
        let (near, far) = (distance(written, listened), distance(written, speech.mel))
        #expect(near < 0.35 && near < 0.6 * far, "\(near) nepers, \(far) to the reader's own")
    }
}
