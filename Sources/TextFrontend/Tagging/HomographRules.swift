import SpeechSignal

/// Senses of common homographs that single words around them settle ("have you read", "we live here", "two does"), where the
/// votes of `Homographs` are often wrong.
struct HomographRules {
    private let words: [String]
    private let tags: [Tag]
    private let i: Int
    private let isCapital: Bool

    /// The phonemes of word `i` where a rule settles them.
    static func phonemes(_ words: [Tagger.Input], _ tags: [Tag], _ i: Int, accent: Accent) -> Phonemes? {
        guard mayHold(words[i].lower), let rule = rules[words[i].lower] else { return nil }
        let rules = HomographRules(
            words: words.map { String(decoding: $0.lower, as: UTF8.self) }, tags: tags, i: i,
            isCapital: words[i].text.first.map { $0 >= 65 && $0 <= 90 } ?? false)
        return rule(rules).map { Phonemes(symbols: accent == .american ? $0.american : $0.british) }
    }

    /// Whether a word begins and ends as one of the rules' words do: most do not, and are not looked up.
    private static func mayHold(_ word: Letters) -> Bool {
        guard let first = word.first, let last = word.last, word.count < 9, first >= 97, last >= 97 else {
            return false
        }
        return ends[Int(first) << 8 | Int(last)]
    }

    private static let ends: [Bool] = {
        var ends = [Bool](repeating: false, count: 1 << 16)
        for word in rules.keys { ends[Int(word[0]) << 8 | Int(word[word.count - 1])] = true }
        return ends
    }()

    private typealias Sense = (american: String, british: String)

    private static let rules: [Letters: @Sendable (HomographRules) -> Sense?] = {
        let rules: [String: @Sendable (HomographRules) -> Sense?] = [
            "live": { $0.live() }, "read": { $0.read() }, "lead": { $0.lead() }, "tear": { $0.tear() },
            "bow": { $0.bow() },
            "bowed": { $0.bowed() }, "bass": { $0.bass() }, "minute": { $0.minute() }, "polish": { $0.polish() },
            "object": { $0.object() }, "does": { $0.does() }, "row": { $0.row() }, "produce": { $0.produce() },
            "content": { $0.content() }, "sewer": { $0.sewer() }, "number": { $0.number() },
            "entrance": { $0.entrance() }, "invalid": { $0.invalid() },
        ]
        var result: [Letters: @Sendable (HomographRules) -> Sense?] = [:]
        for (word, rule) in rules { result[Letters(word)] = rule }
        return result
    }()

    // MARK: What stands around

    private func word(_ offset: Int) -> String { words.indices.contains(i + offset) ? words[i + offset] : "" }
    private func tag(_ offset: Int) -> Tag? { tags.indices.contains(i + offset) ? tags[i + offset] : nil }
    private func has(_ set: Set<String>, within reach: Int = 12) -> Bool {
        (max(0, i - reach)..<min(words.count, i + reach + 1)).contains { $0 != i && set.contains(words[$0]) }
    }

    private static let pronouns: Set<String> = ["i", "you", "we", "they", "who"]
    private static let auxiliaries: Set<String> = [
        "to", "will", "would", "can", "could", "may", "might", "must", "shall", "should", "did", "do", "don't",
        "didn't", "doesn't", "can't", "couldn't", "won't", "wouldn't", "shouldn't", "cannot", "let", "let's", "please",
        "i'll", "we'll", "you'll", "they'll", "i'd", "we'd", "you'd", "they'd", "he'll", "she'll", "does", "never",
        "gonna",
    ]
    private static let adverbs: Set<String> = [
        "always", "often", "usually", "still", "also", "only", "actually", "currently", "mostly", "all", "now", "both",
        "already", "just", "ever", "never", "not", "really", "rarely", "sometimes", "even", "once", "recently",
        "generally", "probably", "simply", "then",
    ]

    /// The nearest word before that is no adverb, from `offset` on.
    private func head(_ offset: Int = -1) -> String {
        var k = offset
        while k > offset - 3, Self.adverbs.contains(word(k)) { k -= 1 }
        return word(k)
    }

    private var opens: Bool { i == 0 || tags[i - 1] == .punct }

    // MARK: Words

