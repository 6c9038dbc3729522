import SpeechSignal

/// The styles of a sentence's phonemes as they are put together.
struct StyleTrack {
    /// Each holds from its place to the next one's.
    private var changes: [(at: Int, style: SpeechStyle)] = []

    /// Takes a piece whose phonemes begin at `start`. Blanks before it keep the style of what is before them.
    mutating func add(_ piece: SentenceReader.Piece, at start: Int) {
        let plain = piece.style.speech
        guard let emphasis = piece.style.emphasis else { return change(to: plain, at: start) }
        change(to: emphasis.word(plain), at: start)
        for (offset, code) in piece.phonemes.enumerated() where code == .primaryStress {
            let vowel = piece.phonemes[offset...].firstIndex(where: \.isVowel) ?? offset
            let end = piece.phonemes[vowel...].firstIndex { !$0.isVowel } ?? piece.phonemes.count
            change(to: emphasis.stressed(plain), at: start + offset)
            change(to: emphasis.word(plain), at: start + end)
        }
        change(to: plain, at: start + piece.phonemes.count)
    }

    private mutating func change(to style: SpeechStyle, at place: Int) {
        if changes.last?.at == place { changes.removeLast() }
        if changes.last?.style ?? .plain != style { changes.append((place, style)) }
    }

    /// The styles that are not plain within a range of phonemes, counted from its start.
    func spans(in range: Range<Int>) -> [StyledSpan] {
        changes.indices.compactMap { index in
            let end = index + 1 < changes.count ? changes[index + 1].at : range.upperBound
            let place = (changes[index].at..<max(end, changes[index].at)).clamped(to: range)
            guard !place.isEmpty, changes[index].style != .plain else { return nil }
            return StyledSpan(
                phonemeRange: place.lowerBound - range.lowerBound..<place.upperBound - range.lowerBound,
                style: changes[index].style)
        }
    }
}
