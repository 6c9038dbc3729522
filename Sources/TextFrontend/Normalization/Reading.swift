/// The class of an expansion, named as `starling phonemize --explain` shows it.
public enum ExpansionClass: String, Sendable, Codable, CaseIterable {
    case cardinal, ordinal, decimal, fraction, range, roman, money, date, time, telephone, measure, math, electronic
    case abbreviation, acronym, address, serial, symbol, emoji, score, foreign, markup, lexicon
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
