/// Finds out who says what.
///
/// A quotation belongs to the person that its paragraph names with a verb of saying ("said Ann", "Mr. Darcy replied",
/// "she asked"); otherwise to the person whose action the paragraph describes ("Ann laughed."); otherwise two people
/// who talk are taken to alternate. Pronouns mean the last person of that gender who was named. What stays open is
/// nobody's, and the narrator's to say.
struct Attribution {
    /// People by the names that are looked for, in lower case, and by the name that is shown.
    private let known: [(words: [String], name: String)]
    private let genders: [String: String]

    private var recent: [String] = []
    /// Speakers of the last paragraphs with quotations in a row; nil for nobody known.
    private var conversation: [String?] = []
    private var goesOn = false

    init(_ cast: [CastFile.Speaker], genders: [String: String]) {
        known = cast.flatMap { speaker in
            speaker.names.map { (Self.words($0).map { $0.lowercased() }, speaker.names[0]) }
        }.sorted { $0.0.count > $1.0.count }
        self.genders = genders
    }

    /// Who says each quotation of a paragraph, in their order; nil for nobody known.
    mutating func speakers(of paragraph: Quotations) -> [String?] {
        let pieces = paragraph.pieces
        let (said, told) = (pieces.indices.filter { pieces[$0].isSaid }, pieces.indices.filter { !pieces[$0].isSaid })
        var read = 0
        /// Keeps whom the text up to a piece names.
        func readOn(to end: Int) {
            for place in read..<end where !pieces[place].isSaid { remember(pieces[place].text) }
            read = end
        }
        defer { readOn(to: pieces.count) }
        guard !said.isEmpty else {
            // A paragraph without speech ends a conversation.
            conversation = []
            goesOn = false
            return []
        }
        let wasOpen = goesOn
        goesOn = paragraph.isOpen
        // The narration after a quotation, or before it, may name its speaker.
        var named: [String?] = []
        for place in said {
            readOn(to: place)
            let person =
                (place + 1 < pieces.count ? behind(pieces[place + 1].text) : nil)
                ?? (place > 0 && !pieces[place - 1].isSaid ? before(pieces[place - 1].text) : nil)
            if let person { name(person) }
            named.append(person)
        }
        var one = named.lazy.compactMap { $0 }.first
        for place in told where one == nil { one = subject(of: pieces[place].text) }
        // A quotation that was not closed continues; otherwise two take turns.
        if one == nil, wasOpen {
            one = conversation.last ?? nil
        } else if one == nil, conversation.count >= 2, conversation[conversation.count - 2] != conversation.last ?? nil
        {
            one = conversation[conversation.count - 2]
        }
        var speaker = one
        let speakers = named.map { named in
            speaker = named ?? speaker
            return speaker
        }
        for case let person? in speakers { name(person) }
        conversation.append(speakers.last ?? nil)
        return speakers
    }

    // MARK: Patterns

    private static let verbs: Set<String> = [
        "said", "says", "asked", "replied", "answered", "cried", "exclaimed", "whispered", "shouted", "murmured",
        "muttered",
        "returned", "continued", "added", "observed", "remarked", "began", "called", "repeated", "inquired", "enquired",
        "demanded", "declared", "explained", "responded", "suggested", "agreed", "admitted", "announced", "argued",
        "begged",
        "bellowed", "breathed", "commanded", "complained", "confessed", "croaked", "ejaculated", "gasped", "growled",
        "grumbled", "grunted", "hissed", "howled", "insisted", "interposed", "interrupted", "joked", "laughed",
        "mumbled",
        "noted", "objected", "offered", "ordered", "pleaded", "pleaded", "promised", "protested", "pursued", "put",
        "queried",
        "rejoined", "resumed", "retorted", "roared", "screamed", "shrieked", "sighed", "snapped", "snarled", "sneered",
        "sobbed",
        "spoke", "stammered", "stated", "thundered", "told", "urged", "uttered", "ventured", "wailed", "warned", "went",
        "yelled",
        "assured", "concluded", "thought", "chuckled", "smiled",
    ]
    private static let titles: Set<String> = [
        "mr", "mrs", "ms", "miss", "dr", "sir", "lady", "lord", "captain", "colonel", "major", "general", "professor",
        "uncle",
        "aunt", "madame", "monsieur", "father", "mother", "brother", "sister", "king", "queen", "prince", "princess",
        "old",
        "young", "little", "poor",
    ]
    private static let pronouns = ["he": "male", "she": "female"]

    /// `" said Ann, "`, `" Ann said "`.
    private func behind(_ text: String) -> String? {
        let words = Self.words(Self.sentence(text, first: true))
        if let verb = words.first, Self.verbs.contains(verb) { return person(words.dropFirst()) }
        return subjectAndVerb(words, within: 5)
    }

