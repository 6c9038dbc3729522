import FoundationEssentials

/// The word tables of a language, data/frontend/CODE/*.tsv: columns apart by tabs, the first line a comment.
///
/// | file | columns |
/// |---|---|
/// | abbreviations.tsv | written with its full stops, spoken, where (any, name: before a capital, number: before a digit), whether a sentence may end with it (yes, no) |
/// | acronyms.tsv | written, spoken: `letters` to spell it, or the words that are said |
/// | calendar.tsv | written, month or weekday, number from 1; the first of a number is its name |
/// | currencies.tsv | sign or code, one, many, smaller one, smaller many (may be empty), gender, gender of the smaller |
/// | electronic.tsv | last label of a host or extension of a file that is said as a word, its words |
/// | letters.tsv | letter, its name |
/// | lexicon.tsv | word, how it is said: phonemes, or what the language's own spelling makes of it; further columns for regions |
/// | roman.tsv | word beside Roman numerals, cardinal or ordinal, before or after the numeral, gender |
/// | scales.tsv | written after a number, one, many: million |
/// | symbols.tsv | sign, spoken |
/// | units.tsv | symbol, one, many, gender |
struct LanguageTables: Sendable {
    struct Unit: Sendable {
        var one: String
        var many: String
        var gender: Gender
    }

    struct Currency: Sendable {
        var one: String
        var many: String
        /// Empty where decimals are read out.
        var smallOne: String
        var smallMany: String
        var gender: Gender
        var smallGender: Gender
    }

    /// What stands beside a Roman numeral.
    struct RomanContext: Sendable {
        var isOrdinal: Bool
        /// The word follows the numeral.
        var isAfter: Bool
        var gender: Gender
    }

    struct Scale: Sendable {
        var one: String
        var many: String
        /// One of these, where it was written as a word: it stays as it is.
        var written: String?
    }

    /// By written form without its final full stop.
    var abbreviations: [String: [Tables.Abbreviation]] = [:]
    /// Those above that are written without a full stop at their end.
    var bare: Set<String> = []
    /// The parts of abbreviations that others follow after a blank, with the first bytes of these: "EE" and U of "EE.
    /// UU.".
    var continuations: [String: Set<UInt8>] = [:]
    /// Their first words.
    var openers: Set<String> = []
    /// What an acronym says; nil for those that are spelled.
    var acronyms: [String: String?] = [:]
    /// Names of months, January first, and the number of each written form in small letters.
    var monthNames: [String] = []
    var months: [String: Int] = [:]
    /// Names of weekdays, Monday first, and the number of each written form in small letters.
    var weekdayNames: [String] = []
    var weekdays: [String: Int] = [:]
    var currencies: [String: Currency] = [:]
    /// Labels that are said as words, with what is said.
    var electronic: [String: String] = [:]
    var letters: [String: String] = [:]
    /// Rows of lexicon.tsv, by word: what its columns say, for the language to understand.
    var lexicon: [String: [String]] = [:]
    var roman: [String: RomanContext] = [:]
    var scales: [String: Scale] = [:]
    var symbols: [UInt32: String] = [:]
    var units: [String: Unit] = [:]

    /// - Throws: `FrontendError` naming the file that is missing or damaged
    init(folder: URL) throws(FrontendError) {
        try Tables.rows(folder, "abbreviations.tsv", columns: 4) { row in
            guard let place = Tables.Abbreviation.Place(rawValue: row[2]) else { return }
            let key = row[0].hasSuffix(".") ? String(row[0].dropLast()) : row[0]
            let parts = key.split(separator: " ")
            for (part, next) in zip(parts, parts.dropFirst()) where part.hasSuffix(".") {
                if let byte = next.utf8.first { continuations[String(part.dropLast()), default: []].insert(byte) }
            }
            if key == row[0] { bare.insert(key) }
            openers.insert(String(key.prefix { $0.isLetter && $0 != "º" && $0 != "ª" }))
            abbreviations[key, default: []].append(.init(spoken: row[1], place: place, endsSentence: row[3] == "yes"))
        }
        // A sentence may begin with one.
        for (key, candidates) in abbreviations where key.utf8.count > 2 && key.first?.isLowercase == true {
            let capitalized = key.prefix(1).uppercased() + key.dropFirst()
            guard abbreviations[capitalized] == nil else { continue }
            abbreviations[capitalized] = candidates
            if bare.contains(key) { bare.insert(capitalized) }
            openers.insert(String(capitalized.prefix { $0.isLetter && $0 != "º" && $0 != "ª" }))
        }
        try Tables.rows(folder, "acronyms.tsv", columns: 2) {
            acronyms[$0[0]] = .some($0[1] == "letters" ? nil : $0[1])
        }
        try Tables.rows(folder, "calendar.tsv", columns: 3) { row in
            guard let number = Int(row[2]), (1...12).contains(number) else { return }
            if row[1] == "month" {
                months[row[0]] = number
                if monthNames.count < number { monthNames.append(row[0]) }
            } else {
                weekdays[row[0]] = number
                if weekdayNames.count < number { weekdayNames.append(row[0]) }
            }
        }
        guard monthNames.count == 12, weekdayNames.count == 7 else {
            throw .corrupt(
                file: folder.appendingPathComponent("calendar.tsv").path,
                reason: "it does not have twelve months and seven weekdays"
            )
        }
        try Tables.rows(folder, "currencies.tsv", columns: 7) {
            currencies[$0[0]] = Currency(
                one: $0[1], many: $0[2], smallOne: $0[3], smallMany: $0[4],
                gender: Gender(rawValue: $0[5]) ?? .masculine,
                smallGender: Gender(rawValue: $0[6]) ?? .masculine)
        }
        try Tables.rows(folder, "electronic.tsv", columns: 2) { electronic[$0[0]] = $0[1] }
        try Tables.rows(folder, "letters.tsv", columns: 2) { letters[$0[0]] = $0[1] }
        try Tables.rows(folder, "lexicon.tsv", columns: 2) { lexicon[$0[0]] = Array($0.dropFirst()) }
        try Tables.rows(folder, "roman.tsv", columns: 4) {
            roman[$0[0]] = RomanContext(
                isOrdinal: $0[1] == "ordinal", isAfter: $0[2] == "after", gender: Gender(rawValue: $0[3]) ?? .masculine)
        }
        try Tables.rows(folder, "scales.tsv", columns: 3) { scales[$0[0]] = Scale(one: $0[1], many: $0[2]) }
        try Tables.rows(folder, "symbols.tsv", columns: 2) {
            if let scalar = $0[0].unicodeScalars.first { symbols[scalar.value] = $0[1] }
        }
        try Tables.rows(folder, "units.tsv", columns: 4) {
            units[$0[0]] = Unit(one: $0[1], many: $0[2], gender: Gender(rawValue: $0[3]) ?? .masculine)
        }
    }
}
