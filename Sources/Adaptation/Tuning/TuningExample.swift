package import AcousticModel
private import Foundation
package import SpeechSignal
package import Tensor
package import VoiceProfile

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
    /// Log mel of the recording's background at that level, [M]; nil if there is too little of it.
    package var background: [Float]?

    package init(
        recording: String, phonemes: Phonemes, heard: HeardProsody, mel: Matrix, isSpeech: [Bool], background: [Float]?
    ) {
        (self.recording, self.phonemes, self.heard, self.mel) = (recording, phonemes, heard, mel)
        (self.isSpeech, self.background) = (isSpeech, background)
    }

    /// Seconds that it lasts.
    package var seconds: Double { Signal.seconds(frames: mel.rows) }
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
        _ piece: SpokenPiece, bands: Int, isAnchor: Bool, model: AcousticModel, profile: SpeakerProfile,
        voice: VoiceInputs, language: String
    ) throws {
        prepared = try model.prepared(
            piece.phonemes, piece.heard, profile: profile, voice: voice, language: language)
        memory = voice.memory
        (mel, isSpeech, energy) = (piece.mel, piece.isSpeech, piece.heard.energy)
        (self.bands, self.isAnchor) = (bands, isAnchor)
        prominence = MelCorrection.speechLevel(piece.mel).map {
            expf(Self.amplitude * $0) / (1 + expf(-Self.steepness * $0))
        }
        floor =
            piece.background.map { $0.map { $0 + Self.aboveBackground } }
            ?? [Float](repeating: -.infinity, count: Signal.melBands)
        pitch = zip(piece.heard.f0, prepared.pitch).map { $0 > 0 ? $1 : nil }
        logDurations = zip(piece.phonemes, piece.heard.durations).map { $0 == .pad ? nil : logf(Float($1)) }
    }
}
