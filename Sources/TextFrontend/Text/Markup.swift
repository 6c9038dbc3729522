import SpeechSignal

/// What stands in a text and is not read as it is written. In plain text `[[həlˈO]]` speaks phonemes as given, and so
/// do `[hɛlˈoʊ]` and `[HH AH0 L OW1]`. `[pause 500ms]` or `[pause 1.5s]` is silent for a while, and a backslash before
/// the bracket makes it a bracket. SSML has more.
enum Markup: Sendable {
    case phonemes(Phonemes)
    /// 0 only separates what precedes from what follows.
    case pause(milliseconds: Int)
    /// Read this instead.
    case substitute(String)
    case sayAs(SayAs)

    static let longestPause = 60_000
    private static let longest = 2000

    /// - Returns: the markup that begins at `at`, and the offset after it; nil where the bracket is only a bracket.
    static func parse(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (Markup, Int)? {
        let bracket = UInt8(ascii: "[")
        let close = UInt8(ascii: "]")
        guard start + 3 < bytes.count, bytes[start] == bracket else { return nil }
        let limit = min(bytes.count, start + longest)
        if bytes[start + 1] == bracket {
            var at = start + 2
            while at + 1 < limit, !(bytes[at] == close && bytes[at + 1] == close) { at += 1 }
            guard at + 1 < limit else { return nil }
            let text = String(decoding: bytes[(start + 2)..<at], as: UTF8.self)
            if let label = wikiLink(text) { return (.substitute(label), at + 2) }
            return (.phonemes(Transcription.lenient(text)), at + 2)
        }
        guard let end = bytes[start..<limit].firstIndex(of: close) else { return nil }
        let text = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
        if let phonemes = transcription(text) ?? ARPAbet.phonemes(text) {
            return (.phonemes(phonemes), end + 1)
        }
        let words = text.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "pause", let milliseconds = duration(words[1]) else {
            return nil
        }
        return (.pause(milliseconds: milliseconds), end + 1)
    }

    /// [[Main Page]] and [[Page|label]]: a link of a wiki, as no phoneme that only IPA has stands in it.
    private static func wikiLink(_ text: String) -> String? {
        guard text.utf8.allSatisfy({ $0 >= 32 && $0 < 0x7F }),
            text.utf8.contains(where: { ($0 | 32) >= 97 && ($0 | 32) <= 122 }),
            text.utf8.count > 2
        else { return nil }
        let label = text.split(separator: "|").last ?? ""
        return String(label.split(separator: ":").last ?? "")
    }

    /// [poʊstˌmɑɹk]: brackets around nothing but phonemes, some of them no letters of the alphabet.
    private static func transcription(_ text: String) -> Phonemes? {
        let scalars = text.unicodeScalars
        guard scalars.contains(where: { $0.value >= 0x250 }),
            scalars.allSatisfy({ Phoneme(symbol: $0) != nil || $0 == "g" })
        else {
            return nil
        }
        return Transcription.lenient(text)
    }

    /// 500ms or 1.5s, in milliseconds.
    private static func duration(_ text: Substring) -> Int? {
        let scale: Double = text.hasSuffix("ms") ? 1 : text.hasSuffix("s") ? 1000 : 0
        guard scale > 0, let number = Double(text.dropLast(scale == 1 ? 2 : 1)), number.isFinite, number >= 0 else {
            return nil
        }
        return Int(min(number * scale, Double(longestPause)))
    }
}
