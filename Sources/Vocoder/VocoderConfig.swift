private import Spectral

/// The vocoder's size, as the trainer writes it into the weights' metadata.
struct VocoderConfig: Codable, Sendable {
    /// Channels of the trunk.
    let width: Int
    /// ConvNeXt blocks.
    let blocks: Int
    /// Hidden channels of a block, as a multiple of `width`.
    let expansion: Int
    /// Taps of every convolution, odd.
    let kernel: Int
    let version: Int

    /// Throws unless a network of this size is sensible and of the version implemented here.
    func validate() throws {
        let sensible =
            (8...2048).contains(width) && (1...64).contains(blocks) && (1...16).contains(expansion)
            && (3...63).contains(kernel) && kernel % 2 == 1
        guard sensible, version == 1 else { throw VocoderError.unsupported(String(describing: self)) }
    }
}

/// The conventions of the network's inputs and outputs, as in the trainer.
enum Convention {
    static let voicedFrom: Float = 40  // Hz; a lower F0 means unvoiced
    static let pulseCeiling: Float = 11_000  // Hz; the pulse train has no harmonics above
    static let melShift: Float = 5  // input = (mel + shift) / scale
    static let melScale: Float = 3
    static let pitchScale: Float = 5.5  // input = ln F0 / scale where voiced
    static let logCeiling: Float = 7  // predicted log magnitudes are clamped here
    static let pulseGain: Float = 1 / 20
}
