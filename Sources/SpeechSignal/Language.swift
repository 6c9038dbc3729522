/// A language that text is read in, with the region where regions are read differently.
///
/// ```swift
/// let language = try Language(tag: "es-MX")  // .latinAmericanSpanish
/// print(language)                            // es-419
/// ```
///
/// The raw value is the BCP 47 tag.
public enum Language: String, Sendable, Codable, CaseIterable, CustomStringConvertible {
    /// English in General American.
    case americanEnglish = "en-US"
    /// English in Standard British.
    case britishEnglish = "en-GB"
    /// Spanish as in Spain: "cielo" with θ.
    case europeanSpanish = "es-ES"
    /// Spanish as in Latin America: "cielo" with s.
    case latinAmericanSpanish = "es-419"
    /// Italian.
    case italian = "it-IT"
    /// French of France.
    case french = "fr-FR"
    /// French of Belgium: 70 is "septante".
    case belgianFrench = "fr-BE"
    /// French of Switzerland: 80 is "huitante".
    case swissFrench = "fr-CH"

    /// English in an accent.
    public init(_ accent: Accent) {
        switch accent {
        case .american: self = .americanEnglish
        case .british: self = .britishEnglish
        }
    }

    /// The language of a BCP 47 tag, such as "es", "es-MX", "ES_es" or "es-Latn-AR": the nearest region that there is.
    ///
    /// - Throws: `LanguageError.unknown`, whose line lists the languages
    public init(tag: String) throws(LanguageError) {
        let subtags = tag.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" })
        let region = subtags.dropFirst().last { $0.utf8.count == 2 || $0.utf8.count == 3 && $0.allSatisfy(\.isNumber) }
        // Books have three letters too.
        switch subtags.first {
        case "en", "eng": self = region.map(Self.british.contains) == true ? .britishEnglish : .americanEnglish
        case "es", "spa":
            self = region == nil || region == "es" || region == "gq" ? .europeanSpanish : .latinAmericanSpanish
        case "it", "ita": self = .italian
        case "fr", "fra", "fre": self = region == "be" ? .belgianFrench : region == "ch" ? .swissFrench : .french
        default: throw .unknown(tag)
        }
    }

    private static let british: Set<Substring> = ["gb", "uk", "ie", "au", "nz", "za", "in"]

    /// The language without its region: "es".
    public var code: String { String(rawValue.prefix(2)) }

    /// Which English; nil for another language.
    public var accent: Accent? {
        switch self {
        case .americanEnglish: .american
        case .britishEnglish: .british
        default: nil
        }
    }

    /// The BCP 47 tag.
    public var description: String { rawValue }
}

/// What may be asked for as the language of a text.
///
/// ```swift
/// options.languageChoice = try LanguageChoice(tag: "auto")
/// ```
public enum LanguageChoice: Sendable, Hashable, CustomStringConvertible {
    /// All of the text is in one.
    case language(Language)
    /// Each sentence is in the one that it is found to be of.
    case auto

    /// The choice by a BCP 47 tag, or by "auto".
    ///
    /// - Throws: `LanguageError.unknown`, whose line lists the languages
    public init(tag: String) throws(LanguageError) {
        self = tag.lowercased() == "auto" ? .auto : .language(try Language(tag: tag))
    }

    /// The language; nil where it is found sentence by sentence.
    public var language: Language? {
        if case .language(let language) = self { language } else { nil }
    }

    /// The tag.
    public var description: String { language?.rawValue ?? "auto" }
}

/// A language that there is not.
public enum LanguageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A tag of no language that there is.
    case unknown(String)

    /// One line: what was wrong, and the languages.
    public var description: String {
        switch self {
        case .unknown(let tag):
            "the language \"\(tag.prefix(20))\" is not supported; use one of \(Language.allCases.map(\.rawValue).joined(separator: ", "))"
        }
    }
}
