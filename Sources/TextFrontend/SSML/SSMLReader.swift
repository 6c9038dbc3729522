import SpeechSignal

/// Turns a document of the Speech Synthesis Markup Language 1.1 (W3C, 2010) into marked text.
///
/// Everything that has no text of its own, and all attributes, are handled here; how they are spoken is decided where
/// plain text is read. docs/ssml.md lists the elements.
struct SSMLReader {
    static let longestDocument = 16 << 20
    static let deepest = 64
    static let mostVoices = 64
    static let namespace = "http://www.w3.org/2001/10/synthesis"

    /// An element that is open.
    private struct Open {
        var name: String
        /// Local name where it is ours.
        var kind: Kind
        var place: Range<Int>
        var style: PlaceStyle
        var start: Int
        /// For those whose text is replaced.
        var replacement: Replacement?
        var prefixes: [String: String]
    }

    enum Kind: String {
        case speak, p, s, sub, phoneme, prosody, emphasis, voice, mark, lang, w, token, meta, metadata
        case `break`
        case sayAs = "say-as"
    }

    private enum Replacement {
        case text(String)
        case phonemes(Phonemes)
        case sayAs(SayAs)
    }

    private var result: MarkedText
    private var stack: [Open] = []
    /// Text in here is not spoken.
    private var silentDepth = 0
    private var isDone = false

    private init(_ text: String) { result = MarkedText(document: text) }

    /// - Throws: `FrontendError.ssml` with line and column of the first mistake.
    static func read(_ text: String) throws(FrontendError) -> MarkedText {
        var text = text
        text.makeContiguousUTF8()
        let outcome = text.utf8.withContiguousStorageIfAvailable { bytes -> Result<MarkedText, FrontendError> in
            do throws(MarkupProblem) {
                guard bytes.count <= longestDocument else {
                    throw MarkupProblem(
                        at: 0, problem: "the document has \(bytes.count) bytes",
                        remedy: "split it into parts of \(longestDocument >> 20) MB")
                }
                var reader = SSMLReader(text)
                try reader.run(bytes)
                return .success(reader.result)
            } catch {
                let (line, column) = place(error.at, bytes)
                return .failure(.ssml(line: line, column: column, problem: error.problem, remedy: error.remedy))
            }
        }
        guard let outcome else { return MarkedText(document: text) }
        return try outcome.get()
    }

