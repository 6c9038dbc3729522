public import Foundation
private import Weights

/// The name of the space that profiles live in: the layout of a profile and the speaker encoder that made its embedding.
///
/// Profiles of different spaces look alike, and the networks would speak with the wrong voice without a word. So the trainer
/// writes the fingerprint into the acoustic model's metadata, enrollment into each voice's card, and the voice store refuses
/// a voice of another space.
public enum ProfileSpace {
    /// Version of the profile's layout: 256 numbers of embedding, 4 of statistics, 100 of spectrum.
    public static let layout = 1
    /// Key of the fingerprint in the acoustic model's metadata.
    public static let key = "profile"

    /// The fingerprint of profiles made with a speaker encoder: the layout and 12 digits of the file's SHA-256.
    ///
    /// - Parameter encoder: the trainer's export, speaker.safetensors.
    /// - Throws: `WeightError.unreadable`
    public static func fingerprint(ofEncoder encoder: URL) throws -> String {
        "\(layout)-\(try Digest.sha256(contentsOf: encoder).prefix(12))"
    }

    /// The fingerprint of the profiles an acoustic model was trained on; nil if its file does not tell.
    ///
    /// - Throws: `WeightError`
    public static func fingerprint(expectedBy acoustic: URL) throws -> String? {
        try WeightFile(contentsOf: acoustic).metadata[key]
    }
}
