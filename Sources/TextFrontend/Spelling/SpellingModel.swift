struct SpellingModel: Sendable {
    func phonemes(_ word: Letters, accent: Accent) -> Phonemes { [] }
}
