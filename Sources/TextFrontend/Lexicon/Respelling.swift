import SpeechSignal

/// Pronunciations written as words of the language: "win", "see sharp", or syllables such as "noo-WIN".
enum Respelling {
    /// What the frontend makes of a respelling, without punctuation at its ends. A hyphenated word with some parts in
    /// capitals and some in small letters is read syllable by syllable; the syllables in capitals are stressed.
    static func phonemes(_ text: String, reader: any StretchReader) -> Phonemes {
        let words = text.split(separator: " ").map { $0.split(separator: "-") }
        guard words.contains(where: isSyllables) else { return read(text, reader: reader) }
        let spoken = words.map { parts in
            isSyllables(parts)
                ? Phonemes(parts.map { syllable(String($0), reader: reader) }.joined())
                : read(parts.joined(separator: "-"), reader: reader)
        }
        return Phonemes(spoken.filter { !$0.isEmpty }.joined(separator: [.space]))
    }

    private static func isSyllables(_ parts: [Substring]) -> Bool {
        parts.count > 1 && parts.allSatisfy { $0.utf8.allSatisfy { ($0 | 32) >= 97 && ($0 | 32) <= 122 } }
            && parts.contains { $0 == $0.uppercased() } && parts.contains { $0 == $0.lowercased() }
    }

    private static func syllable(_ part: String, reader: any StretchReader) -> Phonemes {
        let bare = read(part.lowercased(), reader: reader).applying(StressChange.none)
        return part == part.uppercased() ? bare.applying(.primary) : bare
    }

    private static func read(_ text: String, reader: any StretchReader) -> Phonemes {
        let bytes = Array(text.utf8)
        let sentences = bytes.withUnsafeBufferPointer {
            reader.read($0, .init(range: 0..<bytes.count, endsParagraph: true, next: bytes.count))
        }
        var codes = Phonemes(sentences.map(\.phonemes).joined(separator: [.space]))
        while let last = codes.last, last.isMark { codes.removeLast() }
        while let first = codes.first, first.isMark { codes.removeFirst() }
        return codes
    }
}
