/// Words that are nouns or adjectives with one stress or vowel and verbs with another: contract, import, graduate, separate.
///
/// Where the words around one leave only the verb, it is read as the lexicon has the verb.
enum StressPairs {
    private static let words: Set<Letters> = Set(
        [
            "contract", "import", "increase", "decrease", "insert", "invite", "attribute", "graduate", "separate",
            "subject", "desert", "project", "rebel", "object", "refuse", "present", "record", "permit", "conduct",
            "conflict", "contest", "contrast", "convert", "convict", "export", "extract", "insult", "produce",
            "progress", "protest", "reject", "suspect", "transport", "upset", "escort", "discount", "estimate",
            "duplicate", "elaborate", "moderate", "advocate", "alternate", "coordinate", "approximate", "digest",
            "torment", "perfect", "address", "survey", "compress",
        ].map { Letters($0) })
    private static let before = set([
        "will", "would", "can", "could", "may", "might", "must", "shall", "should", "did", "don't", "didn't", "doesn't",
        "can't", "couldn't", "won't", "wouldn't", "shouldn't", "cannot", "let's", "please", "i'll", "we'll", "you'll",
        "they'll", "he'll", "she'll", "it'll", "i", "we", "they",
    ])
    private static let adverbs = set([
        "always", "often", "never", "also", "still", "usually", "only", "just", "not", "really", "then",
    ])
    /// What a verb has behind it and no noun.
    private static let objects = set([
        "the", "a", "an", "your", "my", "his", "her", "its", "our", "their", "this", "that", "these", "those", "it",
        "them", "him", "me", "us", "all", "each", "any", "some", "every", "both",
    ])

    private static func set(_ words: [String]) -> Set<Letters> { Set(words.map { Letters($0) }) }

    /// Word `i` is one of them and can only be the verb.
    static func isVerb(_ words: [Tagger.Input], _ tags: [Tag], _ i: Int) -> Bool {
        let word = words[i].lower
        guard word.count > 5, word.count < 12, self.words.contains(word) else { return false }
        var k = i - 1
        while k >= 0, i - k < 3, adverbs.contains(words[k].lower) { k -= 1 }
        let next = i + 1 < words.count ? words[i + 1].lower : []
        let takesObject = objects.contains(next)
        guard k >= 0, tags[k] != .punct || k == i - 1 else { return takesObject && i == 0 }
        if tags[k] == .punct { return takesObject }
        if before.contains(words[k].lower) { return true }
        if words[k].lower == Letters("to") { return takesObject }
        // Metals contract when they cool; the rebels rebel often.
        guard tags[k] == .nns, k == i - 1, i + 1 < tags.count else { return false }
        return [.rb, .wrb, .prp].contains(tags[i + 1]) || takesObject && tags[i].isVerb
    }
}
