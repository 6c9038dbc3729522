/// Reads words by their spelling. Long ones are read in parts the model was trained for.
struct Speller {
    private let model: SpellingModel?
    private let accent: Accent
    private static let longest = 28

    init(model: SpellingModel?, accent: Accent) {
        self.model = model
        self.accent = accent
    }

    func read(_ word: Letters) -> Phonemes {
        var result = Phonemes()
        var rest = word[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.longest)
            rest = rest.dropFirst(Self.longest)
            result += model?.phonemes(Letters(part), accent: accent) ?? []
        }
        return result
    }
}
