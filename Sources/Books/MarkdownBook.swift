import Foundation

/// Chapters of a Markdown text: its headings. What is only there for the eye (addresses, code, tables' rules) is left
/// out.
enum MarkdownBook {
    private struct Block {
        var level: Int?
        var text: String
    }

    static func read(_ text: String, name: String) -> Book {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        let front = frontMatter(&lines)
        let blocks = blocks(lines)
        let levels = blocks.compactMap(\.level)
        // The topmost level that occurs more than once divides the book; one heading above it is the book's title.
        let chapterLevel = (1...6).first { level in levels.filter { $0 == level }.count > 1 } ?? levels.min() ?? 1
        var title = front["title"]
        var chapters: [Book.Chapter] = []
        var current: (title: String, parts: [String]) = ("", [])
        func close() {
            if current.parts.contains(where: { !$0.hasPrefix("[pause") }) {
                chapters.append(Book.Chapter(title: current.title, text: current.parts.joined(separator: "\n\n")))
            }
        }
        for block in blocks {
            guard let level = block.level else {
                current.parts.append(block.text)
                continue
            }
            if level < chapterLevel, title == nil { title = block.text }
            if level == chapterLevel {
                close()
                current = (block.text, [])
            }
            current.parts += [Book.harmless(block.text)] + (level < 4 ? [Book.headingBreak] : [])
        }
        close()
        if chapters.count > 1, chapters[0].title.isEmpty { chapters[0].title = "Opening" }
        if chapters.count == 1, chapters[0].title.isEmpty { chapters[0].title = title ?? name }
        return Book(title: title ?? name, author: front["author"], chapters: chapters)
    }

    /// --- title: … --- at the very top.
    private static func frontMatter(_ lines: inout [String]) -> [String: String] {
        guard lines.first == "---",
            let end = lines.dropFirst().prefix(100).firstIndex(where: { $0 == "---" || $0 == "..." })
        else {
            return [:]
        }
        var values: [String: String] = [:]
        for line in lines[1..<end] {
            let parts = line.split(separator: ":", maxSplits: 1).map { Page.trimmed(String($0)) }
            if parts.count == 2 {
                values[parts[0].lowercased()] = parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
            }
        }
        lines.removeSubrange(...end)
        return values
    }

    private static func blocks(_ lines: [String]) -> [Block] {
        var result: [Block] = []
        var paragraph: [String] = []
        var fence: String?
        func flush() {
            let text = plain(paragraph.joined(separator: "\n"))
            if !text.isEmpty {
                result.append(Block(level: nil, text: Book.isSceneBreak(text) ? Book.sceneBreak : text))
            }
            paragraph = []
        }
        for (i, line) in lines.enumerated() {
            let bare = Page.trimmed(line)
            if let mark = fence {
                if bare.hasPrefix(mark) { fence = nil }
                continue
            }
            if bare.hasPrefix("```") || bare.hasPrefix("~~~") {
                flush()
                fence = String(bare.prefix(3))
                continue
            }
            // An underlined heading.
            if !paragraph.isEmpty, paragraph.count == 1, bare.count > 2,
                bare.allSatisfy({ $0 == "=" }) || bare.allSatisfy({ $0 == "-" })
            {
                result.append(Block(level: bare.first == "=" ? 1 : 2, text: plain(paragraph[0], marks: false)))
                paragraph = []
                continue
            }
            if bare.isEmpty {
                flush()
            } else if let (level, title) = heading(bare) {
                flush()
                result.append(Block(level: level, text: plain(title, marks: false)))
            } else if Book.isSceneBreak(bare), paragraph.isEmpty {
                result.append(Block(level: nil, text: Book.sceneBreak))
            } else if bare.hasPrefix("[^"), bare.contains("]:") || isReference(bare) {
                flush()
            } else if isReference(bare) {
                continue
            } else if bare.hasPrefix("|") || bare.contains(" | ") && i + 1 < lines.count && isRule(lines[i + 1])
                || isRule(bare)
            {
                flush()
                if !isRule(bare) { result.append(Block(level: nil, text: row(bare))) }
            } else {
                let item = item(bare)
                if item != nil { flush() }
                paragraph.append(item ?? quoted(bare))
            }
        }
        flush()
        return result
    }

