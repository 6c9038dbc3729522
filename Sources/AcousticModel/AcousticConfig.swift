internal import VoiceProfile

/// The acoustic model's size, as the trainer writes it into the weights' metadata.
package struct AcousticConfig: Codable, Sendable {
    /// Channels of every stage.
    package let width: Int
    /// Channels of the speaker condition.
    package let condition: Int
    /// Attention heads.
    package let heads: Int
    package let encoderBlocks: Int
    package let decoderBlocks: Int
    package let prosodyBlocks: Int
    /// Hidden channels of a block's feed-forward part.
    package let hidden: Int
    /// Those of the decoder's blocks.
    package let decoderHidden: Int
    /// Frames that every step from the length regulator on stands for: 1, 2, 4 or 8.
    package let stride: Int
    /// Taps of the prosody predictor's convolutions, in steps.
    package let prosodyTaps: Int
    /// Whether the decoder attends to frames of the owner's speech.
    package let references: Bool
    /// Languages that the encoder has room for; 0 for English alone.
    package let languages: Int
    /// Tokens of the phoneme alphabet, the pad included.
    package let symbols: Int
    /// Classes of speech sound.
    package let soundClasses: Int
    package let version: Int
    /// Blocks of the duration predictor.
    package static let durationBlocks = 2

    enum CodingKeys: String, CodingKey {
        case width, condition, heads, hidden, stride, references, languages, symbols, version
        case soundClasses = "kinds"
        case encoderBlocks = "encoder_blocks"
        case decoderBlocks = "decoder_blocks"
        case prosodyBlocks = "prosody_blocks"
        case decoderHidden = "decoder_hidden"
        case prosodyTaps = "prosody_kernel"
    }

    /// Version 3 names neither stride nor references nor languages: it has a frame a step, and none of the others.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys, otherwise standard: Int) throws -> Int {
            try values.decodeIfPresent(Int.self, forKey: key) ?? standard
        }
        width = try values.decode(Int.self, forKey: .width)
        condition = try values.decode(Int.self, forKey: .condition)
        heads = try values.decode(Int.self, forKey: .heads)
        encoderBlocks = try values.decode(Int.self, forKey: .encoderBlocks)
        decoderBlocks = try values.decode(Int.self, forKey: .decoderBlocks)
        prosodyBlocks = try values.decode(Int.self, forKey: .prosodyBlocks)
        hidden = try values.decode(Int.self, forKey: .hidden)
        symbols = try values.decode(Int.self, forKey: .symbols)
        soundClasses = try values.decode(Int.self, forKey: .soundClasses)
        version = try values.decode(Int.self, forKey: .version)
        let decoderHidden = try number(.decoderHidden, otherwise: 0)
        self.decoderHidden = decoderHidden == 0 ? hidden : decoderHidden
        stride = try number(.stride, otherwise: 1)
        prosodyTaps = try number(.prosodyTaps, otherwise: 9)
        references = try values.decodeIfPresent(Bool.self, forKey: .references) ?? false
        languages = try number(.languages, otherwise: 0)
    }

    /// Throws unless a network of this size is sensible and of the version implemented here.
    func validate() throws {
        let sensible =
            (8...2048).contains(width) && (1...2048).contains(condition) && (1...64).contains(heads)
            && width % (2 * heads) == 0 && (0...64).contains(encoderBlocks) && (0...64).contains(decoderBlocks)
            && (0...64).contains(prosodyBlocks) && (1...16_384).contains(hidden) && (2...65_536).contains(symbols)
            && (1...16_384).contains(decoderHidden) && [1, 2, 4, 8].contains(stride) && (0...256).contains(languages)
            && (1...99).contains(prosodyTaps) && prosodyTaps % 2 == 1
        guard sensible, soundClasses == SpeakerProfile.soundClasses, (3...4).contains(version) else {
            throw AcousticError.unsupported(String(describing: self))
        }
    }
}

/// The conventions of the network's inputs and outputs, as in the trainer.
package enum Convention {
    package static let melShift: Float = 5  // mel = output * scale - shift
    package static let melScale: Float = 3
    /// Mean log mel below 7.6 kHz over voiced frames; the energy of a frame is how far its own is above, in
    /// `energyScale`.
    package static let level: Float = -4.5
    package static let pitchCentre: Float = 5  // ln F0 - 5 is about zero for everyone
    package static let minimalPitchDeviation: Float = 0.05
    package static let semitone: Float = 0.057_762_27  // ln 2 / 12
    package static let longestPhoneme = 800  // frames; the model never says more, damaged weights might
    package static let longestUtterance = 4096  // tokens
}
