import TextFrontend

extension SentenceFeed {
    /// What it gives of a text that arrives in pieces of so many characters.
    mutating func sentences(of text: String, pieces size: Int) -> [Sentence] {
        var sentences: [Sentence] = []
        var rest = text[...]
        while !rest.isEmpty {
            append(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let sentence = next() { sentences.append(sentence) }
        }
        finish()
        while let sentence = next() { sentences.append(sentence) }
        return sentences
    }
}
