internal import VoiceProfile

/// The acoustic model's size, as the trainer writes it into the weights' metadata.
struct AcousticConfig: Codable, Sendable {
    /// Channels of every stage.
    let width: Int
    /// Channels of the speaker condition.
    let condition: Int
    /// Attention heads.
    let heads: Int
    let encoderBlocks: Int
    let decoderBlocks: Int
    let prosodyBlocks: Int
    /// Hidden channels of a block's feed-forward part.
    let hidden: Int
    /// Tokens of the phoneme alphabet, the pad included.
    let symbols: Int
    /// Classes of speech sound.
    let soundClasses: Int
    let version: Int

    enum CodingKeys: String, CodingKey {
        case width, condition, heads, hidden, symbols, version
        case soundClasses = "kinds"
        case encoderBlocks = "encoder_blocks"
        case decoderBlocks = "decoder_blocks"
        case prosodyBlocks = "prosody_blocks"
    }

    /// Throws unless a network of this size is sensible and of the version implemented here.
    func validate() throws {
        let sensible =
            (8...2048).contains(width) && (1...2048).contains(condition) && (1...64).contains(heads)
            && width % (2 * heads) == 0 && (0...64).contains(encoderBlocks) && (0...64).contains(decoderBlocks)
            && (0...64).contains(prosodyBlocks) && (1...16_384).contains(hidden) && (2...65_536).contains(symbols)
        guard sensible, soundClasses == SpeakerProfile.soundClasses, version == 3 else {
            throw AcousticError.unsupported(String(describing: self))
        }
    }
}

/// The conventions of the network's inputs and outputs, as in the trainer.
enum Convention {
    static let melShift: Float = 5  // mel = output * scale - shift
    static let melScale: Float = 3
    static let pitchCentre: Float = 5  // ln F0 - 5 is about zero for everyone
    static let minimalPitchDeviation: Float = 0.05
    static let semitone: Float = 0.057_762_27  // ln 2 / 12
    static let longestPhoneme = 800  // frames; the model never says more, damaged weights might
    static let longestUtterance = 4096  // tokens
}
