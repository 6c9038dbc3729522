import SpeechSignal

/// What a language brings to the frontend: its words for numbers, its tables, and the sounds of its words.
///
/// A language is a folder here with a type of this protocol, a folder of tables in data/frontend (named by the
/// language's code; see `LanguageTables`), and a line in `LanguageShelf.makers`. Everything else is shared: places in
/// the text, markup, users' words, sentences (`LanguageReader`), and the classes of what is not read as it is written
/// (`LanguageNormalizer`). docs/languages.md goes through an example.
///
/// A value is immutable and shared by threads.
protocol LanguageRules: Sendable {
    /// The language and its region.
    var language: Language { get }
    /// Its tables, from data/frontend/CODE.
    var tables: LanguageTables { get }
    /// The letters beyond a–z that its words are written with, and signs that its rules want to see, such as º.
    /// All else loses its diacritics.
    var letters: LetterSet { get }
    /// How it says numbers, dates and times.
    var numbers: any NumberGrammar { get }
    /// How it writes numbers.
    var format: NumberFormat { get }
    /// Words between and beside numbers, and the names of signs in addresses.
    var words: ConnectingWords { get }

    /// What makes an ordinal of digits it follows, as written without a full stop between: "º", "er".
    var ordinalEndings: [String: OrdinalEnding] { get }
    /// Words in small letters after which digits are a telephone number: "teléfono".
    var telephoneCues: Set<String> { get }
    /// Whether groups of digits without such a word, apart by blanks, points or dashes, are a telephone number.
    func isTelephone(_ groups: [String]) -> Bool
    /// Words of one letter, in small letters: "y". Other single letters are named.
    var singleLetterWords: Set<String> { get }

    /// Between a fraction and its unit: "de" in "tres quintos de milla"; nil: nothing special is said.
    var partJoint: String? { get }
    /// Half of a unit where half is an adjective: "mezzo", "une demi"; after a whole number and its unit "e mezza", "et
    /// demie". nil: the language says it by a rule of its own, or halves like other parts.
    func half(_ gender: Gender, isMixed: Bool) -> [String]?
    /// Words between a day and its month, in small letters: "de".
    var dateJoints: Set<String> { get }
    /// Whether a numeral beside such a word is said as an ordinal: "Felipe sexto", "siglo veintiuno".
    func isOrdinal(roman n: Int, _ context: LanguageTables.RomanContext) -> Bool
    /// The gender of an article in small letters after which a Roman numeral is an ordinal: "el XI apóstol"; nil: no
    /// article.
    func genderOf(article: String) -> Gender?
    /// An adjective, given in the masculine singular, as it follows a noun.
    func agreeing(_ adjective: String, _ gender: Gender, isPlural: Bool) -> String
    /// Between a scale and the currency: "de" in "dos millones de euros".
    var scaleJoint: String? { get }

    /// Rules tried before the shared ones, in order; each looks at one place of a line.
    var ownRules: [LanguageRule] { get }

    /// In which form a number stands that ends before token `i`: by the gender of the noun after it, if there is one.
    func form(_ line: LanguageLine, before i: Int) -> NumberForm

    /// What is said for an amount of money; there is a default. See `Amount`.
    func money(_ amount: Amount) -> [String]

    /// Whether capitals such as "ONU" make a word that is said as one; "DVD" is spelled. Those in acronyms.tsv are not
    /// asked.
    func isWord(acronym: String) -> Bool

    /// Gives the pieces of a sentence their phonemes.
    ///
    /// Pieces come in the order of the sentence, punctuation and pauses among them, so that neighbors can be looked at.
    /// Words (`.word`, UTF-8, case as written) and spelled letters (`.spelled`) get phonemes here; those that have some
    /// already (`isOwn`: a user's, or given in the markup) keep them, but may be looked at.
    func pronounce(_ pieces: inout [SentenceReader.Piece])
}

/// What an ending makes of a number: 1.ª, 3.er.
struct OrdinalEnding: Sendable {
    var gender: Gender
    /// The form before a noun, whether or not one follows.
    var isBefore = false
    /// Plural: 1.os.
    var isPlural = false
}

/// Reads what begins at a token; nil: the rule does not fit.
typealias LanguageRule = @Sendable (_ line: LanguageLine, _ at: Int) -> Reading?

extension LanguageRules {
    var ownRules: [LanguageRule] { [] }
    var partJoint: String? { nil }
    func half(_ gender: Gender, isMixed: Bool) -> [String]? { nil }
    func genderOf(article: String) -> Gender? { nil }
    func isTelephone(_ groups: [String]) -> Bool { false }
    func isOrdinal(roman n: Int, _ context: LanguageTables.RomanContext) -> Bool { context.isOrdinal }

    /// The amount's words: the number in the gender of its currency, the currency, and the smaller units after `and`.
    func money(_ amount: Amount) -> [String] {
        let currency = amount.currency
        var spoken = amount.number
        if let joint = amount.scaleJoint { spoken.append(joint) }
        spoken += (amount.isOne ? currency.one : currency.many).split(separator: " ").map(String.init)
        guard let cents = amount.cents, !currency.smallOne.isEmpty else { return spoken }
        if let and = words.moneyAnd { spoken.append(and) }
        spoken += numbers.cardinal(cents, .before(currency.smallGender))
        return spoken + (cents == 1 ? currency.smallOne : currency.smallMany).split(separator: " ").map(String.init)
    }
}

