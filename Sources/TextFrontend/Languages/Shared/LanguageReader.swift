import SpeechSignal

/// Reads stretches of text in a language other than English: clean, normalize, pronounce.
///
/// The language's own part is its `LanguageRules`; places, mark-up and users' words are looked after here.
final class LanguageReader: StretchReader {
    let rules: any LanguageRules
    var language: Language { rules.language }
    let scanner: SentenceScanner
    private let unicode: UnicodeTable
    private let normalizer: LanguageNormalizer
    private let lexicon: LexiconStack?

    /// - Parameter lexicons: users' words, the first that has a word wins.
    init(rules: any LanguageRules, frontend: TextFrontend, lexicons: [UserLexicon]) {
        self.rules = rules
        scanner = SentenceScanner(stops: LanguageFullStops(tables: rules.tables), readsAccents: true)
        unicode = frontend.unicode.keeping(rules.letters)
        let english = frontend.normalizer.tables
        normalizer = LanguageNormalizer(
            rules: rules, unicode: unicode, emoji: frontend.normalizer.emoji,
            labels: Set(english.domains.keys).union(english.extensions.keys))
        lexicon = LexiconStack(lexicons, frontend: frontend, rules: rules)
    }

    func stretch(_ bytes: UnsafeBufferPointer<UInt8>, in span: Range<Int>, marked: MarkedText?) -> Stretch {
        let text = CleanText(bytes, in: span, table: unicode, marked: marked)
        let units = normalizer.units(text, lexicon: lexicon)
        var pieces = Self.pieces(of: units)
        marked?.style(&pieces, of: units, in: text)
        for i in pieces.indices {
            if case .word(let letters) = pieces[i].kind, let own = lexicon?.entry(letters)?.standard {
                pieces[i].phonemes = own
                pieces[i].isOwn = true
            }
        }
        rules.pronounce(&pieces)
        if marked != nil { pieces.emphasize { $0.phonemes.applying($1) } }
        return Stretch(text: text, units: units, pieces: pieces)
    }

    private static func pieces(of units: [Unit]) -> [SentenceReader.Piece] {
        var pieces: [SentenceReader.Piece] = []
        pieces.reserveCapacity(units.count + 8)
        for (index, unit) in units.enumerated() {
            var space = unit.spaceBefore
            func add(_ kind: SentenceReader.Piece.Kind, phonemes: Phonemes = [], isOwn: Bool = false) {
                pieces.append(.init(kind: kind, unit: index, spaceBefore: space, phonemes: phonemes, isOwn: isOwn))
                space = true
            }
            switch unit.content {
            case .word(let text): add(.word(Letters(text)))
            case .spoken(let spoken):
                for item in spoken {
                    switch item {
                    case .word(let word): add(.word(Letters(word)))
                    case .letters(let letters): add(.spelled(Letters(letters)))
                    case .comma:
                        space = false
                        add(.punctuation, phonemes: [","])
                    }
                }
            case .phonemes(let phonemes): add(.phonemes, phonemes: phonemes, isOwn: true)
            case .punctuation(let code): add(.punctuation, phonemes: [code])
            case .pause(let milliseconds): add(.pause(milliseconds: milliseconds))
            case .silent: break
            }
        }
        return pieces
    }
}
