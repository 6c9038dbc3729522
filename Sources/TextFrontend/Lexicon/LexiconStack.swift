import SpeechSignal

/// The users' lexicons that hold for a text, in one language: earlier ones shadow later ones, word by word.
///
/// An entry in small letters stands for a word however it is written; one with capitals stands for exactly itself and
/// for itself all in capitals. Pronunciations are made when a word is first met.
final class LexiconStack {
    /// An entry of several tokens, or of one that is not plain letters.
    struct Phrase {
        var tokens: [Token]
        var key: Key
    }

    /// A word of one of the lexicons.
    struct Key: Hashable {
        var layer: Int
        var written: String
    }

    private let layers: [UserLexicon]
    private let unicode: UnicodeTable
    private let language: Language
    let suffixes: SuffixSounds
    /// Entries by lexicon and word, as places in the lexicon.
    private var entries: [Key: [Int]] = [:]
    /// Single words, in small letters, with the spellings they stand for; lexicons in front first.
    private var words: [Letters: [(written: Letters, key: Key)]] = [:]
    /// Phrases by their first token in small letters, longest first within a lexicon.
    private var phrases: [String: [Phrase]] = [:]
    private var found: [Key: Lexicon.Entry?] = [:]
    /// Reads respellings; knows no user lexicons, so that none can lead to itself.
    private lazy var reader = makeReader()
    private let makeReader: () -> any StretchReader

    /// English; nil where no lexicon has a word.
    convenience init?(_ layers: [UserLexicon], frontend: TextFrontend, accent: Accent) {
        self.init(layers, language: Language(accent), unicode: frontend.unicode) {
            SentenceReader(frontend: frontend, accent: accent, lexicons: [])
        }
    }

    /// Another language; nil where no lexicon has a word.
    convenience init?(_ layers: [UserLexicon], frontend: TextFrontend, rules: any LanguageRules) {
        self.init(layers, language: rules.language, unicode: frontend.unicode.keeping(rules.letters)) {
            LanguageReader(rules: rules, frontend: frontend, lexicons: [])
        }
    }

    private init?(
        _ layers: [UserLexicon], language: Language, unicode: UnicodeTable, reader: @escaping () -> any StretchReader
    ) {
        guard layers.contains(where: { $0.count > 0 }) else { return nil }
        self.layers = layers
        self.unicode = unicode
        self.language = language
        makeReader = reader
        suffixes = SuffixSounds(accent: language.accent ?? .american)
        for (layer, lexicon) in layers.enumerated() {
            for (place, entry) in lexicon.entries.enumerated()

            where (entry.accent == nil || entry.accent == language.accent)
                && (entry.language == nil || entry.language == language.code)
            {
                let key = Key(layer: layer, written: entry.written)
                entries[key, default: []].append(place)
                if entries[key]?.count == 1 { index(entry.written, key) }
            }
        }
        for key in phrases.keys {
            phrases[key]?.sort { ($0.key.layer, -$0.tokens.count) < ($1.key.layer, -$1.tokens.count) }
        }
    }

    private func index(_ written: String, _ key: Key) {
        let bytes = Array(written.utf8)
        let text = bytes.withUnsafeBufferPointer { CleanText($0, base: 0, table: unicode, literal: true) }
        let tokens = Lexer.tokens(text, letters: unicode.letters)
        guard let first = tokens.first else { return }
        if tokens.count == 1, first.kind == .letters {
            let letters = Letters(first.text)
            words[letters.lowercased(), default: []].append((letters, key))
        } else {
            phrases[first.text.lowercased(), default: []].append(Phrase(tokens: tokens, key: key))
        }
    }

    // MARK: Words

    /// The entry for a word as it is written, no endings taken off.
    func entry(_ word: Letters) -> Lexicon.Entry? {
        guard let candidates = words[word.lowercased()] else { return nil }
        for candidate in candidates where Self.stands(candidate.written, for: word) {
            if let entry = entry(candidate.key) { return entry }
        }
        return nil
    }

