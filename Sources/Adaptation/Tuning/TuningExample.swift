package import AcousticModel
private import Foundation
package import SpeechSignal
package import Tensor
internal import VoiceProfile

/// A stretch of the owner's speech of which is known what was said when: what a voice is tuned on.
package struct SpokenPiece: Sendable {
    /// The recording that it is of.
    package var recording: String
    /// With the pad at both ends, [N].
    package var phonemes: Phonemes
    /// How they were spoken.
    package var heard: HeardProsody
    /// Natural log mel at the level of all utterances, [T, M].
    package var mel: Matrix
    /// Whether a frame is speech, [T].
    package var isSpeech: [Bool]
    /// Log mel up to which a band may be noise, [M]; nil if nothing is known of it.
    package var background: [Float]?
    /// Places of phonemes that something else may lie behind; nothing is learned from those.
    package var doubtful: [Int]

    package init(
        recording: String, phonemes: Phonemes, heard: HeardProsody, mel: Matrix, isSpeech: [Bool], background: [Float]?,
        doubtful: [Int] = []
    ) {
        (self.recording, self.phonemes, self.heard, self.mel) = (recording, phonemes, heard, mel)
        (self.isSpeech, self.background, self.doubtful) = (isSpeech, background, doubtful)
    }

    /// Seconds that something is learned from.
    package var seconds: Double {
        Signal.seconds(frames: mel.rows - doubtful.reduce(0) { $0 + heard.durations[$1] })
    }

    /// Frames that nothing is learned from, [T].
    var isDoubtful: [Bool] {
        let places = Set(doubtful)
        return heard.durations.enumerated().flatMap { repeatElement(places.contains($0), count: $1) }
    }
}

/// An utterance in the form in which it is tuned on: constant inputs and what is wanted of the outputs.
///
/// Letters: N tokens, T frames, M mel bands.
package struct TuningExample: Sendable {
    let prepared: PreparedUtterance
    /// What the decoder attends to of the voice, [S + R, C]: never frames of the piece itself, which it would copy.
    let memory: Matrix
    /// [T, M].
    package let mel: Matrix
    /// How much every frame counts in the loss of the mel, [T].
    let prominence: [Float]
    /// Leading bands that were recorded.
    let bands: Int
    /// Lowest log mel that says something about the voice, [M]: below is noise.
    let floor: [Float]
    /// Frames whose voicing and energy count, [T].
    let isSpeech: [Bool]
    /// F0 z-score of voiced frames, nil of others, [T].
    let pitch: [Float?]
    /// [T].
    let energy: [Float]
    /// ln frames of every token, nil where they do not count, [N].
    let logDurations: [Float?]
    /// What the network said before it was tuned, which the bands that were not recorded are held to, [T, M].
    package var untuned = Matrix(rows: 0, columns: Signal.melBands)
    /// A sentence of the network's own that keeps it where it was.
    let isAnchor: Bool

    /// Nepers above the background from which a band of a frame tells something.
    private static let aboveBackground: Float = 0.5
    /// Powers of the amplitude with which frames count: a voice is known by its loud sounds.
    private static let amplitude: Float = 0.25
    /// How steeply the share of speech rises with the level.
    private static let steepness: Float = 2

    /// - Throws: `AcousticError`
    package init(
        _ piece: SpokenPiece, bands: Int, isAnchor: Bool, voice: SpeakingVoice
    ) throws {
        let prepared = try voice.prepared(piece.phonemes, piece.heard)
        self.prepared = prepared
        memory = voice.inputs.memory
        (mel, energy) = (piece.mel, piece.heard.energy)
        (self.bands, self.isAnchor) = (bands, isAnchor)
        let isDoubtful = piece.isDoubtful
        isSpeech = zip(piece.isSpeech, isDoubtful).map { $0 && !$1 }
        prominence = zip(MelCorrection.speechLevel(piece.mel), isDoubtful).map {
            $1 ? 0 : expf(Self.amplitude * $0) / (1 + expf(-Self.steepness * $0))
        }
        floor =
            piece.background.map { $0.map { $0 + Self.aboveBackground } }
            ?? [Float](repeating: -.infinity, count: Signal.melBands)
        pitch = prepared.pitch.indices.map { piece.heard.f0[$0] > 0 && !isDoubtful[$0] ? prepared.pitch[$0] : nil }
        logDurations = piece.phonemes.enumerated().map { place, phoneme in
            phoneme == .pad || piece.doubtful.contains(place) ? nil : logf(Float(piece.heard.durations[place]))
        }
    }
}
