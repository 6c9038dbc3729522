import TextFrontend

/// A text that is spoken while it is being written.
struct ArrivingText {
    /// What has arrived, sentence by sentence.
    var feed: SentenceFeed
    private var hasEnded = false
    private let next: (isolated any Actor) async throws -> String?

    init<Text: AsyncSequence & Sendable>(_ text: Text, feed: SentenceFeed) where Text.Element == String {
        self.feed = feed
        var iterator = text.makeAsyncIterator()
        next = { actor in try await iterator.next(isolation: actor) }
    }

    /// Waits for the next piece and takes it in.
    ///
    /// - Returns: the piece, empty at the end of the text, and nil from then on
    mutating func receive(isolation: isolated any Actor) async throws -> String? {
        guard !hasEnded else { return nil }
        guard let piece = try await next(isolation) else {
            hasEnded = true
            feed.finish()
            return ""
        }
        feed.append(piece)
        return piece
    }
}
