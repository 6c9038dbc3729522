import SpeechSignal

/// Gives the words of a French sentence their phonemes: each by itself, then heteronyms and numerals by their
/// neighbors, liaison, and the stress of the last word of a phrase.
struct FrenchPronouncer: Sendable {
    let words: FrenchWords

    func pronounce(_ pieces: inout [SentenceReader.Piece]) {
        var phrase = FrenchPhrase()
        for i in pieces.indices {
            switch pieces[i].kind {
            case .word(let letters): add(letters, of: pieces[i], at: i, to: &phrase)
            case .spelled(let letters): add(spelled: letters, of: pieces[i], at: i, to: &phrase)
            case .phonemes: phrase.words.append(fixed(pieces[i], at: i, text: ""))
            case .punctuation, .pause: finish(&phrase, &pieces)
            }
        }
        finish(&phrase, &pieces)
    }

    private func fixed(_ piece: SentenceReader.Piece, at i: Int, text: String) -> FrenchPhrase.Word {
        FrenchPhrase.Word(
            text: text, phonemes: piece.phonemes, piece: i, isOwn: true,
            opensWithVowel: piece.phonemes.first { !$0.isStress }?.isVowel == true)
    }

    private func add(spelled letters: Letters, of piece: SentenceReader.Piece, at i: Int, to phrase: inout FrenchPhrase)
    {
        guard !piece.isOwn else { return phrase.words.append(fixed(piece, at: i, text: "")) }
        let phonemes = words.spelled(letters: String(decoding: letters, as: UTF8.self))
        phrase.words.append(
            FrenchPhrase.Word(
                text: "", phonemes: phonemes, piece: i, opensWithVowel: phonemes.first { !$0.isStress }?.isVowel == true
            ))
    }

    private func add(_ letters: Letters, of piece: SentenceReader.Piece, at i: Int, to phrase: inout FrenchPhrase) {
        let written = String(decoding: letters, as: UTF8.self)
        let lower = String(decoding: letters.lowercased(), as: UTF8.self)
        guard !piece.isOwn else { return phrase.words.append(fixed(piece, at: i, text: lower)) }
        let isTitle = written.first?.isUppercase == true && written.contains(where: \.isLowercase)
        let isTitleBehind =
            written.split(separator: "'", maxSplits: 1).last.map {
                $0.first?.isUppercase == true && $0.contains(where: \.isLowercase)
            } == true
        for (number, part) in Self.parts(lower, words).enumerated() {
            // The t of "a-t-il" is not a letter's name.
            let phonemes = part.isHyphenated && part.text == "t" ? ["t"] : words.phonemes(part.text)
            var word = FrenchPhrase.Word(text: part.text, phonemes: phonemes, piece: i)
            word.isTitle = number == 0 ? isTitle : phrase.words.last?.isElided == true && isTitleBehind
            word.isHyphenated = part.isHyphenated
            word.opensWithVowel = words.opensWithVowel(part.text)
            phrase.words.append(word)
        }
    }

    /// A written word's parts: after elided words and at hyphens, unless it, or a run of its parts, is known as a
    /// whole.
    private static func parts(_ lower: String, _ words: FrenchWords) -> [(text: String, isHyphenated: Bool)] {
        let hasHyphen = lower.utf8.contains(45)
        guard hasHyphen || lower.utf8.contains(39) else { return [(lower, false)] }
        if words.holds(lower) { return [(lower, false)] }
        var result: [(text: String, isHyphenated: Bool)] = []
        let segments = lower.split(separator: "-").map(String.init)
        var at = 0
        while at < segments.count {
            // "dix-sept" of "soixante-dix-sept", "est-ce" of "est-ce-que".
            var end = segments.count
            while end > at + 1, !words.ownHolds(segments[at..<end].joined(separator: "-")) { end -= 1 }
            let text = segments[at..<end].joined(separator: "-")
            var rest = Substring(text)
            var isHyphenated = at > 0
            while let apostrophe = rest.firstIndex(of: "'"), !words.ownHolds(String(rest)) {
                let stem = String(rest[...apostrophe])
                guard FrenchWords.isElided(stem) else { break }
                result.append((stem, isHyphenated))
                rest = rest[rest.index(after: apostrophe)...]
                isHyphenated = false
            }
            if !rest.isEmpty {
                result.append((words.ownHolds(String(rest)) ? String(rest) : rest.filter { $0 != "'" }, isHyphenated))
            }
            at = end
        }
        return result
    }

    /// Settles what depends on neighbors, and gives the pieces their phonemes.
    private func finish(_ phrase: inout FrenchPhrase, _ pieces: inout [SentenceReader.Piece]) {
        guard !phrase.words.isEmpty else { return }
        for i in phrase.words.indices where !phrase.words[i].isOwn {
            if let other = FrenchHeteronyms.phonemes(phrase, i, words) { phrase.words[i].phonemes = other }
        }
        for i in phrase.words.indices where !phrase.words[i].isOwn { FrenchLiaison.link(&phrase, i) }
        stress(&phrase)
        for word in phrase.words where !pieces[word.piece].isOwn { pieces[word.piece].phonemes = [] }
        for word in phrase.words where !pieces[word.piece].isOwn { pieces[word.piece].phonemes += word.phonemes }
        phrase = FrenchPhrase()
    }

    /// The last word of a phrase bears its stress; so does a pronoun after its verb: "allez-vous".
    private func stress(_ phrase: inout FrenchPhrase) {
        for i in phrase.words.indices where !phrase.words[i].isOwn && !phrase.words[i].phonemes.hasPrimary {
            let isLast = i == phrase.words.count - 1
            let endsPiece = isLast || phrase.words[i + 1].piece != phrase.words[i].piece
            let isInverted =
                phrase.words[i].isHyphenated && endsPiece && FrenchClass.pronouns.contains(phrase.words[i].text)
            if isLast || isInverted { phrase.words[i].phonemes = FrenchWords.stressed(phrase.words[i].phonemes) }
        }
    }
}
