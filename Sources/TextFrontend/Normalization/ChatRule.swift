/// How people type to each other: figures and letters by their sound (gr8, 2nite, thanks 4 that), "r u ok", <3.
enum ChatRule {
    private static let sounded = [
        "gr8": "great", "l8r": "later", "m8": "mate", "w8": "wait", "b4": "before", "h8": "hate", "str8": "straight",
        "f8": "fate",
        "2nite": "tonight", "2night": "tonight", "2day": "today", "2moro": "tomorrow", "2morrow": "tomorrow",
        "2mrw": "tomorrow",
        "4ever": "forever", "4got": "forgot", "some1": "someone", "any1": "anyone", "every1": "everyone",
        "no1": "no one", "g2g": "got to go", "w2g": "way to go", "u2": "you too",
        "l8": "late",
    ]

    /// gr8, 2nite, c u, something 2 do.
    static func read(_ line: Line, at i: Int) -> Reading? {
        let text = line.tokens[i].text
        if text == "c", line.letters(i + 1) == "u" || line.letters(i + 1) == "ya", !line.touches(i + 1) {
            return Reading(.abbreviation, to: i + 1, words: ["see"])
        }
        // bc I said so; 300 bc is a year
        if text == "bc", causes.contains(line.lower(i + 1) ?? ""), line.kind(i - 1) != .digits {
            return Reading(.abbreviation, to: i + 1, words: ["because"])
        }
        // I'll b there
        if text == "b",
            line.lower(i + 1) == "there" || line.lower(i + 1) == "right" || line.lower(i - 1) == "i'll"
                || line.lower(i - 1) == "to"
                || line.lower(i - 1) == "gonna",
            line.kind(i + 1) == .letters, !line.touches(i + 1)
        {
            return Reading(.abbreviation, to: i + 1, words: ["be"])
        }
        if text == "2" || text == "4", let word = preposition(line, i) {
            return Reading(.abbreviation, to: i + 1, words: [word])
        }
        guard line.touches(i + 1), !line.touches(i) || line.kind(i - 1) == .symbol,
            line.kind(i + 1) == .digits || line.kind(i) == .digits
        else {
            return nil
        }
        var whole = text
        var end = i + 1
        while line.touches(end), line.kind(end) == .digits || line.kind(end) == .letters, end < i + 3 {
            whole += line.tokens[end].text.lowercased()
            end += 1
        }
        guard let word = sounded[whole], line.ends(end) else { return nil }
        return Reading(.abbreviation, to: end, [Spoken](cell: word))
    }

    private static let causes: Set<String> = [
        "i", "you", "u", "he", "she", "it", "we", "they", "my", "your", "ur", "his", "her", "our", "their", "im", "i'm",
        "its", "it's", "the", "of", "there", "that", "this", "why", "no", "everyone", "nobody",
    ]
    private static let thanking: Set<String> = [
        "thanks", "thx", "ty", "thank", "wait", "waiting", "looking", "sorry", "love", "ready", "good", "cool", "here",
        "dinner", "lunch", "dm", "pm", "happy", "ask", "asking", "food", "tysm", "tks",
    ]
    private static let addressed: Set<String> = [
        "u", "you", "me", "us", "ur", "your", "the", "everything", "everyone", "all", "that", "this", "it", "my", "now",
        "being", "coming", "info", "details", "prices", "helping", "letting", "a", "ya",
    ]
    private static let wanting: Set<String> = [
        "want", "need", "have", "going", "gotta", "try", "trying", "what", "where", "how", "nice", "able", "love",
        "ready", "used", "supposed", "something", "nothing", "lots", "time", "go", "went", "talk", "listen", "get",
        "hard", "easy", "great", "wanna", "who", "forgot", "forget", "close", "want",
    ]
    private static let doing: Set<String> = [
        "do", "go", "be", "see", "get", "eat", "say", "tell", "hear", "meet", "talk", "know", "buy", "make", "work",
        "sleep", "watch", "play", "help", "call", "come", "find", "u", "you", "me", "the", "school", "bed", "my", "ur",
        "your", "it", "this", "that", "him", "her", "them", "us", "have", "keep", "wait", "leave", "pay", "read",
    ]

    private static let degree: Set<String> = [
        "late", "much", "bad", "good", "early", "soon", "long", "far", "hot", "cold", "big", "small", "hard", "easy",
        "cute", "funny", "old", "young", "tired", "busy", "expensive", "loud",
    ]

    /// What 2 do, its 2 late, thanks 4 that: a figure for the little word, which nothing is counted by.
    private static func preposition(_ line: Line, _ i: Int) -> String? {
        guard !line.touches(i), !line.touches(i + 1), let before = line.lower(i - 1), let next = line.lower(i + 1),
            next == line.letters(i + 1)
        else { return nil }
        if line.digits(i) == "2", degree.contains(next), before != "to", line.kind(i + 2) != .digits,
            before.utf8.count < 8
        {
            let isBeing = ["is", "its", "it's", "was", "are", "im", "i'm", "ur", "way", "be", "that's", "thats", "not"]
            if isBeing.contains(before) { return "too" }
        }
        if line.digits(i) == "4", line.lower(i - 2) == "2" || line.lower(i - 2) == "too" { return "for" }
        // it's 4 u
        if line.digits(i) == "4", ["u", "ur", "ya"].contains(next) { return "for" }
        if line.digits(i) == "4" { return thanking.contains(before) && addressed.contains(next) ? "for" : nil }
        return wanting.contains(before) && doing.contains(next) ? "to" : nil
    }

    /// r u ok, see u
    static func readPronoun(_ line: Line, at i: Int) -> Reading? {
        guard let text = line.letters(i), text == "u" || text == "r", !line.touches(i), line.ends(i + 1) else {
            return nil
        }
        let before = line.lower(i - 1)
        let next = line.lower(i + 1)
        if text == "r" {
            let isAsked = ["how", "where", "what", "who", "they", "we"].contains(before ?? "") && next != nil
            return next == "u" || next == "you" || before == "u" || isAsked
                ? Reading(.abbreviation, to: i + 1, words: ["are"]) : nil
        }
        guard before != nil || next != nil, !line.symbol(i + 1, "="), !line.symbol(i - 1, "="),
            !line.symbol(i + 1, "+")
        else {
            return nil
        }
        return Reading(.abbreviation, to: i + 1, words: ["you"])
    }

    private static let comparing: Set<String> = [
        "is", "are", "was", "be", "if", "for", "when", "of", "in", "takes", "only", "than", "and", "or", "n", "p",
    ]

    /// That's so cute <3: a heart typed after what is said is as silent as an emoji.
    static func readHeart(_ line: Line, at i: Int) -> Reading? {
        guard line.symbol(i, "<"), line.touches(i + 1), let digits = line.digits(i + 1),
            digits.allSatisfy({ $0 == "3" }),
            i > 0, !line.touches(i), line.ends(i + 2) || line.joined(i + 2, "<"),
            line.kind(i - 1) != .digits, line.lower(i - 1).map(comparing.contains) != true
        else { return nil }
        let isLast = i + 2 == line.count || line.kind(i + 2) != .letters && line.kind(i + 2) != .digits
        return isLast && !line.symbol(i + 2, "%") ? Reading(.emoji, to: i + 2, []) : nil
    }
}