    /// Whether a word, or what owns it, is to be read as a lexicon says, whatever the rules make of it.
    func holds(_ word: Letters) -> Bool {
        entry(word) != nil || word.ends(with: "'s") && entry(word.dropping(2)) != nil
    }

    /// Whether the entry `written` stands for `word`, which differs from it in case at most.
    private static func stands(_ written: Letters, for word: Letters) -> Bool {
        written.isLower || written == word || word == written.uppercased()
    }

    /// A key's pronunciations in this accent; those that have no sound are left out.
    private func entry(_ key: Key) -> Lexicon.Entry? {
        if let known = found[key] { return known }
        var entry = Lexicon.Entry(checked: true, variants: [])
        for place in entries[key] ?? [] {
            let source = layers[key.layer].entries[place]
            let phonemes = phonemes(source.pronunciation)
            guard !phonemes.isEmpty else { continue }
            if let same = entry.variants.firstIndex(where: { $0.tag == source.tag }) {
                // One for this accent or language alone goes before one for all.
                if source.accent != nil || source.language != nil { entry.variants[same].phonemes = phonemes }
            } else {
                entry.variants.append((source.tag, phonemes))
            }
        }
        let answer = entry.variants.isEmpty ? nil : entry
        found[key] = .some(answer)
        return answer
    }

    private func phonemes(_ pronunciation: UserLexicon.Pronunciation) -> Phonemes {
        switch pronunciation {
        case .phonemes(let text): (try? Transcription.ipa(text, language: language)) ?? []
        case .respelling(let text): Respelling.phonemes(text, reader: reader)
        }
    }

    // MARK: Phrases

    /// The phrase that begins at token `i`: its phonemes and the token after it.
    func phrase(_ line: some TokenLine, at i: Int) -> (phonemes: Phonemes, end: Int)? {
        guard !phrases.isEmpty, let candidates = phrases[line.tokens[i].text.lowercased()] else {
            return nil
        }
        for candidate in candidates {
            guard let (end, owns) = match(candidate.tokens, line, at: i), let entry = entry(candidate.key) else {
                continue
            }
            let plain = entry.standard
            return (owns ? suffixes.plural(plain) ?? plain : plain, end)
        }
        return nil
    }

    /// The token after the phrase, and whether it ends in 's.
    private func match(_ tokens: [Token], _ line: some TokenLine, at i: Int) -> (end: Int, owns: Bool)? {
        guard i + tokens.count <= line.count else { return nil }
        if isJoined(line, i), Self.isWord(tokens[0]) { return nil }
        var owns = false
        for (k, token) in tokens.enumerated() {
            let other = line.tokens[i + k]
            guard token.kind == other.kind, token.symbol == other.symbol else { return nil }
            if k > 0, token.spaceBefore != other.spaceBefore { return nil }
            if Self.stands(Letters(token.text), for: Letters(other.text)),
                Letters(token.text).lowercased() == Letters(other.text).lowercased()
            {
                continue
            }
            guard k == tokens.count - 1, token.kind == .letters else { return nil }
            let owner = Letters(other.text)
            guard owner.ends(with: "'s"), Self.stands(Letters(token.text), for: owner.dropping(2)),
                Letters(token.text).lowercased() == owner.dropping(2).lowercased()
            else { return nil }
            owns = true
        }
        let end = i + tokens.count
        if isJoined(line, end), Self.isWord(tokens[tokens.count - 1]) { return nil }
        return (end, owns)
    }

    /// Letters or digits stand on both sides of the joint before token `i`.
    private func isJoined(_ line: some TokenLine, _ i: Int) -> Bool {
        line.touches(i) && Self.isWord(line.tokens[i]) && Self.isWord(line.tokens[i - 1])
    }

    private static func isWord(_ token: Token) -> Bool { token.kind == .letters || token.kind == .digits }
}
