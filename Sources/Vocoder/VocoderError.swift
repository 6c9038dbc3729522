/// Why the vocoder refuses its weights or its input.
public enum VocoderError: Error, Sendable, CustomStringConvertible {
    /// The weights are of a network this version does not implement.
    case unsupported(String)
    /// Mel and F0 do not belong together.
    case shape(melFrames: Int, melBands: Int, pitchFrames: Int)
    /// A number of this frame is not finite.
    case notFinite(frame: Int)

    public var description: String {
        switch self {
        case .unsupported(let config):
            "this version does not support this vocoder (\(config)); use the weights of this release"
        case .shape(let frames, let bands, let pitchFrames):
            "the mel is \(frames) × \(bands) and F0 has \(pitchFrames) values; pass 100 bands and one F0 value per frame"
        case .notFinite(let frame):
            "mel or F0 of frame \(frame) is not finite; check the acoustic model's input"
        }
    }
}
