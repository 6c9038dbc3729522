import SpeechSignal

extension WordReader {
    /// Words whose form depends on what follows or on their part of speech: a, am, an, by, I, in, the, to, used, vs.
    func functionWord(_ word: Letters, tag: Tag, stress: StressChange?, following: Following) -> Phonemes? {
        guard word.count <= 4, let kind = FunctionWord.all[word.lowercased()] else { return nil }
        let shouted = word.count > 1 && word.isUpper
        switch kind {
        case .a:
            return Phonemes(symbols: tag == .dt ? "ɐ" : "ˈA")
        case .am:
            if tag.isNoun, word.isUpper { return spell(word) }
            if following.onset == .pause || word[0] == UInt8(ascii: "A") {
                return find(Letters("am")).checked?.standard
            }
            return Phonemes(symbols: "ɐm")
        case .an:
            return shouted && tag.isNoun ? spell(word) : Phonemes(symbols: "ɐn")
        case .by:
            return tag.isAdverb ? Phonemes(symbols: "bˈI") : nil
        case .i:
            return word.isUpper && tag == .prp ? Phonemes(symbols: "ˌI") : nil
        case .inside:
            if shouted, tag == .nnp { return nil }
            return Phonemes(symbols: following.onset == .pause || tag != .prep ? "ˈɪn" : "ɪn")
        case .the:
            if shouted, tag != .dt { return nil }
            return Phonemes(symbols: following.onset == .vowel ? "ði" : "ðə")
        case .to:
            if shouted, tag != .to, tag != .prep { return nil }
            switch following.onset {
            case .pause: return find(Letters("to")).checked?.standard
            case .consonant: return Phonemes(symbols: "tə")
            case .vowel: return Phonemes(symbols: "tʊ")
            }
        case .used:
            let entry = find(Letters("used")).checked
            let habit = following.isTo && (tag == .vbd || tag == .jj)
            return habit ? entry?.variants.first { $0.tag == .past }?.phonemes : entry?.standard
        case .versus:
            return tag == .prep ? lookUp(Letters("versus"), tag: tag, stress: nil, following: following) : nil
        }
    }
}

private enum FunctionWord {
    case a, am, an, by, i, inside, the, to, used, versus

    static let all: [Letters: FunctionWord] = [
        Letters("a"): .a, Letters("am"): .am, Letters("an"): .an, Letters("by"): .by, Letters("i"): .i,
        Letters("in"): .inside, Letters("the"): .the, Letters("to"): .to, Letters("used"): .used,
        Letters("vs"): .versus,
    ]
}
