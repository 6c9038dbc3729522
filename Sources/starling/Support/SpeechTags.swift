import AudioIO
import TextFrontend

extension AudioMetadata {
    /// What a file of speech says of itself.
    static func speech(_ text: String, isSSML: Bool, voice: String) -> AudioMetadata {
        AudioMetadata(
            software: "Starling \(version)", title: title(text, isSSML: isSSML), artist: "Starling voice \(voice)",
            comment: "Synthetic speech, not a recording of a person.")
    }

    /// The beginning of a text; of SSML only the words.
    static func title(_ text: String, isSSML: Bool) -> String {
        let plain = isSSML ? String(text.prefix(2000)).replacing(/<[^>]*>/, with: " ") : text
        let words = plain.prefix(200).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 80 ? words.prefix(79) + "…" : words
    }
}
