import SpeechSignal
import TextFrontend

/// Text that comes in pieces of any size, given on sentence by sentence.
///
/// A sentence is complete when the next has begun; whether a point ends it can depend on what follows.
struct SentenceFeed {
    private let frontend: TextFrontend
    private let accent: Accent
    private var text = ""

    init(frontend: TextFrontend, accent: Accent) {
        self.frontend = frontend
        self.accent = accent
    }

    /// Characters after which a sentence can be over.
    private static let ends: Set<Unicode.Scalar> = [".", "!", "?", "…", "\n", "]", "。", "！", "？"]
    /// Without any of them, text that is longer than this (in bytes) is looked at all the same.
    private static let longest = 1_200

    /// Takes text in.
    ///
    /// - Returns: the sentences that it completes, as written.
    mutating func add(_ more: String) -> [String] {
        text += more
        guard text.utf8.count > Self.longest || text.unicodeScalars.contains(where: Self.ends.contains) else {
            return []
        }
        var starts: [Int] = []
        var continues = false
        for sentence in frontend.sentences(in: text, accent: accent) {
            if !continues { starts.append(sentence.range.lowerBound) }
            continues = sentence.continues
        }
        guard starts.count > 1, let last = starts.last else { return [] }
        let utf8 = text.utf8
        let bounds = [0] + starts.dropFirst()
        let places = bounds.map { utf8.index(utf8.startIndex, offsetBy: $0) }
        let sentences = zip(places, places.dropFirst()).map { String(text[$0..<$1]) }
        text = String(text[utf8.index(utf8.startIndex, offsetBy: last)...])
        return sentences
    }

    /// What is left at the end.
    mutating func finish() -> String? {
        defer { text = "" }
        return text.contains { !$0.isWhitespace } ? text : nil
    }
}
