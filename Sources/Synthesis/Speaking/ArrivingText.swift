import TextFrontend

/// A text that is spoken while it is being written.
struct ArrivingText {
    /// What has arrived, sentence by sentence.
    var feed: SentenceFeed
    /// Waits for the next piece; nil at the end.
    let next: @Sendable () async throws -> TextPiece?

    init<Text: AsyncSequence & Sendable>(_ text: Text, feed: SentenceFeed) where Text.Element == TextPiece {
        self.feed = feed
        let pieces = Pieces(text)
        next = { try await pieces.next() }
    }

    /// The pieces of a text, one asked for after the other.
    private actor Pieces<Text: AsyncSequence & Sendable> where Text.Element == TextPiece {
        private var iterator: Text.AsyncIterator

        init(_ text: Text) { iterator = text.makeAsyncIterator() }

        func next() async throws -> TextPiece? {
            var iterator = iterator
            let piece = try await iterator.next(isolation: self)
            self.iterator = iterator
            return piece
        }
    }
}