    private static func heading(_ line: String) -> (Int, String)? {
        let level = line.prefix { $0 == "#" }.count
        guard (1...6).contains(level), line.dropFirst(level).first == " " else { return nil }
        return (level, line.dropFirst(level).trimmingCharacters(in: CharacterSet(charactersIn: "# \t")))
    }

    /// [name]: address
    private static func isReference(_ line: String) -> Bool {
        guard line.hasPrefix("["), let close = line.range(of: "]:") else { return false }
        return line[close.upperBound...].contains("/") && !line[..<close.lowerBound].contains(" ")
    }

    private static func isRule(_ line: String) -> Bool {
        line.contains("-") && line.contains("|") && line.allSatisfy { "|-: \t".contains($0) }
    }

    /// A table's row is a sentence.
    private static func row(_ line: String) -> String {
        let cells = line.split(separator: "|").map { plain(String($0)) }.filter { !$0.isEmpty }
        let text = cells.joined(separator: ", ")
        return text.last.map { ".!?".contains($0) } == true ? text : text + "."
    }

    /// The text of "- item", "3. item".
    private static func item(_ line: String) -> String? {
        for mark in ["- ", "* ", "+ ", "• "] where line.hasPrefix(mark) {
            let text = line.dropFirst(2)
            for box in ["[ ] ", "[x] ", "[X] "] where text.hasPrefix(box) { return String(text.dropFirst(4)) }
            return String(text)
        }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, digits.count < 4, line.dropFirst(digits.count).hasPrefix(". ") { return line }
        return nil
    }

    private static func quoted(_ line: String) -> String {
        var line = line[...]
        while line.first == ">" { line = line.dropFirst().drop { $0 == " " } }
        return String(line)
    }

    /// Text without the marks of Markdown and HTML.
    private static func plain(_ text: String, marks: Bool = true) -> String {
        var text = text
        if text.contains("<"), text.contains(">") {
            let page = Page(Array(text.replacingOccurrences(of: "\n", with: "<br>").utf8))
            text = page.blocks.map(\.text).joined(separator: "\n")
        }
        text = links(text)
        for mark in ["**", "__", "~~", "`"] { text = text.replacingOccurrences(of: mark, with: "") }
        text = emphasis(text, "*")
        text = emphasis(text, "_")
        text = text.replacingOccurrences(of: "\\", with: "")
        return marks ? Book.harmless(Page.trimmed(text)) : Page.trimmed(text)
    }

    /// Takes out single marks that touch a word from outside.
    private static func emphasis(_ text: String, _ mark: Character) -> String {
        guard text.contains(mark) else { return text }
        let characters = Array(text)
        func isInside(_ i: Int) -> Bool {
            characters.indices.contains(i) && (characters[i].isLetter || characters[i].isNumber)
        }
        var result = ""
        for (i, character) in characters.enumerated() {
            if character == mark, !(isInside(i - 1) && isInside(i + 1)),
                isInside(i - 1) || isInside(i + 1) || i > 0 && !characters[i - 1].isWhitespace
            {
                continue
            }
            result.append(character)
        }
        return result
    }

    /// [text](address) → text; pictures and signs of footnotes go.
    private static func links(_ text: String) -> String {
        guard text.contains("[") else { return text }
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "[") {
            var before = rest[..<open]
            let isPicture = before.last == "!"
            if isPicture { before = before.dropLast() }
            result += before
            let inside = rest[rest.index(after: open)...]
            guard let close = inside.firstIndex(of: "]"), !inside[..<close].contains("[") else {
                result += isPicture ? "![" : "["
                rest = inside
                continue
            }
            let label = inside[..<close]
            var after = inside[inside.index(after: close)...]
            if label.hasPrefix("^") {
                rest = after
                continue
            }
            if after.first == "(", let end = after.firstIndex(of: ")") {
                after = after[after.index(after: end)...]
                result += isPicture ? "" : label
            } else if after.first == "[", let end = after.firstIndex(of: "]") {
                after = after[after.index(after: end)...]
                result += isPicture ? "" : label
            } else {
                result += "[\(label)]"
            }
            rest = after
        }
        return result + rest
    }
}
