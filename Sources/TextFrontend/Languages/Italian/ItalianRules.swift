import FoundationEssentials
import SpeechSignal

/// Italian.
struct ItalianRules: LanguageRules {
    let language: Language
    let tables: LanguageTables
    let letters = LetterSet(letters: "àèéìíîòóùú", signs: "ºª²³½¼¾")
    let numbers: any NumberGrammar
    let format = NumberFormat()
    private let pronouncer: ItalianPronouncer

    init(_ language: Language, folder: URL) throws(FrontendError) {
        self.language = language
        tables = try LanguageTables(folder: folder)
        numbers = ItalianNumbers(months: tables.monthNames)
        pronouncer = ItalianPronouncer(
            tables: tables, stress: try ItalianStress(folder: folder), heteronyms: try ItalianHeteronyms(folder: folder)
        )
    }

    let words = ConnectingWords(
        minus: "meno", plus: "più", range: "a", times: "per", dividedBy: "diviso", equals: "uguale",
        percent: "per cento",
        permille: "per mille", per: "al", moneyAnd: "e", squared: "quadrato", cubed: "cubo", power: "elevato a",
        to: "a",
        dot: "punto", at: "chiocciola", slash: "slash", dash: "trattino", underscore: "trattino basso",
        colon: "due punti",
        hash: "cancelletto", number: "numero")

    let ordinalEndings: [String: OrdinalEnding] = [
        "º": .init(gender: .masculine), "ª": .init(gender: .feminine),
        "o": .init(gender: .masculine), "a": .init(gender: .feminine), "i": .init(gender: .masculine, isPlural: true),
        "e": .init(gender: .feminine, isPlural: true), "mo": .init(gender: .masculine), "ma": .init(gender: .feminine),
        "esimo": .init(gender: .masculine), "esima": .init(gender: .feminine),
    ]
    let telephoneCues: Set<String> = [
        "telefono", "tel", "cell", "cellulare", "fax", "whatsapp", "chiamate", "chiama", "chiamare", "chiamaci",
        "chiami", "numero",
        "telefonare", "telefonate", "verde", "interno",
    ]
    let singleLetterWords: Set<String> = ["a", "e", "i", "o", "è"]
    let dateJoints: Set<String> = ["di"]
    let scaleJoint: String? = "di"
    let partJoint: String? = "di"

    func half(_ gender: Gender, isMixed: Bool) -> [String]? {
        (isMixed ? ["e"] : []) + [gender == .feminine ? "mezza" : "mezzo"]
    }

    /// A mobile number: three digits that begin with a 3, and six or seven more; a city's: from 0, eight to eleven
    /// digits.
    func isTelephone(_ groups: [String]) -> Bool {
        let sizes = groups.map(\.utf8.count)
        let count = sizes.reduce(0, +)
        // 01/01/2000 is a date, 380.906.074 a number.
        guard let first = groups.first, sizes != [2, 2, 4],
            sizes.count == 1 || !sizes.dropFirst().allSatisfy({ $0 == 3 })
        else {
            return false
        }
        if first.hasPrefix("3"), count == 9 || count == 10 {
            return first.utf8.count == 3 && groups.count > 1 || groups.count == 1 && count == 10
        }
        return first.hasPrefix("0") && first.utf8.count < 5 && first.utf8.count > 1 && (8...11).contains(count)
            && groups.count > 1
    }

    func agreeing(_ adjective: String, _ gender: Gender, isPlural: Bool) -> String {
        let ending = gender == .feminine ? (isPlural ? "e" : "a") : isPlural ? "i" : "o"
        return adjective.dropLast() + ending
    }

    func form(_ line: LanguageLine, before i: Int) -> NumberForm {
        guard let noun = line.letters(i), !line.touches(i) else { return .alone }
        return ItalianNouns.gender(noun).map { .before($0) } ?? .alone
    }

    func isWord(acronym: String) -> Bool { ItalianNouns.isPronounceable(acronym) }

    func pronounce(_ pieces: inout [SentenceReader.Piece]) { pronouncer.pronounce(&pieces) }

    var ownRules: [LanguageRule] { Self.own }
    private static let own: [LanguageRule] = [
        { ItalianSigns.era($0, $1) }, { ItalianSigns.degree($0, $1) }, { ItalianSigns.apostrophe($0, $1) },
        { ItalianSigns.elided($0, $1) }, { ItalianSigns.ampersand($0, $1) },
        { ItalianSigns.numeral($0, $1) }, { ItalianSigns.perHour($0, $1) }, { ItalianSigns.clock($0, $1) },
        { ItalianSigns.decade($0, $1) }, { ItalianSigns.oneUnit($0, $1) },
        { ItalianSigns.elidedAbbreviation($0, $1) },
        { ItalianSigns.elidedAcronym($0, $1) },
    ]
}
