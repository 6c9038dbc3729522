/// Errors of a narration other than those of its book and its speech; each description is one line with the remedy.
public enum NarrationError: Error, Sendable, Equatable, CustomStringConvertible {
    case folder(path: String, reason: String)
    /// A file of speakers that cannot be read; line 0 stands for all of it.
    case cast(path: String, line: Int, reason: String)
    /// The book is in an unsupported language.
    case language(tag: String, spoken: [String])

    public var description: String {
        switch self {
        case .folder(let path, let reason): "cannot write to the folder \(path): \(reason); choose another folder"
        case .language(let tag, let spoken):
            "the book declares the language \"\(tag.prefix(20))\", which Starling does not speak; if that is wrong, set --language to one of \(spoken.joined(separator: ", "))"
        case .cast(let path, let line, let reason):
            "cannot read the cast \(path)\(line > 0 ? ", line \(line)" : ""): \(reason)"
        }
    }
}
