/// An HTML page as blocks of text: paragraphs, headings, scene breaks. What is not read aloud is left out: scripts,
/// page numbers, the signs that point to notes, pictures, and what is said to be matter that is not wanted.
struct Page {
    struct Block: Equatable {
        enum Kind: Equatable {
            case paragraph
            case heading(Int)
            case sceneBreak
        }

        var kind: Kind
        var text: String
        /// Whether nearly all of it leads elsewhere, as a line of a table of contents does.
        var isLink = false
    }

    private(set) var blocks: [Block] = []
    /// Blocks by the ids before or in them.
    private(set) var anchors: [String: Int] = [:]
    /// The page's <title>.
    private(set) var title: String?
    /// The language that the page declares for all of it: a BCP 47 tag.
    private(set) var language: String?

    private var buffer = ""
    private var kind = Block.Kind.paragraph
    /// Open element whose content is left out, and how many of its name are open.
    private var skipped: (name: String, depth: Int)?
    /// Open inline elements that may turn out to be signs of notes.
    private var marks: [(name: String, start: Int, isLink: Bool, isNote: Bool)] = []
    private var isPreformatted = 0
    private var cells = 0
    private var titleText: String?
    private let omitted: Set<Matter>
    /// Ids at the end of the buffer, which belong to what follows.
    private var trailing: [String] = []
    /// Letters of the buffer that lie in links.
    private var linked = 0
    /// Open links.
    private var links = 0

    private static let breaking: Set<String> = [
        "p", "div", "section", "article", "header", "footer", "main", "body", "blockquote", "li", "ul", "ol", "dl",
        "dt", "dd",
        "table", "thead", "tbody", "tfoot", "caption", "figure", "figcaption", "pre", "address", "aside", "center",
        "details",
        "summary", "form", "fieldset", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "tr", "nav",
    ]
    private static let silent: Set<String> = [
        "script", "style", "svg", "math", "head", "nav", "rt", "rp", "object", "iframe", "audio", "video", "noscript",
        "template",
        "select", "button", "textarea", "canvas", "map",
    ]
    private static let void: Set<String> = [
        "br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "embed", "source", "track", "param",
    ]

    /// - Parameter omitted: matter that is left out
    init(_ bytes: [UInt8], omitting omitted: Set<Matter> = Set(Matter.allCases)) {
        self.omitted = omitted
        for token in MarkupScanner(bytes) {
            switch token {
            case .text(let text): add(text)
            case .start(let name, let attributes, let isClosed):
                start(name, attributes)
                if isClosed, !Self.void.contains(name) { end(name) }
            case .end(let name): end(name)
            }
        }
        flush()
        if omitted.contains(.contents) { removeLists() }
        if omitted.contains(.licence) { removeLicence() }
    }

    // MARK: Text

