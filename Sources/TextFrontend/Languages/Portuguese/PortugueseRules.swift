import FoundationEssentials
import SpeechSignal

/// Portuguese of Brazil.
struct PortugueseRules: LanguageRules {
    let language: Language
    let tables: LanguageTables
    let letters = LetterSet(letters: "áâãàçéêíóôõúü", signs: "ºª²³½¼¾")
    let numbers: any NumberGrammar
    let format = NumberFormat(isSingularBelowTwo: true)
    private let pronouncer: PortuguesePronouncer

    init(_ language: Language, folder: URL) throws(FrontendError) {
        self.language = language
        tables = try LanguageTables(folder: folder)
        numbers = PortugueseNumbers(months: tables.monthNames)
        pronouncer = PortuguesePronouncer(
            tables: tables, sounds: PortugueseSounds(quality: try PortugueseQuality(folder: folder)))
    }

    let words = ConnectingWords(
        minus: "menos", plus: "mais", range: "a", times: "vezes", dividedBy: "dividido por", equals: "igual a",
        percent: "por cento", permille: "por mil", per: "por", moneyAnd: "e", squared: "quadrado", cubed: "cúbico",
        power: "elevado a", to: "a", dot: "ponto", at: "arroba", slash: "barra", dash: "traço",
        underscore: "sublinhado", colon: "dois pontos", hash: "hashtag", number: "número",
        notCodes: ["ars", "cad", "top", "try", "all", "mil"], and: "e")

    let ordinalEndings: [String: OrdinalEnding] = [
        "º": .init(gender: .masculine), "ª": .init(gender: .feminine), "°": .init(gender: .masculine),
        "o": .init(gender: .masculine), "a": .init(gender: .feminine),
        "os": .init(gender: .masculine, isPlural: true), "as": .init(gender: .feminine, isPlural: true),
    ]
    let telephoneCues: Set<String> = [
        "telefone", "tel", "fone", "celular", "cel", "fax", "whatsapp", "zap", "ligue", "ligar", "liga", "número",
        "ramal", "disque", "contato",
    ]
    let singleLetterWords: Set<String> = ["a", "e", "o", "é", "à", "ó"]
    let dateJoints: Set<String> = ["de"]
    let scaleJoint: String? = "de"
    let partJoint: String? = "de"

    func half(_ gender: Gender, isMixed: Bool) -> [String]? {
        (isMixed ? ["e"] : []) + [gender == .feminine ? "meia" : "meio"]
    }

    /// (11) 91234-5678, 3456-7890: four or five digits, a dash, four digits; 0800 123 4567.
    func isTelephone(_ groups: [String]) -> Bool {
        let sizes = groups.map(\.utf8.count)
        if groups.first == "0800" || groups.first == "0300" { return sizes.reduce(0, +) >= 10 }
        guard sizes.count > 1, sizes.last == 4, let head = sizes.dropLast().last,
            head == 5 || head == 4 && sizes.count > 2
        else { return false }
        return sizes.count == 2 || sizes.count == 3 && sizes[0] < 4 || sizes.count == 4 && sizes[1] == 2
    }

    /// Up to ten kings and centuries are said in order, later ones counted: "Pedro segundo", "século vinte".
    func isOrdinal(roman n: Int, _ context: LanguageTables.RomanContext) -> Bool {
        context.isOrdinal && (context.isAfter || n <= 10)
    }

    func genderOf(article: String) -> Gender? {
        switch article {
        case "o", "do", "no", "ao", "pelo": .masculine
        case "a", "da", "na", "à", "pela": .feminine
        default: nil
        }
    }

    func agreeing(_ adjective: String, _ gender: Gender, isPlural: Bool) -> String {
        adjective.dropLast() + (gender == .feminine ? "a" : "o") + (isPlural ? "s" : "")
    }

    func form(_ line: LanguageLine, before i: Int) -> NumberForm {
        guard let noun = line.letters(i), !line.touches(i) else { return .alone }
        // 2 ou 3 pessoas, de 1 a 2 semanas
        if ["ou", "e", "a"].contains(noun), let next = line.number(i + 1) {
            guard let counted = line.letters(next.end) else { return .alone }
            let gender = line.tables.units[counted]?.gender ?? PortugueseNouns.gender(counted)
            return gender.map { .before($0) } ?? .alone
        }
        return PortugueseNouns.gender(noun).map { .before($0) } ?? .alone
    }

    func isWord(acronym: String) -> Bool { IberianAcronyms.isWord(acronym) }

    func pronounce(_ pieces: inout [SentenceReader.Piece]) { pronouncer.pronounce(&pieces) }

    var ownRules: [LanguageRule] { Self.own }
    private static let own: [LanguageRule] = [
        { PortugueseSigns.hours($0, $1) }, { PortugueseSigns.degree($0, $1) }, { PortugueseSigns.ampersand($0, $1) },
        { PortugueseSigns.street($0, $1) }, { PortugueseSigns.title($0, $1) },
        { PortugueseSigns.decade($0, $1) }, { PortugueseFigures.document($0, $1) },
        { PortugueseFigures.half($0, $1) }, { PortugueseFigures.times($0, $1) },
        { PortugueseFigures.meters($0, $1) }, { PortugueseFigures.thousands($0, $1) },
        { PortugueseFigures.dayAndMonth($0, $1) },
    ]
}
