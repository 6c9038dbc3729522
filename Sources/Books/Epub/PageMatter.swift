/// The kind of a page by its words, where its markup does not say.
extension Page {
    /// Fewer lines in a row that lead elsewhere are not a list.
    private static let shortestList = 4

    /// Takes out lists of links, which are tables of contents, with their headings.
    mutating func removeLists() {
        var (start, isRemoved) = (0, [Bool](repeating: false, count: blocks.count))
        while start < blocks.count {
            var end = start
            while end < blocks.count, blocks[end].isLink { end += 1 }
            if end - start >= Self.shortestList {
                for place in start..<end { isRemoved[place] = true }
                if start > 0, Matter(title: blocks[start - 1].text) == .contents { isRemoved[start - 1] = true }
            }
            start = max(end, start + 1)
        }
        remove(isRemoved)
    }

    /// Removes what is before and after the marks of Project Gutenberg.
    mutating func removeLicence() {
        func place(_ word: String) -> Int? {
            blocks.firstIndex {
                $0.text.uppercased().contains("*** \(word) OF TH") && $0.text.contains("PROJECT GUTENBERG")
            }
        }
        var isRemoved = [Bool](repeating: false, count: blocks.count)
        if let start = place("START") { for index in 0...start { isRemoved[index] = true } }
        if let end = place("END") { for index in end..<blocks.count { isRemoved[index] = true } }
        remove(isRemoved)
    }

    /// The kind of the page, as far as its words show.
    ///
    /// - Parameters:
    ///   - package: whose title and author a title page names
    ///   - place: of the page in the reading order, and how many there are
    func matter(in package: EpubPackage, place: Int, of count: Int) -> Matter? {
        let text = blocks.map(\.text).joined(separator: " ").lowercased()
        let words = text.split(whereSeparator: \.isWhitespace).count
        if text.contains("project gutenberg"), text.contains("full project gutenberg license") || words < 400,
            words > 0,
            text.contains("www.gutenberg.org")
        {
            return .licence
        }
        let isOutside = place < 8 || place >= count - 4
        if isOutside, words < 400 {
            let signs = Self.rights.filter { $0.contains { text.contains($0) } }.count
            if signs >= 2 { return .imprint }
        }
        return place < 5 && Self.isTitlePage(text, of: package) ? .titlePage : nil
    }

    /// Whether a short text names title and author.
    static func isTitlePage(_ text: String, of package: EpubPackage) -> Bool {
        let (title, author) = (letters(package.title), letters(package.author?.split(separator: " ").last ?? ""))
        guard !title.isEmpty, !author.isEmpty, text.split(whereSeparator: \.isWhitespace).count < 60 else {
            return false
        }
        let all = letters(text)
        return all.contains(title) && all.contains(author)
    }

    /// Each line is one sign of an imprint.
    private static let rights = [
        ["©", "copyright"], ["all rights reserved"], ["isbn"], ["published by", "first published", "publishing"],
        ["printed in"], ["no part of this", "without permission"], ["cover design", "cover art"],
        ["library of congress"],
        ["creative commons", "public domain"],
    ]

    /// The words of all blocks.
    var words: Int { blocks.reduce(0) { $0 + $1.text.split(whereSeparator: \.isWhitespace).count } }

    static func letters(_ text: some StringProtocol) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
