import SpeechSignal

extension [SentenceReader.Piece] {
    /// The words, spellings, phonemes and rests that units are spoken as, tagged as far as the units say it.
    init(_ units: [Unit]) {
        self = []
        reserveCapacity(units.count + 8)
        for (index, unit) in units.enumerated() {
            var space = unit.spaceBefore
            func add(_ kind: SentenceReader.Piece.Kind, tag: Tag? = nil, phonemes: Phonemes = []) {
                append(.init(kind: kind, unit: index, spaceBefore: space, tag: tag, phonemes: phonemes))
                space = true
            }
            switch unit.content {
            case .word(let text): add(.word(Letters(text)))
            case .spoken(let spoken):
                let tag: Tag? = unit.category.map(\.isNumeric) == true ? .cd : nil
                for item in spoken {
                    switch item {
                    case .word(let word):
                        add(.word(Letters(word)), tag: NumberTags.tag(word) ?? (tag == .cd ? nil : tag))
                    case .letters(let letters): add(.spelled(Letters(letters)), tag: .nnp)
                    case .comma:
                        space = false
                        add(.punctuation, tag: .punct, phonemes: [","])
                    }
                }
            case .phonemes(let phonemes): add(.phonemes, tag: .nn, phonemes: phonemes)
            case .punctuation(let code): add(.punctuation, tag: .punct, phonemes: [code])
            case .pause(let milliseconds): add(.pause(milliseconds: milliseconds), tag: .punct)
            case .silent: break
            }
        }
    }
}
