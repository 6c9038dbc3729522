/// The text that pdftotext writes, with pages joined to running text.
enum PDFText {
    /// Share of the pages whose first or last lines are alike, so that they are headers and footers.
    private static let headers = 0.3

    static func joined(_ text: String) -> String {
        var pages = text.split(separator: "\u{0C}", omittingEmptySubsequences: false).map {
            $0.split(separator: "\n", omittingEmptySubsequences: false).map { Page.trimmed(String($0)) }
        }
        for index in pages.indices { pages[index] = trimmed(pages[index]) }
        pages.removeAll(where: \.isEmpty)
        removeRepeated(&pages, at: \.first) { $0.removeFirst() }
        removeRepeated(&pages, at: \.last) { $0.removeLast() }
        var lines: [String] = []
        for page in pages {
            // A page that does not end a sentence continues in the next.
            if let last = lines.last, let end = last.last, ".!?:;\"”’)*".contains(end) { lines.append("") }
            lines += page
        }
        return unhyphenated(lines).joined(separator: "\n")
    }

    private static func trimmed(_ page: [String]) -> [String] {
        Array(page.drop(while: \.isEmpty).reversed().drop(while: \.isEmpty).reversed())
    }

    /// Headers and footers: numbers of pages, and lines that come again and again.
    private static func removeRepeated(
        _ pages: inout [[String]], at place: KeyPath<[String], String?>, _ remove: (inout [String]) -> Void
    ) {
        guard pages.count > 2 else { return }
        func form(_ line: String) -> String { line.filter { !$0.isNumber && !$0.isWhitespace }.lowercased() }
        var counts: [String: Int] = [:]
        for page in pages { counts[form(page[keyPath: place] ?? ""), default: 0] += 1 }
        let many = max(3, Int(headers * Double(pages.count)))
        for index in pages.indices {
            guard let line = pages[index][keyPath: place] else { continue }
            let isNumber = line.contains(where: \.isNumber) && form(line).allSatisfy { "-–—|.ivxlcdm".contains($0) }
            if isNumber || counts[form(line), default: 0] >= many && !form(line).isEmpty {
                remove(&pages[index])
                pages[index] = trimmed(pages[index])
            }
        }
        pages.removeAll(where: \.isEmpty)
    }

    /// Words that were parted at the end of a line.
    private static func unhyphenated(_ lines: [String]) -> [String] {
        var result: [String] = []
        for line in lines {
            if let last = result.last, last.hasSuffix("-"), last.dropLast().last?.isLetter == true,
                let first = line.first, first.isLowercase
            {
                let word = line.prefix { !$0.isWhitespace }
                result[result.count - 1] = String(last.dropLast() + word)
                let rest = line.dropFirst(word.count).drop(while: \.isWhitespace)
                if !rest.isEmpty { result.append(String(rest)) }
            } else {
                result.append(line)
            }
        }
        return result
    }
}
