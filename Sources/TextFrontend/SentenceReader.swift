/// Reads one sentence after another: clean, normalize, tag, pronounce, assemble. Keeps look-ups between sentences.
final class SentenceReader {
    private let frontend: TextFrontend
    private let accent: Accent
    private let pronouncer: Pronouncer

    init(frontend: TextFrontend, accent: Accent) {
        self.frontend = frontend
        self.accent = accent
        pronouncer = Pronouncer(frontend: frontend, accent: accent)
    }

    /// One spoken word, pause or mark of the sentence.
    struct Piece {
        enum Kind {
            case word(Letters)
            case spelled(Letters)
            case phonemes
            case punctuation
        }

        var kind: Kind
        var unit: Int
        var spaceBefore: Bool
        var tag: Tag?
        var phonemes: Phonemes = []
    }

    func read(_ bytes: UnsafeBufferPointer<UInt8>, _ found: SentenceScanner.Found) -> [Sentence] {
        let part = UnsafeBufferPointer(rebasing: bytes[found.range])
        let text = CleanText(part, base: found.range.lowerBound, table: frontend.unicode)
        let units = frontend.normalizer.units(text, accent: accent)
        var pieces = pieces(of: units)
        tag(&pieces)
        pronouncer.pronounce(&pieces)
        var assembler = Assembler(bytes: bytes, text: text, units: units)
        return assembler.assemble(pieces, range: found.range, endsParagraph: found.endsParagraph)
    }

    private func pieces(of units: [Unit]) -> [Piece] {
        var pieces: [Piece] = []
        pieces.reserveCapacity(units.count + 8)
        for (index, unit) in units.enumerated() {
            var space = unit.spaceBefore
            func add(_ kind: Piece.Kind, tag: Tag? = nil, phonemes: Phonemes = []) {
                pieces.append(Piece(kind: kind, unit: index, spaceBefore: space, tag: tag, phonemes: phonemes))
                space = true
            }
            switch unit.content {
            case .word(let text):
                add(.word(Letters(text)))
            case .spoken(let spoken):
                let tag: Tag? = unit.category.map(\.isNumeric) == true ? .cd : nil
                for item in spoken {
                    switch item {
                    case .word(let word):
                        add(.word(Letters(word)), tag: NumberTags.tag(word) ?? (tag == .cd ? nil : tag))
                    case .letters(let letters): add(.spelled(Letters(letters)), tag: .nnp)
                    case .comma:
                        space = false
                        add(.punctuation, tag: .punct, phonemes: [Symbols.comma])
                    }
                }
            case .phonemes(let phonemes): add(.phonemes, tag: .nn, phonemes: phonemes)
            case .punctuation(let code): add(.punctuation, tag: .punct, phonemes: [code])
            case .silent, .pause: break
            }
        }
        return pieces
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
            case .punctuation: return Tagger.Input(Array(Symbols.decode(piece.phonemes).utf8), tag: .punct)
            }
        }
        let tags = frontend.tagger.tag(inputs)
        for (i, tag) in tags.enumerated() {
            pieces[i].tag = tag
            if case .word = pieces[i].kind, let phonemes = frontend.homographs.phonemes(inputs, tags, i, accent: accent)
            {
                pieces[i].phonemes = phonemes
            }
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
