/// The class of an expansion, named as `starling phonemize --explain` shows it.
public enum ExpansionClass: String, Sendable, Codable, CaseIterable {
    /// Such as 1,234.
    case cardinal
    /// Such as 23rd.
    case ordinal
    /// Such as 3.14.
    case decimal
    /// Such as ½ and 3/4.
    case fraction
    /// Such as 10–20.
    case range
    /// Such as Henry VIII.
    case roman
    /// Such as $3.50.
    case money
    /// Such as 2012-07-25.
    case date
    /// Such as 7:30 pm.
    case time
    /// Such as (415) 555-2671.
    case telephone
    /// Such as 5 km.
    case measure
    /// Such as 2+2=4.
    case math
    /// Such as example.com.
    case electronic
    /// Such as Dr. and etc.
    case abbreviation
    /// Such as FBI.
    case acronym
    /// Such as 221B Baker Street.
    case address
    /// Such as RTX 4090.
    case serial
    /// Such as &.
    case symbol
    /// Emoji, named or left out.
    case emoji
    /// Such as won 3-2.
    case score
    /// Scripts that are not read.
    case foreign
    /// Tags and Markdown that are not said.
    case markup
    /// Words of a user's lexicon.
    case lexicon
}

/// One spoken piece of an expansion.
enum Spoken: Equatable {
    /// A word for the lexicon.
    case word(String)
    /// Letters to be spelled.
    case letters(String)
    /// A pause inside the expansion.
    case comma
}

/// How a rule reads tokens from one on.
struct Reading {
    var category: ExpansionClass
    /// Index after the last token read.
    var end: Int
    var spoken: [Spoken]

    init(_ category: ExpansionClass, to end: Int, _ spoken: [Spoken]) {
        self.category = category
        self.end = end
        self.spoken = spoken
    }

    init(_ category: ExpansionClass, to end: Int, words: [String]) {
        self.init(category, to: end, words.map(Spoken.word))
    }
}

extension [Spoken] {
    /// Words of a table's cell: blanks separate, capitals alone are spelled.
    init(cell: String) {
        self = cell.split(separator: " ").map {
            $0.utf8.allSatisfy { $0 >= 65 && $0 <= 90 } ? .letters(String($0)) : .word(String($0))
        }
    }

    init(words: [String]) { self = words.map(Spoken.word) }
}
