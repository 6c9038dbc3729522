import SpeechSignal

/// Follows the language of a text from sentence to sentence. A sentence that does not say, such as a name, is of the
/// language before it.
struct LanguageTrack {
    private let detector: LanguageDetector
    private let languages: [Language]
    /// The language of the sentence before; nil until one has said.
    private var last: Language?
    /// The language of a text that never says.
    private let fallback: Language

    /// How far a text is looked into whose first sentences do not say, in bytes.
    private static let horizon = 4_000

    /// nil where there is but one language to read.
    init?(_ reading: ReadingStyle, frontend: TextFrontend) throws(FrontendError) {
        guard reading.detected.count > 1 else { return nil }
        detector = try frontend.shelf.detector()
        languages = reading.detected
        fallback = reading.language
    }

    /// The language that a sentence is likely to be of before it is looked at.
    var current: Language { last ?? fallback }

    /// The language of a sentence.
    ///
    /// - Parameter scanner: finds the sentences after it, of which the first that says counts where none before did;
    ///   nil where they are not to be looked at
    mutating func language(
        of found: SentenceScanner.Found, in bytes: UnsafeBufferPointer<UInt8>, scanner: SentenceScanner? = nil,
        marked: MarkedText? = nil
    ) -> Language {
        if let language = detector.language(of: bytes, in: found.range, among: languages) {
            last = language
            return language
        }
        guard last == nil, let scanner else { return current }
        var place = found.next
        let end = min(bytes.count, place + Self.horizon)
        while place < end, let next = scanner.next(bytes, from: place, marked: marked) {
            if let language = detector.language(of: bytes, in: next.range, among: languages) {
                last = language
                break
            }
            place = next.next
        }
        // A text that does not say so far is not looked into again and again.
        last = current
        return current
    }
}
