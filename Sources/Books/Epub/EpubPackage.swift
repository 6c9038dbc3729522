import Foundation

/// What an EPUB's package document and table of contents say: title, reading order, chapters' names.
struct EpubPackage {
    struct Entry: Equatable {
        var title: String
        var path: String
        var fragment: String?
        var depth: Int
    }

    private struct Item {
        var path: String
        var type: String
        var properties: Set<Substring>
    }

    /// What a book of EPUB 3 belongs to.
    private struct Collection {
        var id: String
        var name: String
        var position: String?
        var isSeries = true
    }

    var title = ""
    var author: String?
    /// Paths of the pages in reading order.
    var spine: [String] = []
    var contents: [Entry] = []
    /// What landmarks and guide say of pages.
    var matter: [String: Matter] = [:]
    /// A BCP 47 tag, such as en-GB.
    var language: String?
    /// As it is written: a year, or more.
    var date: String?
    var series: Book.Series?
    /// Path of the picture on the cover.
    var cover: String?

    init(_ archive: ZipArchive) throws(BookError) {
        try Self.refuseLocked(archive)
        guard let container = try archive.read("META-INF/container.xml") else {
            throw .notEpub(path: archive.path, reason: "it has no META-INF/container.xml")
        }
        var root: String?
        for case .start("rootfile", let attributes, _) in MarkupScanner(container) where root == nil {
            root = attributes["full-path"]
        }
        guard let root = root.flatMap({ Self.resolve($0, from: "") }), let package = try archive.read(root) else {
            throw .notEpub(
                path: archive.path, reason: "its META-INF/container.xml names no package document in the archive")
        }
        var items: [String: Item] = [:]
        var order: [String] = []
        var toc: String?
        var (open, property) = ("", "")
        var (coverItem, position): (String?, String?)
        var (collection, collections) = ("", [Collection]())
        func refined(_ attributes: [String: String]) -> String {
            String((attributes["refines"] ?? "").drop { $0 == "#" })
        }
        for token in MarkupScanner(package) {
            switch token {
            case .start("item", let attributes, _):
                guard let id = attributes["id"], let href = attributes["href"],
                    let path = Self.resolve(href, from: root)
                else { break }
                items[id] = Item(
                    path: path, type: attributes["media-type"] ?? "",
                    properties: Set((attributes["properties"] ?? "").split(separator: " ")))
            case .start("itemref", let attributes, _):
                if let id = attributes["idref"], attributes["linear"] != "no" { order.append(id) }
            case .start("spine", let attributes, _): toc = attributes["toc"]
            case .start("meta", let attributes, _):
                open = "meta"
                property = attributes["property"] ?? ""
                collection = property == "belongs-to-collection" ? attributes["id"] ?? "" : refined(attributes)
                guard let content = attributes["content"], !content.isEmpty else { break }
                switch attributes["name"] {
                case "cover": coverItem = content
                case "calibre:series": series = Book.Series(name: content, position: series?.position)
                case "calibre:series_index": position = content
                default: break
                }
            case .start("reference", let attributes, _):
                note(attributes["type"] ?? "", attributes["href"] ?? "", from: root)
            case .start(let name, _, _): open = name
            case .end: open = ""
            case .text(let text):
                let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                if open == "title", title.isEmpty { title = text }
                if open == "creator", !text.isEmpty { author = author.map { "\($0), \(text)" } ?? text }
                if open == "language", language == nil, !text.isEmpty { language = text }
                if open == "date", date == nil, !text.isEmpty { date = text }
                if open == "meta", !text.isEmpty {
                    switch property {
                    case "belongs-to-collection": collections.append(Collection(id: collection, name: text))
                    case "collection-type", "group-position":
                        guard let place = collections.firstIndex(where: { $0.id == collection }) else { break }
                        if property == "group-position" { collections[place].position = text }
                        if property == "collection-type" { collections[place].isSeries = text == "series" }
                    default: break
                    }
                }
            }
        }
        if series != nil { series?.position = position }
        // A collection may also be a list of somebody's favorites, which its type says.
        if let found = collections.first(where: \.isSeries) {
            series = Book.Series(name: found.name, position: found.position)
        }
        cover = (items.values.first { $0.properties.contains("cover-image") } ?? coverItem.flatMap { items[$0] })?.path
        let navigation = items.values.first { $0.properties.contains("nav") }?.path
        var seen: Set<String> = []
        spine = order.compactMap { items[$0] }.filter {
            $0.type.isEmpty || $0.type.contains("html") || $0.type.contains("xml")
        }
        .map(\.path).filter { $0 != navigation && seen.insert($0).inserted }
        if spine.isEmpty { throw .notEpub(path: archive.path, reason: "its spine, the reading order, is empty") }
        if let navigation, let page = try archive.read(navigation) {
            contents = Self.navigation(page, at: navigation)
            noteLandmarks(page, at: navigation)
        }
        if contents.isEmpty,
            let path = (toc.flatMap { items[$0] } ?? items.values.first { $0.type == "application/x-dtbncx+xml" })?
                .path,
            let page = try archive.read(path)
        {
            contents = Self.ncx(page, at: path)
        }
    }

