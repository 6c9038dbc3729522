/// Parts of a book that are left out of a narration unless they are asked for.
public enum Matter: String, CaseIterable, Sendable {
    /// Cover, half title and title page.
    case titlePage = "title-page"
    /// The page with the publisher, the rights and the ISBN; colophon.
    case imprint
    /// Project Gutenberg's header and license.
    case licence
    /// Tables of contents, lists of pages and of illustrations.
    case contents
    /// Footnotes and endnotes.
    case notes
    case index
    case bibliography
    case glossary
    /// Other books of the author or publisher.
    case advertisement

    /// What EPUB's structural semantics, the roles of DPUB-ARIA and the guide of EPUB 2 call it.
    init?(type: some StringProtocol) {
        var type = type.lowercased()
        if type.hasPrefix("doc-") { type.removeFirst(4) }
        guard let known = Self.types[type] else { return nil }
        self = known
    }

    private static let types: [String: Matter] = [
        "cover": .titlePage, "titlepage": .titlePage, "title-page": .titlePage, "halftitlepage": .titlePage,
        "copyright-page": .imprint, "imprint": .imprint, "imprimatur": .imprint, "colophon": .imprint,
        "toc": .contents, "landmarks": .contents, "page-list": .contents, "pagelist": .contents, "loi": .contents,
        "lot": .contents, "loa": .contents, "lov": .contents,
        "footnote": .notes, "footnotes": .notes, "endnote": .notes, "endnotes": .notes, "rearnote": .notes,
        "rearnotes": .notes, "notes": .notes,
        "index": .index, "index-group": .index, "bibliography": .bibliography, "glossary": .glossary,
    ]

    /// What a chapter of this title is, if the title alone determines it.
    init?(title: String) {
        let words = title.lowercased().filter { $0.isLetter || $0 == " " }.split(separator: " ").joined(separator: " ")
        if let known = Self.titles[words] {
            self = known
        } else if words.hasPrefix("also by ") || words.hasPrefix("other books by ") || words.hasPrefix("books by ") {
            self = .advertisement
        } else if words.contains("project gutenberg") && (words.contains("license") || words.contains("licence")) {
            self = .licence
        } else {
            return nil
        }
    }

    private static let titles: [String: Matter] = [
        "cover": .titlePage, "title page": .titlePage, "titlepage": .titlePage, "half title": .titlePage,
        "half title page": .titlePage, "halftitle": .titlePage,
        "copyright": .imprint, "copyright page": .imprint, "copyright notice": .imprint,
        "copyright information": .imprint,
        "imprint": .imprint, "colophon": .imprint, "uncopyright": .imprint, "legal notice": .imprint,
        "contents": .contents, "table of contents": .contents, "toc": .contents, "list of illustrations": .contents,
        "list of figures": .contents, "list of tables": .contents, "list of plates": .contents,
        "list of maps": .contents,
        "page list": .contents, "landmarks": .contents,
        "notes": .notes, "endnotes": .notes, "footnotes": .notes, "end notes": .notes, "transcribers note": .notes,
        "transcribers notes": .notes, "transcriber notes": .notes,
        "index": .index, "general index": .index, "bibliography": .bibliography, "works cited": .bibliography,
        "references": .bibliography, "glossary": .glossary, "advertisement": .advertisement,
        "advertisements": .advertisement, "newsletter": .advertisement, "newsletter signup": .advertisement,
    ]

    /// Whether a page of so many words may be left out because something outside it says what it is: in a book of one
    /// page, what is called its title page is the book.
    func mayBe(words: Int) -> Bool {
        switch self {
        case .titlePage, .imprint, .contents, .advertisement: words < 1_500
        case .licence, .notes, .index, .bibliography, .glossary: true
        }
    }
}
