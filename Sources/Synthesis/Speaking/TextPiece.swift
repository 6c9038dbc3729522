/// A piece of a text that is still being written.
public enum TextPiece: Sendable, Equatable {
    /// More of the text, of any length.
    case text(String)
    /// Speak all text so far without waiting for the rest of the sentence.
    case flush
}
