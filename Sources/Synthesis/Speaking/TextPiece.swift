/// A piece of a text that is still being written.
public enum TextPiece: Sendable, Equatable {
    /// More of the text, of any length.
    case text(String)
    /// All that came before is spoken without waiting for its sentence to go on.
    case flush
}
