import SpeechSignal

/// Reads English, one sentence after another: clean, normalize, tag, pronounce. Keeps look-ups between sentences.
final class SentenceReader: StretchReader {
    private let frontend: TextFrontend
    var language: Language { Language(accent) }
    var scanner: SentenceScanner { frontend.scanner }
    private let accent: Accent
    /// The accent of words that the markup gives none.
    private let base: Accent
    private let pronouncer: Pronouncer
    private var homographs: HomographReader
    private let lexicon: LexiconStack?
    private let lexicons: [UserLexicon]
    /// Reads words that the markup gives another accent.
    private var others: [Accent: Pronouncer] = [:]

    /// - Parameter lexicons: users' words, the first that has a word wins.
    init(frontend: TextFrontend, accent: Accent, lexicons: [UserLexicon], base: Accent? = nil) {
        self.base = base ?? accent
        self.frontend = frontend
        self.accent = accent
        self.lexicons = lexicons
        lexicon = LexiconStack(lexicons, frontend: frontend, accent: accent)
        pronouncer = Pronouncer(frontend: frontend, accent: accent, lexicon: lexicon)
        homographs = HomographReader(model: frontend.homographs, accent: accent)
    }

    /// One spoken word, pause or mark of the sentence.
    struct Piece {
        enum Kind {
            case word(Letters)
            case spelled(Letters)
            case phonemes
            case punctuation
            case pause(milliseconds: Int)
        }

        var kind: Kind
        var unit: Int
        var spaceBefore: Bool
        var tag: Tag?
        var phonemes: Phonemes = []
        /// The phonemes are a user's, and stay as they are.
        var isOwn = false
        /// In capitals among words in small letters: stressed.
        var isShouted = false
        /// The word as it stands in the text, where it is read in small letters.
        var written: Letters?
        /// What the markup says about it.
        var style = PlaceStyle()
    }

    func stretch(
        _ bytes: UnsafeBufferPointer<UInt8>, in span: Range<Int>, marked: MarkedText?
    ) -> Stretch {
        let text = CleanText(bytes, in: span, table: frontend.unicode, marked: marked)
        let units = frontend.normalizer.units(text, accent: accent, lexicon: lexicon)
        var pieces = [Piece](units)
        marked?.style(&pieces, of: units, in: text)
        pronouncer.settleCapitals(&pieces, units: units)
        tag(&pieces)
        let tagged = pieces
        pronouncer.pronounce(&pieces)
        if marked != nil {
            readOtherAccents(&pieces, tagged)
            pieces.emphasize { piece, stress in
                guard case .word(let letters) = piece.kind else { return piece.phonemes }
                return Emphasis.strongForm(letters) ?? piece.phonemes.applying(stress)
            }
        }
        return Stretch(text: text, units: units, pieces: pieces)
    }

    /// Words in another accent than the sentence's.
    private func readOtherAccents(_ pieces: inout [Piece], _ tagged: [Piece]) {
        for other in Accent.allCases where other != accent {
            guard pieces.contains(where: { $0.style.language?.accent ?? base == other }) else { continue }
            let pronouncer = pronouncer(other)
            var copy = tagged
            pronouncer.pronounce(&copy)
            for i in pieces.indices where pieces[i].style.language?.accent ?? base == other { pieces[i] = copy[i] }
        }
    }

    private func pronouncer(_ other: Accent) -> Pronouncer {
        if let known = others[other] { return known }
        let lexicon = LexiconStack(lexicons, frontend: frontend, accent: other)
        let pronouncer = Pronouncer(frontend: frontend, accent: other, lexicon: lexicon)
        others[other] = pronouncer
        return pronouncer
    }

    /// Tags the words, and reads homographs by what surrounds them.
    private func tag(_ pieces: inout [Piece]) {
        let inputs = pieces.map { piece -> Tagger.Input in
            switch piece.kind {
            case .word(let letters):
                let bare = letters.first == 39 ? Letters(letters.dropFirst()) : letters
                return Tagger.Input(piece.tag == .cd ? Array("0".utf8) : bare, tag: piece.tag)
            case .spelled(let letters): return Tagger.Input(letters, tag: piece.tag)
            case .phonemes: return Tagger.Input(Array("it".utf8), tag: piece.tag)
            case .punctuation: return Tagger.Input(Array(piece.phonemes.symbols.utf8), tag: .punct)
            case .pause: return Tagger.Input([UInt8(ascii: ",")], tag: .punct)
            }
        }
        let tags = frontend.tagger.tag(inputs)
        for (i, tag) in tags.enumerated() {
            pieces[i].tag = tag
            guard case .word = pieces[i].kind else { continue }
            if let phonemes = homographs.phonemes(inputs, tags, i) { pieces[i].phonemes = phonemes }
        }
    }
}

extension ExpansionClass {
    /// Expansions that are made of number words.
    var isNumeric: Bool {
        switch self {
        case .cardinal, .ordinal, .decimal, .fraction, .range, .money, .date, .time, .telephone, .measure, .math,
            .serial, .score, .roman,
            .address:
            true
        default: false
        }
    }
}

/// Tags of the words numbers are made of.
enum NumberTags {
    private static let words: Set<String> = {
        var words: Set<String> = ["hundred", "thousand", "million", "billion", "trillion", "oh"]
        for n in 0..<100 { words.formUnion(NumberWords.cardinal(n)) }
        words.remove("and")
        return words
    }()

    static func tag(_ word: String) -> Tag? {
        if words.contains(word) { return .cd }
        switch word {
        case "and": return .cc
        case "to", "of", "by", "per", "at": return .prep
        case "the", "a": return .dt
        default: return nil
        }
    }
}
