import Books
import Foundation
import Testing

@Suite struct EpubTests {
    private static let navigation = """
        <html xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol><li><a href="text/one%20a.xhtml">One: The Start</a></li>
        <li><a href="text/two.xhtml#a">Two</a></li><li><a href="text/two.xhtml#b">Three &#8212; The End</a></li></ol></nav>
        <nav epub:type="landmarks"><ol><li><a href="text/two.xhtml">Landmark</a></li></ol></nav></body></html>
        """
    private static let one = """
        <?xml version="1.0"?><!DOCTYPE html [<!ENTITY x "<p>bad</p>">]><html><head><title>T</title><style>p { color: red }</style></head><body>
        <h1>One: The Start</h1><p>It was a dark&nbsp;night.<a epub:type="noteref" href="#n1">1</a> He said&#8230; x<sup>2</sup> is it.<sup><a href="#n2">12</a></sup></p>
        <hr/><p>Next <em>scene</em>
        here. [pause 5s] [[x]]</p><script>if (a < b) { }</script>
        <table><tr><th>Name</th><th>Age</th></tr><tr><td>Bob</td><td>7</td></tr></table>
        <aside epub:type="footnote" id="n1"><p>A note.</p></aside><figure><img src="a.png" alt="x"/><figcaption>A caption.</figcaption></figure>
        <span epub:type="pagebreak">12</span></body></html>
        """
    private static let two = """
        <html><body><h2 id="a">Two</h2><p>Text &amp; two.</p><p>* * *</p><p>More.</p><div id="b"><p>Third text.</p></div></body></html>
        """
    private static let extra =
        "<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>"

    private func entries(_ changed: [String: String?] = [:]) -> [(String, String)] {
        let all = [
            ("mimetype", "application/epub+zip"), ("META-INF/container.xml", EpubMaker.container),
            ("OEBPS/content.opf", EpubMaker.package(["text/one%20a.xhtml", "text/two.xhtml"], extra: Self.extra)),
            ("OEBPS/nav.xhtml", Self.navigation), ("OEBPS/text/one a.xhtml", Self.one),
            ("OEBPS/text/two.xhtml", Self.two),
        ]
        let kept = all.compactMap { name, text -> (String, String)? in
            guard let change = changed[name] else { return (name, text) }
            return change.map { (name, $0) }
        }
        return kept + changed.compactMap { name, text in all.contains { $0.0 == name } ? nil : text.map { (name, $0) } }
    }

    @Test func aChapterKeepsTheLanguageOfItsPage() throws {
        let page = Self.two.replacingOccurrences(of: "<html>", with: "<html xml:lang=\"fr-CA\" lang=\"en\">")
        let book = try EpubMaker.with(entries(["OEBPS/text/two.xhtml": page])) { try Book(contentsOf: $0) }
        #expect(book.chapters.map(\.language) == [nil, "fr-CA", "fr-CA"])
    }

