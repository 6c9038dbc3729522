package import AcousticModel
private import Foundation
package import SpeechSignal
package import Tensor
internal import VoiceProfile

/// A stretch of the owner's speech of which is known what was said when: what a voice is tuned on.
package struct SpokenPiece: Sendable {
    /// The recording that it is of.
    package var recording: String
    /// With the pad at both ends, [N]; none where the text is unknown.
    package var phonemes: Phonemes
    /// How they were spoken.
    package var heard: HeardProsody
    /// Natural log mel at the level of all utterances, [T, M].
    package var mel: Matrix
    /// Whether a frame is speech, [T].
    package var isSpeech: [Bool]
    /// Log mel up to which a band may be noise, [M]; nil if nothing is known of it.
    package var background: [Float]?
    /// The mean log mel of the recording's voiced frames, [M], for the content encoder; empty where it does not listen.
    package var average: [Float]
    /// Places of phonemes that something else may lie behind; nothing is learned from those.
    package var doubtful: [Int]
    /// States that were heard in it, [U, C], which take the place of phonemes; nil where those are said.
    package var content: Matrix?

    package init(
        recording: String, phonemes: Phonemes, heard: HeardProsody, mel: Matrix, isSpeech: [Bool], background: [Float]?,
        average: [Float] = [], doubtful: [Int] = [], content: Matrix? = nil
    ) {
        (self.recording, self.phonemes, self.heard, self.mel) = (recording, phonemes, heard, mel)
        (self.isSpeech, self.background, self.average) = (isSpeech, background, average)
        (self.doubtful, self.content) = (doubtful, content)
    }

    /// Seconds that something is learned from.
    package var seconds: Double {
        Signal.seconds(frames: mel.rows - doubtful.reduce(0) { $0 + heard.durations[$1] })
    }

    /// Frames that nothing is learned from, [T].
    var isDoubtful: [Bool] {
        guard !phonemes.isEmpty else { return [Bool](repeating: false, count: mel.rows) }
        let places = Set(doubtful)
        return heard.durations.enumerated().flatMap { repeatElement(places.contains($0), count: $1) }
    }
}

/// An utterance in the form in which it is tuned on: constant inputs and what is wanted of the outputs.
///
/// Letters: N tokens, T frames, M mel bands.
package struct TuningExample: Sendable {
    package let prepared: PreparedUtterance
    /// What the decoder attends to of the voice, [S + R, C]: never frames of the piece itself, which it would copy.
    let memory: Matrix
    /// [T, M].
    package let mel: Matrix
    /// How much every frame and band counts in the loss of the mel, [T, M]; the mean over the bands that were recorded
    /// adds up to 1, and 0 is what nothing is learned from.
    let weights: Matrix
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

    /// Nepers above the background from which a band of a frame is informative.
    private static let aboveBackground: Float = 0.5
    /// Powers of the amplitude with which frames, and the bands of a frame, count: a voice is known by its loud sounds.
    private static let (frameAmplitude, bandAmplitude): (Float, Float) = (0.5, 0.25)
    /// How steeply the share of speech rises with the level.
    private static let steepness: Float = 2

    /// - Throws: `AcousticError`
    package init(
        _ piece: SpokenPiece, bands: Int, isAnchor: Bool, voice: SpeakingVoice
    ) throws {
        let prepared =
            try piece.content.map { voice.prepared($0, piece.heard) } ?? voice.prepared(piece.phonemes, piece.heard)
        self.prepared = prepared
        memory = voice.inputs.memory
        (mel, energy) = (piece.mel, piece.heard.energy)
        (self.bands, self.isAnchor) = (bands, isAnchor)
        let isDoubtful = piece.isDoubtful
        isSpeech = zip(piece.isSpeech, isDoubtful).map { $0 && !$1 }
        weights = Self.weights(piece.mel, bands: isAnchor ? 0 : bands, isDoubtful)
        floor =
            piece.background.map { $0.map { $0 + Self.aboveBackground } }
            ?? [Float](repeating: -.infinity, count: Signal.melBands)
        pitch = prepared.pitch.indices.map { piece.heard.f0[$0] > 0 && !isDoubtful[$0] ? prepared.pitch[$0] : nil }
        logDurations = piece.phonemes.enumerated().map { place, phoneme in
            phoneme == .pad || piece.doubtful.contains(place) ? nil : logf(Float(piece.heard.durations[place]))
        }
    }

    /// - Parameter bands: those that count by how loud they are; all others count alike
    private static func weights(_ mel: Matrix, bands: Int, _ isDoubtful: [Bool]) -> Matrix {
        let prominence = zip(MelCorrection.speechLevel(mel), isDoubtful).map {
            $1 ? 0 : expf(frameAmplitude * $0) / (1 + expf(-steepness * $0))
        }
        let total = max(prominence.reduce(0, +), .leastNormalMagnitude)
        var weights = Matrix(rows: mel.rows, columns: mel.columns, repeating: 1)
        for frame in 0..<mel.rows {
            let loudness = mel.row(frame).prefix(bands).map { expf(bandAmplitude * $0) }
            let mean = loudness.reduce(0, +) / Float(max(1, bands))
            for band in 0..<mel.columns {
                weights[frame, band] = prominence[frame] / total * (band < bands ? loudness[band] / mean : 1)
            }
        }
        return weights
    }

    /// How far a mel [T, M] is from what is wanted, 0 where nothing is learned.
    func errors(of mel: Matrix) -> Matrix {
        var errors = Matrix(rows: mel.rows, columns: mel.columns)
        for frame in 0..<mel.rows where weights[frame, 0] > 0 {
            for band in 0..<mel.columns {
                guard band < bands else {
                    errors[frame, band] = mel[frame, band] - untuned[frame, band]
                    continue
                }
                let (error, wanted) = (mel[frame, band] - self.mel[frame, band], self.mel[frame, band])
                // Noise bounds the level of the voice from above.
                errors[frame, band] = error < 0 && wanted < floor[band] ? 0 : error
            }
        }
        return errors
    }
}
