public import SpeechSignal

/// The text of an SSML document with its styles and marks, as the frontend processes it.
///
/// `bytes` is the text without tags. Everything else refers to places in it; `source(of:)` leads back to the document.
public struct MarkedText: Sendable {
    /// A voice that the document asks for.
    public struct VoiceUse: Sendable, Equatable {
        /// As it stands in the document: a name, a mix, or several apart by blanks, the first that exists to be taken.
        public var name: String
        /// Counted from 1.
        public var line: Int
        /// Counted from 1, in characters.
        public var column: Int
    }

    /// Something that is not read as it is written.
    struct Item {
        /// The text it replaces; empty for pauses.
        var range: Range<Int>
        var markup: Markup
    }

    /// Where speech stops for good.
    struct Boundary {
        enum Kind: Int { case part, sentence, paragraph }

        var at: Int
        var kind: Kind
    }

    /// A stretch of the text and where it stands in the document.
    struct Origin {
        var at: Int
        var source: Range<Int>
        /// Byte for byte as in the document; otherwise all of it stands for all of the source.
        var isLiteral: Bool
    }

    struct Mark {
        var at: Int
        var source: Int
        var name: String
    }

    /// The document.
    public let document: String
    /// The voices it asks for, in order.
    public internal(set) var voices: [VoiceUse] = []
    /// The languages it asks for by xml:lang.
    public internal(set) var languages: Set<Language> = []
    var bytes: [UInt8] = []
    var origins: [Origin] = []
    var items: [Item] = []
    var boundaries: [Boundary] = []
    /// Stretches that are one sentence whatever is in them.
    var wholes: [Range<Int>] = []
    var styles: [(at: Int, style: PlaceStyle)] = []
    var marks: [Mark] = []

    init(document: String) { self.document = document }

    /// Reads a document of the Speech Synthesis Markup Language.
    ///
    /// - Throws: `FrontendError.ssml` with line and column of the first mistake.
    public init(ssml: String) throws(FrontendError) { self = try SSMLReader.read(ssml) }

    /// Whether a text is meant to be SSML: it begins with `<speak`, perhaps after an XML declaration or comments.
    public static func isSSML(_ text: String) -> Bool {
        var rest = Substring(text).unicodeScalars
        while true {
            rest = rest.drop { $0.properties.isWhitespace || $0 == "\u{FEFF}" }
            let start = String(rest.prefix(6))
            if start == "<speak" { return true }
            guard start.hasPrefix("<?xml") || start.hasPrefix("<!--"), let end = rest.firstIndex(of: ">") else {
                return false
            }
            rest = rest[end...].dropFirst()
        }
    }

    /// Stands in `bytes` for an element that is spoken but has no text: U+FFFC.
    static let placeholder: [UInt8] = [0xEF, 0xBF, 0xBC]

    // MARK: Look-up

    /// The index of the last of sorted elements that lies at or before `at`.
    private static func last<Element>(_ elements: [Element], before at: Int, _ place: (Element) -> Int) -> Int? {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if place(elements[middle]) <= at { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    /// The document's place of a stretch of the text.
    func source(of range: Range<Int>) -> Range<Int> {
        guard let first = Self.last(origins, before: range.lowerBound, \.at) else { return 0..<0 }
        let start =
            origins[first].isLiteral
            ? min(
                origins[first].source.lowerBound + range.lowerBound - origins[first].at,
                origins[first].source.upperBound)
            : origins[first].source.lowerBound
        guard !range.isEmpty, let last = Self.last(origins, before: range.upperBound - 1, \.at) else {
            return start..<start
        }
        let end =
            origins[last].isLiteral
            ? origins[last].source.lowerBound + range.upperBound - origins[last].at : origins[last].source.upperBound
        return start..<max(start, min(end, origins[last].source.upperBound))
    }

    func style(at place: Int) -> PlaceStyle {
        Self.last(styles, before: place, \.at).map { styles[$0].style } ?? PlaceStyle()
    }

    /// The places in a range where the language changes, and what it changes to; nil is the one that the text is read
    /// in.
    func languageChanges(in range: Range<Int>) -> [(at: Int, language: Language?)] {
        guard !languages.isEmpty else { return [] }
        var changes: [(at: Int, language: Language?)] = []
        var current = style(at: range.lowerBound).language
        let first = styles.partitioningIndex { $0.at > range.lowerBound }
        for change in styles[first...] {
            guard change.at < range.upperBound else { break }
            if change.style.language != current {
                current = change.style.language
                changes.append((change.at, current))
            }
        }
        return changes
    }

    /// The first boundary after a place.
    func boundary(after place: Int) -> Boundary {
        let index = Self.last(boundaries, before: place, \.at).map { $0 + 1 } ?? 0
        return index < boundaries.count ? boundaries[index] : Boundary(at: bytes.count, kind: .paragraph)
    }

    /// Whether a place lies in a stretch that is one sentence.
    func isWhole(_ place: Int) -> Bool {
        Self.last(wholes, before: place, \.lowerBound).map { wholes[$0].contains(place) } ?? false
    }

    /// Items that begin in a range.
    func items(in range: Range<Int>) -> ArraySlice<Item> {
        let first = items.partitioningIndex { $0.range.lowerBound >= range.lowerBound }
        let end = items.partitioningIndex { $0.range.lowerBound >= range.upperBound }
        return items[first..<max(first, end)]
    }

    /// The end of the item that replaces the text at a place, if one begins there.
    func itemEnd(at place: Int) -> Int? {
        let first = items.partitioningIndex { $0.range.lowerBound >= place }
        return items[first...].prefix { $0.range.lowerBound == place }.map(\.range.upperBound).max().flatMap {
            $0 > place ? $0 : nil
        }
    }

    func marks(in range: Range<Int>) -> ArraySlice<Mark> {
        let first = marks.partitioningIndex { $0.at >= range.lowerBound }
        let end = marks.partitioningIndex { $0.at >= range.upperBound }
        return marks[first..<max(first, end)]
    }
}

extension Array {
    /// The first index from which `isBehind` holds; it must hold from there to the end.
    fileprivate func partitioningIndex(_ isBehind: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