    private mutating func add(_ text: String) {
        if titleText != nil { titleText? += text }
        guard skipped == nil else { return }
        if isPreformatted > 0 {
            buffer += text
            return
        }
        // Blanks run together, also across tags.
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                if let last = buffer.unicodeScalars.last, last != " ", last != "\n" {
                    buffer.unicodeScalars.append(" ")
                }
            } else if scalar != "\u{AD}" {
                if links > 0 { linked += 1 }
                trailing.removeAll()
                buffer.unicodeScalars.append(scalar)
            }
        }
    }

    private mutating func flush() {
        let text = Self.trimmed(buffer)
        let isLink = linked * 5 > text.unicodeScalars.count { !$0.properties.isWhitespace } * 4
        (buffer, linked) = ("", 0)
        marks.removeAll()
        links = 0
        defer { kind = .paragraph }
        guard !text.isEmpty else { return }
        if Book.isSceneBreak(text) {
            breakScene()
        } else {
            blocks.append(Block(kind: kind, text: text, isLink: isLink))
            for id in trailing { anchors[id] = blocks.count }
        }
        trailing.removeAll()
    }

    private mutating func breakScene() {
        if let last = blocks.last, last.kind != .sceneBreak { blocks.append(Block(kind: .sceneBreak, text: "")) }
    }

    static func trimmed(_ text: String) -> String {
        var view = text.unicodeScalars[...]
        while let first = view.first, first.properties.isWhitespace { view = view.dropFirst() }
        while let last = view.last, last.properties.isWhitespace { view = view.dropLast() }
        return String(view)
    }

    // MARK: Tags

    private mutating func start(_ name: String, _ attributes: [String: String]) {
        if name == "title", title == nil, titleText == nil { titleText = "" }
        if name == "html" || name == "body", let tag = attributes["xml:lang"] ?? attributes["lang"] { language = tag }
        if let skipped {
            if skipped.name == name, !Self.void.contains(name) { self.skipped?.depth += 1 }
            return
        }
        if Self.breaking.contains(name) { flush() }
        if let id = attributes["id"] ?? (name == "a" ? attributes["name"] : nil) {
            anchors[id] = blocks.count
            if !Self.trimmed(buffer).isEmpty { trailing.append(id) }
        }
        let roles = Set(
            ((attributes["epub:type"] ?? "") + " " + (attributes["role"] ?? "")).lowercased().split(separator: " ").map(
                String.init))
        let isHidden = attributes["hidden"] != nil || attributes["style"]?.contains("display:none") == true
        if Self.silent.contains(name) || isHidden || isOmitted(roles, attributes) {
            if !Self.void.contains(name) { skipped = (name, 1) }
            return
        }
        switch name {
        case "h1", "h2", "h3", "h4", "h5", "h6": kind = .heading(Int(name.dropFirst()) ?? 1)
        case "br": if !buffer.isEmpty { buffer += "\n" }
        case "hr": breakScene()
        case "pre": isPreformatted += 1
        case "tr": cells = 0
        case "td", "th":
            if cells > 0, !buffer.isEmpty { buffer = Self.trimmed(buffer) + ", " }
            cells += 1
        case "a", "sup", "sub":
            if name == "a", attributes["href"] != nil { links += 1 }
            let isNote = roles.contains("noteref") || roles.contains("doc-noteref")
            marks.append((name, buffer.unicodeScalars.count, attributes["href"] != nil, isNote))
            if marks.count > 64 { marks.removeFirst() }
        default: break
        }
    }

    private func isOmitted(_ roles: Set<String>, _ attributes: [String: String]) -> Bool {
        if roles.contains("pagebreak") || roles.contains("doc-pagebreak") { return true }
        if roles.contains(where: { Matter(type: $0).map(omitted.contains) ?? false }) { return true }
        guard omitted.contains(.licence) else { return false }
        let names = (attributes["id"] ?? "") + " " + (attributes["class"] ?? "")
        return names.split(separator: " ").contains { Self.licences.contains(String($0)) }
    }

    /// How Project Gutenberg's books mark what is not of the author.
    private static let licences: Set<String> = ["pg-header", "pg-footer", "pg-boilerplate", "pgheader", "pgfooter"]

    private mutating func end(_ name: String) {
        if name == "title", let text = titleText {
            title = Self.trimmed(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
            if title?.isEmpty == true { title = nil }
            titleText = nil
        }
        if let skipped, skipped.name == name {
            self.skipped = skipped.depth > 1 ? (name, skipped.depth - 1) : nil
            return
        }
        guard skipped == nil else { return }
        switch name {
        case "pre":
            isPreformatted = max(0, isPreformatted - 1)
            flush()
        case "tr":
            // A row is a sentence.
            let text = Self.trimmed(buffer)
            if cells > 1, let last = text.unicodeScalars.last, !".!?…:".unicodeScalars.contains(last) {
                buffer = text + "."
            }
            cells = 0
            flush()
        case "a", "sup", "sub": closeMark(name)
        case _ where Self.breaking.contains(name): flush()
        default: break
        }
    }

    private static let superscripts: [Unicode.Scalar: Unicode.Scalar] = [
        "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
        "−": "⁻",
    ]

    /// A link or a raised text that only points to a note is taken out again.
    private mutating func closeMark(_ name: String) {
        guard let index = marks.lastIndex(where: { $0.name == name }) else { return }
        let mark = marks.remove(at: index)
        if mark.name == "a", mark.isLink { links = max(0, links - 1) }
        let scalars = buffer.unicodeScalars
        guard mark.start <= scalars.count else { return }
        let content = Array(scalars.dropFirst(mark.start)).filter { !$0.properties.isWhitespace }
        guard !content.isEmpty else { return }
        let core = content.filter { !"[]()*†‡§¶^.,".unicodeScalars.contains($0) }
        let isNumber =
            core.count <= 4
            && core.allSatisfy {
                $0.properties.numericType != nil || $0.isASCII && $0.properties.isLowercase && core.count == 1
            }
        let isRaised = name == "sup" || marks.contains { $0.name == "sup" }
        let isLinked = mark.isLink || marks.contains(where: \.isLink) || mark.isNote
        let isBracketed = content.first == "[" && content.last == "]"
        let pointsToNote = isNumber && isLinked && (isRaised || isBracketed || core.isEmpty)
        if mark.isNote || pointsToNote || name == "sup" && core.isEmpty {
            buffer = String(String.UnicodeScalarView(scalars.prefix(mark.start)))
            return
        }
        // A raised number after a letter or a figure is a power; after a stop it is a note.
        guard name == "sup", content.allSatisfy({ Self.superscripts[$0] != nil }) else { return }
        let before = scalars.prefix(mark.start).last
        let kept = String(String.UnicodeScalarView(scalars.prefix(mark.start)))
        if let before, before.properties.isAlphabetic || before.properties.numericType != nil, content.count <= 2 {
            var raised = String.UnicodeScalarView()
            for scalar in content { if let power = Self.superscripts[scalar] { raised.append(power) } }
            buffer = kept + String(raised)
        } else {
            buffer = kept
        }
    }

    /// Takes out the blocks that are marked; anchors in them lead to what follows.
    mutating func remove(_ isRemoved: [Bool]) {
        guard isRemoved.contains(true) else { return }
        var left = [0]
        for removed in isRemoved { left.append(left[left.count - 1] + (removed ? 0 : 1)) }
        anchors = anchors.mapValues { left[min($0, isRemoved.count)] }
        blocks = zip(blocks, isRemoved).filter { !$1 }.map(\.0)
    }

    // MARK: Reading

    /// The text of some blocks.
    func text(_ range: Range<Int>) -> String {
        var parts: [String] = []
        for block in blocks[range.clamped(to: 0..<blocks.count)] {
            switch block.kind {
            case .paragraph: parts.append(Book.harmless(block.text))
            case .heading(let level):
                parts.append(Book.harmless(block.text))
                if level < 4 { parts.append(Book.headingBreak) }
            case .sceneBreak: parts.append(Book.sceneBreak)
            }
        }
        return parts.joined(separator: "\n\n")
    }
}

extension String.UnicodeScalarView {
    fileprivate init(_ scalars: some Sequence<Unicode.Scalar>) {
        self.init()
        append(contentsOf: scalars)
    }
}
