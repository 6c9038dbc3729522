import SpeechSignal

/// The sentences of a text that is still being written.
///
/// ```swift
/// var feed = try frontend.feed(ReadingStyle(accent: .american))
/// feed.append("It rained. The garden ")
/// print(feed.next())  // "It rained."; the next sentence is not complete
/// feed.append("was wet.")
/// feed.finish()
/// print(feed.next())  // "The garden was wet."
/// ```
///
/// Which sentences it gives depends on the text, and on where it is flushed, not on the pieces it came in. They are
/// those of `TextFrontend.sentences(in:accent:lexicons:)`, but for a long first sentence: its first clause comes as a
/// sentence of its own, marked with `Sentence.continues`, so that speech can begin before the sentence is complete.
public struct SentenceFeed {
    private let readers: [Language: any StretchReader]
    private var reader: any StretchReader
    private var scanner: SentenceScanner
    /// Where the language is found sentence by sentence.
    private var track: LanguageTrack?
    private var bytes: [UInt8] = []
    /// Where the next sentence begins.
    private var position = 0
    /// What precedes this place is spoken as if the text ended there.
    private var flushed = 0
    /// Where the sentence begins whose language was the last to change.
    private var settled = -1
    /// Whether the text has ended.
    public private(set) var isComplete = false
    private var ready: [Sentence] = []
    /// Whether a sentence, or a clause of the first, was given.
    private var hasBegun = false

    /// Bytes of the shortest first clause that comes as a sentence of its own.
    private static let shortestClause = 24
    /// Bytes that follow it at least: about two words, so that a name at the sentence's end is not left alone.
    private static let shortestRest = 12

    init(frontend: TextFrontend, reading: ReadingStyle) throws(FrontendError) {
        readers = try frontend.readers(reading)
        guard let first = readers[reading.language] else {
            throw .language(reading.language, there: frontend.languages)
        }
        track = try LanguageTrack(reading, frontend: frontend)
        reader = first
        scanner = first.scanner(detecting: track != nil)
    }

    /// Appends text.
    public mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Makes all text so far available without waiting for the rest of the sentence.
    public mutating func flush() { flushed = bytes.count }

    /// Marks the end of the text, so that the rest becomes a sentence.
    public mutating func finish() { isComplete = true }

    /// The next sentence that is complete; nil until more of the text is there, and at its end.
    ///
    /// Places in the text count from its very beginning, in bytes of UTF-8.
    public mutating func next() -> Sentence? {
        while ready.isEmpty {
            guard let found = nextFound() else { return nil }
            if settle(found) { continue }
            position = found.next
            hasBegun = true
            ready = bytes.withUnsafeBufferPointer { reader.read($0, found) }.reversed()
        }
        return ready.removeLast()
    }

    /// Finds the language of a sentence.
    ///
    /// - Returns: whether it is another than so far, which may end the sentence elsewhere
    private mutating func settle(_ found: SentenceScanner.Found) -> Bool {
        guard var track else { return false }
        let language = bytes.withUnsafeBufferPointer { track.language(of: found, in: $0) }
        self.track = track
        guard language != reader.language, let reader = readers[language], settled != position else { return false }
        (self.reader, scanner, settled) = (reader, reader.scanner(detecting: true), position)
        return true
    }

    private func nextFound() -> SentenceScanner.Found? {
        bytes.withUnsafeBufferPointer { bytes in
            if position < flushed, let found = flushedSentence(bytes) { return cut(bytes, found) ?? found }
            let found = scanner.next(bytes, from: position)
            if let found, isComplete || holdsWord(bytes, from: found.next) { return cut(bytes, found) ?? found }
            // The sentence is not over yet.
            guard !isComplete, let found else { return nil }
            return cut(bytes, found)
        }
    }

    /// The next sentence of what was flushed. Its end is no paragraph's unless a blank line says so.
    private func flushedSentence(_ bytes: UnsafeBufferPointer<UInt8>) -> SentenceScanner.Found? {
        let settled = UnsafeBufferPointer(rebasing: bytes[..<flushed])
        guard var found = scanner.next(settled, from: position) else { return nil }
        if found.next == flushed {
            let blank = settled[found.range.upperBound...]
            found.endsParagraph = blank.count(where: { $0 == UInt8(ascii: "\n") }) > 1
        }
        return found
    }

    /// Whether a whole word follows a place: whether a point ends a sentence can depend on the word that follows.
    private func holdsWord(_ bytes: UnsafeBufferPointer<UInt8>, from place: Int) -> Bool {
        guard let start = bytes[place...].firstIndex(where: { !Self.isBlank($0) }) else { return false }
        return bytes[start...].contains(where: Self.isBlank)
    }

    /// The first clause of the text's first sentence, if that is a long one.
    private func cut(_ bytes: UnsafeBufferPointer<UInt8>, _ found: SentenceScanner.Found) -> SentenceScanner.Found? {
        let sentence = found.range
        guard !hasBegun else { return nil }
        // Behind the mark stand a blank and the rest.
        let places = sentence.dropFirst(Self.shortestClause).dropLast(2 + Self.shortestRest)
        for place in places where Self.clauseEnds.contains(bytes[place]) {
            // Figures and markup are not torn apart.
            guard Self.isLetter(bytes[place - 1]), Self.isBlank(bytes[place + 1]), Self.isLetter(bytes[place + 2]),
                !bytes[sentence.lowerBound..<place].contains(UInt8(ascii: "["))
            else { continue }
            return .init(
                range: sentence.lowerBound..<place + 1, endsParagraph: false, next: place + 2, continues: true)
        }
        return nil
    }

    private static let clauseEnds = Set(",;:".utf8)

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte >= 9 && byte <= 13 }

    /// Whether a byte belongs to a letter; those beyond ASCII count.
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte | 32 >= UInt8(ascii: "a") && byte | 32 <= UInt8(ascii: "z") || byte >= 0x80
    }
}

extension TextFrontend {
    /// Reads a text that is still being written.
    ///
    /// - Throws: `FrontendError` where the language's data cannot be read
    public func feed(_ reading: ReadingStyle) throws(FrontendError) -> SentenceFeed {
        try SentenceFeed(frontend: self, reading: reading)
    }
}
