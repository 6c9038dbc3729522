internal import SpeechSignal
internal import Tensor
internal import VoiceProfile
internal import Weights

/// What the decoder attends to of a speaker: the residual in each class of sound and, where the network takes them,
/// frames of the owner's speech; each beside the average spectrum.
///
/// Letters: S classes of sound, R reference frames, M mel bands, C channels.
struct VoiceMemory: Sendable {
    private let residuals: Linear  // 2 M -> C
    private let soundClasses: Matrix  // [S, C]
    private let reference: Linear?  // 2 M + 1 -> C
    private let frameMark: [Float]  // [C], what makes a frame another thing than a residual

    init(_ loader: inout WeightLoader, config: AcousticConfig) {
        let bands = Signal.melBands
        residuals = loader.linear("colours", inputs: 2 * bands, outputs: config.width)
        soundClasses = loader.matrix("kinds", rows: config.soundClasses, columns: config.width)
        reference =
            config.references ? loader.linear("reference", inputs: 2 * bands + 1, outputs: config.width) : nil
        frameMark = config.references ? loader.vector("frame_mark", count: config.width) : []
    }

    /// - Parameter spectrum: how the speaker's average spectrum differs from everyone's, [M]
    /// - Returns: [S + R, C]
    func callAsFunction(_ profile: SpeakerProfile, spectrum: [Float], scratch: inout Scratch) -> Matrix {
        let bands = Signal.melBands
        var heard = Matrix(rows: soundClasses.rows, columns: 2 * bands)
        for soundClass in 0..<soundClasses.rows {
            for band in 0..<bands {
                heard[soundClass, band] = profile.classResiduals[soundClass * bands + band]
                heard[soundClass, bands + band] = spectrum[band]
            }
        }
        var memory = residuals(heard, scratch: &scratch)
        memory.add(soundClasses)
        if let reference, let references = profile.references {
            var frames = reference(Self.inputs(references, spectrum: spectrum), scratch: &scratch)
            frames.add(frameMark)
            memory.append(frames)
        }
        return memory
    }

    /// Of every frame its mel less its energy, 0 where it was not recorded; its energy; and the average spectrum, [R, 2
    /// M + 1].
    private static func inputs(_ references: ReferenceFrames, spectrum: [Float]) -> Matrix {
        let bands = Signal.melBands
        var inputs = Matrix(rows: references.count, columns: 2 * bands + 1)
        for frame in 0..<references.count {
            let mel = references.frames[frame * bands..<(frame + 1) * bands]
            let energy = mel.prefix(Signal.wideBands).reduce(0, +) / Float(Signal.wideBands)
            for (band, value) in mel.enumerated() where value != 0 {
                inputs[frame, band] = (value - energy) / Convention.melScale
            }
            inputs[frame, bands] = (energy - Convention.level) / Convention.melScale
            for band in 0..<bands { inputs[frame, bands + 1 + band] = spectrum[band] }
        }
        return inputs
    }
}
