import Books
import Foundation
import Testing

/// What is not a chapter of a book, and is left out unless it is asked for.
@Suite struct MatterTests {
    private static func page(_ body: String, title: String = "") -> String {
        "<html xmlns:epub=\"x\"><head><title>\(title)</title></head><body>\(body)</body></html>"
    }
    private static let prose =
        "<p>" + Array(repeating: "It was a dark night, and the wind blew.", count: 20).joined() + "</p>"

    /// A book whose pages are told apart by types, landmarks, guide, titles and words.
    private static let pages: [(name: String, text: String, matter: Matter?)] = [
        ("cover", page("<section epub:type=\"cover\"><p>COVER</p></section>"), .titlePage),
        ("title", page("<h1>Of Mice &amp; Tests</h1><p>A TITLE by Ann Author</p>"), .titlePage),
        ("rights", page("<p>RIGHTS. Copyright © 2026 Ann Author. All rights reserved. ISBN 1234.</p>"), .imprint),
        (
            "toc",
            page("<p>Contents</p>" + (1...5).map { "<p><a href=\"c.xhtml#\($0)\">Chapter \($0)</a></p>" }.joined()), nil
        ),
        ("preface", page("<h2>Preface</h2><p>PREFACE.</p>" + prose), nil),
        ("one", page("<h2>One</h2><p>FIRST.<a epub:type=\"noteref\" href=\"#n\">1</a></p>" + prose), nil),
        ("guide", page("<p>GUIDED words about the colophon.</p>"), .imprint),
        ("two", page("<h2>Two</h2>" + prose + "<section epub:type=\"endnotes\"><p>NOTED.</p></section>"), nil),
        ("marked", page("<p>MARKED.</p>"), .bibliography), ("named", page("<h2>Index</h2><p>NAMED, 7.</p>"), .index),
        (
            "licence",
            page(
                "<section class=\"pg-boilerplate pgheader\" id=\"pg-footer\"><p>LICENSED by Project Gutenberg.</p></section>"
            ),
            .licence
        ),
    ]

    private static var entries: [(String, String)] {
        let nav = page(
            "<nav epub:type=\"toc\"><ol>"
                + ["preface": "Preface", "one": "One", "two": "Two", "named": "Index"].sorted { $0.value < $1.value }
                .map { "<li><a href=\"\($0.key).xhtml\">\($0.value)</a></li>" }.joined()
                + "</ol></nav><nav epub:type=\"landmarks\"><ol><li><a epub:type=\"bibliography\" href=\"marked.xhtml\">B</a></li></ol></nav>"
        )
        let package = EpubMaker.package(
            pages.map { "\($0.name).xhtml" },
            extra: """
                <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
                <item id="pic" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>
                """
        ).replacingOccurrences(
            of: "</metadata>",
            with: """
                <dc:language>en-GB</dc:language><dc:date>1999-05-01</dc:date>
                <meta property="belongs-to-collection" id="a">Best of 1999</meta><meta property="collection-type" refines="#a">set</meta>
                <meta property="belongs-to-collection" id="b">The Mice</meta><meta property="collection-type" refines="#b">series</meta>
                <meta property="group-position" refines="#b">2</meta></metadata>
                """
        ).replacingOccurrences(
            of: "</package>", with: "<guide><reference type=\"colophon\" href=\"guide.xhtml\"/></guide></package>")
        return [
            ("META-INF/container.xml", EpubMaker.container), ("OEBPS/content.opf", package), ("OEBPS/nav.xhtml", nav),
            ("OEBPS/cover.jpg", "\u{7F}JPEG"),
        ] + pages.map { ("OEBPS/\($0.name).xhtml", $0.text) }
    }

    private func book(_ included: Set<Matter> = []) throws -> Book {
        try EpubMaker.with(Self.entries) { try Book(contentsOf: $0, including: included) }
    }

    @Test func chaptersAreWhatIsLeft() throws {
        let book = try book()
        #expect(book.chapters.map(\.title) == ["Preface", "One", "Two"])
        let text = book.chapters.map(\.text).joined()
        for word in ["COVER", "TITLE", "RIGHTS", "Chapter 3", "GUIDED", "NOTED", "MARKED", "NAMED", "LICENSED"] {
            #expect(!text.contains(word), "\(word) is read")
        }
        #expect(text.contains("PREFACE") && text.contains("FIRST."))
        #expect(book.language == "en-GB" && book.date == "1999-05-01" && book.cover == Array("\u{7F}JPEG".utf8))
        #expect(book.series == Book.Series(name: "The Mice", position: "2"))
    }

