/// Errors of a book; each description is one line with the remedy.
public enum BookError: Error, Sendable, CustomStringConvertible, Equatable {
    case unreadable(path: String, reason: String)
    case notText(path: String)
    case tooLarge(path: String, limit: Int)
    case unsupported(path: String, kind: String)
    /// A ZIP file, but not an EPUB.
    case notEpub(path: String, reason: String)
    case encrypted(path: String, with: String)
    case damaged(path: String, entry: String, reason: String)
    case empty(path: String)
    /// The program that reads the file is not installed.
    case noConverter(path: String, program: String, package: String)
    /// The program that reads the file refused it.
    case notConverted(path: String, program: String, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read the book \(path): \(reason); check the name"
        case .notText(let path):
            "\(path) is neither EPUB nor UTF-8 text; convert it, for example with iconv -f latin1 -t utf-8 or Calibre's ebook-convert"
        case .tooLarge(let path, let limit): "\(path) is larger than the limit of \(limit >> 20) MB; split it"
        case .unsupported(let path, let kind):
            "\(path) is \(kind); convert it to EPUB, for example with Calibre's ebook-convert"
        case .notEpub(let path, let reason):
            "\(path) is a ZIP file but not an EPUB: \(reason); use an EPUB, Markdown or text file"
        case .encrypted(let path, let scheme):
            "\(path) has copy protection (\(scheme)) and cannot be read; ask the seller for a copy without it"
        case .damaged(let path, let entry, let reason): "\(path) is damaged (\(entry): \(reason)); get a new copy"
        case .noConverter(let path, let program, let package):
            "reading \(path) needs \(program), which is not installed; install the package \(package), or convert the book to EPUB, for example with Calibre's ebook-convert"
        case .notConverted(let path, let program, let reason):
            "\(program) cannot read \(path): \(reason); convert it to EPUB, for example with Calibre's ebook-convert"
        case .empty(let path): "\(path) contains no text to narrate; choose another book"
        }
    }
}
