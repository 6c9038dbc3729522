import FoundationEssentials
import SpeechSignal

/// Spanish of Spain and of Latin America.
struct SpanishRules: LanguageRules {
    let language: Language
    let tables: LanguageTables
    let letters = LetterSet(letters: "áéíóúüñç", signs: "ºª")
    let numbers: any NumberGrammar
    let format: NumberFormat
    private let pronouncer: SpanishPronouncer

    init(_ language: Language, folder: URL) throws(FrontendError) {
        self.language = language
        tables = try LanguageTables(folder: folder)
        numbers = SpanishNumbers(months: tables.monthNames)
        format = NumberFormat(commaGroups: language == .latinAmericanSpanish)
        pronouncer = SpanishPronouncer(tables: tables, isSeseo: language != .europeanSpanish)
    }

    let words = ConnectingWords(
        minus: "menos", plus: "más", range: "a", times: "por", dividedBy: "entre", equals: "igual a",
        percent: "por ciento", permille: "por mil", per: "por", moneyAnd: "con", squared: "cuadrado", cubed: "cúbico",
        power: "elevado a", to: "a", dot: "punto", at: "arroba", slash: "barra", dash: "guion",
        underscore: "guion bajo", colon: "dos puntos", hash: "almohadilla", number: "número")

    let ordinalEndings: [String: OrdinalEnding] = [
        "º": .init(gender: .masculine), "ª": .init(gender: .feminine), "er": .init(gender: .masculine, isBefore: true),
        "o": .init(gender: .masculine), "a": .init(gender: .feminine), "ero": .init(gender: .masculine),
        "do": .init(gender: .masculine), "da": .init(gender: .feminine), "ra": .init(gender: .feminine),
        "ro": .init(gender: .masculine), "to": .init(gender: .masculine), "ta": .init(gender: .feminine),
        "os": .init(gender: .masculine, isPlural: true), "as": .init(gender: .feminine, isPlural: true),
    ]
    let telephoneCues: Set<String> = [
        "teléfono", "telefono", "tel", "tfno", "tlf", "tfn", "móvil", "movil", "celular", "cel", "fax", "whatsapp",
        "llame", "llama", "llamar", "llámame", "llámenos", "llamen", "marque", "marca",
    ]
    let singleLetterWords: Set<String> = ["a", "e", "o", "u", "y"]
    let dateJoints: Set<String> = ["de"]
    let scaleJoint: String? = "de"

    /// Nine digits of Spain in three or four groups, or in one that begins like a mobile number.
    func isTelephone(_ groups: [String]) -> Bool {
        guard groups.reduce(0, { $0 + $1.utf8.count }) == 9, let first = groups.first?.utf8.first, (54...57).contains(first)
        else { return false }
        let sizes = groups.map(\.utf8.count)
        return [[3, 3, 3], [3, 2, 2, 2], [2, 3, 2, 2]].contains(sizes) || sizes == [9] && first != 56
    }

    /// Popes and kings to the tenth, centuries to the ninth are said as ordinals.
    func isOrdinal(roman n: Int, _ context: LanguageTables.RomanContext) -> Bool { context.isOrdinal && n <= 10 }

    func agreeing(_ adjective: String, _ gender: Gender, isPlural: Bool) -> String {
        (gender == .feminine && adjective.hasSuffix("o") ? adjective.dropLast() + "a" : adjective) + (isPlural ? "s" : "")
    }

    func form(_ line: LanguageLine, before i: Int) -> NumberForm {
        guard let noun = line.letters(i), !line.touches(i) else { return .alone }
        return SpanishNouns.gender(noun).map { .before($0) } ?? .alone
    }

    var ownRules: [LanguageRule] { Self.own }
    private static let own: [LanguageRule] = [{ hour($0, $1) }]

    /// "a la 1", "las 21": hours are feminine.
    private static func hour(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let digits = line.digits(i), let n = Int(digits), n <= 24, n % 20 == 1, line.ends(i + 1),
            !line.joined(i + 1, ",") && !line.joined(i + 1, ".") && !line.joined(i + 1, ":") || !line.touches(i + 2),
            let article = line.lower(i - 1), article == "las" || article == "la",
            line.letters(i + 1).map({ SpanishNouns.gender($0) == nil }) ?? true
        else { return nil }
        return Reading(.time, to: i + 1, words: line.numbers.cardinal(n, .before(.feminine)))
    }

    func isWord(acronym: String) -> Bool { SpanishNouns.isPronounceable(acronym) }

    func pronounce(_ pieces: inout [SentenceReader.Piece]) { pronouncer.pronounce(&pieces) }
}