    @Test func chaptersFollowTheTableOfContents() throws {
        let book = try EpubMaker.with(entries()) { try Book(contentsOf: $0) }
        #expect(book.title == "Of Mice & Tests" && book.author == "Ann Author")
        #expect(book.chapters.map(\.title) == ["One: The Start", "Two", "Three — The End"])
        let first = book.chapters[0].text
        #expect(
            first.hasPrefix(
                "One: The Start\n\n[pause 1s]\n\nIt was a dark night. He said… x² is it.\n\n[pause 1500ms]\n\nNext scene here."
            ))
        #expect(first.contains("Name, Age.\n\nBob, 7.") && first.contains("A caption."))
        for gone in ["note", "bad", "color", "a < b", "12", "[[x]]", "[pause 5s]"] {
            #expect(!first.contains(gone), "\(gone)")
        }
        #expect(book.chapters[1].text == "Two\n\n[pause 1s]\n\nText & two.\n\n[pause 1500ms]\n\nMore.")
        // The title that the page does not show is said.
        #expect(book.chapters[2].text == "Three — The End\n\n[pause 1s]\n\nThird text.")
    }

    @Test func epub2HasAnNCX() throws {
        let ncx = """
            <ncx><navMap><navPoint id="a"><navLabel><text>Part One</text></navLabel><content src="one.html"/>
            <navPoint id="b"><navLabel><text>First</text></navLabel><content src="two.html"/></navPoint>
            <navPoint id="c"><navLabel><text>Second</text></navLabel><content src="three.html"/></navPoint></navPoint></navMap></ncx>
            """
        let package = EpubMaker.package(
            ["one.html", "two.html", "three.html"],
            extra: "<item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>",
            spine: "toc=\"ncx\"")
        func page(_ text: String) -> String { "<html><body><p>\(text)</p></body></html>" }
        let book = try EpubMaker.with([
            ("META-INF/container.xml", EpubMaker.container), ("OEBPS/content.opf", package), ("OEBPS/toc.ncx", ncx),
            ("OEBPS/one.html", page("Part One")), ("OEBPS/two.html", page("It began.")),
            ("OEBPS/three.html", page("It went on.")),
        ]) { try Book(contentsOf: $0) }
        #expect(book.chapters.map(\.title) == ["Part One: First", "Second"])
        #expect(book.chapters[0].text.hasPrefix("Part One\n\n") && book.chapters[0].text.hasSuffix("It began."))
    }

    @Test func withoutATableEachPageIsAChapter() throws {
        let entries = entries(["OEBPS/nav.xhtml": "<html><body>nothing</body></html>"])
        let book = try EpubMaker.with(entries) { try Book(contentsOf: $0) }
        #expect(book.chapters.map(\.title) == ["One: The Start", "Two"])
    }

    @Test func brokenMarkupIsRead() throws {
        let torn = "<html><body><p>One <b>two<p>three & four < five <unknown attr=x>six</unknown><br>seven</body"
        let book = try EpubMaker.with(entries(["OEBPS/text/one a.xhtml": torn])) { try Book(contentsOf: $0) }
        for word in ["One", "two", "three & four < five", "six", "seven"] {
            #expect(book.chapters[0].text.contains(word), "\(word)")
        }
    }

    private func complaint(_ entries: [(String, String)]) throws -> String {
        try EpubMaker.with(entries) { url in
            do {
                _ = try Book(contentsOf: url)
                return "no error"
            } catch { return "\(error)" }
        }
    }

    @Test func lockedBooksAreRefused() throws {
        let encryption = """
            <encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><enc:EncryptedData xmlns:enc="x">
            <enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></enc:EncryptedData></encryption>
            """
        let locked = try complaint(
            entries(["META-INF/encryption.xml": encryption, "META-INF/rights.xml": "<rights/>"]))
        #expect(locked.contains("copy protection (Adobe ADEPT)"), "\(locked)")
        // Scrambled fonts do no harm.
        let fonts = encryption.replacingOccurrences(
            of: "http://www.w3.org/2001/04/xmlenc#aes128-cbc", with: "http://www.idpf.org/2008/embedding")
        #expect(try complaint(entries(["META-INF/encryption.xml": fonts])) == "no error")
    }

    @Test func bombsAreRefused() throws {
        let bomb = "<p>" + String(repeating: "a", count: 40 << 20)
        let complaint = try complaint(entries(["OEBPS/text/one a.xhtml": bomb]))
        #expect(complaint.contains("unpacks to more than"), "\(complaint)")
    }

    @Test func pathsStayInTheArchive() throws {
        for path in ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", ""] {
            let container = EpubMaker.container.replacingOccurrences(of: "OEBPS/content.opf", with: path)
            let complaint = try complaint(entries(["META-INF/container.xml": container]))
            #expect(complaint.contains("not an EPUB"), "\(path): \(complaint)")
        }
        let package = EpubMaker.package(["../../../../../etc/passwd", "text/two.xhtml"], extra: Self.extra)
        let book = try EpubMaker.with(entries(["OEBPS/content.opf": package])) { try Book(contentsOf: $0) }
        #expect(!book.chapters.contains { $0.text.contains("root:") })
    }

    @Test func incompleteBooksAreNamed() throws {
        #expect(try complaint([("a.txt", "hello")]).contains("META-INF/container.xml"))
        #expect(try complaint(entries(["OEBPS/content.opf": nil])).contains("no package document"))
        #expect(
            try complaint(entries(["OEBPS/content.opf": "<package><spine/></package>"])).contains(
                "the reading order, is empty"))
        #expect(
            try complaint(entries(["OEBPS/text/one a.xhtml": "", "OEBPS/text/two.xhtml": "<p>…</p>"])).contains(
                "no text to narrate"))
    }

    @Test func damagedFilesNeverCrash() throws {
        let good = try EpubMaker.with(entries()) { try Data(contentsOf: $0) }
        let url = FileManager.default.temporaryDirectory.appending(path: "starling-\(UUID().uuidString).epub")
        defer { try? FileManager.default.removeItem(at: url) }
        var state: UInt64 = 3
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var refused = 0
        for round in 0..<300 {
            var bytes = good
            if round % 3 == 0 { bytes = bytes.prefix(random(bytes.count)) }
            for _ in 0..<random(12) where !bytes.isEmpty { bytes[random(bytes.count)] = UInt8(random(256)) }
            try bytes.write(to: url)
            do { _ = try Book(contentsOf: url) } catch { refused += 1 }
        }
        #expect(refused > 50)
    }
}
