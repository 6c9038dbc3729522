public import Foundation

/// A book as it is narrated: chapters of plain text, paragraphs apart by blank lines.
///
/// ```swift
/// let book = try Book(contentsOf: URL(filePath: "moby-dick.epub"))
/// for chapter in book.chapters { print(chapter.title, chapter.text.count) }
/// ```
/// EPUB 2 and 3, Markdown, HTML and plain text are distinguished by content and name. The text may hold the frontend's
/// `[pause 1500ms]`, where a scene ends or a heading stands; the book's own brackets never become such marks.
public struct Book: Sendable, Equatable {
    public struct Chapter: Sendable, Equatable {
        public var title: String
        public var text: String
        /// A BCP 47 tag, where the chapter declares one of its own.
        public var language: String?

        public init(title: String, text: String, language: String? = nil) {
            self.title = title
            self.text = text
            self.language = language
        }
    }

    /// The series that a book belongs to.
    public struct Series: Sendable, Equatable {
        public var name: String
        /// Its place in the series, such as "2" or "2.5".
        public var position: String?

        public init(name: String, position: String? = nil) {
            self.name = name
            self.position = position
        }
    }

    public var title: String
    public var author: String?
    public var chapters: [Chapter]
    /// A BCP 47 tag, such as en-GB.
    public var language: String?
    /// When it was published, as the book has it: a year, or more.
    public var date: String?
    public var series: Series?
    /// The picture on its cover: a JPEG or PNG file.
    public var cover: [UInt8]?
    /// What reading it through another program lost, as a sentence; nil for books that were read directly.
    public var loss: String?

    /// The largest book file that is read, in bytes.
    public static let longest = 512 << 20

    public init(title: String, author: String?, chapters: [Chapter]) {
        self.title = title
        self.author = author
        self.chapters = chapters
    }

    /// - Parameter included: matter to read aloud with the chapters
    /// - Throws: `BookError`
    public init(contentsOf url: URL, including included: Set<Matter> = []) throws {
        let omitted = Set(Matter.allCases).subtracting(included)
        let path = url.relativePath
        let handle: FileHandle
        do { handle = try FileHandle(forReadingFrom: url) } catch {
            throw BookError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { try? handle.close() }
        let head = (try? handle.read(upToCount: 64)) ?? Data()
        let kind = url.pathExtension.lowercased()
        if head.starts(with: Array("%PDF".utf8)) {
            self = try ConvertedBook.pdf(url)
        } else if head.starts(with: [0x50, 0x4B]), kind == "docx" || kind == "odt" {
            self = try ConvertedBook.document(url, kind: kind)
        } else if head.starts(with: [0x50, 0x4B]) {
            self = try EpubBook.read(path, omitting: omitted)
        } else {
            if let kind = Self.unsupported(head) { throw BookError.unsupported(path: path, kind: kind) }
            try handle.seek(toOffset: 0)
            guard let data = try handle.read(upToCount: Self.longest + 1) else { throw BookError.empty(path: path) }
            guard data.count <= Self.longest else { throw BookError.tooLarge(path: path, limit: Self.longest) }
            let body = data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data
            guard let text = String(validating: body, as: UTF8.self) else { throw BookError.notText(path: path) }
            let name = url.deletingPathExtension().lastPathComponent
            switch kind {
            case "md", "markdown", "mkd", "mdown": self = MarkdownBook.read(text, name: name)
            case "html", "htm", "xhtml": self = Self.page(text, name: name, omitting: omitted)
            default: self = PlainTextBook.read(text, name: name, omitting: omitted)
            }
        }
        chapters.removeAll {
            !$0.text.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        }
        if chapters.isEmpty { throw BookError.empty(path: path) }
        if title.isEmpty { title = url.deletingPathExtension().lastPathComponent }
    }

    private static func unsupported(_ head: Data) -> String? {
        if head.count >= 64, head.dropFirst(60).starts(with: Array("MOBI".utf8).prefix(4)) {
            return "a Mobipocket or Kindle book"
        }
        if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { return "a Word document in the old .doc format" }
        if head.starts(with: Array("{\\rtf".utf8)) { return "an RTF document" }
        return nil
    }

    private static func page(_ text: String, name: String, omitting omitted: Set<Matter>) -> Book {
        let page = Page(Array(text.utf8), omitting: omitted)
        return Book(
            title: page.title ?? name, author: nil,
            chapters: [Chapter(title: page.title ?? name, text: page.text(0..<page.blocks.count))])
    }

    /// Text of others in which nothing is a mark of ours.
    static func harmless(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "[")) else { return text }
        return text.replacingOccurrences(of: "[[", with: "[ [").replacingOccurrences(of: "[pause", with: "[ pause")
    }

    /// A pause where a scene ends.
    static let sceneBreak = "[pause 1500ms]"
    /// A pause after a heading.
    static let headingBreak = "[pause 1s]"

    /// A line of asterisks, dashes or ornaments between two scenes.
    static func isSceneBreak(_ line: some StringProtocol) -> Bool {
        let marks = line.unicodeScalars.filter { !$0.properties.isWhitespace }
        guard let first = marks.first, marks.count <= 40 else { return false }
        let ornaments = "*#~—–-_=•·.◆◇❖☙❧⁂✻✽"
        return ornaments.unicodeScalars.contains(first) && marks.allSatisfy { ornaments.unicodeScalars.contains($0) }
            && (marks.count >= 3 || "⁂❖☙❧◆◇✻✽*#".unicodeScalars.contains(first))
    }
}