    /// `Ann said: "`, `She leaned over and whispered, "`.
    private func before(_ text: String) -> String? {
        let line = text.drop { $0.isWhitespace }
        guard let end = line.last(where: { !$0.isWhitespace }), ",:—".contains(end) else { return nil }
        let words = Self.words(Self.sentence(text, first: false))
        guard words.contains(where: { Self.verbs.contains($0) }) else { return nil }
        return person(words[...])
    }

    /// Somebody at the beginning of a sentence, and a verb of saying soon after.
    private func subjectAndVerb(_ words: [String], within most: Int) -> String? {
        guard let verb = words.prefix(most + 3).firstIndex(where: { Self.verbs.contains($0) }), verb > 0 else {
            return nil
        }
        return person(words[..<verb])
    }

    /// Somebody who does something: `Ann laughed.`
    private func subject(of text: String) -> String? {
        let words = Self.words(Self.sentence(text, first: true))
        guard let first = words.first, first.first?.isUppercase == true else { return nil }
        return person(words.prefix(4))
    }

    /// The person at the beginning of some words: of the cast, by a pronoun, or by a name that is not in the cast.
    private func person(_ words: ArraySlice<String>) -> String? {
        var words = words
        if let first = words.first?.lowercased(), first == "the" || first == "a" { words = words.dropFirst() }
        guard let first = words.first else { return nil }
        let lower = words.map { $0.lowercased() }
        if let match = known.first(where: { lower.starts(with: $0.words) }) { return match.name }
        if let gender = Self.pronouns[first.lowercased()] { return recent.last { genders[$0] == gender } }
        // "Mr. Darcy" for Darcy, "Elizabeth Bennet" for Elizabeth.
        let name = words.prefix { word in word.first?.isUppercase == true || Self.titles.contains(word.lowercased()) }
        let parts = name.map { $0.lowercased() }
        if let match = known.first(where: { !$0.words.isEmpty && Self.contains(parts, $0.words) }) { return match.name }
        guard let last = name.last, last.first?.isUppercase == true, !Self.common.contains(last.lowercased()) else {
            return nil
        }
        return name.prefix(3).joined(separator: " ")
    }

    /// Words that begin sentences with a capital and are nobody.
    private static let common: Set<String> = [
        "i", "it", "they", "we", "you", "there", "this", "that", "these", "those", "then", "but", "and", "so", "his",
        "her",
        "their", "my", "our", "its", "what", "when", "where", "why", "how", "who", "no", "yes", "not", "in", "on", "at",
        "to",
        "for", "with", "as", "if", "after", "before", "one", "all", "some", "every", "for", "here", "now", "chapter",
        "god",
        "heaven", "nobody", "everybody", "somebody", "both", "such", "nothing", "something", "everything", "having",
        "being",
    ]

    // MARK: Names

    /// Keeps whom a text names.
    private mutating func remember(_ text: String) {
        let words = Self.words(text)
        let lower = words.map { $0.lowercased() }
        for place in words.indices where words[place].first?.isUppercase == true {
            if let match = known.first(where: { lower[place...].starts(with: $0.words) }) { name(match.name) }
        }
    }

    private mutating func name(_ person: String) {
        recent.removeAll { $0 == person }
        recent.append(person)
    }

    private static func contains(_ words: [String], _ part: [String]) -> Bool {
        guard part.count <= words.count else { return false }
        return (0...words.count - part.count).contains { words[$0...].starts(with: part) }
    }

    /// Words without stops; the stop of "Mr." goes too.
    static func words(_ text: some StringProtocol) -> [String] {
        text.split { !$0.isLetter && $0 != "’" && $0 != "'" && $0 != "-" }.map { word in
            word.hasSuffix("’s") || word.hasSuffix("'s") ? String(word.dropLast(2)) : String(word)
        }
    }

    /// The first or the last sentence of a text.
    private static func sentence(_ text: String, first: Bool) -> Substring {
        let characters = Array(text)
        var ends: [Int] = []
        for (place, character) in characters.enumerated() where ".!?;".contains(character) {
            let word = characters[..<place].reversed().prefix { $0.isLetter }.count
            let isTitle = character == "." && (1...3).contains(word) && characters[place - word].isUppercase
            if !isTitle, place + 1 < characters.count, characters[place + 1].isWhitespace { ends.append(place + 1) }
        }
        if first { return Substring(String(characters[..<(ends.first ?? characters.count)])) }
        return Substring(String(characters[(ends.last ?? 0)...]))
    }
}
