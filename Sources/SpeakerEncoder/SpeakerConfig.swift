/// The speaker encoder's size, as the trainer writes it into the weights' metadata.
struct SpeakerConfig: Codable, Sendable {
    /// Channels of the convolutions.
    let width: Int
    /// Frames between the taps of each block's convolution.
    let dilations: [Int]
    /// Channels under the statistics.
    let pooled: Int
    /// Hidden channels of the attention that weighs the frames.
    let attention: Int
    let version: Int

    /// Throws unless a network of this size is sensible and of the version implemented here.
    func validate() throws(SpeakerError) {
        let sensible =
            (8...2048).contains(width) && (1...64).contains(dilations.count)
            && dilations.allSatisfy { (1...64).contains($0) } && (8...4096).contains(pooled)
            && (1...2048).contains(attention)
        guard sensible, version == 1 else { throw .unsupported(String(describing: self)) }
    }
}

/// Why a recording has no speaker embedding.
public enum SpeakerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The weights are of a network that this version does not know.
    case unsupported(String)
    /// There are no frames.
    case noFrames
    /// Mel power of another number of bands.
    case bands(Int, expected: Int)
    /// The network gave a number that is none, or was given one.
    case notFinite

    public var description: String {
        switch self {
        case .unsupported(let config):
            "this version does not support this speaker encoder (\(config)); use the weights of this release"
        case .noFrames: "the recording is too short to identify a speaker; use at least 0.1 s"
        case .bands(let actual, let expected): "the mel spectrogram has \(actual) bands; pass \(expected)"
        case .notFinite:
            "the speaker encoder's output is not finite; restore the weights, or use another recording"
        }
    }
}