/// An amount of money as it is to be said.
struct Amount {
    /// The number in words, in the currency's gender, with its decimals where the currency has no smaller unit and with
    /// its scale ("dos millones").
    var number: [String]
    /// What stands between a scale such as "millones" and the currency: "de".
    var scaleJoint: String?
    /// Whether the currency's singular is wanted.
    var isOne: Bool
    /// Smaller units, 1 to 99; nil where there are none.
    var cents: Int?
    var currency: LanguageTables.Currency
}

/// The gender of a noun, as far as numbers agree with it.
enum Gender: String, Sendable {
    case masculine = "m"
    case feminine = "f"
}

/// Where a number stands.
enum NumberForm: Sendable, Equatable {
    /// By itself: "veintiuno".
    case alone
    /// Before a noun of a gender: "veintiún", "veintiuna".
    case before(Gender)
}

/// How a language writes its numbers.
struct NumberFormat: Sendable {
    /// What stands between groups of three digits, a blank included where it is used.
    var groups: [Unicode.Scalar] = [".", " ", "'"]
    /// A comma before exactly three digits parts groups too (1,500), as in Mexico.
    var commaGroups = false
    /// What is counted stands in the singular below two: 1,5 million, 0 degré.
    var isSingularBelowTwo = false
}

/// How a language says numbers. Words are in small letters, as the language writes them.
protocol NumberGrammar: Sendable {
    /// A whole number from 0 to 999,999,999,999,999.
    func cardinal(_ n: Int, _ form: NumberForm) -> [String]
    /// A number in an order, from 1 on: "tercero"; `isBefore` says that its noun follows: "tercer".
    func ordinal(_ n: Int, _ gender: Gender, isBefore: Bool) -> [String]
    /// The plural of an ordinal's last word.
    func plural(ordinal word: String) -> String
    /// A number with decimals, as digits: "tres coma cinco".
    func decimal(_ whole: String, _ fraction: String, _ form: NumberForm) -> [String]
    /// Numerator and denominator: "tres cuartos"; nil where it is not said so. Behind a whole number (2 1/2) it begins
    /// with the word between: "y medio".
    func fraction(_ numerator: Int, _ denominator: Int, isMixed: Bool) -> [String]?
    /// A year, 1 to 9999.
    func year(_ n: Int) -> [String]
    /// A date; month 1 to 12. What is nil is not said.
    func date(day: Int?, month: Int?, year: Int?) -> [String]
    /// A time of the day; hour 0 to 24. `period` is what follows it, as written: "p.m.".
    func clock(hour: Int, minute: Int, second: Int?, period: String?) -> [String]
    /// A group of a telephone number, of one to four digits: "veintitrés", "cero cinco".
    func telephone(group: String) -> [String]
}

extension NumberGrammar {
    /// A whole number of any length; longer ones than there are words for are said digit by digit.
    func cardinal(_ digits: String, _ form: NumberForm) -> [String] {
        let bare = digits.drop { $0 == "0" }
        guard bare.utf8.count <= 15, let n = Int(bare.isEmpty ? "0" : bare) else { return self.digits(digits) }
        return cardinal(n, form)
    }

    /// Digits one by one.
    func digits(_ digits: String) -> [String] {
        digits.utf8.flatMap { $0 >= 48 && $0 <= 57 ? cardinal(Int($0) - 48, .alone) : [] }
    }
}

/// The words that stand between and beside numbers and in addresses of the net.
struct ConnectingWords: Sendable {
    /// −5.
    var minus: String
    /// +5.
    var plus: String
    /// 10–20: "a".
    var range: String
    /// 3 × 4.
    var times: String
    /// 4 ÷ 2.
    var dividedBy: String
    /// 2 + 2 = 4.
    var equals: String
    /// 5 %.
    var percent: String
    /// 5 ‰.
    var permille: String
    /// km/h: "por".
    var per: String
    /// Between an amount and its smaller units: "con".
    var moneyAnd: String?
    /// Square and cube after a unit: "cuadrado", "cúbico"; in the gender of the unit, singular and plural.
    var squared: String
    var cubed: String
    /// 10^5: "elevado a".
    var power: String
    /// A score or a ratio, 3-2, 16:9: "a".
    var to: String
    /// The point of 192.168.0.1 and of versions and hosts: "punto".
    var dot: String
    /// @
    var at: String
    /// /
    var slash: String
    /// -
    var dash: String
    /// _
    var underscore: String
    /// :
    var colon: String
    /// #
    var hash: String
    /// n.º: "número".
    var number: String
    /// Words in small letters that look like codes of currencies: "ves".
    var notCodes: Set<String> = []
    /// Between the last two parts of a duration, 1 h 20 min: "y".
    var and: String?
}
