import Files
public import FoundationEssentials
import SpeechSignal

/// Custom pronunciations of words and phrases.
///
/// ```swift
/// let lexicon = try UserLexicon(parsing: "Nguyen = win\nGIF (noun) = /dʒɪf/", name: "mine.lexicon")
/// frontend.sentences(in: "Mr. Nguyen's GIFs", accent: .american, lexicons: [lexicon])
/// ```
/// docs/lexicons.md describes the form of the file and which spellings an entry stands for.
public struct UserLexicon: Sendable, Equatable {
    /// The pronunciation of an entry.
    public enum Pronunciation: Sendable, Equatable {
        /// IPA or the alphabet's own symbols.
        case phonemes(String)
        /// Plain English that sounds like it.
        case respelling(String)
    }

    struct Entry: Sendable, Equatable {
        /// As its author wrote it.
        var written: String
        var tag: LexiconTag
        /// nil: both.
        var accent: Accent?
        /// Code of the language that it holds for; nil: any.
        var language: String?
        var pronunciation: Pronunciation
    }

    /// The longest text of a lexicon, in bytes, and of one entry's sides, in characters.
    public static let longestText = 8 << 20
    static let longestSide = 400

    /// Its name in errors, such as that of the file.
    public let name: String
    private(set) var entries: [Entry] = []

    /// The number of pronunciations.
    public var count: Int { entries.count }

    /// SHA-256 of its entries, in hexadecimal, independent of its name.
    public var digest: String {
        Digest.sha256(
            parts: entries.flatMap { entry in
                let (kind, pronunciation) =
                    switch entry.pronunciation {
                    case .phonemes(let text): ("phonemes", text)
                    case .respelling(let text): ("respelling", text)
                    }
                return [
                    entry.written, "\(entry.tag)", entry.accent?.rawValue ?? entry.language ?? "", kind, pronunciation,
                ]
            })
    }

    /// An empty lexicon.
    public init(name: String = "") { self.name = name }

    /// Reads a lexicon's text.
    ///
    /// - Parameter name: its name in errors.
    /// - Throws: `FrontendError.lexicon` with line and column of the first mistake.
    public init(parsing text: String, name: String) throws(FrontendError) {
        self.name = name
        guard text.utf8.count <= Self.longestText else {
            throw .lexicon(
                name: name, line: 1, column: 1, problem: "the lexicon has \(text.utf8.count) bytes",
                remedy: "keep it below \(Self.longestText >> 20) MB")
        }
        var parser = LexiconParser(name: name)
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            try parser.read(line, number: number)
        }
        entries = parser.entries
    }

    /// Reads a lexicon's file.
    ///
    /// - Throws: `FrontendError.unreadable`, or `.lexicon` with line and column of the first mistake.
    public init(contentsOf url: URL) throws(FrontendError) {
        let data: Data
        do {
            data = try Data(contentsOf: url)
        } catch {
            throw .unreadable(
                file: url.relativePath,
                reason: FileManager.default.fileExists(atPath: url.path)
                    ? "it is not a readable file" : "there is no such file")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            let start = Self.invalidByte(data)
            let before = data[..<start]
            let line = before.count { $0 == 10 } + 1
            let column =
                String(
                    decoding: before.split(separator: 10, omittingEmptySubsequences: false).last ?? [], as: UTF8.self
                ).count + 1
            throw .lexicon(
                name: url.relativePath, line: line, column: column, problem: "it is not UTF-8 text",
                remedy: "convert it, for example with iconv -f latin1 -t utf-8")
        }
        try self.init(parsing: text, name: url.relativePath)
    }

    /// Where data stops being UTF-8.
    private static func invalidByte(_ data: Data) -> Int {
        var bytes = data.makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        var valid = 0
        while case .valid(let scalar) = parser.parseScalar(from: &bytes) { valid += scalar.count }
        return valid
    }

    /// Makes a lexicon of words and their pronunciations, written as in a file: `["Nguyen": "win", "GIF": "/dʒɪf/"]`.
    ///
    /// - Throws: `FrontendError.lexicon`; the line is the word's place in alphabetical order.
    public init(_ words: [String: String], name: String = "lexicon") throws(FrontendError) {
        self.name = name
        var parser = LexiconParser(name: name)
        for (number, word) in words.keys.sorted().enumerated() {
            try parser.read(
                word: word[...], pronunciation: words[word, default: ""][...], number: number + 1, column: 1)
        }
        entries = parser.entries
    }
}
