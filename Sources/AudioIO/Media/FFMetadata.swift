/// Metadata and chapters in FFmpeg's ffmetadata format.
public struct FFMetadata: Sendable, Equatable {
    /// The text of the file.
    public private(set) var text = ";FFMETADATA1\n"

    /// Empty metadata.
    public init() {}

    init(_ metadata: AudioMetadata) {
        add("title", metadata.title)
        add("artist", metadata.artist)
        add("comment", metadata.comment)
        add("encoder", metadata.software)
    }

    /// Adds a field of metadata; fields precede chapters.
    public mutating func add(_ key: String, _ value: String?) {
        if let value, !value.isEmpty { text += "\(key)=\(Self.escaped(value))\n" }
    }

    /// Adds a chapter.
    ///
    /// - Parameters:
    ///   - samples: its range.
    ///   - rate: samples per second.
    public mutating func addChapter(_ title: String, samples: Range<Int>, rate: Int) {
        text += "\n[CHAPTER]\nTIMEBASE=1/\(rate)\nSTART=\(samples.lowerBound)\nEND=\(samples.upperBound)\n"
        text += "title=\(Self.escaped(title))\n"
    }

    /// On one line, with a stroke before all that means something there.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.split(whereSeparator: \.isNewline).joined(separator: " ") where character != "\0" {
            if "=;#\\".contains(character) { result += "\\" }
            result.append(character)
        }
        return result
    }
}