    private func live() -> Sense? {
        let verb: Sense = ("lˈɪv", "lˈɪv")
        let adjective: Sense = ("lˈIv", "lˈIv")
        let shown: Set<String> = [
            "music", "show", "shows", "performance", "performances", "broadcast", "album", "stream", "streams",
            "concert", "audience", "band", "video", "animals", "bait", "wire", "wires", "event", "events", "recording",
            "action", "coverage", "updates", "television", "tv", "streaming", "chat", "feed", "entertainment",
            "theater", "theatre", "ammunition", "births", "oak",
        ]
        if shown.contains(word(1)), !Self.auxiliaries.contains(word(-1)) { return adjective }
        let before = head()
        if ["watch", "see", "hear", "join", "catch", "follow", "watched", "heard", "saw"].contains(word(-2)),
            !Self.pronouns.contains(before)
        {
            return nil
        }
        let placed: Set<String> = [
            "in", "on", "near", "with", "by", "at", "there", "here", "together", "alone", "longer", "above", "below",
            "under", "among", "without", "within", "up", "upstairs", "downstairs", "forever", "outside", "inside",
            "nearby", "abroad", "happily", "far", "for", "like", "off", "out", "through", "next", "close", "around",
            "across", "beyond", "to", "well", "a", "the", "this", "only", "my", "their", "his", "her", "our", "your",
            "long", "rent", "anywhere", "everywhere", "somewhere", "peacefully", "now", "today", "right", "just",
            "ever", "between", "behind", "along", "over", "past", "two", "three",
        ]
        if Self.pronouns.contains(before) || Self.auxiliaries.contains(before) { return verb }
        if before == "long", word(-2) != "a" { return verb }
        if ["people", "us", "them", "families", "those", "others", "children", "women", "men"].contains(before),
            placed.contains(word(1))
        {
            return verb
        }
        if i > 0, tag(-1) == .nns, placed.contains(word(1)), word(1) != "for" { return verb }
        return nil
    }

    private func read() -> Sense? {
        let past: Sense = ("ɹˈɛd", "ɹˈɛd")
        let present: Sense = ("ɹˈid", "ɹˈiːd")
        let perfect: Set<String> = [
            "have", "has", "had", "having", "i've", "you've", "we've", "they've", "haven't", "hasn't", "hadn't", "he's",
            "she's", "who's", "who've",
        ]
        let before = head()
        if perfect.contains(before) { return past }
        let subjects: Set<String> = [
            "you", "he", "she", "they", "we", "i", "it", "anyone", "everyone", "anybody", "who", "students",
        ]
        if subjects.contains(before) {
            var k = -1
            while Self.adverbs.contains(word(k)) { k -= 1 }
            let verb = head(k - 1)
            if ["have", "has", "had", "haven't", "hasn't", "hadn't"].contains(verb) { return past }
            if Self.auxiliaries.contains(verb), verb != "to", verb != "never" { return present }
        }
        if Self.auxiliaries.contains(before), before != "never" { return present }
        if ["is", "was", "were", "be", "been", "being", "are", "widely"].contains(word(-1)) {
            return has(["test", "sense"], within: 3) ? nil : past
        }
        if opens, word(1) != "by" { return word(1).isEmpty || i == 0 ? present : nil }
        let then: Set<String> = [
            "yesterday", "ago", "last", "earlier", "was", "were", "had", "when", "did", "once", "night", "previously",
            "said", "told", "asked", "sat", "took", "went", "came", "then", "that", "finished",
        ]
        if ["he", "she", "it", "nobody", "someone", "somebody", "who", "everyone", "everybody"].contains(before) {
            return past
        }
        guard ["i", "you", "we", "they", "people", "children", "kids", "students", "adults", "many"].contains(before)
        else { return nil }
        let habit: Set<String> = [
            "every", "always", "usually", "often", "sometimes", "daily", "each", "nowadays", "weekly", "too", "lots",
            "rarely", "everything", "regularly", "aloud", "generally", "slowly", "fast", "quickly", "faster", "when",
            "if", "whatever",
        ]
        let isHabit = has(habit) || word(1) == "a" && word(2) == "lot"
        if has(then.subtracting(["when", "night"])) {
            return before == "you" && !has(["yesterday", "last", "ago"]) ? nil : past
        }
        if isHabit { return present }
        return before == "you" ? present : nil
    }