    /// Copy protection makes pages unreadable; scrambled fonts do not matter.
    private static func refuseLocked(_ archive: ZipArchive) throws(BookError) {
        let fonts = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"]
        if let encryption = try archive.read("META-INF/encryption.xml") {
            for case .start("encryptionmethod", let attributes, _) in MarkupScanner(encryption) {
                let algorithm = attributes["algorithm"] ?? "unknown"
                if fonts.contains(algorithm) { continue }
                let scheme =
                    try archive.read("META-INF/license.lcpl") != nil
                    ? "Readium LCP"
                    : try archive.read("META-INF/sinf.xml") != nil
                        ? "Apple FairPlay" : try archive.read("META-INF/rights.xml") != nil ? "Adobe ADEPT" : algorithm
                throw .encrypted(path: archive.path, with: scheme)
            }
        }
    }

    /// A reference as a path in the archive; nil where it leads out of it.
    static func resolve(_ reference: String, from base: String) -> String? {
        let bare = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard !bare.contains(":"), !bare.hasPrefix("/") else { return nil }
        let path = bare.removingPercentEncoding ?? String(bare)
        var parts = base.split(separator: "/").dropLast().map(String.init)
        for part in path.split(separator: "/", omittingEmptySubsequences: true) {
            switch part {
            case ".": break
            case "..":
                if parts.isEmpty { return nil }
                parts.removeLast()
            default: parts.append(String(part))
            }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }

    private static func entry(_ title: String, _ reference: String, _ base: String, _ depth: Int) -> Entry? {
        let title = title.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let bare =
            reference.hasPrefix("#")
            ? base.split(separator: "/").last.map { "\($0)\(reference)" } ?? reference : reference
        guard !title.isEmpty, let path = resolve(bare, from: base) else { return nil }
        let parts = bare.split(separator: "#", maxSplits: 1)
        let fragment = parts.count > 1 ? String(parts[1]).removingPercentEncoding : nil
        return Entry(title: title, path: path, fragment: fragment, depth: depth)
    }

    /// Keeps what a reference to a whole page says the page is.
    private mutating func note(_ types: String, _ reference: String, from base: String) {
        guard !reference.contains("#"), let path = Self.resolve(reference, from: base) else { return }
        for type in types.split(separator: " ") { if let known = Matter(type: type) { matter[path] = known } }
    }

    /// EPUB 3: the list in <nav epub:type="landmarks">.
    private mutating func noteLandmarks(_ bytes: [UInt8], at base: String) {
        var isInside = false
        for token in MarkupScanner(bytes) {
            switch token {
            case .start("nav", let attributes, _): isInside = (attributes["epub:type"] ?? "").contains("landmarks")
            case .end("nav"): isInside = false
            case .start("a", let attributes, _):
                if isInside { note(attributes["epub:type"] ?? "", attributes["href"] ?? "", from: base) }
            default: break
            }
        }
    }

    /// EPUB 3: the list in <nav epub:type="toc">.
    private static func navigation(_ bytes: [UInt8], at base: String) -> [Entry] {
        var entries: [Entry] = []
        var depth = 0
        var inside = false
        var link: (reference: String, title: String)?
        for token in MarkupScanner(bytes) {
            switch token {
            case .start("nav", let attributes, _):
                let type = (attributes["epub:type"] ?? attributes["role"] ?? "toc").lowercased()
                inside = type.split(separator: " ").contains { $0 == "toc" || $0 == "doc-toc" }
            case .end("nav"): inside = false
            case .start("ol", _, _): depth += 1
            case .end("ol"): depth -= 1
            case .start("a", let attributes, _): if inside { link = (attributes["href"] ?? "", "") }
            case .text(let text): link?.title += text
            case .end("a"):
                if let (reference, title) = link, let entry = entry(title, reference, base, max(1, depth)) {
                    entries.append(entry)
                }
                link = nil
            default: break
            }
        }
        return entries
    }

    /// EPUB 2: the NCX.
    private static func ncx(_ bytes: [UInt8], at base: String) -> [Entry] {
        var entries: [Entry] = []
        var depth = 0
        var titles: [String] = []
        var inLabel = false
        for token in MarkupScanner(bytes) {
            switch token {
            case .start("navpoint", _, _):
                depth += 1
                titles.append("")
            case .end("navpoint"):
                depth -= 1
                if !titles.isEmpty { titles.removeLast() }
            case .start("navlabel", _, _): inLabel = true
            case .end("navlabel"): inLabel = false
            case .text(let text): if inLabel, !titles.isEmpty { titles[titles.count - 1] += text }
            case .start("content", let attributes, _):
                guard let title = titles.last, let entry = entry(title, attributes["src"] ?? "", base, depth) else {
                    break
                }
                entries.append(entry)
            default: break
            }
        }
        return entries
    }
}
