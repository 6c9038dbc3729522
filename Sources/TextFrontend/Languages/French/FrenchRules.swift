import FoundationEssentials
import SpeechSignal

/// French of France, Belgium and Switzerland.
struct FrenchRules: LanguageRules {
    let language: Language
    let tables: LanguageTables
    let letters = LetterSet(letters: "àâäçéèêëîïôöùûüÿœæ", signs: "º°")
    let numbers: any NumberGrammar
    let format = NumberFormat(groups: [" ", ".", "'"], isSingularBelowTwo: true)
    private let pronouncer: FrenchPronouncer

    init(_ language: Language, folder: URL) throws(FrontendError) {
        self.language = language
        tables = try LanguageTables(folder: folder)
        numbers = FrenchNumbers(months: tables.monthNames, region: language)
        pronouncer = FrenchPronouncer(words: try FrenchWords(folder: folder, tables: tables))
    }

    let words = ConnectingWords(
        minus: "moins", plus: "plus", range: "à", times: "fois", dividedBy: "divisé par", equals: "égale",
        percent: "pour cent", permille: "pour mille", per: "par", moneyAnd: "et", squared: "carré", cubed: "cube",
        power: "puissance", to: "à", dot: "point", at: "arobase", slash: "slash", dash: "tiret",
        underscore: "tiret bas", colon: "deux-points", hash: "dièse", number: "numéro", notCodes: ["cad", "mad", "try"])

    let ordinalEndings: [String: OrdinalEnding] = [
        "er": .init(gender: .masculine), "ers": .init(gender: .masculine, isPlural: true),
        "re": .init(gender: .feminine), "ère": .init(gender: .feminine),
        "res": .init(gender: .feminine, isPlural: true), "ères": .init(gender: .feminine, isPlural: true),
        "e": .init(gender: .masculine), "ème": .init(gender: .masculine), "ième": .init(gender: .masculine),
        "eme": .init(gender: .masculine), "es": .init(gender: .masculine, isPlural: true),
        "èmes": .init(gender: .masculine, isPlural: true), "nd": .init(gender: .masculine),
        "nde": .init(gender: .feminine), "º": .init(gender: .masculine),
    ]
    let telephoneCues: Set<String> = [
        "téléphone", "tél", "tel", "portable", "mobile", "fax", "appelez", "appeler", "appelle", "composez", "whatsapp",
    ]
    let singleLetterWords: Set<String> = ["a", "à", "y", "ô"]
    let dateJoints: Set<String> = []
    let scaleJoint: String? = "de"
    let partJoint: String? = "de"

    func half(_ gender: Gender, isMixed: Bool) -> [String]? {
        guard isMixed else { return [gender == .feminine ? "une" : "un", "demi"] }
        return ["et", gender == .feminine ? "demie" : "demi"]
    }

    /// Ten digits that begin with a zero, in twos or as they are grouped in Belgium, Switzerland and for free numbers;
    /// the short Belgian ones of nine.
    func isTelephone(_ groups: [String]) -> Bool {
        guard let first = groups.first, first.utf8.first == 48 else { return false }
        let sizes = groups.map(\.utf8.count)
        return [
            [2, 2, 2, 2, 2], [10], [4, 2, 2, 2], [3, 3, 2, 2], [1, 3, 2, 2, 2], [4, 3, 3], [2, 3, 2, 2], [3, 2, 2, 2],
        ].contains(sizes)
    }

    /// "François premier", "premier siècle"; kings from the second on are counted: "Louis quatorze".
    func isOrdinal(roman n: Int, _ context: LanguageTables.RomanContext) -> Bool { context.isOrdinal || n == 1 }

    func agreeing(_ adjective: String, _ gender: Gender, isPlural: Bool) -> String {
        (gender == .feminine && adjective.hasSuffix("é") ? adjective + "e" : adjective) + (isPlural ? "s" : "")
    }

    func form(_ line: LanguageLine, before i: Int) -> NumberForm {
        guard let noun = line.letters(i), !line.touches(i) else { return .alone }
        // 1 c. à s.: une cuillère
        if noun == "c", line.joined(i + 1, "."), line.letters(i + 2) == "à" { return .before(.feminine) }
        return .before(FrenchNouns.gender(noun.lowercased()))
    }

    /// Cents stand by themselves after the currency ("douze euros cinquante"), below ten with their name.
    func money(_ amount: Amount) -> [String] {
        let currency = amount.currency
        var spoken = amount.number
        var name = (amount.isOne ? currency.one : currency.many).split(separator: " ").map(String.init)
        // "un million d'euros et cinquante centimes"
        if amount.scaleJoint != nil || spoken.last.map(FrenchNumbers.isScale) == true, let first = name.first {
            if FrenchNouns.elides(first) { name[0] = "d'" + first } else { spoken.append("de") }
        }
        spoken += name
        guard let cents = amount.cents, !currency.smallOne.isEmpty else { return spoken }
        let small = numbers.cardinal(cents, .before(currency.smallGender))
        if cents >= 10, spoken.last.map({ $0.hasPrefix("d'") }) == false { return spoken + small }
        return spoken + ["et"] + small + [cents == 1 ? currency.smallOne : currency.smallMany]
    }

    var ownRules: [LanguageRule] { FrenchOwnRules.all }

    func isWord(acronym: String) -> Bool { FrenchNouns.isPronounceable(acronym) }

    func pronounce(_ pieces: inout [SentenceReader.Piece]) { pronouncer.pronounce(&pieces) }
}