    private func lead() -> Sense? {
        let things: Set<String> = [
            "pipe", "pipes", "paint", "poisoning", "acid", "bullet", "bullets", "weight", "weights", "crystal",
            "shielding", "shot", "exposure", "levels", "solder", "ore", "mine", "mines", "sinker", "sinkers", "apron",
            "smelter", "contamination", "battery", "sheet", "sheets", "balloon", "oxide", "ingots", "roof", "content",
        ]
        let metal: Sense = ("lˈɛd", "lˈɛd")
        if things.contains(word(1)), !Self.auxiliaries.contains(word(-1)), word(-1) != "the" || word(1) != "content" {
            return metal
        }
        if ["pencil", "molten", "liquid", "melted", "toxic"].contains(word(-1)) { return metal }
        if word(-1) == "of",
            [
                "sheets", "sheet", "made", "pieces", "piece", "traces", "pounds", "levels", "lump", "tons", "ounces",
                "amounts",
            ].contains(word(-2))
        {
            return metal
        }
        return ["and", "or"].contains(word(-1))
            && ["copper", "zinc", "mercury", "silver", "tin", "gold", "iron", "arsenic"].contains(word(-2))
            || ["and", ","].contains(word(1))
                && ["copper", "zinc", "mercury", "tin", "arsenic", "cadmium"].contains(word(2))
            ? metal : nil
    }

    private func tear() -> Sense? {
        let crying: Set<String> = [
            "eye", "eyes", "cheek", "cheeks", "face", "wiped", "shed", "wipe", "rolled", "cry", "cried", "crying",
            "trickled", "single", "brushed", "blinked", "gas", "duct", "ducts", "drop", "drops", "jerker", "sadness",
            "joy", "wept", "salty",
        ]
        let ripping: Set<String> = [
            "shirt", "paper", "page", "muscle", "ligament", "meniscus", "fabric", "jeans", "hole", "sleeve", "wear",
        ]
        guard tag(0)?.isVerb != true || ["a", "single"].contains(word(-1)), !Self.auxiliaries.contains(word(-1)),
            !has(ripping), !["down", "apart", "up"].contains(word(1))
        else { return nil }
        return has(crying) || word(-1) == "a" && ["fell", "ran", "slid"].contains(word(1)) ? ("tˈɪɹ", "tˈɪə") : nil
    }

    private func bow() -> Sense? {
        let bent: Sense = ("bˈO", "bˈQ")
        let weapon: Set<String> = [
            "arrow", "arrows", "archer", "archers", "archery", "violin", "cello", "viola", "fiddle", "string",
            "strings", "shot", "drew", "draws", "ribbon", "hair", "gift", "tie", "ties", "shoelace", "shoelaces",
            "hunting", "tied", "wrapped", "quiver", "hunter", "shoot", "crossbow", "hunters",
        ]
        let bend: Sense = ("bˈW", "bˈW")
        let ship: Set<String> = [
            "ship", "boat", "stern", "vessel", "ships", "wow", "audience", "king", "queen", "curtain", "stage",
            "respect", "actors", "applause",
        ]
        if has(ship) { return bend }
        if has(weapon) { return bent }
        if Self.auxiliaries.contains(word(-1)) || ["down", "out", "before"].contains(word(1)) { return bend }
        return ["took", "take", "final", "slight", "deep"].contains(word(-1))
            || word(-1) == "a" && ["took", "take"].contains(word(-2)) ? bend : nil
    }

    private func bowed() -> Sense? {
        ["legs", "strings", "string", "instrument", "instruments", "legged"].contains(word(1))
            ? ("bˈOd", "bˈQd") : ("bˈWd", "bˈWd")
    }

    private func bass() -> Sense? {
        let fish: Set<String> = [
            "fishing", "caught", "catch", "lake", "sea", "striped", "largemouth", "smallmouth", "grilled", "lemon",
            "fillet", "fillets", "fish", "river", "lure", "lures", "rod", "angler", "anglers", "bait", "trout", "pond",
            "reel", "pro", "chilean", "pounder", "five-pound", "seared", "roasted",
        ]
        let music: Set<String> = [
            "guitar", "drum", "drums", "line", "player", "clef", "treble", "voice", "singer", "plays", "played", "band",
            "speaker", "boost", "upright", "double",
        ]
        guard !has(music, within: 5) else { return ("bˈAs", "bˈAs") }
        return has(fish) ? ("bˈæs", "bˈas") : nil
    }

    private func minute() -> Sense? {
        let small: Set<String> = [
            "scratch", "scratches", "detail", "details", "amount", "amounts", "quantity", "quantities", "particle",
            "particles", "difference", "differences", "change", "changes", "fraction", "trace", "traces", "crack",
            "cracks", "speck", "specks", "hole", "holes", "piece", "pieces", "grain", "grains", "organisms",
            "creatures", "doses", "dose", "fragments", "insects",
        ]
        guard small.contains(word(1)), !["one", "two", "ten", "five", "per", "last"].contains(word(-1)), tag(-1) != .cd
        else { return nil }
        return ("mInˈut", "mInjˈuːt")
    }

