import SpeechSignal

/// Reads words by their spelling. Long ones are read in parts the model was trained for. One speller serves one text.
struct Speller {
    private let model: SpellingModel
    private let accent: Accent
    private var workspace = SpellingWorkspace()
    private static let longest = 28

    init(model: SpellingModel, accent: Accent) {
        self.model = model
        self.accent = accent
    }

    mutating func read(_ word: Letters) -> Phonemes {
        var result = Phonemes()
        var rest = word[...]
        while !rest.isEmpty {
            result += model.phonemes(Letters(rest.prefix(Self.longest)), accent: accent, workspace: &workspace)
            rest = rest.dropFirst(Self.longest)
        }
        return result
    }
}
