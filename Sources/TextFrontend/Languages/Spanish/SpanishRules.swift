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
        var tables = try LanguageTables(folder: folder)
        // The sign is the peso's, which most countries of Latin America have.
        if language == .latinAmericanSpanish { tables.currencies["$"] = tables.currencies["peso"] }
        self.tables = tables
        numbers = SpanishNumbers(months: tables.monthNames)
        format = NumberFormat(commaGroups: language == .latinAmericanSpanish)
        pronouncer = SpanishPronouncer(tables: tables, isSeseo: language != .europeanSpanish)
    }

    let words = ConnectingWords(
        minus: "menos", plus: "más", range: "a", times: "por", dividedBy: "entre", equals: "es igual a",
        percent: "por ciento", permille: "por mil", per: "por", moneyAnd: "con", squared: "cuadrado", cubed: "cúbico",
        power: "elevado a", to: "a", dot: "punto", at: "arroba", slash: "barra", dash: "guion",
        underscore: "guion bajo", colon: "dos puntos", hash: "almohadilla", number: "número",
        notCodes: ["ves", "pen", "cop", "ars"], and: "y")

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
    let partJoint: String? = "de"

    /// Nine digits of Spain in three or four groups, or in one that begins like a mobile number; ten and eight of
    /// America.
    func isTelephone(_ groups: [String]) -> Bool {
        let sizes = groups.map(\.utf8.count)
        if sizes == [3, 3, 4] || sizes == [4, 4] && Int(groups[1]) ?? 0 > 2999 { return true }
        guard groups.reduce(0, { $0 + $1.utf8.count }) == 9, let first = groups.first?.utf8.first,
            (54...57).contains(first)
        else { return false }
        return [[3, 3, 3], [3, 2, 2, 2], [2, 3, 2, 2]].contains(sizes) || sizes == [9] && first != 56
    }

    /// Kings, popes and centuries to the tenth are said as ordinals, and whatever precedes its noun: "XX Congreso".
    func isOrdinal(roman n: Int, _ context: LanguageTables.RomanContext) -> Bool {
        context.isOrdinal && (n <= 10 || context.isAfter)
    }

    func agreeing(_ adjective: String, _ gender: Gender, isPlural: Bool) -> String {
        (gender == .feminine && adjective.hasSuffix("o") ? adjective.dropLast() + "a" : adjective)
            + (isPlural ? "s" : "")
    }

    func genderOf(article: String) -> Gender? {
        switch article {
        case "el", "los", "del", "al": .masculine
        case "la", "las": .feminine
        default: nil
        }
    }

    func form(_ line: LanguageLine, before i: Int) -> NumberForm {
        guard let noun = line.letters(i), !line.touches(i) else { return .alone }
        // Several things: "21 arde" is not a noun after its number.
        if let digits = line.digits(i - 1), digits != "1", !noun.hasSuffix("s"), !noun.hasSuffix("S") { return .alone }
        return SpanishNouns.gender(noun).map { .before($0) } ?? .alone
    }

    var ownRules: [LanguageRule] { Self.own }
    private static let own: [LanguageRule] = [
        { hour($0, $1) }, { half($0, $1) }, { monthFirst($0, $1) }, { always($0, $1) },
    ]

    /// 24/7
    private static func always(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.digits(i) == "24", line.joined(i + 1, "/"), line.digits(i + 2) == "7", line.touches(i + 2),
            line.ends(i + 3)
        else { return nil }
        return Reading(.serial, to: i + 3, words: ["veinticuatro", "siete"])
    }

    /// 1/2 km, 1/2 hora: "medio", "media".
    private static func half(_ line: LanguageLine, _ i: Int) -> Reading? {
        let isSign = line.symbol(i, "½")
        guard
            isSign
                || line.digits(i) == "1" && line.joined(i + 1, "/") && line.touches(i + 2) && line.digits(i + 2) == "2",
            !line.touches(i) || line.begins(i)
        else { return nil }
        let end = isSign ? i + 1 : i + 3
        guard !line.touches(end) || line.ends(end) || line.kind(end) == .letters, line.digits(i - 1) == nil else {
            return nil
        }
        if let unit = QuantityRule.unit(line, end) {
            return Reading(
                .measure, to: unit.end, words: [unit.form == .before(.feminine) ? "media" : "medio"] + unit.one)
        }
        guard let noun = line.letters(end), !line.touches(end), let gender = SpanishNouns.gender(noun) else {
            return nil
        }
        return Reading(.fraction, to: end, words: [gender == .feminine ? "media" : "medio"])
    }

    /// abril 30, junio 11 2000: as in America.
    private static func monthFirst(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard line.kind(i) == .letters else { return nil }
        let place = line.joined(i + 1, ".") ? i + 2 : i + 1
        guard let text = line.digits(place), text.utf8.count <= 2, let day = Int(text), (1...31).contains(day),
            !line.touches(place), line.ends(place + 1), !(line.touches(place + 1) && line.touches(place + 2)),
            let name = line.lower(i), let month = line.tables.months[name]
        else { return nil }
        var (year, end): (Int?, Int) = (nil, place + 1)
        let comma = line.joined(end, ",") ? end + 1 : end
        if let digits = line.digits(comma), digits.utf8.count == 4, line.ends(comma + 1) {
            (year, end) = (Int(digits), comma + 1)
        } else if line.letters(end) != nil, !line.touches(end) {
            // "en mayo 20 personas"
            return nil
        }
        return Reading(.date, to: end, words: line.numbers.date(day: day, month: month, year: year))
    }

    /// "a la 1", "las 21": hours are feminine.
    private static func hour(_ line: LanguageLine, _ i: Int) -> Reading? {
        guard let digits = line.digits(i), let n = Int(digits), n <= 24, n % 20 == 1, line.ends(i + 1),
            !line.joined(i + 1, ",") && !line.joined(i + 1, ".") && !line.joined(i + 1, ":") || !line.touches(i + 2),
            let article = line.lower(i - 1), article == "las" || article == "la",
            line.letters(i + 1).map({ SpanishNouns.gender($0) == nil }) ?? true
        else { return nil }
        return Reading(.time, to: i + 1, words: line.numbers.cardinal(n, .before(.feminine)))
    }

    func isWord(acronym: String) -> Bool { IberianAcronyms.isWord(acronym) }

    func pronounce(_ pieces: inout [SentenceReader.Piece]) { pronouncer.pronounce(&pieces) }
}