    private func polish() -> Sense? {
        let shine: Sense = ("pˈɑlɪʃ", "pˈɒlɪʃ")
        if !isCapital { return shine }
        let objects: Set<String> = [
            "your", "the", "my", "his", "her", "it", "them", "up", "off", "a", "each", "all", "with", "until", "and",
        ]
        return i == 0 && objects.contains(word(1)) ? shine : nil
    }

    private func object() -> Sense? {
        guard word(1) == "to" || Self.auxiliaries.contains(word(-1)) || Self.pronouns.contains(word(-1)) else {
            return nil
        }
        let isVerb =
            Self.auxiliaries.contains(word(-1)) || Self.pronouns.contains(word(-1)) || i == 0 && word(1) == "to"
        return isVerb ? ("əbʤˈɛkt", "əbʤˈɛkt") : nil
    }

    private func does() -> Sense? {
        let numbers: Set<String> = [
            "two", "three", "four", "five", "six", "several", "many", "young", "pregnant", "wild", "female",
        ]
        guard
            numbers.contains(word(-1)) || word(-1) == "and" && ["bucks", "stags", "fawns"].contains(word(-2))
                || word(1) == "and" && ["fawns", "bucks", "stags"].contains(word(2))
        else { return nil }
        return ("dˈOz", "dˈQz")
    }

    private func row() -> Sense? {
        let loud: Set<String> = [
            "blazing", "furious", "flaming", "huge", "terrible", "bitter", "heated", "diplomatic", "almighty",
            "political",
        ]
        let about: Set<String> = ["about", "over", "erupted", "broke", "between"]
        guard
            loud.contains(word(-1))
                || ["a", "the"].contains(word(-1)) && about.contains(word(1))
                    && has(["had", "have", "having", "after", "into", "sparked", "erupted", "broke"], within: 5)
                || word(-1) == "a" && word(1) == "with" && ["had", "having", "have"].contains(word(-2))
        else { return nil }
        return ("ɹˈW", "ɹˈW")
    }

    private func produce() -> Sense? {
        let grown: Set<String> = [
            "fresh", "local", "organic", "farm", "seasonal", "garden", "agricultural", "frozen", "dairy", "homegrown",
            "of",
        ]
        let sold: Set<String> = ["aisle", "section", "department", "stand", "market", "stall", "bag", "bags", "drawer"]
        guard
            grown.contains(word(-1)) && word(-1) != "of"
                || sold.contains(word(1)) && !Self.auxiliaries.contains(word(-1))
        else { return nil }
        return ("pɹˈOdˌus", "pɹˈɒdjuːs")
    }

    private func content() -> Sense? {
        let being: Set<String> = [
            "is", "was", "are", "were", "be", "been", "being", "am", "i'm", "feel", "felt", "seem", "seems", "seemed",
            "quite", "perfectly", "very", "not", "so", "more", "fully", "entirely", "looked", "he's", "she's",
            "they're", "we're",
        ]
        guard being.contains(word(-1)), ["with", "to", "and", "but", "", ".", ",", "just", "in"].contains(word(1))
        else { return nil }
        return ("kəntˈɛnt", "kəntˈɛnt")
    }

    private func sewer() -> Sense? {
        let sewing: Set<String> = [
            "stitched", "stitches", "sewed", "sewing", "needle", "thread", "fabric", "hem", "dress", "quilts", "quilt",
        ]
        return has(sewing) ? ("sˈOəɹ", "sˈQə") : nil
    }

    private func number() -> Sense? {
        guard
            ["grew", "grow", "growing", "grown", "felt", "feel", "getting", "got", "became", "even"].contains(word(-1)),
            word(1) != "of"
        else { return nil }
        return ("nˈʌməɹ", "nˈʌmə")
    }

    private func entrance() -> Sense? {
        Self.auxiliaries.contains(word(-1)) ? ("ɪntɹˈæns", "ɪntɹˈɑːns") : nil
    }

    private func invalid() -> Sense? {
        let people: Set<String> = [
            "brother", "mother", "father", "wife", "husband", "sister", "son", "daughter", "chair", "aunt", "uncle",
            "child",
        ]
        guard
            people.contains(word(1)) || word(-1) == "an" && tag(1)?.isNoun != true && tag(1)?.isAdjective != true
                || word(-1) == "chronic"
        else { return nil }
        return ("ˈɪnvəlɪd", "ˈɪnvəlɪd")
    }
}