    @Test(arguments: [
        (Matter.titlePage, ["COVER", "TITLE"]), (.imprint, ["RIGHTS", "GUIDED"]), (.contents, ["Chapter 3"]),
        (.notes, ["NOTED"]), (.bibliography, ["MARKED"]), (.index, ["NAMED"]), (.licence, ["LICENSED"]),
    ]) func whatIsIncludedIsRead(_ matter: Matter, _ words: [String]) throws {
        let text = try book([matter]).chapters.map(\.text).joined()
        for word in words { #expect(text.contains(word), "\(word) is not read") }
    }

    /// Project Gutenberg's older books have their license in the running text, and a table of contents of links.
    @Test func gutenbergsLicenceIsLeftOut() throws {
        let text = Self.page(
            """
            <pre>The Project Gutenberg EBook of Mice\n*** START OF THIS PROJECT GUTENBERG EBOOK MICE ***\nProduced by X</pre>
            <h2>CONTENTS</h2>\((1...6).map { "<p class=\"toc\"><a href=\"#c\($0)\">CHAPTER \($0)</a></p>" }.joined())
            \((1...6).map { "<h2 id=\"c\($0)\">CHAPTER \($0)</h2>\(Self.prose)" }.joined())
            <pre>*** END OF THIS PROJECT GUTENBERG EBOOK MICE ***\nLICENSED</pre>
            """)
        let ncx =
            "<ncx><navMap>"
            + (1...6).map {
                "<navPoint><navLabel><text>CHAPTER \($0)</text></navLabel><content src=\"a.html#c\($0)\"/></navPoint>"
            }.joined() + "</navMap></ncx>"
        let package = EpubMaker.package(
            ["a.html"], extra: "<item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>",
            spine: "toc=\"ncx\"")
        let book = try EpubMaker.with([
            ("META-INF/container.xml", EpubMaker.container), ("OEBPS/content.opf", package), ("OEBPS/toc.ncx", ncx),
            ("OEBPS/a.html", text),
        ]) { try Book(contentsOf: $0) }
        #expect(book.chapters.map(\.title) == (1...6).map { "CHAPTER \($0)" })
        #expect(book.chapters[0].text.hasPrefix("CHAPTER 1\n\n[pause 1s]\n\nIt was"))
        #expect(!book.chapters.contains { $0.text.contains("Gutenberg") || $0.text.contains("LICENSED") })
    }

    /// A page that the table does not name is called by its heading, or by a <title> that says something.
    @Test func untitledPagesAreNoPages() throws {
        let package = EpubMaker.package(["a.html", "b.html", "c.html"])
        let book = try EpubMaker.with([
            ("META-INF/container.xml", EpubMaker.container), ("OEBPS/content.opf", package),
            ("OEBPS/a.html", Self.page(Self.prose, title: "Page")),
            ("OEBPS/b.html", Self.page("<h3>Two</h3>" + Self.prose)),
            ("OEBPS/c.html", Self.page(Self.prose, title: "The Third")),
        ]) { try Book(contentsOf: $0) }
        #expect(book.chapters.map(\.title) == ["Part 1", "Two", "The Third"])
    }
}

/// Files that other programs read.
@Suite struct ConvertedTests {
    private static func has(_ program: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    /// A PDF of lines, a page each list.
    private static func pdf(_ pages: [[String]]) -> Data {
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Count \(pages.count) /Kids [\(pages.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " "))] >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        for (index, lines) in pages.enumerated() {
            let text = "BT /F 12 Tf 14 TL 72 720 Td " + lines.map { "(\($0)) Tj T*" }.joined(separator: " ") + " ET"
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents \(5 + 2 * index) 0 R "
                    + "/Resources << /Font << /F 3 0 R >> >> >>")
            objects.append("<< /Length \(text.utf8.count) >>\nstream\n\(text)\nendstream")
        }
        var file = "%PDF-1.4\n"
        var places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(file.utf8.count)
            file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = file.utf8.count
        file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for place in places { file += String(format: "%010d 00000 n \n", place) }
        file += "trailer << /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Data(file.utf8)
    }

    @Test(.enabled(if: has("pdftotext"))) func pagesOfAPDFAreJoined() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "starling-\(UUID().uuidString).pdf")
        defer { try? FileManager.default.removeItem(at: url) }
        let pages = (1...4).map { page in
            [
                "THE MICE", "", "The mouse went to the har-", "bour on day \(page) and saw",
                page < 4 ? "that it" : "it.", "", "\(page)",
            ]
        }
        try Self.pdf(pages).write(to: url)
        let book = try Book(contentsOf: url)
        let text = book.chapters.map(\.text).joined(separator: " ")
        #expect(text.contains("harbour") && !text.contains("THE MICE") && book.loss != nil, "\(text)")
        #expect(!text.split(whereSeparator: \.isWhitespace).contains("3") || text.contains("day 3"))
        try Data("%PDF-1.4 nothing".utf8).write(to: url)
        let error = #expect(throws: BookError.self) { try Book(contentsOf: url) }
        #expect(error.map { !"\($0)".contains("\n") } == true)
    }

    @Test(.enabled(if: has("pandoc"))) func headingsOfADocumentAreChapters() throws {
        func paragraph(_ text: String, style: String? = nil) -> String {
            let properties = style.map { "<w:pPr><w:pStyle w:val=\"\($0)\"/></w:pPr>" } ?? ""
            return "<w:p>\(properties)<w:r><w:t>\(text)</w:t></w:r></w:p>"
        }
        let word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        let relations = "http://schemas.openxmlformats.org/package/2006/relationships"
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        let entries = [
            (
                "[Content_Types].xml",
                """
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
                <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                <Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>
                """
            ),
            (
                "_rels/.rels",
                "<Relationships xmlns=\"\(relations)\"><Relationship Id=\"r1\" Type=\"\(office)/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            ),
            (
                "word/document.xml",
                "<w:document xmlns:w=\"\(word)\"><w:body>"
                    + [
                        paragraph("One", style: "Heading1"), paragraph("It began."),
                        paragraph("Two", style: "Heading1"),
                        paragraph("It went on."),
                    ].joined() + "</w:body></w:document>"
            ),
            (
                "word/styles.xml",
                "<w:styles xmlns:w=\"\(word)\"><w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/></w:style></w:styles>"
            ),
            (
                "word/_rels/document.xml.rels",
                "<Relationships xmlns=\"\(relations)\"><Relationship Id=\"r2\" Type=\"\(office)/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ]
        let book = try EpubMaker.with(entries, kind: "docx") { try Book(contentsOf: $0) }
        #expect(book.chapters.map(\.title) == ["One", "Two"] && book.loss != nil)
        #expect(book.chapters[1].text.contains("It went on."))
    }
}
