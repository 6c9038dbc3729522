import CZip
import Foundation
import Testing

/// Makes EPUBs and other zip files for the tests.
enum EpubMaker {
    static let container = """
        <?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
        <rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>
        """

    /// A package document over pages in reading order; `extra` goes into the manifest.
    static func package(_ pages: [String], extra: String = "", spine: String = "") -> String {
        let items = pages.enumerated().map {
            "<item id=\"p\($0)\" href=\"\($1)\" media-type=\"application/xhtml+xml\"/>"
        }.joined()
        let order = pages.indices.map { "<itemref idref=\"p\($0)\"/>" }.joined()
        return """
            <?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
            <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Of Mice &amp; Tests</dc:title><dc:creator>Ann Author</dc:creator></metadata>
            <manifest>\(items)\(extra)</manifest><spine \(spine)>\(order)</spine></package>
            """
    }

    /// Writes a zip file and hands its place to `body`.
    static func with<R>(
        _ entries: [(String, String)], kind: String = "epub", _ body: (URL) throws -> R
    ) throws -> R {
        let url = FileManager.default.temporaryDirectory.appending(path: "starling-\(UUID().uuidString).\(kind)")
        defer { try? FileManager.default.removeItem(at: url) }
        var code: Int32 = 0
        let archive = try #require(zip_open(url.path(percentEncoded: false), ZIP_CREATE | ZIP_TRUNCATE, &code))
        for (name, text) in entries {
            let bytes = Array(text.utf8)
            // The archive frees what it is given when it is closed.
            let copy = try #require(malloc(max(1, bytes.count)))
            copy.copyMemory(from: bytes, byteCount: bytes.count)
            let source = try #require(zip_source_buffer(archive, copy, zip_uint64_t(bytes.count), 1))
            try #require(zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8)) >= 0)
        }
        try #require(zip_close(archive) == 0)
        return try body(url)
    }
}
