import Foundation

/// Chapters of a plain text: "Chapter N" and the like on a line of their own.
enum PlainTextBook {
    static func read(_ text: String, name: String, omitting omitted: Set<Matter> = Set(Matter.allCases)) -> Book {
        let all = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            Page.trimmed(String($0))
        }
        let lines = omitted.contains(.licence) ? body(all) : all
        var chapters: [Book.Chapter] = []
        var title = ""
        var current: [String] = []
        func close() {
            let body = current.joined(separator: "\n")
            // A list of chapters is not a chapter.
            let written = current.filter { !$0.isEmpty && !$0.hasPrefix("[pause") }
            let isContents =
                written.count > 3 && written.dropFirst().filter { heading($0) }.count * 5 > written.count * 3
            // Nor are the names of title and author.
            let isImprint = title.isEmpty && written.count < 12 && written.allSatisfy { $0.contains(": ") }
            if !(isContents && omitted.contains(.contents)), !isImprint, !Page.trimmed(body).isEmpty {
                chapters.append(Book.Chapter(title: title, text: body))
            }
            current = []
        }
        var i = 0
        while i < lines.count {
            let line = lines[i]
            let isAlone = (i == 0 || lines[i - 1].isEmpty) && !line.isEmpty && heading(line)
            if isAlone, let next = headingEnd(lines, i) {
                close()
                let subtitle = next > i + 1 ? lines[i + 1] : ""
                title = subtitle.isEmpty ? line : "\(line) \(subtitle)"
                current = lines[i..<next].map { Book.harmless($0) } + ["", Book.headingBreak, ""]
                i = next
                continue
            }
            current.append(Book.isSceneBreak(line) && !line.isEmpty ? Book.sceneBreak : Book.harmless(line))
            i += 1
        }
        close()
        if chapters.count > 1, chapters[0].title.isEmpty { chapters[0].title = "Opening" }
        if chapters.count == 1, chapters[0].title.isEmpty { chapters[0].title = name }
        return Book(title: meta("Title", text) ?? name, author: meta("Author", text), chapters: merged(chapters))
    }

    /// The end of a heading at `i` with a subtitle in the next line, or nil where running text follows at once.
    private static func headingEnd(_ lines: [String], _ i: Int) -> Int? {
        guard i + 1 < lines.count, !lines[i + 1].isEmpty else { return i + 1 }
        let isShort = lines[i + 1].utf8.count <= 64 && (i + 2 >= lines.count || lines[i + 2].isEmpty)
        return isShort ? i + 2 : nil
    }

    private static let numbered: Set<String> = [
        "chapter", "part", "book", "act", "scene", "letter", "canto", "stave", "section", "volume",
    ]
    private static let bare: Set<String> = [
        "prologue", "epilogue", "preface", "introduction", "foreword", "afterword", "interlude", "conclusion",
        "postscript",
        "acknowledgements", "acknowledgments", "dedication",
    ]
    private static let counted: Set<String> = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "the", "first",
        "second",
        "third", "fourth", "fifth", "last",
    ]

    /// "Chapter 12", "CHAPTER XII. The End", "Prologue".
    static func heading(_ line: String) -> Bool {
        guard line.utf8.count <= 80 else { return false }
        let words = line.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map { $0.lowercased() }
        guard let first = words.first else { return false }
        if bare.contains(first) { return words.count <= 3 || line.contains(":") }
        guard numbered.contains(first), words.count > 1, line.first?.isUppercase == true else { return false }
        let number = words[1]
        let isNumber =
            number.allSatisfy(\.isNumber) || number.allSatisfy { "ivxlcdm".contains($0) } || counted.contains(number)
        // "Part of the reason was": a heading's title begins with a capital and ends without a comma.
        guard isNumber, line.last != ",", line.last != ";" else { return false }
        return words.count <= 14
    }

    /// What stands between the marks of Project Gutenberg, or all of it.
    private static func body(_ lines: [String]) -> [String] {
        func mark(_ word: String) -> Int? {
            lines.firstIndex { $0.hasPrefix("*** \(word) OF TH") || $0.hasPrefix("***\(word) OF TH") }
        }
        let start = mark("START").map { $0 + 1 } ?? 0
        let end = mark("END") ?? lines.count
        return start < end ? Array(lines[start..<end]) : lines
    }

    /// "Title: Moby Dick" near the beginning.
    private static func meta(_ name: String, _ text: String) -> String? {
        for line in text.prefix(4000).split(whereSeparator: \.isNewline) where line.hasPrefix(name + ": ") {
            return Page.trimmed(String(line.dropFirst(name.count + 2)))
        }
        return nil
    }

    /// "PART ONE" alone opens the chapter that follows.
    private static func merged(_ chapters: [Book.Chapter]) -> [Book.Chapter] {
        var result: [Book.Chapter] = []
        var opening: Book.Chapter?
        for chapter in chapters {
            var chapter = chapter
            if let part = opening {
                chapter = Book.Chapter(
                    title: "\(part.title): \(chapter.title)", text: part.text + "\n\n" + chapter.text)
                opening = nil
            }
            let content = chapter.text.replacingOccurrences(of: Book.headingBreak, with: "")
            let isEmpty = heading(chapter.title) && Page.trimmed(content).utf8.count <= chapter.title.utf8.count + 2
            let first = chapter.title.lowercased().split { !$0.isLetter }.first ?? ""
            if isEmpty, ["part", "book", "volume", "act"].contains(first) {
                opening = chapter
            } else if isEmpty {
                // A line of a list of chapters.
                continue
            } else {
                result.append(chapter)
            }
        }
        if let part = opening { result.append(part) }
        return result
    }
}
