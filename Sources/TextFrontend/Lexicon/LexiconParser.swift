import SpeechSignal

/// Reads the lines of a user's lexicon: `word (noun, british) = pronunciation`.
struct LexiconParser {
    let name: String
    private(set) var entries: [UserLexicon.Entry] = []
    /// Where each word was given, to find those given twice.
    private var lines: [String: Int] = [:]

    init(name: String) { self.name = name }

    private func error(_ number: Int, _ column: Int, _ problem: String, _ remedy: String) -> FrontendError {
        .lexicon(name: name, line: number, column: column, problem: problem, remedy: remedy)
    }

    /// Reads a line; blank lines and comments give nothing.
    mutating func read(_ line: Substring, number: Int) throws(FrontendError) {
        var line = line
        if number == 1, line.unicodeScalars.first == "\u{FEFF}" { line = Substring(line.unicodeScalars.dropFirst()) }
        let body = Self.withoutComment(line)
        guard body.contains(where: { !$0.isWhitespace }) else { return }
        guard let equals = body.firstIndex(of: "=") else {
            let column = body.prefix { $0.isWhitespace }.count + 1
            throw error(
                number, column, "there is no \"=\" in \"\(Self.excerpt(body))\"", "write a line as WORD = PRONUNCIATION"
            )
        }
        let after = body.index(after: equals)
        try read(
            word: body[..<equals], pronunciation: body[after...], number: number, column: 1,
            pronunciationColumn: body.distance(from: body.startIndex, to: after) + 1)
    }

    /// Takes one word.
    ///
    /// - Parameters:
    ///   - column: of the word's first character.
    ///   - pronunciationColumn: the same of the pronunciation, if it stands on the same line.
    mutating func read(
        word: Substring, pronunciation: Substring, number: Int, column: Int, pronunciationColumn: Int? = nil
    ) throws(FrontendError) {
        let start = column + word.prefix { $0.isWhitespace }.count
        var written = Self.trimmed(word)
        let right = pronunciationColumn ?? start
        let indent = pronunciation.prefix { $0.isWhitespace }.count
        let spoken = Self.trimmed(pronunciation)
        guard !written.isEmpty else { throw error(number, start, "the word is missing", "write it before \"=\"") }
        guard !spoken.isEmpty else {
            throw error(
                number, right, "\"\(Self.excerpt(written))\" has no pronunciation",
                "write /phonemes/ or a respelling after \"=\"")
        }
        var tag = LexiconTag.standard
        var accent: Accent?
        var language: Language?
        if written.hasSuffix(")"), let open = written.lastIndex(of: "("), open > written.startIndex {
            let offset = written.distance(from: written.startIndex, to: open) + 1
            let labels = written[written.index(after: open)...].dropLast()
            for label in labels.split(separator: ",", omittingEmptySubsequences: false) {
                let label = Self.trimmed(label).lowercased()
                if let known = Accent(rawValue: label) {
                    accent = known
                } else if let known = LexiconTag.names[label] {
                    tag = known
                } else if let known = try? Language(tag: label) {
                    language = known
                } else {
                    throw error(
                        number, start + offset,
                        "\"\(Self.excerpt(label[...]))\" is neither a part of speech nor an accent",
                        "use \(LexiconTag.names.keys.sorted().joined(separator: ", ")), american, british or a language such as es"
                    )
                }
            }
            written = Self.trimmed(written[..<open])
        }
        for (side, at) in [(written, start), (spoken, right)] where side.count > UserLexicon.longestSide {
            throw error(
                number, at, "an entry has \(side.count) characters",
                "keep words and pronunciations below \(UserLexicon.longestSide)")
        }
        guard written.contains(where: { $0.isLetter || $0.isNumber || $0.isSymbol || $0.isPunctuation }) else {
            throw error(number, start, "\"\(written)\" is not a word", "write a word or a phrase before \"=\"")
        }
        let key = "\(tag.rawValue) \(accent?.rawValue ?? language?.code ?? "") \(written)"
        if let first = lines[key] {
            throw error(
                number, start, "\"\(Self.excerpt(written))\" is already defined on line \(first)",
                "keep one of them")
        }
        lines[key] = number
        entries.append(
            .init(
                written: String(written), tag: tag, accent: accent, language: language?.code,
                pronunciation: try self.pronunciation(
                    spoken, of: language, number: number, column: right + indent)))
    }

    private func pronunciation(
        _ spoken: Substring, of language: Language?, number: Int, column: Int
    ) throws(FrontendError) -> UserLexicon.Pronunciation {
        guard spoken.hasPrefix("/") else { return .respelling(String(spoken)) }
        guard spoken.count > 2, spoken.hasSuffix("/") else {
            throw error(number, column, "the closing \"/\" of the phonemes is missing", "write them as /həˈloʊ/")
        }
        let text = String(spoken.dropFirst().dropLast())
        for language in language.map({ [$0] }) ?? Accent.allCases.map(Language.init) {
            do {
                _ = try Transcription.ipa(text, language: language)
            } catch {
                switch error {
                case .unknown(let symbol, let at):
                    throw self.error(
                        number, column + 1 + at, "\"\(symbol)\" (\(symbol.codePoint)) is not a known phoneme",
                        "use IPA symbols of the language, or respell the word without slashes")
                case .silent:
                    throw self.error(number, column, "\"\(spoken)\" has no sound", "write phonemes between the slashes")
                }
            }
        }
        return .phonemes(text)
    }

    /// A comment begins with # at the line's start or between blanks, so that "C# = see sharp" is none.
    private static func withoutComment(_ line: Substring) -> Substring {
        var before: Character = " "
        var at = line.startIndex
        while at < line.endIndex {
            let next = line.index(after: at)
            if line[at] == "#", before.isWhitespace,
                next == line.endIndex || line[next].isWhitespace || line[..<at].allSatisfy(\.isWhitespace)
            {
                return line[..<at]
            }
            before = line[at]
            at = next
        }
        return line
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func excerpt(_ text: some StringProtocol) -> String {
        let trimmed = trimmed(Substring(text))
        return trimmed.prefix(40) + (trimmed.count > 40 ? "…" : "")
    }
}

extension Unicode.Scalar {
    /// U+0041.
    var codePoint: String {
        let hex = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }
}

extension LexiconTag {
    /// What a user's lexicon calls them.
    static let names: [String: LexiconTag] = [
        "noun": .noun, "verb": .verb, "adjective": .adjective, "adverb": .adverb, "past": .past,
        "participle": .participle, "present": .present,
    ]
}
