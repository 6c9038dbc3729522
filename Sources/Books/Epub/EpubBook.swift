/// Chapters out of an EPUB: pages in the order of the spine, cut where the table of contents says.
enum EpubBook {
    static func read(_ path: String, omitting omitted: Set<Matter>) throws(BookError) -> Book {
        let archive = try ZipArchive(path: path)
        let package = try EpubPackage(archive)
        let entries = chapters(package.contents)
        var result: [Book.Chapter] = []
        var isNamed = false
        for (place, page) in package.spine.enumerated() {
            guard let bytes = try archive.read(page) else { continue }
            let content = Page(bytes, omitting: omitted)
            guard !content.blocks.isEmpty else { continue }
            if let known = package.matter[page], omitted.contains(known), known.mayBe(words: content.words) { continue }
            let own = entries.filter { $0.path == page }
            if let known = content.matter(in: package, place: place, of: package.spine.count), omitted.contains(known),
                own.count < 2
            {
                continue
            }
            let cuts = cuts(in: content, own)
            if let first = cuts.first?.block ?? (cuts.isEmpty ? content.blocks.count : nil), first > 0 {
                let text = content.text(0..<first)
                if isNamed || entries.isEmpty == false && !result.isEmpty {
                    append(text, to: &result)
                } else if !omitted.contains(.titlePage) || !result.isEmpty || !Page.isTitlePage(text, of: package) {
                    // Before the first chapter of the table, or without a table.
                    let title =
                        heading(content, 0..<first) ?? name(of: content, in: package)
                        ?? (entries.isEmpty ? "Part \(result.count + 1)" : "Opening")
                    result.append(Book.Chapter(title: title, text: text, language: content.language))
                }
            }
            for (number, cut) in cuts.enumerated() {
                let end = number + 1 < cuts.count ? cuts[number + 1].block : content.blocks.count
                isNamed = true
                if let known = Matter(title: cut.title), omitted.contains(known), known.mayBe(words: content.words) {
                    continue
                }
                result.append(chapter(cut.title, content, cut.block..<end))
            }
        }
        var book = Book(title: package.title, author: package.author, chapters: joined(result))
        (book.language, book.date, book.series) = (package.language, package.date, package.series)
        // A book is none the worse for a cover that is missing or too large.
        book.cover = package.cover.flatMap { try? archive.read($0) }.flatMap { $0 }
        return book
    }

    /// The page's <title>, if it says more than that it is a page, a file or the book.
    private static func name(of page: Page, in package: EpubPackage) -> String? {
        guard let title = page.title, title.utf8.count <= 80, Page.letters(title) != Page.letters(package.title) else {
            return nil
        }
        let isEmpty = ["page", "untitled", "unknown", "document", "html", "text", "start", "content"].contains(
            title.lowercased().filter(\.isLetter))
        return isEmpty || title.hasSuffix("html") || title.hasSuffix("htm") ? nil : title
    }

    /// The entries that are chapters: the topmost level, but the chapters of "Part One" rather than the part.
    private static func chapters(_ entries: [EpubPackage.Entry]) -> [EpubPackage.Entry] {
        let top = entries.map(\.depth).min() ?? 1
        var result: [EpubPackage.Entry] = []
        var inPart = false
        for (i, entry) in entries.enumerated() {
            if entry.depth == top {
                let word = entry.title.lowercased().split { !$0.isLetter }.first ?? ""
                let hasChildren = i + 1 < entries.count && entries[i + 1].depth > top
                // Sections of a chapter are in its file, chapters of a part in files of their own.
                inPart =
                    hasChildren && word != "chapter"
                    && (["part", "book", "volume"].contains(word) || entries[i + 1].path != entry.path)
                result.append(entry)
            } else if inPart, entry.depth == top + 1 {
                result.append(entry)
            }
        }
        return result
    }

    private static func cuts(in page: Page, _ entries: [EpubPackage.Entry]) -> [(block: Int, title: String)] {
        var cuts: [(block: Int, title: String)] = []
        for entry in entries {
            let place = entry.fragment.map { page.anchors[$0] } ?? 0
            // Where the table points to nothing, the page's beginning is meant if no other entry can mean it.
            guard let block = place ?? (entries.count == 1 ? 0 : nil), block < page.blocks.count,
                !cuts.contains(where: { $0.block == block })
            else { continue }
            cuts.append((block, entry.title))
        }
        return cuts.sorted { $0.block < $1.block }
    }

    private static func heading(_ page: Page, _ range: Range<Int>) -> String? {
        for block in page.blocks[range] {
            if case .heading = block.kind { return block.text.split(separator: "\n").joined(separator: " ") }
        }
        return nil
    }

    /// A chapter whose page does not begin with its title gets it said.
    private static func chapter(_ title: String, _ page: Page, _ range: Range<Int>) -> Book.Chapter {
        var text = page.text(range)
        guard page.blocks[range].contains(where: { !Page.letters($0.text).isEmpty }) else {
            return Book.Chapter(title: title, text: "", language: page.language)
        }
        let opening = Page.letters(page.blocks[range].prefix(3).map(\.text).joined())
        let isSaid =
            Page.letters(title).isEmpty || opening.hasPrefix(Page.letters(title).prefix(12))
            || opening.contains(Page.letters(title))
        if case .heading = page.blocks[range].first?.kind {
        } else if !isSaid {
            text = "\(Book.harmless(title))\n\n\(Book.headingBreak)\n\n\(text)"
        }
        return Book.Chapter(title: title, text: text, language: page.language)
    }

    private static func append(_ text: String, to chapters: inout [Book.Chapter]) {
        chapters[chapters.count - 1].text += "\n\n" + text
    }

    /// A chapter of nothing but its heading ("Part One") opens the one that follows.
    private static func joined(_ chapters: [Book.Chapter]) -> [Book.Chapter] {
        var result: [Book.Chapter] = []
        var opening: Book.Chapter?
        for (i, chapter) in chapters.enumerated() {
            var chapter = chapter
            let isJoined = opening != nil
            if let part = opening {
                chapter = Book.Chapter(
                    title: "\(part.title): \(chapter.title)", text: part.text + "\n\n" + chapter.text,
                    language: chapter.language)
                opening = nil
            }
            let isPart = ["part", "book", "volume"].contains { chapter.title.lowercased().hasPrefix($0) }
            if isPart, !isJoined, chapter.text.utf8.count < 160, i + 1 < chapters.count {
                opening = chapter
            } else {
                result.append(chapter)
            }
        }
        return result
    }
}