    /// Line and column of an offset, both from 1; columns count code points.
    static func place(_ at: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> (line: Int, column: Int) {
        var (line, column) = (1, 1)
        for byte in bytes[..<min(at, bytes.count)] {
            if byte == 10 {
                (line, column) = (line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }

    private func fail(_ at: Int, _ problem: String, _ remedy: String) -> MarkupProblem {
        MarkupProblem(at: at, problem: problem, remedy: remedy)
    }

    // MARK: Structure

    private mutating func run(_ bytes: UnsafeBufferPointer<UInt8>) throws(MarkupProblem) {
        var reader = XMLReader(bytes)
        while true {
            switch try reader.next() {
            case .text(let run): try add(run)
            case .open(let name, let attributes, let isEmpty, let place):
                try open(name, attributes, place, bytes)
                if isEmpty { try close(name, place) }
            case .close(let name, let place): try close(name, place)
            case .end:
                if let open = stack.last {
                    throw fail(
                        open.place.lowerBound, "<\(open.name)> is not closed", "write </\(open.name)> where it ends")
                }
                guard isDone else { throw fail(0, "there is no <speak> element", "begin the document with <speak>") }
                finish()
                return
            }
        }
    }

    private mutating func open(
        _ name: String, _ attributes: [XMLReader.Attribute], _ place: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(MarkupProblem) {
        guard stack.count < Self.deepest else {
            throw fail(
                place.lowerBound, "elements are nested more than \(Self.deepest) deep", "close some of them first")
        }
        var prefixes = stack.last?.prefixes ?? ["xml": "xml"]
        for attribute in attributes {
            if attribute.name == "xmlns" {
                prefixes[""] = attribute.value
            } else if attribute.name.hasPrefix("xmlns:") {
                prefixes[String(attribute.name.dropFirst(6))] = attribute.value
            }
        }
        let kind = try self.kind(name, place, prefixes)
        if let outer = stack.last {
            try checkNesting(kind, name, in: outer, place)
        } else {
            guard kind == .speak else {
                throw fail(place.lowerBound, "the document begins with <\(name)>", "begin it with <speak>")
            }
            guard !isDone else {
                throw fail(place.lowerBound, "a second <\(name)> follows the first", "join them into one")
            }
        }
        let own = try SSMLAttributes(name, attributes, prefixes: prefixes, place: place.lowerBound)
        var open = Open(
            name: name, kind: kind, place: place, style: stack.last?.style ?? PlaceStyle(), start: result.bytes.count,
            replacement: nil, prefixes: prefixes)
        if let tag = own["xml:lang"] {
            guard let language = try? Language(tag: tag.value) else {
                throw fail(
                    tag.at, "the language \"\(tag.value.prefix(20))\" is not supported",
                    "use one of \(Language.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            open.style.language = language
            result.languages.insert(language)
        }
        try apply(own, to: &open, bytes)
        try own.finish()
        if open.style != stack.last?.style ?? PlaceStyle() { change(to: open.style) }
        stack.append(open)
    }

    private func kind(_ name: String, _ place: Range<Int>, _ prefixes: [String: String]) throws(MarkupProblem) -> Kind {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        let space: String?
        if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty {
            guard let bound = prefixes[String(parts[0])] else {
                throw fail(
                    place.lowerBound, "the prefix of <\(name)> is not declared",
                    "declare it with xmlns:\(parts[0])=\"…\" or omit it")
            }
            space = bound
        } else {
            guard parts.count == 1 else {
                throw fail(place.lowerBound, "<\(name)> is not a valid name", "use at most one colon")
            }
            space = prefixes[""]
        }
        if let space, !space.isEmpty, space != Self.namespace {
            throw fail(
                place.lowerBound, "<\(name)> belongs to \(space.prefix(80)), which is not supported",
                "remove it, or use the namespace \(Self.namespace)")
        }
        guard let kind = Kind(rawValue: String(parts[parts.count - 1])) else {
            let unsupported = ["audio", "lexicon", "lookup", "desc"].contains(String(parts[parts.count - 1]))
            throw fail(
                place.lowerBound, "the element <\(name)> \(unsupported ? "is not supported" : "is unknown")",
                "remove it; docs/ssml.md lists the supported elements")
        }
        return kind
    }

    private func checkNesting(_ kind: Kind, _ name: String, in outer: Open, _ place: Range<Int>) throws(MarkupProblem) {
        switch outer.kind {
        case .sub, .phoneme, .sayAs, .break, .mark, .meta:
            throw fail(
                place.lowerBound,
                "<\(name)> stands in <\(outer.name)>, which takes \(outer.kind == .break || outer.kind == .mark || outer.kind == .meta ? "nothing" : "text only")",
                "close </\(outer.name)> first")
        default: break
        }
        if kind == .speak {
            throw fail(
                place.lowerBound, "<speak> is inside <\(outer.name)>", "use <speak> once, around the whole document")
        }
        if kind == .p || kind == .s {
            for open in stack.reversed() where open.kind == .s || open.kind == .p && kind == .p {
                throw fail(
                    place.lowerBound, "<\(name)> stands in <\(open.name)>", "close </\(open.name)> first")
            }
        }
    }

    private mutating func close(_ name: String, _ place: Range<Int>) throws(MarkupProblem) {
        guard let open = stack.last else {
            throw fail(place.lowerBound, "</\(name)> has no opening tag", "remove it")
        }
        guard open.name == name else {
            throw fail(
                place.lowerBound, "</\(name)> closes <\(open.name)>", "close <\(open.name)> with </\(open.name)> first")
        }
        stack.removeLast()
        let outer = stack.last?.style ?? PlaceStyle()
        try leave(open, place)
        if open.style != outer { change(to: outer) }
        if stack.isEmpty { isDone = true }
    }

    /// What the end of an element does.
    private mutating func leave(_ open: Open, _ place: Range<Int>) throws(MarkupProblem) {
        switch open.kind {
        case .p: bound(.paragraph)
        case .s:
            if result.bytes.count > open.start { result.wholes.append(open.start..<result.bytes.count) }
            bound(.sentence)
        case .voice: bound(.part)
        case .metadata: silentDepth -= 1
        default: break
        }
        guard let replacement = open.replacement else { return }
        if result.bytes[open.start...].allSatisfy({ $0 == 32 }) {
            // The element itself stands for what it says.
            append(
                MarkedText.placeholder, open.place.lowerBound..<max(open.place.upperBound, place.upperBound),
                isLiteral: false)
        }
        let range = open.start..<result.bytes.count
        switch replacement {
        case .text(let text): item(range, .substitute(text))
        case .phonemes(let phonemes): item(range, .phonemes(phonemes))
        case .sayAs(var request):
            request.text = String(decoding: result.bytes[range], as: UTF8.self)
            if !request.text.allSatisfy(\.isWhitespace) { item(range, .sayAs(request)) }
        }
    }

    // MARK: Elements

    private mutating func apply(
        _ own: SSMLAttributes, to open: inout Open, _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(MarkupProblem) {
        let at = open.place.lowerBound
        switch open.kind {
        case .speak:
            if let version = own["version"], version.value != "1.1", version.value != "1.0" {
                throw fail(
                    version.at, "SSML version \"\(version.value.prefix(20))\" is unknown", "write version=\"1.1\"")
            }
            own.ignore("onlangfailure", "startmark", "endmark")
        case .p: bound(.paragraph)
        case .s: bound(.sentence)
        case .w, .token: own.ignore("role")
        case .lang:
            _ = try own.required("xml:lang")
            own.ignore("onlangfailure")
        case .meta: own.ignore("name", "content", "http-equiv")
        case .metadata: silentDepth += 1
        case .mark:
            let name = try own.required("name")
            result.marks.append(.init(at: result.bytes.count, source: at, name: name.value))
        case .break:
            let milliseconds = try own.pause()
            if milliseconds > 0 {
                item(result.bytes.count..<result.bytes.count, .pause(milliseconds: milliseconds))
            } else if own["strength"]?.value == "weak" {
                item(result.bytes.count..<result.bytes.count, .pause(milliseconds: 0))
            }
        case .sub: open.replacement = .text(try own.required("alias").value)
        case .phoneme: open.replacement = .phonemes(try own.phonemes(language: open.style.language))
        case .sayAs: open.replacement = .sayAs(try own.sayAs())
        case .prosody: try own.prosody(&open.style.speech)
        case .emphasis:
            guard let level = own["level"] else {
                open.style.emphasis = .moderate
                break
            }
            guard let known = Emphasis(rawValue: level.value) else {
                throw fail(
                    level.at, "the level \"\(level.value.prefix(20))\" is unknown",
                    "use strong, moderate, none or reduced")
            }
            open.style.emphasis = known
        case .voice:
            let name = try own.required("name")
            own.ignore("onlangfailure", "onvoicefailure", "required", "ordering")
            open.style.voice = name.value
            // A voice brings its own language unless the element says otherwise.
            if own["xml:lang"] == nil { open.style.language = nil }
            if !result.voices.contains(where: { $0.name == name.value }) {
                guard result.voices.count < Self.mostVoices else {
                    throw fail(name.at, "the document has more than \(Self.mostVoices) voices", "split the document")
                }
                let (line, column) = Self.place(name.at, bytes)
                result.voices.append(.init(name: name.value, line: line, column: column))
            }
            bound(.part)
        }
    }

    // MARK: Text

    private mutating func add(_ run: XMLReader.Run) throws(MarkupProblem) {
        let isBlank = run.text.allSatisfy { $0 == 32 || $0 >= 9 && $0 <= 13 }
        guard let open = stack.last else {
            if isBlank { return }
            throw fail(
                run.source.lowerBound, isDone ? "text follows </speak>" : "text precedes <speak>",
                "put all text between <speak> and </speak>")
        }
        if open.kind == .break || open.kind == .mark || open.kind == .meta {
            if isBlank { return }
            throw fail(run.source.lowerBound, "<\(open.name)> contains text", "close it as <\(open.name) …/>")
        }
        guard silentDepth == 0 else { return }
        // Line breaks are blanks: paragraphs have elements of their own.
        append(run.text.map { $0 >= 9 && $0 <= 13 ? 32 : $0 }, run.source, isLiteral: run.isLiteral)
    }

    private mutating func append(_ text: [UInt8], _ source: Range<Int>, isLiteral: Bool) {
        guard !text.isEmpty else { return }
        result.origins.append(.init(at: result.bytes.count, source: source, isLiteral: isLiteral))
        result.bytes += text
    }

    private mutating func item(_ range: Range<Int>, _ markup: Markup) {
        result.items.append(.init(range: range, markup: markup))
    }

    private mutating func bound(_ kind: MarkedText.Boundary.Kind) {
        let at = result.bytes.count
        if let last = result.boundaries.indices.last, result.boundaries[last].at == at {
            if kind.rawValue > result.boundaries[last].kind.rawValue { result.boundaries[last].kind = kind }
        } else {
            result.boundaries.append(.init(at: at, kind: kind))
        }
    }

    private mutating func change(to style: PlaceStyle) {
        let at = result.bytes.count
        if let last = result.styles.indices.last, result.styles[last].at == at {
            result.styles[last].style = style
        } else {
            result.styles.append((at, style))
        }
    }

    /// Blanks at the end would hide what follows them.
    private mutating func finish() {
        let end = (result.bytes.lastIndex { $0 != 32 } ?? -1) + 1
        result.bytes.removeSubrange(end...)
        result.boundaries.removeAll { $0.at >= end }
        for index in result.marks.indices { result.marks[index].at = min(result.marks[index].at, end) }
        for index in result.items.indices where result.items[index].range.lowerBound > end {
            result.items[index].range = end..<end
        }
    }
}
