private import Files
public import Foundation
package import Weights

/// The name of the space that profiles live in: the layout of a profile, the speaker encoder that made its
/// embedding, and the codebook that defines the sound classes of its residuals.
///
/// Profiles of different spaces look alike, and the networks would speak with the wrong voice without a word. So the
/// trainer writes the fingerprint into the acoustic model's metadata, enrollment into each voice's card, and the voice
/// store refuses a voice of another space.
public enum ProfileSpace {
    /// Version of the profile's layout: 256 numbers of embedding, 4 of statistics, 100 of spectrum, 32 times 100
    /// of residuals, 200 times 100 of reference frames.
    public static let layout = 3
    /// Key of the fingerprint in the acoustic model's metadata.
    public static let key = "profile"

    /// The fingerprint of profiles made with the files of a data folder: the layout and 12 digits of a SHA-256 over
    /// those of the trainer's exports, speaker.safetensors and codebook.safetensors.
    ///
    /// - Throws: `FileError.unreadable`
    public static func fingerprint(data: URL) throws -> String {
        let digests = try ["speaker", "codebook"].map {
            try Digest.sha256(contentsOf: data.appending(path: "\($0).safetensors"))
        }
        return fingerprint(of: digests)
    }

    /// The fingerprint of profiles made with two of the trainer's exports that were opened before.
    package static func fingerprint(speaker: WeightFile, codebook: WeightFile) -> String {
        fingerprint(of: [speaker.sha256, codebook.sha256])
    }

    private static func fingerprint(of digests: [String]) -> String {
        "\(layout)-\(Digest.sha256(Array(digests.joined().utf8)).prefix(12))"
    }

    /// The fingerprint of the profiles an acoustic model was trained on; nil if its file does not say.
    ///
    /// - Throws: `FileError`, `WeightError`
    public static func fingerprint(expectedBy acoustic: URL) throws -> String? {
        try WeightFile(contentsOf: acoustic).metadata[key]
    }
}
