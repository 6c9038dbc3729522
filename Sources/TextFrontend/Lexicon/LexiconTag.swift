/// The part-of-speech keys of the dictionaries' variants, in the order of the compiler's TAGS.
enum LexiconTag: UInt8 {
    case standard, phraseFinal, noun, verb, adjective, adverb, past, participle, present, determiner

    /// The keys a tagged word tries, most specific first.
    static func candidates(_ tag: Tag) -> [LexiconTag] {
        switch tag {
        case .vbd: [.past, .verb]
        case .vbn: [.participle, .verb]
        case .vbp: [.present, .verb]
        case .dt: [.determiner]
        case _ where tag.isVerb: [.verb]
        case _ where tag.isNoun: [.noun]
        case _ where tag.isAdjective: [.adjective]
        case _ where tag.isAdverb: [.adverb]
        default: []
        }
    }
}
