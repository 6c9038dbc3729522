import SpeechSignal

/// Reads stretches of text in a language other than English: clean, normalize, pronounce.
///
/// The language's own part is its `LanguageRules`; places, markup and users' words are looked after here.
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
        var pieces = [SentenceReader.Piece](units)
        marked?.style(&pieces, of: units, in: text)
        for i in pieces.indices {
            switch pieces[i].kind {
            case .word(let letters):
                guard let own = lexicon?.entry(letters)?.standard else { continue }
                (pieces[i].phonemes, pieces[i].isOwn) = (own, true)
            case .phonemes: pieces[i].isOwn = true
            default: break
            }
        }
        rules.pronounce(&pieces)
        if marked != nil { pieces.emphasize { $0.phonemes.applying($1) } }
        return Stretch(text: text, units: units, pieces: pieces)
    }
}
