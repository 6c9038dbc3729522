extension AudioMetadata {
    /// The metadata of a file of speech.
    ///
    /// - Parameters:
    ///   - voice: the name of who speaks.
    ///   - software: the program and its version.
    ///   - title: what the file is called; see `title(of:isSSML:)`.
    public static func speech(voice: String, software: String, title: String? = nil) -> AudioMetadata {
        AudioMetadata(
            software: software, title: title, artist: "Starling voice \(voice)",
            comment: "Synthetic speech, not a recording of a person.")
    }

    /// The beginning of a text; of SSML only the words.
    public static func title(of text: String, isSSML: Bool) -> String {
        let plain = isSSML ? String(text.prefix(2000)).replacing(/<[^>]*>/, with: " ") : text
        let words = plain.prefix(200).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 80 ? words.prefix(79) + "…" : words
    }
}
