import SpeechSignal

/// Reads words written alike and spoken differently by what a sentence says around them. One reader serves one text.
struct HomographReader {
    private let model: HomographModel
    private let accent: Accent
    private var workspace = HomographWorkspace()

    init(model: HomographModel, accent: Accent) {
        self.model = model
        self.accent = accent
    }

    /// The phonemes of word `i` where it is a homograph.
    mutating func phonemes(_ words: [Tagger.Input], _ tags: [Tag], _ i: Int) -> Phonemes? {
        guard let homograph = model.homograph(words[i].lower) else { return nil }
        let scores = model.scores(homograph, words, tags, i, workspace: &workspace)
        let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
        return accent == .american ? homograph.senses[best].american : homograph.senses[best].british
    }
}
