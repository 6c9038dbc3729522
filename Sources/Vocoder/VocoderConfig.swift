import SpeechSignal

/// The vocoder's size, as the trainer writes it into the weights' metadata.
struct VocoderConfig: Codable, Sendable {
    /// Channels of the trunk.
    let width: Int
    /// ConvNeXt blocks.
    let blocks: Int
    /// Hidden channels of a block, as a multiple of `width`.
    let expansion: Int
    /// Taps of every convolution, odd, in steps of the trunk.
    let kernel: Int
    /// Mel frames of a step.
    let stride: Int
    /// Bins below this have knots and a residual of their own.
    let fine: Int
    let version: Int

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func value(_ key: CodingKeys) throws -> Int { try values.decode(Int.self, forKey: key) }
        (width, blocks, expansion) = (try value(.width), try value(.blocks), try value(.expansion))
        (kernel, version) = (try value(.kernel), try value(.version))
        // The first version made a step of every frame and a knot of every bin.
        stride = version == 1 ? 1 : try value(.stride)
        fine = version == 1 ? Signal.bins : try value(.fine)
    }

    /// The knots of the spectral envelopes of a frame.
    var knots: SpectralKnots { SpectralKnots(fine: fine) }

    /// Throws unless a network of this size is sensible and of a version implemented here.
    func validate() throws {
        let sensible =
            (8...2048).contains(width) && (1...64).contains(blocks) && (1...16).contains(expansion)
            && (3...63).contains(kernel) && kernel % 2 == 1 && (1...8).contains(stride)
            && (1...Signal.bins).contains(fine)
            && (fine == Signal.bins || (Signal.bins - 1 - fine) % SpectralKnots.coarse == 0)
        guard sensible, (1...2).contains(version) else { throw VocoderError.unsupported(String(describing: self)) }
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
