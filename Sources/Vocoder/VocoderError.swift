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
            "this version cannot run the vocoder \(config); fetch matching weights"
        case .shape(let frames, let bands, let pitchFrames):
            "mel of \(frames) × \(bands) with \(pitchFrames) values of F0; give 100 bands and one F0 per frame"
        case .notFinite(let frame):
            "mel or F0 of frame \(frame) is not finite; check the acoustic model's input"
        }
    }
}
