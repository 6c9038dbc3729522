import SpeechSignal

extension [SentenceReader.Piece] {
    /// Gives emphasized words their stress, and takes it from reduced ones. Of several that are emphasized together,
    /// those that have none of their own stay as they are.
    ///
    /// - Parameter stressed: what a piece sounds like that has no stress and is to have one
    mutating func emphasize(_ stressed: (SentenceReader.Piece, StressChange) -> Phonemes) {
        var start = 0
        while start < count {
            let emphasis = self[start].style.emphasis
            let end = self[start...].firstIndex { $0.style.emphasis != emphasis } ?? count
            if let emphasis, let stress = emphasis.stress {
                let isStressed = self[start..<end].contains { $0.phonemes.hasPrimary }
                for i in start..<end {
                    if emphasis == .reduced {
                        if !self[i].isOwn { self[i].phonemes = self[i].phonemes.applying(stress) }
                    } else if !self[i].phonemes.hasPrimary {
                        if isStressed {
                            self[i].style.emphasis = nil
                        } else {
                            self[i].phonemes = stressed(self[i], stress)
                        }
                    }
                }
            }
            start = end
        }
    }
}
